/** Grids of cells, and the rows and columns of an index. */

import { range } from "../itertools.js";
import { EMPTY, filledGrid, makeCell } from "../scene/builder.js";
import { valueText } from "../text/formatting.js";

/** The values, where the picture shows any. */
export function shownOf(numbers) {
  return numbers?.visible ? numbers : null;
}

/** Row and column of a cell; a line is a grid of one row. */
export function rowAndCol(index) {
  return index.length === 2 ? index : [0, index[0]];
}

/** The indices of each axis as those of rows and columns. */
export function rowsAndCols(spans) {
  return spans.length === 2 ? spans : [[0], spans[0]];
}

/** A shape as rows and columns. */
function asGrid(shape) {
  return [1, ...shape].slice(-2);
}

/** A grid, or a line, in which nothing is written yet. */
export function emptyGrid(shape) {
  return filledGrid(...asGrid(shape), EMPTY);
}

/** Cells of one role for every index of `shape`, each with what `value(index)` is as its text, or blank ones. */
export function valueGrid(role, shape, value) {
  if (!value) return filledGrid(...asGrid(shape), makeCell(role));
  return gridOf(shape, (index) => makeCell(role, valueText(value(index))));
}

/** Rows of what `make(index)` says for every index of `shape`. */
export function gridOf(shape, make) {
  const rows = shape.length === 2 ? range(shape[0]).map((row) => [row]) : [[]];
  return rows.map((row) => range(shape.at(-1)).map((col) => make([...row, col])));
}
