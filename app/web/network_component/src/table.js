// The table of the deals: rows are chosen by mouse or keyboard, headings sort.
import { listen, make, part, tell } from "./parts.js";

export const table = part((place) => {
  const self = {};
  let rows = [];
  let headings = [];
  let chosen = new Set();
  let sort = null; // [column, descending]
  let drawn = "";
  const head = make("tr", { role: "row" });
  const body = make("tbody");
  const frame = make("div", { class: "table", role: "region", "aria-label": "Deals", tabindex: "-1" },
    make("table", { role: "grid", "aria-multiselectable": "true" }, make("thead", {}, head), body));
  place.append(frame);
  const silent = listen("table", (ids) => ((chosen = new Set(ids)), mark(true)));

  const choose = (id, add) => {
    const only = chosen.size === 1 && chosen.has(id);
    if (add) chosen.has(id) ? chosen.delete(id) : chosen.add(id);
    else chosen = new Set(only ? [] : [id]);
    mark(false);
    tell([...chosen], "table");
    self.send({ do: "choose", ids: [...chosen] });
  };
  const mark = (reveal) => {
    let first = null;
    for (const row of body.children) {
      const on = chosen.has(row.dataset.id);
      row.setAttribute("aria-selected", String(on));
      if (on) first ??= row;
    }
    if (reveal && first) {
      const over = first.offsetTop - head.offsetHeight;
      if (over < frame.scrollTop || first.offsetTop + first.offsetHeight > frame.scrollTop + frame.clientHeight)
        frame.scrollTop = over;
    }
  };
  const keys = (event) => {
    const row = event.target.closest("tbody tr");
    if (!row) return;
    const all = [...body.children];
    const at = all.indexOf(row);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next !== undefined) focus(all[Math.max(0, Math.min(next, all.length - 1))]);
    else if (event.key === " " || event.key === "Enter") choose(row.dataset.id, event.ctrlKey || event.shiftKey);
    else return;
    event.preventDefault();
  };
  const focus = (row) => {
    for (const other of body.querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
    row.tabIndex = 0;
    row.focus();
  };
  body.addEventListener("keydown", keys);
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (!row) return;
    focus(row);
    choose(row.dataset.id, event.ctrlKey || event.metaKey || event.shiftKey);
  });

  const sorted = () => {
    if (!sort) return rows;
    const [column, down] = sort;
    const worth = (row) => row.sort[column] ?? row.cells[column];
    const empty = (value) => value === "" || value === null;
    return [...rows].sort((a, b) => {
      const [x, y] = [worth(a), worth(b)];
      if (empty(x) || empty(y)) return empty(x) - empty(y);
      const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
      return down ? -order : order;
    });
  };
  const heading = (words, column) => {
    const state = sort?.[0] === column ? (sort[1] ? "descending" : "ascending") : "none";
    const turn = () => {
      sort = sort?.[0] !== column ? [column, headings[column].style === "number"] : [column, !sort[1]];
      draw();
    };
    return make("th", { scope: "col", "aria-sort": state, class: headings[column].style || undefined },
      make("button", { type: "button", text: words, onclick: turn }));
  };
  const draw = () => {
    head.replaceChildren(...headings.map((h, column) => heading(h.words, column)));
    body.replaceChildren(...sorted().map((row, number) => make("tr", {
      role: "row", "data-id": row.id, tabindex: number ? "-1" : "0", "aria-selected": "false",
      class: row.certain ? undefined : "unsure",
    }, ...row.cells.map((words, column) => {
      const cell = make("td", { class: headings[column].style || undefined, title: words });
      if (column === 0) cell.append(make("i", { style: `background:${row.colour}` }));
      cell.append(words);
      return cell;
    }))));
    mark(false);
  };
  self.update = (data) => {
    const now = JSON.stringify([data.headings, data.rows]);
    ({ headings, rows } = data);
    const before = JSON.stringify([...chosen]);
    chosen = new Set(data.chosen);
    if (now !== drawn) draw();
    drawn = now;
    mark(before !== JSON.stringify([...chosen]));
  };
  self.close = silent;
  return self;
});
