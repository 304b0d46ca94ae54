/** matrix: the layer as a matrix, C of a convolution, Cᵀ of a transposed one, and its transpose; row t at step t.
 * Twin of convviz/views/matrix.py. */

import { PictureError } from "../errors.js";
import { range, sortedUnique } from "../itertools.js";
import { notationOf } from "../layers/number_notation.js";
import { flatIndex, windowTaps } from "../layers/ops.js";
import {
  BLANK, EMPTY, makeCell, makeChange, makeGroup, makeLegendEntry, makeMark, makeOperator, makePanel,
} from "../scene/builder.js";
import { formatCell, formatSizes } from "../text/formatting.js";
import { makeFormula, makeSentence } from "../text/lines.js";
import { emptyGrid, rowAndCol, visibleValues } from "./cell_grids.js";
import { biasText, layerBadges, layerTitle } from "./header.js";
import { outputCell, plainInputPanel } from "./panels.js";
import { flatBracket, sizeBrackets } from "./size_brackets.js";
import { outputName } from "./step_text.js";

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
  const entries = matrixEntries(layer, visibleValues(values));
  const weights = entries.reduce((sum, row) => sum + row.size, 0);
  const filled = `${weights} of ${outputs * inputs} entries hold weights`;
  const [[name, other], bias] = [matrixNames(layer), biasText(values)];
  return {
    title: `${layerTitle(layer)} as a matrix, and its transpose`,
    sizes: bias ? `y = ${name} x + ${bias}` : `y = ${name} x  ·  sent back: ${other} y`,
    badges: layerBadges(layer),
    body: body(layer, values, entries, inputs),
    legend: legend(weights, outputs * inputs),
    formulas: [makeFormula("", `${name} is ${outputs}×${inputs}: ${filled}`)],
    count: outputs,
    changes: (row) => rowChanges(row, outputIndices[row], outputCell(outputIndices[row], values)),
    details: (row) => ({
      marks: rowMarks(layer, row, outputIndices[row], [...entries[row].keys()], inputs),
      caption: rowCaption(layer, outputIndices[row], row, entries[row].size),
    }),
  };
}

/** Return the names of the matrix of a layer and of its transpose; C is that of the convolution. */
export function matrixNames({ transposed }) {
  return transposed ? ["Cᵀ", "C"] : ["C", "Cᵀ"];
}

/** For each output, the entries of its row that hold weights: a Map column → text, in ascending order. */
function matrixEntries(layer, shown) {
  const rows = layer.outputs().map((output) => rowWeights(layer, shown, output));
  const notation = notationOf(rows.flatMap((sums) => [...sums.values()]));
  const text = (sum) => (shown ? formatCell(sum, notation) : "");
  return rows.map((sums) => new Map(sortedUnique(sums.keys()).map((col) => [col, text(sums.get(col))])));
}

/** The sums of the weights of an output: a Map column → sum. */
function rowWeights(layer, shown, output) {
  const sums = new Map();
  for (const { source, weight } of windowTaps(layer, output)) {
    if (!source) continue;
    const col = flatIndex(layer.input, source);
    sums.set(col, (sums.get(col) ?? 0) + (shown ? shown.w[flatIndex(layer.kernel, weight)] : 1));
  }
  return sums;
}

/** The cells of the matrix. */
function matrixCells(entries, inputs, shown) {
  const zero = makeCell("zero", shown ? "0" : "");
  return entries.map((row) => range(inputs).map((col) => (row.has(col) ? makeCell("kernel", row.get(col)) : zero)));
}

function body(layer, values, entries, inputs) {
  const cells = matrixCells(entries, inputs, visibleValues(values));
  const transposedCells = range(inputs).map((col) => cells.map((row) => row[col]));
  const { cells: inputCells } = plainInputPanel(layer, values);
  const [name, other] = matrixNames(layer);
  const { input, output } = layer;
  const alongI = (side) => flatBracket(side, input, "i", "input");
  const alongO = (side) => flatBracket(side, output, "o", "output");
  const x = { ...makePanel("x", [inputCells.flat()], "", "x"), brackets: [alongI("top")] };
  const y = { ...makePanel("y", entries.map(() => [EMPTY])), brackets: [alongO("left")] };
  const upper = [
    makeGroup("column", [x, makePanel("matrix", cells, "", name)]),
    makeOperator("="),
    makeGroup("column", [makePanel("corner", [[BLANK]]), y]),
  ];
  const [xGrid, yGrid] = [
    makePanel("input", inputCells, `x ${formatSizes(input)}`),
    makePanel("output", emptyGrid(output), `y ${formatSizes(output)}`),
  ];
  const lower = [
    { ...makePanel("transposed", transposedCells, "", other), brackets: [alongO("top"), alongI("left")] },
    { ...xGrid, brackets: sizeBrackets(input, "i", "input") },
    { ...yGrid, brackets: sizeBrackets(output, "o", "output") },
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

function rowCaption(layer, output, row, count) {
  const [name, other] = matrixNames(layer);
  if (!count) {
    const zeros = `Row ${row} of ${name} holds only zeros`;
    return makeSentence(`${zeros}, and column ${row} of ${other} sends nothing back`, zeros, `row ${row}`);
  }
  const start = `Row ${row} of ${name} holds the weights of ${count} input cell${count === 1 ? "" : "s"}`;
  const whole = `${start}; column ${row} of ${other} sends ${outputName(output)} times these weights back to them`;
  return makeSentence(whole, start, `Row ${row} of ${name} is column ${row} of ${other}`, `row ${row}`);
}

function legend(weights, entries) {
  const kinds = [weights && ["kernel", "weight"], weights < entries && ["zero", "zero"]].filter(Boolean);
  const all = [["input", "x"], ...kinds, ["window", "this step"], ["output", "y"]];
  return all.map((entry) => makeLegendEntry(...entry));
}
