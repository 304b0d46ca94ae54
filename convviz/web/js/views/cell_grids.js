/** Grids of cells for one or two axes; a 1-D grid has a single row. Twin of convviz/views/cell_grids.py. */

import { range } from "../itertools.js";
import { EMPTY, filledGrid, makeCell } from "../scene/builder.js";
import { formatCell } from "../text/formatting.js";

/** Return the LayerValues if the picture shows them, else null. */
export function visibleValues(values) {
  return values?.visible ? values : null;
}

/** Return an index as [row, column]. */
export function rowAndCol(index) {
  return index.length === 2 ? index : [0, index[0]];
}

/** Return one list of indices per axis as [rows, columns]. */
export function rowsAndCols(spans) {
  return spans.length === 2 ? spans : [[0], spans[0]];
}

function gridShape(shape) {
  return [1, ...shape].slice(-2);
}

/** Return a grid of cells without values. */
export function emptyGrid(shape) {
  return filledGrid(...gridShape(shape), EMPTY);
}

/** Return a grid of cells of one role with the text of `valueAt(index)` in a notation, or no text if that is null. */
export function valueGrid(role, shape, valueAt, notation = "decimal") {
  if (!valueAt) return filledGrid(...gridShape(shape), makeCell(role));
  return mapGrid(shape, (index) => makeCell(role, formatCell(valueAt(index), notation)));
}

/** Return the rows of `cellAt(index)` for all indices of a shape. */
export function mapGrid(shape, cellAt) {
  const rows = shape.length === 2 ? range(shape[0]).map((row) => [row]) : [[]];
  return rows.map((row) => range(shape.at(-1)).map((col) => cellAt([...row, col])));
}
