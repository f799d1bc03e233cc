// How the drawing looks: sizes, colours and lines, from the data and the page's theme.

/** Return the page's colours, as the theme of the moment has them. */
export function theme(element) {
  const style = getComputedStyle(element);
  const take = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const background = take("--st-background-color", "#ffffff");
  return {
    text: take("--st-text-color", "#31333f"),
    background,
    font: take("--st-font", "sans-serif"),
    dark: luminance(background) < 0.4,
  };
}

function luminance(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
}

export const LIT = "#f2b84b";

/** Return the stylesheet of the drawing. */
export function look({ text, background, font }) {
  return [
    {
      selector: "node",
      style: {
        width: "data(size)", height: "data(size)", "background-color": "data(colour)",
        "border-width": 1.5, "border-color": background,
        label: "data(label)", "font-family": font, "font-size": 12, color: text,
        "text-valign": "bottom", "text-margin-y": 4, "text-outline-color": background, "text-outline-width": 2.5,
        "text-wrap": "none", "overlay-opacity": 0, "z-index": 10,
      },
    },
    { selector: "node[?deal]", style: { shape: "round-rectangle", "border-color": text, "border-width": 1 } },
    { selector: "node.mute", style: { "text-opacity": 0, "text-outline-opacity": 0, "z-index": 5 } },
    { selector: "node[?more]", style: { "border-style": "double", "border-width": 4, "border-color": text, "border-opacity": 0.6 } },
    {
      selector: "edge",
      style: {
        width: "data(width)", "line-color": "data(colour)", "target-arrow-color": "data(colour)",
        "curve-style": "bezier", "control-point-step-size": 34, opacity: 0.8,
        "arrow-scale": 0.9, "overlay-opacity": 0, "overlay-padding": 6,
      },
    },
    { selector: "edge[?directed]", style: { "target-arrow-shape": "triangle" } },
    { selector: "edge[!closed]", style: { "line-style": "dashed", "line-dash-pattern": [7, 5] } },
    { selector: "edge[?ended]", style: { "line-style": "dotted" } },
    { selector: "edge[!certain]", style: { opacity: 0.4 } },
    { selector: ".faded", style: { opacity: 0.16 } },
    { selector: "node.faded", style: { opacity: 0.3 } },
    { selector: "edge.over", style: { opacity: 1, "underlay-color": text, "underlay-opacity": 0.12, "underlay-padding": 4 } },
    { selector: "node.over", style: { "border-color": text, "border-width": 3, "z-index": 40 } },
    {
      selector: "node.chosen",
      style: { "border-color": LIT, "border-width": 5, "font-weight": "bold", "z-index": 30 },
    },
    {
      selector: "edge.chosen",
      style: { opacity: 1, "underlay-color": LIT, "underlay-opacity": 0.55, "underlay-padding": 5, "z-index": 20 },
    },
  ];
}
