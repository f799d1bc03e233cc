// The drawing: companies and people as points, deals as lines; it changes only by what comes and goes.
import cytoscape from "cytoscape";
import { place as placeLabels } from "./labels.js";
import { look, theme } from "./look.js";
import { later, listen, make, part, tell } from "./parts.js";
import { picture } from "./picture.js";
import { arrange, insert, known, remember } from "./places.js";
import { suggest } from "./suggest.js";

const EASE = { duration: 250, easing: "ease-out-cubic" };
// Zoom and pan, and the last move that the page asked for: kept for as long as the browser's page is open.
let view = null;
let moved = null;

export const graph = part((place) => {
  const self = { data: null };
  const canvas = make("div", { class: "canvas", role: "img", "aria-label": "Graph of the deals" });
  const tip = make("div", { class: "tip", hidden: true });
  const legend = make("div", { class: "legend" });
  const tool = (words, label, onclick) => make("button", { type: "button", text: words, "aria-label": label, title: label, onclick });
  const find = suggest({
    label: "Find in the graph",
    placeholder: "Find in the graph …",
    options: () => cy.nodes().map((node) => [node.id(), node.data("name"), node.data("size")])
      .sort((a, b) => b[2] - a[2]),
    picked: (id) => (choose([id]), centre([id])),
    unknown: (text) => self.send({ do: "find", text }),
  });
  const tools = make("div", { class: "tools" },
    tool("+", "Zoom in", () => zoom(1.35)), tool("−", "Zoom out", () => zoom(1 / 1.35)),
    tool("⤢", "Show all", () => all()),
    tool("Arrange anew", "Place everything anew", () => (arrange(cy), cy.fit(undefined, 36), labels())),
    tool("PNG", "Save the picture as PNG", save));
  const frame = make("div", { class: "graph" }, make("div", { class: "bar" }, find, tools), canvas, tip, legend);
  place.append(frame);

  const cy = cytoscape({
    container: canvas, style: look(theme(frame)), minZoom: 0.05, maxZoom: 4, boxSelectionEnabled: false,
    selectionType: "single", autounselectify: true,
  });
  let colours = theme(frame);
  let chosen = [];
  const labels = later(() => !cy.destroyed() && placeLabels(cy, colours.font), 40);
  const keep = later(() => {
    if (cy.destroyed() || !cy.nodes().length) return;
    view = { zoom: cy.zoom(), pan: { ...cy.pan() } };
    Object.assign(frame.dataset, { zoom: cy.zoom().toFixed(4) });
  }, 60);
  const sized = new ResizeObserver(() => (cy.resize(), labels()));
  sized.observe(canvas);
  // The drawing keeps where it stands on the page; what appears above it moves it.
  let stood = "";
  const moving = () => {
    const { left, top } = canvas.getBoundingClientRect();
    if (stood !== `${left} ${top}`) cy.resize();
    stood = `${left} ${top}`;
  };
  for (const kind of ["pointerdown", "pointermove", "mousedown", "mousemove", "touchstart", "wheel"])
    canvas.addEventListener(kind, moving, { capture: true, passive: true });
  const silent = listen("graph", (ids) => mark(ids));
  frame.kgGraph = cy; // for the tests, which ask the drawing where things are

  function mark(ids) {
    chosen = ids;
    cy.batch(() => {
      cy.elements().removeClass("chosen faded");
      const own = cy.elements().filter((e) => ids.includes(e.id()) || ids.includes(e.data("dealId")));
      if (own.length) {
        own.addClass("chosen");
        const near = own.union(own.nodes().closedNeighborhood()).union(own.edges().connectedNodes());
        cy.elements().difference(near).addClass("faded");
      }
    });
    labels();
  }
  function choose(ids) {
    mark(ids);
    tell(ids, "graph");
    self.send({ do: "choose", ids });
  }
  function centre(ids) {
    const own = cy.elements().filter((e) => ids.includes(e.id()) || ids.includes(e.data("dealId")));
    if (!own.length) return;
    const all = own.union(own.edges().connectedNodes());
    if (all.nodes().length > 1) cy.animate({ fit: { eles: all, padding: 90 }, ...EASE });
    else cy.animate({ center: { eles: all }, zoom: Math.max(cy.zoom(), 0.9), ...EASE });
  }
  function all() {
    cy.animate({ fit: { eles: cy.elements(), padding: 36 }, ...EASE });
  }
  function inView(node) {
    const at = node.renderedPosition();
    return at.x > 0 && at.y > 0 && at.x < cy.width() && at.y < cy.height();
  }
  function zoom(by) {
    cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  }
  async function save() {
    const blob = await picture(cy, colours, self.data.title, legendOf(self.data));
    const url = URL.createObjectURL(blob);
    make("a", { href: url, download: "deal-network.png" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  cy.on("tap", "node, edge", (event) => {
    const id = event.target.data("dealId") ?? event.target.id();
    const keys = event.originalEvent;
    const add = keys && (keys.shiftKey || keys.ctrlKey || keys.metaKey);
    if (!add) choose([id]);
    else choose(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  });
  cy.on("tap", (event) => event.target === cy && chosen.length && choose([]));
  cy.on("dbltap", "node[!deal]", (event) => self.send({ do: "expand", id: event.target.id() }));
  cy.on("mouseover", "node, edge", (event) => {
    event.target.addClass("over");
    tip.textContent = event.target.data("words");
    tip.hidden = false;
    canvas.style.cursor = "pointer";
    if (event.target.isNode()) labels();
  });
  cy.on("mouseout", "node, edge", (event) => {
    event.target.removeClass("over");
    tip.hidden = true;
    canvas.style.cursor = "";
    if (event.target.isNode()) labels();
  });
  cy.on("mousemove", "node, edge", ({ renderedPosition: at }) => {
    const right = at.x > cy.width() / 2;
    tip.style.left = right ? "auto" : `${at.x + 14}px`;
    tip.style.right = right ? `${cy.width() - at.x + 14}px` : "auto";
    tip.style.top = `${canvas.offsetTop + at.y + 14}px`;
  });
  cy.on("zoom pan resize", () => (labels(), keep()));
  cy.on("free", "node", () => (remember(cy.nodes()), labels()));

  self.update = (data) => {
    const first = self.data === null;
    self.data = data;
    tip.hidden = true;
    colours = theme(frame);
    cy.style(look(colours));
    const { fresh, left } = renew(cy, data);
    if (first || !left) {
      const back = first && view && known(cy.nodes());
      if (known(cy.nodes())) insert(cy, cy.nodes());
      else arrange(cy);
      if (back) cy.viewport(view);
      else cy.fit(undefined, 36);
    } else if (fresh.length) insert(cy, fresh);
    mark(data.chosen);
    if (data.focus.number !== moved) {
      moved = data.focus.number;
      if (data.focus.ids.length) centre(data.focus.ids);
      else if (!first) all();
    } else if (!cy.nodes().some((node) => inView(node))) all();
    legend.replaceChildren(...legendOf(data).map(({ words, colour, shape }) => make("span", { class: "entry" },
      ...(shape ? [make("i", { class: shape, style: colour ? `--colour:${colour}` : "" })] : []),
      make("span", { text: words }))));
    frame.dataset.drawn = `${cy.nodes().length} ${cy.edges().length}`;
    keep();
  };
  self.close = () => (silent(), sized.disconnect(), cy.destroy());
  return self;
});

/** Bring the drawing to what the data holds; return what came, and how many nodes were kept. */
function renew(cy, data) {
  const wanted = new Map();
  for (const node of data.nodes) wanted.set(node.id, { group: "nodes", data: { ...node, label: short(node.name) } });
  for (const link of data.links) wanted.set(link.id, { group: "edges", data: link });
  let fresh = cy.collection();
  let left = 0;
  cy.batch(() => {
    cy.elements().filter((e) => !wanted.has(e.id())).remove();
    const coming = [];
    for (const [id, element] of wanted) {
      const old = cy.getElementById(id);
      if (!old.length) coming.push(element);
      else {
        old.data(element.data);
        left += old.isNode() ? 1 : 0;
      }
    }
    fresh = cy.add(coming).nodes();
  });
  return { fresh, left };
}

function short(name) {
  const letters = [...name];
  return letters.length > 26 ? `${letters.slice(0, 25).join("")}…` : name;
}

function legendOf({ kinds, types, open, ended, currency }) {
  return [
    ...kinds.map(({ label, colour }) => ({ words: label, colour, shape: "line" })),
    ...(open ? [{ words: "not closed", colour: "", shape: "dashed" }] : []),
    ...(ended ? [{ words: "called off or denied", colour: "", shape: "dotted" }] : []),
    ...types.map(({ label, colour }) => ({ words: label, colour, shape: "dot" })),
    ...(kinds.length ? [{ words: `wider: larger amount in ${currency}`, colour: "", shape: "" }] : []),
  ];
}
