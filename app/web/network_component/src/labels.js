// Names that can be read: of one size on the screen, and only those that do not lie on each other.

const SIZE = 12; // pixels on the screen
const context = document.createElement("canvas").getContext("2d");

/** Show the names that have room at this zoom, the chosen and the largest first; they lie above the others. */
export function place(cy, font, zoom = cy.zoom()) {
  const size = Math.min(Math.max(SIZE / zoom, 3), 60);
  context.font = `600 ${SIZE}px ${font}`;
  const taken = [];
  const ordered = cy.nodes().toArray().sort((a, b) => worth(b) - worth(a) || (a.id() < b.id() ? -1 : 1));
  cy.batch(() => {
    for (const node of ordered) {
      const at = node.position();
      const half = (context.measureText(node.data("label")).width * size) / SIZE / 2 + 3 / zoom;
      const top = at.y + node.data("size") / 2 + 2;
      const box = { x1: at.x - half, x2: at.x + half, y1: top, y2: top + size * 1.35 };
      const meets = (b) => b.x1 < box.x2 && box.x1 < b.x2 && b.y1 < box.y2 && box.y1 < b.y2;
      const asked = node.hasClass("over") || node.hasClass("chosen");
      const show = asked || !taken.some(meets);
      const r = node.data("size") / 2;
      if (show) taken.push(box, { x1: at.x - r, x2: at.x + r, y1: at.y - r, y2: at.y + r });
      node.toggleClass("mute", !show);
      if (node.data("font") !== size) node.style({ "font-size": size, "text-outline-width": size / 5 });
    }
  });
}

function worth(node) {
  return (node.hasClass("over") ? 4e6 : 0) + (node.hasClass("chosen") ? 2e6 : 0)
    - (node.hasClass("faded") ? 1e6 : 0) + node.data("size") * 100 + node.degree();
}
