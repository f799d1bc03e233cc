// The picture as a file: the whole drawing with its legend and what it shows.
import { place } from "./labels.js";

const LONGEST = 3200; // pixels

/** Return the drawing as a PNG blob, with title, legend entries [{words, colour, shape}] and a line below. */
export async function picture(cy, { text, background, font }, title, legend) {
  const box = cy.elements().boundingBox();
  const zoom = Math.min(cy.width() / box.w, cy.height() / box.h, 1.5);
  place(cy, font, zoom);
  const scale = Math.min(LONGEST / Math.max(box.w, box.h), Math.max(2 * zoom, 0.5));
  let drawn;
  try {
    drawn = await createImageBitmap(await cy.png({ output: "blob-promise", full: true, scale }));
  } finally {
    place(cy, font);
  }
  const unit = 26;
  const width = Math.max(drawn.width + 2 * unit, 1000);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  context.font = `${unit * 0.75}px ${font}`;
  const rows = wrapped(context, legend, width - 2 * unit, unit);
  canvas.width = width;
  canvas.height = drawn.height + unit * (4 + rows.length * 1.4);
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = text;
  context.font = `600 ${unit}px ${font}`;
  context.fillText(title, unit, unit * 1.6, width - 2 * unit);
  context.drawImage(drawn, (width - drawn.width) / 2, unit * 2.4);
  context.font = `${unit * 0.75}px ${font}`;
  rows.forEach((row, line) => {
    const y = drawn.height + unit * (3.6 + line * 1.4);
    for (const { words, colour, shape, x } of row) {
      context.fillStyle = context.strokeStyle = colour || text;
      context.lineWidth = 4;
      context.setLineDash({ dashed: [9, 6], dotted: [3, 5] }[shape] ?? []);
      context.beginPath();
      if (shape === "dot") context.arc(x + 14, y - 7, 8, 0, 7), context.fill();
      else if (shape) context.moveTo(x, y - 7), context.lineTo(x + 28, y - 7), context.stroke();
      context.fillStyle = text;
      context.fillText(words, x + (shape ? 36 : 0), y);
    }
  });
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function wrapped(context, legend, width, unit) {
  const rows = [[]];
  let x = unit;
  for (const entry of legend) {
    const wide = context.measureText(entry.words).width + unit * 2.4;
    if (x + wide > width && rows.at(-1).length) {
      rows.push([]);
      x = unit;
    }
    rows.at(-1).push({ ...entry, x });
    x += wide;
  }
  return rows;
}
