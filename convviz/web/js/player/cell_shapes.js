/** What cells look like, as items [tag, attributes, text] for an SVG. Pure. */

import { boxOf, corners, inset, isSmooth, pointAt } from "./cell_boxes.js";
import { grown, line, path, polygon, rect } from "./shapes.js";
import { CAPITALS } from "./typography.js";

/**
 * A cell that fills `place`, as {ground, text}: items of its ground, the first of them its fill, and its number or
 * null. `look` is {theme, style, numberPx, smallPx}, `style` being a `stylist`.
 */
export function cellItems(place, cell, highlighted, look) {
  const style = look.style(cell, highlighted);
  const box = boxOf(place);
  if (cell.role === "bar" && !place.right) return { ground: [bar(box, cell.level, style)], text: null };
  const ground = place.right ? slantedGround(place, style, highlighted, look.theme) : flatGround(place, style, highlighted, look.theme);
  if (cell.text && look.numberPx) return { ground, text: number(box, cell.text, style, look) };
  if (style.dot && box.w >= 12) ground.push(dot(box, style));
  return { ground, text: null };
}

function flatGround(box, style, highlighted, theme) {
  if (box.w < 6) return [rect(box, style.dashes && !highlighted ? theme.cells.empty.fill : style.fill)];
  const items = [rect(box, style.fill)];
  if (style.hatch) items.push(hatch(box, style.hatch));
  if (style.dashes) items.push(dashes(box, style.dashes));
  return items;
}

function slantedGround(place, style, highlighted, theme) {
  if (!isSmooth(place)) return [polygon(corners(place), style.dashes && !highlighted ? theme.cells.empty.fill : style.fill)];
  const items = [polygon(inset(place), style.fill)];
  if (style.hatch) {
    const lines = [0.4, 0.7, 1, 1.3, 1.6].map((share) => {
      const [from, to] = [Math.max(0.12, share - 0.88), Math.min(0.88, share - 0.12)];
      return line(pointAt(place, from, share - from), pointAt(place, to, share - to));
    });
    items.push(path(lines.join(""), style.hatch, Math.max(1, place.right[0] / 40)));
  }
  if (style.dashes) {
    const unit = Math.max(1, place.right[0] / 46);
    const [, attributes] = polygon(inset(place, unit), "none");
    const pattern = { "stroke-width": unit, "stroke-dasharray": `${3.4 * unit} ${2.2 * unit}` };
    items.push(["polygon", { ...attributes, stroke: style.dashes, ...pattern }]);
  }
  return items;
}

function bar(box, level, style) {
  const high = Math.round((box.h * level) / 100);
  return rect({ ...box, y: box.y + box.h - high, h: high }, style.fill);
}

/** Rising diagonals, cut off at the edges of the box. */
function hatch({ x, y, w, h }, colour) {
  const step = Math.max(4, Math.round(w / 6));
  const lines = [];
  for (let start = step - h; start < w; start += step) {
    const [from, to] = [Math.max(0, start), Math.min(w, start + h)];
    lines.push(line([x + from, y + h - from + start], [x + to, y + h - to + start]));
  }
  return path(lines.join(""), colour, Math.max(1, step / 7));
}

/** A dashed outline inside the box, with the middle of a dash in every corner. */
function dashes(box, colour) {
  const width = Math.max(1, Math.round(box.w / 58));
  const edge = width / 2 + (box.w >= 24 ? 1 : 0);
  const [tag, attributes] = rect(grown(box, -edge), "none");
  const period = attributes.width / Math.max(2, Math.round(attributes.width / (5.6 * width)));
  const pattern = { "stroke-dasharray": `${0.6 * period} ${0.4 * period}`, "stroke-dashoffset": 0.3 * period };
  return [tag, { ...attributes, stroke: colour, "stroke-width": width, ...pattern }];
}

function dot({ x, y, w, h }, style) {
  const side = Math.max(2, Math.round(w / 20));
  return rect({ x: x + Math.floor((w - side) / 2), y: y + Math.floor((h - side) / 2), w: side, h: side }, style.ink);
}

function number({ x, y, w, h }, text, style, { numberPx, smallPx }) {
  const px = style.small ? smallPx : numberPx;
  const place = { x: x + w / 2, y: Math.round(y + (h + CAPITALS * px) / 2) };
  const look = { "font-size": px, "font-weight": style.small ? 400 : 700, fill: style.ink, stroke: style.fill };
  return ["text", { ...place, ...look }, text];
}

/** The small cell, or the small mark, of a legend entry. */
export function keyItems({ role, faded }, place, look) {
  const plain = (name, highlighted) => cellItems(place, { role: name, text: "", faded, level: 100 }, highlighted, look).ground;
  if (role !== "window" && role !== "source") return plain(role, false);
  const width = role === "window" ? Math.max(2, Math.floor(place.w / 8)) : Math.max(1, Math.floor(place.w / 12));
  const [tag, attributes] = rect(grown(place, -width / 2), "none");
  const colour = role === "window" ? look.theme.window : look.theme.text;
  const [ground] = role === "window" ? plain("padding", true) : plain("input", false);
  return [ground, [tag, { ...attributes, stroke: colour, "stroke-width": width }]];
}
