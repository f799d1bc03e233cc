// Where things stand: the same picture for the same deals, what is placed stays, what comes is put beside it.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);

const GAP = 70; // between parts that no deal joins
const KNOWN = new Map(); // id → place, for as long as the browser's page is open

/** Return whether every node has a place of an earlier time. */
export function known(nodes) {
  return nodes.length > 0 && nodes.every((node) => KNOWN.has(node.id()));
}

/** Remember where the nodes are. */
export function remember(nodes) {
  nodes.forEach((node) => void KNOWN.set(node.id(), { ...node.position() }));
}

/** Place all nodes anew. */
export function arrange(cy) {
  const boxes = cy.elements().components().map((some) => {
    settle(some);
    const box = some.boundingBox({ includeLabels: true, includeOverlays: false });
    return { some, x: box.x1, y: box.y1, w: box.w + GAP, h: box.h + GAP * 0.6 };
  });
  pack(boxes, cy.width() / Math.max(cy.height(), 1), 0, 0);
  remember(cy.nodes());
}

/** Place the nodes that came; those that were here do not move. */
export function insert(cy, fresh) {
  const lost = [];
  fresh.forEach((node) => {
    const place = KNOWN.get(node.id());
    if (place) node.position(place);
    else lost.push(node.id());
  });
  let open = new Set(lost);
  for (const some of cy.elements().components()) {
    const inside = some.nodes().filter((node) => open.has(node.id()));
    const placed = some.nodes().filter((node) => !open.has(node.id()));
    if (!inside.length || !placed.length) continue;
    beside(inside, placed, open);
    if (inside.length > 8) settle(some, placed);
    inside.forEach((node) => void open.delete(node.id()));
  }
  const apart = cy.elements().components().filter((some) => some.nodes().some((node) => open.has(node.id())));
  const rest = cy.nodes().filter((node) => !open.has(node.id()));
  const box = rest.boundingBox({ includeOverlays: false });
  const boxes = apart.map((some) => {
    settle(some);
    const own = some.boundingBox({ includeOverlays: false });
    return { some, x: own.x1, y: own.y1, w: own.w + GAP, h: own.h + GAP * 0.6 };
  });
  pack(boxes, Math.max(cy.width() / Math.max(cy.height(), 1), box.w / 300), box.x1, box.y2 + GAP);
  remember(cy.nodes());
}

/** Lay out one connected part; the nodes `fixed` keep their places. */
function settle(some, fixed) {
  const nodes = some.nodes();
  if (nodes.length === 1) return void (fixed || nodes[0].position({ x: 0, y: 0 }));
  if (nodes.length === 2 && !fixed) {
    nodes[0].position({ x: 0, y: 0 });
    nodes[1].position({ x: 150, y: 0 });
    return;
  }
  const before = (fixed ?? []).map((node) => [node, { ...node.position() }]);
  const many = nodes.length > 60;
  evenly(() => some.layout({
    name: "fcose", animate: false, fit: false, randomize: !fixed, quality: "default",
    numIter: nodes.length > 500 ? 1200 : 2500,
    nodeDimensionsIncludeLabels: !many, packComponents: false,
    idealEdgeLength: many ? 120 : 130, nodeRepulsion: many ? 45000 : 9000, nodeSeparation: 130,
    gravity: 0.15, edgeElasticity: 0.3,
    fixedNodeConstraint: before.length ? before.map(([node, position]) => ({ nodeId: node.id(), position })) : undefined,
  }).run());
  before.forEach(([node, position]) => void node.position(position));
}

/** Run a layout with numbers that are the same each time: the same deals give the same picture. */
function evenly(run) {
  const random = Math.random;
  let seed = 20260421;
  Math.random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 4294967296;
  };
  try {
    run();
  } finally {
    Math.random = random;
  }
}

/** Put nodes on rings around their nearest placed neighbour, each where there is most room. */
function beside(inside, placed, open) {
  const taken = placed.map((node) => ({ ...node.position() }));
  let waiting = inside.toArray();
  const left = new Set(waiting.map((node) => node.id()));
  while (waiting.length) {
    const next = waiting.filter((node) => node.neighborhood("node").some((n) => !left.has(n.id())));
    for (const node of next) {
      const anchor = node.neighborhood("node").filter((n) => !left.has(n.id()))[0].position();
      node.position(roomiest(anchor, taken));
      taken.push({ ...node.position() });
    }
    next.forEach((node) => void left.delete(node.id()));
    if (!next.length) break;
    waiting = waiting.filter((node) => left.has(node.id()));
  }
}

function roomiest(anchor, taken) {
  let best = null;
  for (const radius of [120, 170, 230, 300, 380]) {
    for (let step = 0; step < 20; step += 1) {
      const angle = (step / 20) * 2 * Math.PI + radius;
      const spot = { x: anchor.x + radius * Math.cos(angle), y: anchor.y + radius * Math.sin(angle) };
      const room = Math.min(90, ...taken.map((t) => Math.hypot((t.x - spot.x) * 0.8, (t.y - spot.y) * 1.3)));
      if (!best || room > best.room + 1) best = { ...spot, room };
    }
    if (best.room >= 80) break;
  }
  return { x: best.x, y: best.y };
}

/** Put boxes side by side and below each other, the largest first, in the shape that fills the frame best. */
function pack(boxes, shape, left, top) {
  const ordered = [...boxes].sort((a, b) => b.w * b.h - a.w * a.h || (a.some[0].id() < b.some[0].id() ? -1 : 1));
  const area = Math.sqrt(ordered.reduce((sum, box) => sum + box.w * box.h, 0) * shape);
  const least = Math.max(0, ...ordered.map((box) => box.w));
  let best = null;
  for (let step = 0.7; step <= 2.5; step += 0.1) {
    const tried = stacked(ordered, Math.max(least, area * step));
    const size = Math.max(tried.width / shape, tried.height);
    if (!best || size < best.size) best = { ...tried, size };
  }
  ordered.forEach((box, n) => {
    box.some.nodes().shift({ x: left + best.spots[n].x - box.x, y: top + best.spots[n].y - box.y });
  });
}

/** Place each box at the highest free spot below those that are there, in a strip of this width. */
function stacked(boxes, strip) {
  let line = [{ x: 0, y: 0 }]; // from each x to the next one everything down to y is taken
  let [width, height] = [0, 0];
  const spots = boxes.map(({ w, h }) => {
    let best = null;
    for (const { x } of line) {
      if (x > 0 && x + w > strip) continue; // at the left edge there is always room
      const under = line.filter((part, n) => part.x < x + w && (line[n + 1]?.x ?? Infinity) > x);
      const y = Math.max(...under.map((part) => part.y));
      if (!best || y < best.y) best = { x, y };
    }
    const end = line.findLast((part) => part.x <= best.x + w).y;
    line = [
      ...line.filter((part) => part.x < best.x), { x: best.x, y: best.y + h }, { x: best.x + w, y: end },
      ...line.filter((part) => part.x > best.x + w),
    ];
    width = Math.max(width, best.x + w);
    height = Math.max(height, best.y + h);
    return best;
  });
  return { spots, width, height };
}
