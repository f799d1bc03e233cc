// Small helpers of all parts: elements made without HTML, one state for each place of the page, a common selection.

/** Return a new element; what is given as text stays text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Return a part's function: `open` makes what is kept for a place of the page, `update` draws data into it. */
export function part(open) {
  const places = new WeakMap();
  return (component) => {
    const place = component.parentElement;
    let kept = places.get(place);
    if (!kept) {
      kept = open(place, component);
      places.set(place, kept);
    }
    kept.send = (value) => component.setTriggerValue("event", value);
    kept.update(component.data);
    return () => {
      places.delete(place);
      kept.close?.();
    };
  };
}

const CHOSEN = "kg-network-chosen";

/** Tell the other parts at once what was chosen; the page hears of it by an event of its own. */
export function tell(ids, from) {
  window.dispatchEvent(new CustomEvent(CHOSEN, { detail: { ids, from } }));
}

/** Call `heard` with the ids that another part chose; return what ends it. */
export function listen(me, heard) {
  const on = (event) => event.detail.from !== me && heard(event.detail.ids);
  window.addEventListener(CHOSEN, on);
  return () => window.removeEventListener(CHOSEN, on);
}

/** Return a function that runs at most once in so many milliseconds, after the last call. */
export function later(run, wait) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, wait);
  };
}

/** Return the form of a text that search compares. */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
