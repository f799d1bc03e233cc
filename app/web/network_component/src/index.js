// What the pages mount: each part is a function of Streamlit's component arguments; this file hands them out once.
import { graph } from "./graph.js";
import { parties } from "./parties.js";
import { table } from "./table.js";

const shared = (globalThis.kgNetwork ??= {});
shared.ready ??= new Promise((open) => (shared.open = open));
shared.open({ graph, parties, table });

export default function () {}
