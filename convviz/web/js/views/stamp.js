/** The stamp of a scatter step, value × kernel; twin of convviz/views/stamp.py. */

import { allIndices } from "../itertools.js";
import { notationOf } from "../layers/number_notation.js";
import { flatIndex } from "../layers/ops.js";
import { EMPTY, makeCell, makeChange, makePanel } from "../scene/builder.js";
import { formatCell, formatFactor, formatValue, isShownExactly, MINUS } from "../text/formatting.js";
import { makeSentence } from "../text/lines.js";
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

/** Name the moments of a step. */
export function momentNames(values, hasStamp) {
  if (!visibleValues(values)) return ["take", "add"];
  return hasStamp ? ["take", "multiply", "add", "write"] : ["take", "add", "write"];
}

/**
 * List what the frames before a step ends have of their own: the cell is taken, multiplied by the kernel, and what
 * meets is added. A step is {made, written, sums, overlaps, marks, caption, factor, value}: the changes of stamp and
 * output, the sums where the stamp meets a value, by place, whether the first of them holds other stamps, and the value
 * of the input cell as a factor and as ` = 4`.
 */
export function momentsOf({ made, written, sums, overlaps, marks, caption, factor, value }, names) {
  const name = caption.variants.at(-1);
  const taken = marks.filter(({ highlighted }) => !highlighted);
  const cleared = made.map((change) => ({ ...change, cell: EMPTY }));
  const added = written.map((change) => {
    const text = sums.get(`${change.row},${change.col}`);
    return text ? { ...change, cell: { ...change.cell, text } } : change;
  });
  const frames = {
    take: { changes: cleared, marks: taken, caption: makeSentence(`take ${name}${value}`, name) },
    multiply: { changes: made, marks: taken, caption: makeSentence(`stamp = ${factor} · kernel`) },
    add: { changes: [...made, ...added], caption: addedCaption([...sums.values()], overlaps) },
  };
  return names.slice(0, -1).map((one) => frames[one]);
}

function addedCaption([first], overlaps) {
  if (!first) return makeSentence("no overlap: the stamp is written as it is", "no overlap");
  return makeSentence(`${overlaps ? "overlaps add" : "added to the bias"}: ${first}`, first);
}

/** Return `9 + 8`, or `9 − 2`. */
export function sumText(before, added) {
  return added.startsWith(MINUS) ? `${before} ${MINUS} ${added.slice(1)}` : `${before} + ${added}`;
}

/** Return a value of the input as a factor, with `≈` if it is rounded. */
export function factorText(layer, shown, cell) {
  if (!shown) return "";
  const value = shown.x[flatIndex(layer.input, cell)];
  const approximate = isShownExactly(value, shown.xNotation) ? "" : "≈";
  return approximate + formatFactor(formatValue(value, shown.xNotation));
}
