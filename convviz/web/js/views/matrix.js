/** matrix: the layer as a matrix, y = C x, and its transpose, x̂ = Cᵀ y; at step t row t of C is highlighted.
 * Twin of convviz/views/matrix.py. */

import { PictureError } from "../errors.js";
import { range, sortedOnce } from "../itertools.js";
import { flatIndex, tapsOf } from "../layers/ops.js";
import {
  BLANK, EMPTY, makeCell, makeChange, makeGroup, makeKey, makeMark, makePanel, makeSign, sentence,
} from "../scene/builder.js";
import { sizesText, valueText } from "../text/formatting.js";
import { formulaOf } from "../text/formulas.js";
import { emptyGrid, rowAndCol, shownOf } from "./cell_grids.js";
import { badgesOf, titleOf } from "./header.js";
import { barePanel, writtenCell } from "./panels.js";

const MOST_CELLS = 64; // inputs, and outputs, up to which the matrix can be read
const DIM = 45;
const FULL = 100;
const [MATRIX, Y_LINE, TRANSPOSED, X_GRID, Y_GRID] = [1, 3, 4, 5, 6];

/** The plan of a layer's scene; throws a PictureError for more than 64 inputs or outputs. */
export function matrix(layer, numbers) {
  const [inputs, outputs] = [layer.input, layer.output].map((shape) => shape.reduce((all, size) => all * size));
  if (Math.max(inputs, outputs) > MOST_CELLS) {
    const words = `a matrix of ${outputs}×${inputs} cannot be read`;
    throw new PictureError(`${words}; use at most ${MOST_CELLS} cells of input and of output`);
  }
  const stops = layer.outputs();
  const entries = stops.map((output) => rowEntries(layer, shownOf(numbers), output));
  const filled = entries.reduce((sum, row) => sum + row.size, 0);
  return {
    title: `${titleOf(layer)} as a matrix, and its transpose`,
    sizes: (numbers?.bias ?? null) === null ? "y = C x  ·  x̂ = Cᵀ y" : "y = C x + b, b the bias",
    badges: badgesOf(layer),
    body: matrixStage(layer, numbers, entries, inputs),
    legend: matrixLegend(),
    formulas: [formulaOf("", `C is ${outputs}×${inputs}: ${filled} of ${outputs * inputs} entries hold weights`)],
    count: stops.length,
    changes: (row) => rowChanges(entries, row, stops[row], writtenCell(stops[row], numbers)),
    rest: (row) => ({
      marks: rowMarks(layer, row, stops[row], [...entries[row].keys()], inputs),
      caption: rowLine(row, entries[row].size),
    }),
  };
}

/** The entries of C in the row of an output: input cell, in reading order, → text. */
function rowEntries(layer, shown, output) {
  const found = new Map();
  for (const { source, weight } of tapsOf(layer, output)) {
    if (!source) continue;
    const col = flatIndex(layer.input, source);
    found.set(col, (found.get(col) ?? 0) + (shown ? shown.w[flatIndex(layer.kernel, weight)] : 1));
  }
  const cols = sortedOnce(found.keys());
  return new Map(cols.map((col) => [col, shown ? valueText(found.get(col)) : ""]));
}

function entryCell(entries, row, col, level = DIM) {
  return entries[row].has(col) ? makeCell("kernel", entries[row].get(col), false, level) : EMPTY;
}

function matrixStage(layer, numbers, entries, inputs) {
  const whole = entries.map((_, row) => range(inputs).map((col) => entryCell(entries, row, col)));
  const turned = range(inputs).map((col) => whole.map((row) => ({ ...row[col], text: "" })));
  const bare = barePanel(layer, numbers);
  const upper = [
    makeGroup("column", [makePanel("x", [bare.cells.flat()], "", "x"), makePanel("matrix", whole, "", "C")]),
    makeSign("="),
    makeGroup("column", [makePanel("corner", [[BLANK]]), makePanel("y", entries.map(() => [EMPTY]))]),
  ];
  const lower = [
    makePanel("transposed", turned, "", "Cᵀ", 2),
    makePanel("input", bare.cells, `x ${sizesText(layer.input)}`),
    makePanel("output", emptyGrid(layer.output), `y ${sizesText(layer.output)}`),
  ];
  return makeGroup("column", [makeGroup("row", upper), makeGroup("row", lower)], { may_turn: true });
}

function rowChanges(entries, row, output, written) {
  const changes = [makeChange(Y_LINE, [row, 0], written), makeChange(Y_GRID, rowAndCol(output), written)];
  for (const [past, level] of [[row - 1, DIM], [row, FULL]]) {
    for (const col of entries[past]?.keys() ?? []) {
      changes.push(makeChange(MATRIX, [past, col], entryCell(entries, past, col, level)));
      changes.push(makeChange(TRANSPOSED, [col, past], makeCell("kernel", "", false, level)));
    }
  }
  return changes;
}

function rowMarks(layer, row, output, cells, inputs) {
  const marks = [
    makeMark(MATRIX, [[row], range(inputs)]),
    makeMark(TRANSPOSED, [range(inputs), [row]]),
    makeMark(Y_LINE, [[row], [0]]),
    makeMark(Y_GRID, rowAndCol(output).map((at) => [at])),
  ];
  if (!cells.length) return marks;
  const wide = layer.input.at(-1);
  const [rows, cols] = [cells.map((cell) => Math.floor(cell / wide)), cells.map((cell) => cell % wide)];
  return [...marks, makeMark(X_GRID, [sortedOnce(rows), sortedOnce(cols)], true)];
}

function rowLine(row, count) {
  const many = `${count} cell${count === 1 ? "" : "s"}`;
  const where = `Row ${row} of C holds the kernel where the window stands`;
  const whole = `${where}; column ${row} of Cᵀ sends y back to the same ${many}`;
  return sentence(whole, `${where}: ${many}`, `Row ${row} of C is column ${row} of Cᵀ: ${many}`, `row ${row}`);
}

function matrixLegend() {
  const weights = [makeKey("kernel", "kernel weight"), makeKey("empty", "zero")];
  return [makeKey("input", "x"), ...weights, makeKey("window", "this step"), makeKey("output", "y")];
}
