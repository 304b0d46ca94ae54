/** Cells and legend entries as SVG items [tag, attributes, text]. */

import { boundingBox, cellCorners, corners, fitsNumber, isDetailed, isSum, pointAt } from "./cell_geometry.js";
import { noteAndNumber } from "./notes.js";
import { dashedItem, grown, lineData, outlined, path, polygon, rect } from "./shapes.js";
import { CAP_HEIGHT } from "./typography.js";

const GLYPH_WIDTH = 0.68; // of a sum in bold, at most, in its font size
const LEAST_DETAILED = 6;
const LEAST_DOTTED = 12;

/**
 * Return {ground, texts}: the items of a cell's ground, its fill first, and those of its texts. `context` is
 * {theme, style, numberPx, smallPx, factorsPx, notePx}; `style` is a `cellStyler`.
 */
export function cellItems(region, cell, highlighted, context) {
  const isSigned = cell.role === "negative" && cell.text; // its sign tells as much as its hatching
  const style = { ...context.style(cell, highlighted), ...(isSigned ? { hatch: null } : {}) };
  const box = boundingBox(region);
  if (cell.role === "bar" && !region.right) return { ground: [bar(box, cell.level, style)], texts: [] };
  const plainFill = style.dashes && !highlighted ? context.theme.cells.empty.fill : style.fill;
  const ground = region.right ? obliqueGround(region, style, plainFill) : flatGround(region, style, plainFill);
  if (cell.note && context.numberPx && !region.right) return { ground, texts: productItems(box, cell, style, context) };
  if (cell.text && context.numberPx) return { ground, texts: [numberItem(region, cell.text, style, context)] };
  if (style.dot && box.w >= LEAST_DOTTED) ground.push(dot(box, style));
  return { ground, texts: [] };
}

function flatGround(box, style, plainFill) {
  if (box.w < LEAST_DETAILED) return [rect(box, plainFill), ...(style.hatch ? [hatching(box, style.hatch)] : [])];
  const items = [rect(box, style.fill)];
  if (style.hatch) items.push(hatching(box, style.hatch));
  if (style.border) items.push(outlined(rect(grown(box, -0.5)), style.border, 1));
  if (style.dashes) items.push(dashedOutline(box, style.dashes));
  return items;
}

function obliqueGround(region, style, plainFill) {
  if (!isDetailed(region)) return [polygon(corners(region), plainFill)];
  const items = [polygon(cellCorners(region), style.fill)];
  if (style.hatch) {
    const lines = [0.4, 0.7, 1, 1.3, 1.6].map((share) => {
      const [from, to] = [Math.max(0.12, share - 0.88), Math.min(0.88, share - 0.12)];
      return lineData(pointAt(region, from, share - from), pointAt(region, to, share - to));
    });
    items.push(path(lines.join(""), style.hatch, Math.max(1, region.right[0] / 40)));
  }
  if (style.dashes) {
    const unit = Math.max(1, region.right[0] / 46);
    const [tag, attributes] = outlined(polygon(cellCorners(region, unit)), style.dashes, unit);
    items.push([tag, { ...attributes, "stroke-dasharray": `${3.4 * unit} ${2.2 * unit}` }]);
  }
  return items;
}

function bar(box, level, style) {
  const height = Math.round((box.h * level) / 100);
  return rect({ ...box, y: box.y + box.h - height, h: height }, style.fill);
}

/** Rising diagonals, clipped at the edges of the box. */
function hatching({ x, y, w, h }, colour) {
  const step = w < LEAST_DETAILED ? w : Math.max(4, Math.round(w / 6));
  const lines = [];
  for (let start = step - h; start < w; start += step) {
    const [from, to] = [Math.max(0, start), Math.min(w, start + h)];
    lines.push(lineData([x + from, y + h - from + start], [x + to, y + h - to + start]));
  }
  return path(lines.join(""), colour, Math.max(1, step / 7));
}

/** A dashed outline inside the box, with the middle of a dash in each corner. */
function dashedOutline(box, colour) {
  const width = Math.max(1, Math.round(box.w / 58));
  const margin = width / 2 + (box.w >= 24 ? 1 : 0);
  const [tag, attributes] = outlined(rect(grown(box, -margin)), colour, width);
  const period = attributes.width / Math.max(2, Math.round(attributes.width / (5.6 * width)));
  const pattern = { "stroke-dasharray": `${0.6 * period} ${0.4 * period}`, "stroke-dashoffset": 0.3 * period };
  return [tag, { ...attributes, ...pattern }];
}

function dot({ x, y, w, h }, style) {
  const side = Math.max(2, Math.round(w / 20));
  return rect({ x: x + Math.floor((w - side) / 2), y: y + Math.floor((h - side) / 2), w: side, h: side }, style.ink);
}

/** The value of a cell; a sum is smaller, or only its first term if it does not fit. */
function numberItem(region, text, style, { numberPx, smallPx }, baseline = null) {
  const whole = style.small ? smallPx : numberPx;
  const fitting = isSum(text) ? fittingSize(region, text, whole, Math.floor(0.75 * smallPx)) : 0;
  const px = fitting || whole;
  const { x, y, w, h } = boundingBox(region);
  const position = { x: x + w / 2, y: baseline ?? middleBaseline({ y, h }, px) };
  const font = { "font-size": px, "font-weight": style.small ? 400 : 700 };
  const shown = isSum(text) && !fitting ? text.split(" ")[0] : text;
  return ["text", { ...position, ...font, fill: style.ink, stroke: style.fill }, shown];
}

/** The largest font size, from `most` down to `least`, in which a sum fits in its cell; 0 if there is none. */
function fittingSize(region, text, most, least) {
  for (let px = most; px >= least; px--) if (fitsNumber(region, GLYPH_WIDTH * text.length * px, px, true)) return px;
  return 0;
}

function middleBaseline({ y, h }, px) {
  return Math.round(y + (h + CAP_HEIGHT * px) / 2);
}

/** The factors of a product in the middle of its cell, or above the product if both fit. */
function productItems(box, { note, text }, style, context) {
  const { notePx, factorsPx, numberPx } = context;
  if (!text) return factorsPx ? [factorsItem(box, note, style, factorsPx, middleBaseline(box, factorsPx), context)] : [];
  if (!notePx) return [numberItem(box, text, style, context)];
  const [above, below] = noteAndNumber(box, CAP_HEIGHT * notePx, CAP_HEIGHT * numberPx);
  return [factorsItem(box, note, style, notePx, above, context), numberItem(box, text, style, context, below)];
}

/** `3·2`, each factor in the ink of its role. */
function factorsItem({ x, w }, note, style, px, y, { theme: { badges } }) {
  const [one, other] = note.split("·");
  const font = { "font-size": px, "font-weight": 700, stroke: style.fill };
  return ["text", { x: x + w / 2, y, ...font }, [[one, badges.input], ["·", style.ink], [other, badges.kernel]]];
}

/** Return the items of the small cell or mark of a legend entry. */
export function legendItems({ role, faded }, box, context) {
  const ground = (cellRole, highlighted) =>
    cellItems(box, { role: cellRole, text: "", faded, level: 100 }, highlighted, context).ground;
  if (role === "last") return [dashedItem(grown(box, -1), context.theme.last_window, 2)];
  if (role === "kept") return [dashedItem(grown(box, -1), context.theme.text, 2)];
  if (role !== "window" && role !== "source") return ground(role, false);
  const isWindow = role === "window";
  const width = isWindow ? Math.max(2, Math.floor(box.w / 8)) : Math.max(1, Math.floor(box.w / 12));
  const colour = isWindow ? context.theme.window : context.theme.text;
  const [fill] = isWindow ? ground("padding", true) : ground("input", false);
  return [fill, outlined(rect(grown(box, -width / 2)), colour, width)];
}
