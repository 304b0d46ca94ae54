/** The legend of a page: small cells and marks with their names, and scales of colours. */

import { cellStyler } from "../style/theme.js";
import { cellItems, legendItems } from "./cell_shapes.js";
import { fitsLastWindow } from "./last_window.js";
import { makeHtml } from "./page_text.js";
import { makeElement } from "./svg.js";

const SIDE = 16;
const SCALE_CELL = 6;
/** In rem: the height of a cell and its border. */
const HEIGHT = 1.15;

/** Write the legend in the colours of a theme. */
export function writeLegend(parts, scene, theme) {
  const context = { theme, style: cellStyler(theme), numberPx: 0, smallPx: 0 };
  const entries = scene.legend.map((entry) => {
    const item = makeHtml("li");
    item.dataset.role = entry.role;
    if (!entry.scale.length) item.append(drawing(SIDE, legendItems(entry, { x: 1, y: 1, w: SIDE, h: SIDE }, context)));
    for (const { text, cells } of entry.scale) {
      item.append(makeHtml("span", text));
      if (cells.length) item.append(scale(cells, context));
    }
    item.append(entry.text);
    return item;
  });
  parts.legend.replaceChildren(...entries);
}

/** The cells of a scale side by side. */
function scale(cells, context) {
  const width = cells.length === 1 ? SIDE : SCALE_CELL;
  const box = (index) => ({ x: 1 + index * width, y: 1, w: width, h: SIDE });
  return drawing(cells.length * width, cells.flatMap((cell, index) => cellItems(box(index), cell, false, context).ground));
}

function drawing(width, items) {
  const picture = makeElement(["svg", { viewBox: `0 0 ${width + 2} ${SIDE + 2}`, "aria-hidden": "true" }]);
  if (width > SIDE) picture.style.width = `${(HEIGHT * (width + 2)) / (SIDE + 2)}rem`;
  picture.append(...items.map(makeElement));
  return picture;
}

/** Show the last window in the legend if a layout shows it. */
export function updateLegend(parts, layout) {
  const entry = parts.legend.querySelector('[data-role="last"]');
  if (entry) entry.hidden = !fitsLastWindow(layout);
}
