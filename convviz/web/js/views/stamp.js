/** The stamp of a scatter step, value × kernel; twin of convviz/views/stamp.py. */

import { allIndices } from "../itertools.js";
import { notationOf } from "../layers/number_notation.js";
import { flatIndex } from "../layers/ops.js";
import { makeCell, makeChange, makePanel } from "../scene/builder.js";
import { formatCell } from "../text/formatting.js";
import { emptyGrid, rowAndCol, visibleValues } from "./cell_grids.js";

const MOST_WEIGHTS = 25;
const STAMP = 2;

/** Whether the stamp is shown below the kernel: if it takes no room from the full output. */
export function showsStamp(layer, values, full) {
  const weights = layer.kernel.reduce((product, size) => product * size);
  const rows = (shape) => [1, ...shape].at(-2);
  const hasRoom = 2 * rows(layer.kernel) <= rows(full.map(({ size }) => size)) + 2;
  return layer.transposed && Boolean(visibleValues(values)) && weights <= MOST_WEIGHTS && hasRoom;
}

/** Return the panel before the first stamp is made. */
export function stampPanel(layer) {
  return makePanel("stamp", emptyGrid(layer.kernel), "stamp = x · kernel");
}

/** Return the notation of all stamps, of each step. */
export function stampNotation(shown) {
  return shown.isWhole ? "decimal" : notationOf(shown.x.flatMap((value) => shown.w.map((weight) => value * weight)));
}

/** List the changes that write the products of an input cell and each weight of the unflipped kernel. */
export function productChanges(layer, shown, cell, notation) {
  const value = shown.x[flatIndex(layer.input, cell)];
  const taps = allIndices(layer.kernel);
  const products = taps.map((tap) => value * shown.w[flatIndex(layer.kernel, tap)]);
  const product = (at) => makeCell("product", formatCell(products[at], notation));
  return taps.map((tap, at) => makeChange(STAMP, rowAndCol(tap), product(at)));
}
