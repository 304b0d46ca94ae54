/** The last window, as a dashed outline, and the arrow from it; as in convviz/render/last_window.py. */

import { gridRegion } from "./cell_geometry.js";
import { markItems, windowReach } from "./mark_shapes.js";
import { dashedItem, grown, outlined, polygon, rect } from "./shapes.js";
import { CAP_HEIGHT } from "./typography.js";

const LEAST_PITCH = 20;
const STYLE = "bracket";

/** Whether cells are large enough to tell the last window from the present one. */
export function fitsLastWindow({ pitch }) {
  return pitch >= LEAST_PITCH;
}

/** Return the items of the marks and arrows of a frame, the last window first. */
export function markedItems(frame, layout, theme) {
  const others = frame.marks.filter(({ role }) => role !== "last");
  return [...lastWindowItems(frame, layout, theme), ...others.flatMap((mark) => markItems(mark, layout, theme))];
}

/** The items of the last windows of a frame and their arrows, or none if cells are too small. */
function lastWindowItems(frame, layout, theme) {
  if (!fitsLastWindow(layout)) return [];
  const marks = frame.marks.filter(({ role }) => role === "last");
  return [
    ...marks.flatMap((mark) => outlineItems(mark, layout, theme)),
    ...frame.arrows.flatMap((arrow) => arrowItems(arrow, layout, theme)),
  ];
}

function outlineItems({ panel, rows, cols }, layout, theme) {
  const width = lineWidth(layout);
  const box = grown(gridRegion(layout.grids[panel], rows, cols), width / 2);
  return [outlined(rect(box), theme.background, width + 2), dashedItem(box, theme.last_window, width)];
}

/** The arrow, with a halo, in the gap between cells; its text is in the strip below, above the numbers. */
function arrowItems({ panel, start, end, text }, layout, theme) {
  const grid = layout.grids[panel];
  const isHorizontal = start[0] === end[0];
  const edge = Math.max(1, Math.floor(grid.gap / 2));
  const along = isHorizontal ? 1 : 0;
  const origin = [grid.y, grid.x];
  const at = (place, axis) => origin[axis] + Math.round((place[axis] * grid.pitch) / 1000);
  const [first, across] = [at(start, along), at(start, 1 - along) - edge];
  const half = headSize(layout);
  const tip = at(end, along) - half;
  const corners = arrowCorners(first - edge, tip, across, lineWidth(layout), half);
  const shape = polygon(isHorizontal ? corners : corners.map(([x, y]) => [y, x]), theme.window);
  const halo = outlined(shape, theme.background, 2);
  const room = isHorizontal ? tip - first : grid.pitch;
  const label = arrowText(text, panel, room, layout);
  if (!label) return [halo, shape];
  const x = isHorizontal ? first + Math.floor((room - label.width) / 2) : at(start, 1) + half + 2;
  const top = at(start, 0) + (isHorizontal ? half : 2) + 2;
  const height = capitals(label.px);
  const ground = grown({ x, y: top, w: label.width, h: height + Math.ceil(label.px / 8) }, 1);
  const font = { "font-size": label.px, "font-weight": 700, class: STYLE };
  const words = ["text", { x, y: top + height, ...font, fill: theme.text }, label.text];
  return [halo, shape, rect(ground, theme.background), words];
}

/** The text that fits in a strip, {text, px, width}, closer set if it must be; or undefined. */
function arrowText(full, panel, room, layout) {
  const { arrow, pitch, numbered, numberPx } = layout;
  let strip = Math.floor(pitch / 2) - headSize(layout) - 3;
  if (numbered[panel] && numberPx) strip -= Math.floor(capitals(numberPx) / 2);
  for (let px = arrow.most; px >= arrow.least; px--) {
    for (const text of [full, full.replaceAll(" ", "")]) {
      const width = Math.ceil(text.length * arrow.advance * px);
      if (capitals(px) + Math.ceil(px / 4) <= strip && width + 4 <= room) return { text, px, width };
    }
  }
}

function lineWidth({ outline }) {
  return Math.floor((outline + 1) / 2);
}

/** Half the width of an arrow's head, which stays within the halo of the window's outline. */
function headSize({ outline }) {
  return Math.max(2, windowReach(outline));
}

function capitals(px) {
  return Math.round(CAP_HEIGHT * px);
}

/** The corners of an arrow to the right. */
function arrowCorners(start, tip, across, width, half) {
  const low = across - Math.floor(width / 2);
  const [middle, high] = [low + width / 2, low + width];
  const neck = tip - Math.min(2 * half, Math.floor((tip - start) / 2));
  return [
    [start, low], [neck, low], [neck, middle - half], [tip, middle], [neck, middle + half], [neck, high], [start, high],
  ];
}
