// A search box with suggestions: arrows and Enter, or the mouse.
import { fold, make } from "./parts.js";

const MOST = 8;

/**
 * Return the box. `options()` gives [id, name] pairs, the likeliest first; `picked(id)` is called with a choice and
 * `unknown(text)` with a text that no option fits.
 */
export function suggest({ label, placeholder, options, picked, unknown }) {
  const list = make("ul", { role: "listbox", id: "suggestions", hidden: true });
  const input = make("input", {
    type: "text", role: "combobox", "aria-label": label, "aria-expanded": "false", "aria-controls": "suggestions",
    "aria-autocomplete": "list", placeholder, autocomplete: "off", spellcheck: "false", maxlength: "200",
  });
  let found = [];
  let at = -1;

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const choose = (id) => {
    input.value = "";
    close();
    picked(id);
  };
  const show = () => {
    found = matches(input.value, options());
    at = found.length ? 0 : -1;
    list.replaceChildren(...found.map(([id, name], number) => make("li", {
      role: "option", id: `suggestion-${number}`, text: name, title: name,
      onpointerdown: (event) => (event.preventDefault(), choose(id)),
    })));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark();
  };
  const mark = () => {
    [...list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    if (at >= 0) input.setAttribute("aria-activedescendant", `suggestion-${at}`);
    else input.removeAttribute("aria-activedescendant");
  };
  input.addEventListener("input", show);
  input.addEventListener("focus", () => input.value && show());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) show();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (found.length) at = (at + step + found.length) % found.length;
      mark();
    } else if (event.key === "Enter") {
      const text = input.value.trim();
      if (list.hidden && text) show();
      if (found[at] && text) choose(found[at][0]);
      else if (text) unknown(text);
    } else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return make("div", { class: "suggest" }, input, list);
}

/** Return the options whose name has the words: those that begin with them first, then as they are ordered. */
export function matches(text, options) {
  const wanted = fold(text);
  if (!wanted) return [];
  const ranked = [];
  for (const option of options) {
    const name = fold(option[1]);
    const place = name.indexOf(wanted);
    if (place < 0) continue;
    const rank = name === wanted ? 0 : place === 0 ? 1 : /[\p{L}\p{N}]/u.test(name[place - 1]) ? 3 : 2;
    ranked.push([rank, ranked.length, option]);
  }
  ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return ranked.slice(0, MOST).map(([, , option]) => option);
}
