/**
 * Where cells are. A place is a box {x, y, w, h}, or at a slant a parallelogram {x, y, right, down} from its first
 * corner, whose `right` goes right and up and whose `down` goes right and down.
 */

import { CAPITALS } from "./typography.js";

const SMOOTH = 8;

/** The steps to the next column and to the next row of slanted cells. */
function slant(pitch) {
  return [
    [Math.round(0.82 * pitch), -Math.round(0.2 * pitch)],
    [Math.round(0.43 * pitch), Math.round(0.54 * pitch)],
  ];
}

/** The space between flat cells: 2 pixels of 58, none below 6. */
function gapOf(pitch) {
  return pitch < 6 ? 0 : Math.max(1, Math.round(pitch / 29));
}

/** A panel's grid with the left and top of its bounding box at x, y, and `pitch` pixels from cell to cell. */
export function makeGrid(panel, x, y, pitch) {
  const { oblique, seamless, cells } = panel;
  const gap = oblique || seamless ? 0 : gapOf(pitch);
  return { x, y, rows: cells.length, cols: cells[0].length, pitch, gap, oblique };
}

/** The place of everything from the first to the last of `rows` and of `cols`. */
export function span(grid, rows, cols) {
  const [top, left] = [rows[0], cols[0]];
  const [high, wide] = [rows.at(-1) - top + 1, cols.at(-1) - left + 1];
  const { x, y, pitch, gap } = grid;
  if (!grid.oblique) return { x: x + left * pitch, y: y + top * pitch, w: wide * pitch - gap, h: high * pitch - gap };
  const [[a, up], [c, d]] = slant(pitch);
  return {
    x: x + left * a + top * c,
    y: y - grid.cols * up + left * up + top * d,
    right: [wide * a, wide * up],
    down: [high * c, high * d],
  };
}

/** One cell, at `row` and `col`, which may lie between places. */
export function cellAt(grid, row, col) {
  return span(grid, [row], [col]);
}

/** The place of all cells. */
export function whole(grid) {
  return span(grid, [0, grid.rows - 1], [0, grid.cols - 1]);
}

/** The bounding box of a place. */
export function boxOf(place) {
  if (!place.right) return place;
  const [[a, up], [c, d]] = [place.right, place.down];
  return { x: place.x, y: place.y + up, w: a + c, h: d - up };
}

/** A point of a parallelogram: 0, 0 is the first corner, 1, 0 the one on the right, 0, 1 the one below. */
export function pointAt({ x, y, right, down }, across, along) {
  return [x + across * right[0] + along * down[0], y + across * right[1] + along * down[1]];
}

/** The corners of a parallelogram in clockwise order. */
export function corners(place) {
  return inner(place, 0, 0);
}

function inner(place, left, low) {
  return [
    pointAt(place, left, low),
    pointAt(place, 1 - left, low),
    pointAt(place, 1 - left, 1 - low),
    pointAt(place, left, 1 - low),
  ];
}

function area({ right, down }) {
  return right[0] * down[1] - right[1] * down[0];
}

/** Whether a slanted cell is large enough for space around it. */
export function isSmooth(place) {
  return place.right[0] >= slant(SMOOTH)[0][0];
}

/** The corners of a slanted cell without its share of the space between cells, and `more` pixels on each side. */
export function inset(place, more = 0) {
  const [over, beside] = [area(place) / place.right[0], area(place) / place.down[1]];
  const vertical = Math.max(1.3, over / 26) / 2 + more;
  const horizontal = Math.max(1 + place.down[0] / place.down[1] + 0.1, beside / 26) / 2 + more;
  return inner(place, horizontal / beside, vertical / over);
}

/** Whether a number of this width and size fits into a cell; `tight` leaves less room around it. */
export function holds(place, width, px, tight) {
  if (!place.right) return width <= place.w * (tight ? 0.91 : 0.8) && px <= place.h;
  const [[a, up], [c, d]] = [place.right, place.down];
  const high = CAPITALS * px;
  return Math.max(d * width + c * high, a * high - up * width) <= area(place) * (tight ? 0.9 : 0.8);
}

/** Where a line from outside to `end`, a point under `plane`, goes out of sight: `space` pixels before its edge. */
export function visible(start, end, plane, space) {
  const [[a, up], [c, d]] = [plane.right, plane.down];
  const size = area(plane);
  const margins = [(space * Math.hypot(c, d)) / size, (space * Math.hypot(a, up)) / size];
  const inside = ([x, y]) => {
    const [dx, dy] = [x - plane.x, y - plane.y];
    return [(d * dx - c * dy) / size, (a * dy - up * dx) / size];
  };
  const [from, to] = [inside(start), inside(end)];
  let share = 0;
  margins.forEach((margin, axis) => {
    const edge = Math.min(Math.max(from[axis], -margin), 1 + margin);
    if (from[axis] !== edge) share = Math.max(share, (edge - from[axis]) / (to[axis] - from[axis]));
  });
  return [start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share];
}
