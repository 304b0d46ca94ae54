/** matrix: the layer as a matrix, y = C x, and its transpose, x̂ = Cᵀ y; step t outlines row t of C.
 * Twin of convviz/views/matrix.py. */

import { PictureError } from "../errors.js";
import { range, sortedUnique } from "../itertools.js";
import { flatIndex, windowTaps } from "../layers/ops.js";
import {
  BLANK, EMPTY, makeCell, makeChange, makeGroup, makeLegendEntry, makeMark, makeOperator, makePanel,
} from "../scene/builder.js";
import { formatSizes, formatValue } from "../text/formatting.js";
import { makeFormula, makeSentence } from "../text/lines.js";
import { emptyGrid, rowAndCol, visibleValues } from "./cell_grids.js";
import { layerBadges, layerTitle } from "./header.js";
import { outputCell, plainInputPanel } from "./panels.js";

/** The largest readable number of inputs and of outputs. */
const MOST_CELLS = 64;
const [MATRIX, Y_COLUMN, TRANSPOSED, X_GRID, Y_GRID] = [1, 3, 4, 5, 6];

/** Return the plan of a scene. Throws a PictureError for more than 64 inputs or outputs. */
export function matrix(layer, values) {
  const [inputs, outputs] = [layer.input, layer.output].map((shape) => shape.reduce((total, size) => total * size));
  if (Math.max(inputs, outputs) > MOST_CELLS) {
    const words = `a matrix of ${outputs}×${inputs} cannot be read`;
    throw new PictureError(`${words}; use at most ${MOST_CELLS} cells of input and of output`);
  }
  const outputIndices = layer.outputs();
  const entries = outputIndices.map((output) => rowEntries(layer, visibleValues(values), output));
  const weights = entries.reduce((sum, row) => sum + row.size, 0);
  return {
    title: `${layerTitle(layer)} as a matrix, and its transpose`,
    sizes: (values?.bias ?? null) === null ? "y = C x  ·  x̂ = Cᵀ y" : "y = C x + b, b the bias",
    badges: layerBadges(layer),
    body: body(layer, values, entries, inputs),
    legend: legend(),
    formulas: [makeFormula("", `C is ${outputs}×${inputs}: ${weights} of ${outputs * inputs} entries hold weights`)],
    count: outputs,
    changes: (row) => rowChanges(row, outputIndices[row], outputCell(outputIndices[row], values)),
    details: (row) => ({
      marks: rowMarks(layer, row, outputIndices[row], [...entries[row].keys()], inputs),
      caption: rowCaption(row, entries[row].size),
    }),
  };
}

/** The entries of C in the row of an output that hold weights: column → text, in ascending order. */
function rowEntries(layer, shown, output) {
  const sums = new Map();
  for (const { source, weight } of windowTaps(layer, output)) {
    if (!source) continue;
    const col = flatIndex(layer.input, source);
    sums.set(col, (sums.get(col) ?? 0) + (shown ? shown.w[flatIndex(layer.kernel, weight)] : 1));
  }
  return new Map(sortedUnique(sums.keys()).map((col) => [col, shown ? formatValue(sums.get(col)) : ""]));
}

/** The cells of C. */
function matrixCells(entries, inputs, shown) {
  const zero = makeCell("zero", shown ? "0" : "");
  return entries.map((row) => range(inputs).map((col) => (row.has(col) ? makeCell("kernel", row.get(col)) : zero)));
}

function body(layer, values, entries, inputs) {
  const cells = matrixCells(entries, inputs, visibleValues(values));
  const transposedCells = range(inputs).map((col) => cells.map((row) => row[col]));
  const { cells: inputCells } = plainInputPanel(layer, values);
  const upper = [
    makeGroup("column", [makePanel("x", [inputCells.flat()], "", "x"), makePanel("matrix", cells, "", "C")]),
    makeOperator("="),
    makeGroup("column", [makePanel("corner", [[BLANK]]), makePanel("y", entries.map(() => [EMPTY]))]),
  ];
  const lower = [
    makePanel("transposed", transposedCells, "", "Cᵀ"),
    makePanel("input", inputCells, `x ${formatSizes(layer.input)}`),
    makePanel("output", emptyGrid(layer.output), `y ${formatSizes(layer.output)}`),
  ];
  return makeGroup("column", [makeGroup("row", upper, { table: true }), makeGroup("row", lower)], { mayTurn: true });
}

/** Show an output. */
function rowChanges(row, output, cell) {
  return [makeChange(Y_COLUMN, [row, 0], cell), makeChange(Y_GRID, rowAndCol(output), cell)];
}

function rowMarks(layer, row, output, columns, inputs) {
  const marks = [
    makeMark(MATRIX, [[row], range(inputs)]),
    makeMark(TRANSPOSED, [range(inputs), [row]]),
    makeMark(Y_COLUMN, [[row], [0]]),
    makeMark(Y_GRID, rowAndCol(output).map((at) => [at])),
  ];
  if (!columns.length) return marks;
  const width = layer.input.at(-1);
  const [rows, cols] = [columns.map((flat) => Math.floor(flat / width)), columns.map((flat) => flat % width)];
  return [...marks, makeMark(X_GRID, [sortedUnique(rows), sortedUnique(cols)], true)];
}

function rowCaption(row, count) {
  const cells = `${count} cell${count === 1 ? "" : "s"}`;
  const where = `Row ${row} of C holds the kernel where the window stands`;
  const whole = `${where}; column ${row} of Cᵀ sends y back to the same ${cells}`;
  return makeSentence(whole, `${where}: ${cells}`, `Row ${row} of C is column ${row} of Cᵀ: ${cells}`, `row ${row}`);
}

function legend() {
  const weights = [makeLegendEntry("kernel", "kernel weight"), makeLegendEntry("zero", "zero")];
  const others = [makeLegendEntry("window", "this step"), makeLegendEntry("output", "y")];
  return [makeLegendEntry("input", "x"), ...weights, ...others];
}
