/**
 * The geometry of cells. A region is a box {x, y, w, h}, or in an oblique grid a parallelogram {x, y, right, down}: its
 * first corner, the edge that goes right and up, and the edge that goes right and down.
 */

import { CAP_HEIGHT } from "./typography.js";

const LEAST_DETAILED = 8;
const LEAST_GAP_PITCH = 6;

/** The edges of one cell of an oblique grid. */
function obliqueEdges(pitch) {
  return [
    [Math.round(0.82 * pitch), -Math.round(0.2 * pitch)],
    [Math.round(0.43 * pitch), Math.round(0.54 * pitch)],
  ];
}

function gapOf(pitch) {
  return pitch < LEAST_GAP_PITCH ? 0 : Math.max(1, Math.round(pitch / 29));
}

/** Return the grid of a panel: its bounding box starts at x, y, and cells are `pitch` pixels apart. */
export function makeGrid(panel, x, y, pitch) {
  const { oblique, seamless, cells } = panel;
  const gap = oblique || seamless ? 0 : gapOf(pitch);
  return { x, y, rows: cells.length, cols: cells[0].length, pitch, gap, oblique };
}

/** Return the region from the first to the last of `rows` and of `cols`. */
export function gridRegion(grid, rows, cols) {
  const [top, left] = [rows[0], cols[0]];
  const [height, width] = [rows.at(-1) - top + 1, cols.at(-1) - left + 1];
  const { x, y, pitch, gap } = grid;
  if (!grid.oblique) {
    return { x: x + left * pitch, y: y + top * pitch, w: width * pitch - gap, h: height * pitch - gap };
  }
  const [[a, up], [c, d]] = obliqueEdges(pitch);
  return {
    x: x + left * a + top * c,
    y: y - grid.cols * up + left * up + top * d,
    right: [width * a, width * up],
    down: [height * c, height * d],
  };
}

/** Return the region of one cell; row and column may be fractions. */
export function cellAt(grid, row, col) {
  return gridRegion(grid, [row], [col]);
}

/** Return a region of a grid at a place so many thousandths of a cell further down and to the right. */
export function movedRegion(grid, region, down, right) {
  if (!down && !right) return region;
  const [[a, up], [c, d]] = grid.oblique ? obliqueEdges(grid.pitch) : [[grid.pitch, 0], [0, grid.pitch]];
  const x = region.x + (right * a + down * c) / 1000;
  return { ...region, x, y: region.y + (right * up + down * d) / 1000 };
}

/** Return the region of all cells. */
export function wholeGrid(grid) {
  return gridRegion(grid, [0, grid.rows - 1], [0, grid.cols - 1]);
}

/** Return the bounding box of a region. */
export function boundingBox(region) {
  if (!region.right) return region;
  const [[a, up], [c, d]] = [region.right, region.down];
  return { x: region.x, y: region.y + up, w: a + c, h: d - up };
}

/** Return a point of a parallelogram by its shares of both edges. */
export function pointAt({ x, y, right, down }, rightShare, downShare) {
  return [x + rightShare * right[0] + downShare * down[0], y + rightShare * right[1] + downShare * down[1]];
}

/** Return the corners of a parallelogram in clockwise order. */
export function corners(region) {
  return inset(region, 0, 0);
}

/** The corners, moved inwards by shares of both edges. */
function inset(region, right, down) {
  return [
    pointAt(region, right, down),
    pointAt(region, 1 - right, down),
    pointAt(region, 1 - right, 1 - down),
    pointAt(region, right, 1 - down),
  ];
}

function area({ right, down }) {
  return right[0] * down[1] - right[1] * down[0];
}

/** Whether a cell of an oblique grid is large enough for details. */
export function isDetailed(region) {
  return region.right[0] >= obliqueEdges(LEAST_DETAILED)[0][0];
}

/** Return the corners of an oblique cell without its gap, and `margin` pixels further in. */
export function cellCorners(region, margin = 0) {
  const [height, width] = [area(region) / region.right[0], area(region) / region.down[1]];
  const vertical = Math.max(1.3, height / 26) / 2 + margin;
  const horizontal = Math.max(1 + region.down[0] / region.down[1] + 0.1, width / 26) / 2 + margin;
  return inset(region, horizontal / width, vertical / height);
}

/** Whether a number of this width and font size fits in a cell; `tight` allows less margin. */
export function fitsNumber(region, width, px, tight) {
  if (!region.right) return width <= region.w * (tight ? 0.92 : 0.8) && px <= region.h;
  const [[a, up], [c, d]] = [region.right, region.down];
  const height = CAP_HEIGHT * px;
  return Math.max(d * width + c * height, a * height - up * width) <= area(region) * (tight ? 0.9 : 0.8);
}

/** Whether the text of a cell is a sum that is not computed yet: `9 + 8`. */
export function isSum(text) {
  return text.includes(" ");
}
