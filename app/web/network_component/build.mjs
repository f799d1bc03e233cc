// Bundles the sources into the one file that the pages load, with the licences of what is bundled and a fingerprint.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "static", "network", "network.js");
const bundled = ["cytoscape", "cytoscape-fcose", "cose-base", "layout-base"];

// The fingerprint that tests/app/test_network_bundle.py computes too: names and bytes of everything that makes the file.
const made = ["build.mjs", "package-lock.json", "package.json", ...readdirSync(join(here, "src")).map((f) => `src/${f}`)];
const hash = createHash("sha256");
for (const name of made.sort()) {
  hash.update(name).update("\0").update(readFileSync(join(here, name))).update("\0");
}

const about = bundled.map((name) => {
  const folder = join(here, "node_modules", name);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `${name} ${version}\n\n${readFileSync(join(folder, "LICENSE"), "utf8").trim()}`;
});
const result = await build({
  entryPoints: [join(here, "src", "index.js")],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  write: false,
});
const head = `/* sources ${hash.digest("hex")} */\n/*\nThis file holds, bundled:\n\n${about.join("\n\n")}\n*/\n`;
writeFileSync(target, head + result.outputFiles[0].text);
