// The filter by company or person: a search box with suggestions, and what was chosen, each with its way out.
import { make, part } from "./parts.js";
import { suggest } from "./suggest.js";

export const parties = part((place, component) => {
  const self = {};
  const words = component.data.label ?? "Company or person";
  let names = [];
  const chips = make("div", { class: "chips" });
  const box = suggest({
    label: words,
    placeholder: component.data.placeholder ?? "any",
    options: () => names,
    picked: (id) => self.send({ do: "party", id }),
    unknown: (text) => self.send({ do: "party", text }),
  });
  const label = make("div", { class: "label", text: words, "aria-hidden": "true" });
  place.append(make("div", { class: "parties" }, label, box, chips));
  self.update = (data) => {
    names = data.names;
    chips.replaceChildren(...data.chosen.map(([id, name]) => make("span", { class: "chip" },
      make("span", { text: name, title: name }),
      make("button", {
        type: "button", "aria-label": `Remove ${name}`, text: "×", onclick: () => self.send({ do: "unparty", id }),
      }),
    )));
  };
  return self;
});
