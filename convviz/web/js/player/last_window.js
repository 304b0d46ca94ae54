/** The last window, as a dashed outline, and the arrow from it; as in convviz/render/last_window.py. */

import { range } from "../itertools.js";
import { gridRegion } from "./cell_geometry.js";
import { dashWidth, markItems, windowReach } from "./mark_shapes.js";
import { dashedItem, grown, outlined, polygon, rect } from "./shapes.js";
import { CAP_HEIGHT } from "./typography.js";

const LEAST_PITCH = 20;
const STYLE = "bracket";
/** Pixels between the text of an arrow and a number, and of an arrow's line on each side of a text in it. */
const LEAST_MARGIN = 3;
const LEAST_LINE = 6;

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
    ...frame.arrows.flatMap((arrow) => arrowItems(arrow, frame.marks, layout, theme)),
  ];
}

function outlineItems({ panel, rows, cols }, layout, theme) {
  const width = dashWidth(layout);
  const box = grown(gridRegion(layout.grids[panel], rows, cols), width / 2);
  return [outlined(rect(box), theme.background, width + 2), dashedItem(box, theme.last_window, width)];
}

/** The arrow, with a halo, in the gap between cells, and its text, on the gap between two rows. */
function arrowItems(arrow, marks, layout, theme) {
  const { panel, start, end } = arrow;
  const grid = layout.grids[panel];
  const isHorizontal = start[0] === end[0];
  const edge = gapEdge(grid);
  const along = isHorizontal ? 1 : 0;
  const [first, across] = [at(grid, start, along), at(grid, start, 1 - along) - edge];
  const half = headSize(layout);
  const tip = at(grid, end, along) - half;
  const corners = arrowCorners(first - edge, tip, across, dashWidth(layout), half);
  const shape = polygon(isHorizontal ? corners : corners.map(([x, y]) => [y, x]), theme.window);
  const items = [outlined(shape, theme.background, 2), shape];
  const sources = marks.filter((mark) => mark.panel === panel && mark.role === "source");
  const outlines = sources.map(({ rows, cols }) => gridRegion(grid, rows, cols));
  const ends = [first - edge, tip];
  const places = isHorizontal ? horizontalPlaces(start, grid, ends, half) : verticalPlaces(arrow, grid, half);
  const label = arrowText(arrow, places, outlines, layout);
  if (!label) return items;
  const font = { "font-size": label.px, "font-weight": 700, class: STYLE };
  const words = ["text", { x: label.x, y: label.baseline, ...font, fill: theme.text }, label.text];
  return [...items, rect(label.ground, theme.background), words];
}

/** The place of a text {x, w, y, share}: the middle of a gap between rows, and the share of free width on its left. */
function horizontalPlaces(start, grid, [first, tip], half) {
  const y = at(grid, start, 0) - gapEdge(grid);
  const below = { x: first + half, w: tip - first - half, y: y + grid.pitch, share: 0.5 };
  return [
    { x: first + LEAST_LINE, w: tip - first - 2 * (half + LEAST_LINE), y, share: 0.5 },
    { x: grid.x, w: first - half - grid.x, y, share: 1 },
    ...(start[0] / 1000 + 1 < grid.rows ? [below] : []),
  ];
}

function verticalPlaces({ start, end }, grid, half) {
  const x = at(grid, start, 1) + half + 1;
  const y = at(grid, start, 0) - gapEdge(grid);
  const crossed = range((end[0] - start[0]) / 1000 - 1, 1);
  const fromMiddle = (row) => Math.abs(2 * row - crossed.length - 1);
  const rows = [...crossed.sort((one, other) => fromMiddle(one) - fromMiddle(other)), 0];
  const w = grid.x + grid.cols * grid.pitch - grid.gap - x;
  return rows.map((row) => ({ x, w, y: y + row * grid.pitch, share: 0 }));
}

/** The text at the first place with room, {text, px, x, baseline, ground}, closer set if it must be; or undefined. */
function arrowText({ text: full, panel }, places, outlines, layout) {
  const { arrow, numbered, numberPx, grids } = layout;
  const grid = grids[panel];
  const number = numbered[panel] ? capitals(numberPx) : 0;
  const free = Math.floor((grid.pitch - grid.gap - number) / 2) - LEAST_MARGIN;
  for (const place of places) {
    for (let px = arrow.most; px >= arrow.least; px--) {
      for (const text of [full, full.replaceAll(" ", "")]) {
        const height = capitals(px);
        const width = Math.ceil(text.length * arrow.advance * px);
        const x = place.x + Math.round((place.w - width) * place.share);
        const baseline = Math.max(place.y + Math.ceil(height / 2), grid.y - headSize(layout) + height + 1);
        const ground = grown({ x, y: baseline - height, w: width, h: height + Math.ceil(px / 8) }, 1);
        const isClear = place.y - free <= ground.y && ground.y + ground.h <= place.y + free;
        if (isClear && width + 2 <= place.w && !outlines.some((one) => overlap(one, ground))) {
          return { text, px, x, baseline, ground };
        }
      }
    }
  }
}

function overlap(one, other) {
  const meets = (axis, size) => one[axis] < other[axis] + other[size] && other[axis] < one[axis] + one[size];
  return meets("x", "w") && meets("y", "h");
}

/** Pixels from the first cell to a place on an axis, in thousandths of a cell. */
function at(grid, place, axis) {
  return [grid.y, grid.x][axis] + Math.round((place[axis] * grid.pitch) / 1000);
}

/** Half the width of the gap between cells. */
function gapEdge({ gap }) {
  return Math.max(1, Math.floor(gap / 2));
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
