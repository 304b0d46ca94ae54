/** The output for a constant input in the overlap view: the checkerboard of the counts as values.
 * Twin of convviz/views/overlap_values.py. */

import { allIndices, product, sortedUnique } from "../itertools.js";
import { notationOf } from "../layers/number_notation.js";
import { flatIndex } from "../layers/ops.js";
import { roundHalfEven } from "../rounding.js";
import {
  makeCell, makeChange, makeGroup, makeLegendEntry, makeMark, makeOperator, makePanel,
} from "../scene/builder.js";
import { formatCell, formatSizes } from "../text/formatting.js";
import { emptyGrid, rowAndCol, rowsAndCols, valueGrid } from "./cell_grids.js";
import { fullOutput } from "./full_output.js";

const MOST_COLUMNS = { 1: 44, 2: 50 };
const LARGEST_SIDES = { 1: 48, 2: 16 };
const WEAKEST = 15;
const TOLERANCE = 1e-9;

/** Return the strength of a shade, whose strongest one is `highest`. */
export function shadeLevel(value, highest) {
  return highest ? Math.max(WEAKEST, roundHalfEven((100 * Math.abs(value)) / highest)) : WEAKEST;
}

/** Return the output if all input cells are equal, if there is room for it, else null. */
export function constantOutput(layer, values, grids, own) {
  if (!layer.transposed || !values || !isConstant(values)) return null;
  const [factor, dimensions] = [factorOf(values), layer.axes.length];
  const widths = grids.map((axes) => axes.at(-1).counts.length);
  const beside = dimensions === 1 ? layer.kernel[0] : widths.reduce((total, width) => total + width);
  const room = MOST_COLUMNS[dimensions] - beside - layer.input.at(-1);
  const fits = room >= layer.output.at(-1) || factor !== 1;
  const hasGrid = fits && Math.max(...layer.output) <= LARGEST_SIDES[dimensions];
  if (!hasGrid && (factor !== 1 || room < 0)) return null;
  const made = { layer, values, factor, hasGrid, cells: allIndices(layer.input), first: 2 * grids.length, own };
  return hasGrid ? { ...made, ...written(made) } : made;
}

function isConstant({ x, bias }) {
  return (bias ?? null) === null && x[0] !== 0 && x.every((value) => value === x[0]);
}

/** The number by which all counts are multiplied, as all weights are equal; null if they are not. */
function factorOf({ x, w }) {
  return w.every((weight) => weight === w[0]) ? x[0] * w[0] : null;
}

/** List what each step writes, [[output, value]], with the largest magnitude and the notation of all values. */
function written({ layer, values: { x, w }, cells }) {
  const axes = fullOutput(layer).map((axis) => keptArrivals(axis));
  const totals = new Map();
  const steps = cells.map((cell) =>
    product(axes.map((arrivals, axis) => arrivals[cell[axis]])).map((pairs) => {
      const [output, tap] = [pairs.map(({ place }) => place), pairs.map(({ tap }) => tap)];
      const added = x[flatIndex(layer.input, cell)] * w[flatIndex(layer.kernel, tap)];
      totals.set(output.join(), (totals.get(output.join()) ?? 0) + added);
      return [output, totals.get(output.join())];
    }),
  );
  const all = steps.flat().map(([, value]) => value);
  const highest = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { steps, totals, highest, notation: notationOf(all.map((value) => rounded(value, highest))) };
}

function keptArrivals({ first, kept, arrivals }) {
  const isKept = ({ place }) => place >= first && place < first + kept;
  return arrivals.map((pairs) => pairs.filter(isKept).map(({ place, tap }) => ({ place: place - first, tap })));
}

/** List one group: input and kernel, one above the other or, of a 1-D layer, side by side, and the output. */
export function outputNodes(output) {
  if (!output) return [];
  const { layer, hasGrid } = output;
  const operands = makeGroup(layer.axes.length === 1 ? "row" : "column", [
    operandPanel(output, "input", "x"),
    operandPanel(output, "kernel", "w"),
  ]);
  if (!hasGrid) return [operands];
  const caption = `output ${formatSizes(layer.output)}: ${comparedText(output)}`;
  const grid = makePanel("output", emptyGrid(layer.output), caption);
  return [makeGroup("row", [operands, makeOperator("→"), grid])];
}

/** Input or kernel; the caption of the kernel replaces that of an output that is left out. */
function operandPanel({ layer, values, factor, hasGrid }, name, letter) {
  const [shape, numbers, notation] = [layer[name], values[letter], values[`${letter}Notation`]];
  const told = name === "input" || factor !== null ? `: all ${formatCell(numbers[0], notation)}` : " (not flipped)";
  const equal = hasGrid || name === "input" ? "" : "; output = counts";
  const valueAt = values.visible && ((index) => numbers[flatIndex(shape, index)]);
  const cells = valueGrid(name, shape, valueAt, notation);
  return makePanel(name, cells, `${name} ${formatSizes(shape)}${told}${equal}`);
}

/** Compare the output with the counts. */
function comparedText(output) {
  const { factor } = output;
  if (factor === null) return insideText(output);
  return factor === 1 ? "equal to the counts" : `${formatCell(factor, notationOf([factor]))} times the counts`;
}

/** How many different values the cells away from the borders have. */
function insideText({ own, totals, highest }) {
  const found = product(own.map(({ inner }) => inner)).map((output) => totals.get(output.join()) ?? 0);
  if (!found.length) return "no cell is inside";
  const sorted = found.sort((one, other) => one - other);
  const count = sorted.filter((value, at) => !at || value - sorted[at - 1] > TOLERANCE * highest).length;
  return count > 1 ? `${count} different values inside` : "all cells inside are equal";
}

/** Name the roles that occur here and not in the counts. */
export function outputLegend(output) {
  if (!output) return [];
  const roles = new Set(output.cells.flatMap((_, step) => outputChanges(output, step).map(({ cell }) => cell.role)));
  const rare = [["negative", "negative"], ["exact zero", "exactly 0"]].filter(([role]) => roles.has(role));
  return [["input", "input"], ["kernel", "kernel"], ...rare].map((entry) => makeLegendEntry(...entry));
}

/** Return what the stamp of a step changes. */
export function outputChanges(output, step) {
  if (!output?.hasGrid) return [];
  return (output.steps[step] ?? []).map(([place, value]) =>
    makeChange(output.first + 2, rowAndCol(place), valueCell(output, value)),
  );
}

/** Mark the input cell of a step, and its stamp. */
export function outputMarks(output, step) {
  if (!output?.cells[step]) return [];
  const { first, cells, steps, hasGrid } = output;
  const marks = [makeMark(first, rowAndCol(cells[step]).map((at) => [at]))];
  if (!hasGrid || !steps[step].length) return marks;
  const spans = cells[step].map((_, axis) => sortedUnique(steps[step].map(([place]) => place[axis])));
  return [...marks, makeMark(first + 2, rowsAndCols(spans))];
}

function rounded(value, highest) {
  return Math.abs(value) <= TOLERANCE * highest ? 0 : value;
}

function valueCell({ values, highest, notation }, value) {
  const number = rounded(value, highest);
  const text = values.visible ? formatCell(number, notation) : "";
  if (!number) return makeCell("exact zero", text);
  return makeCell(number > 0 ? "output" : "negative", text, false, shadeLevel(number, highest));
}
