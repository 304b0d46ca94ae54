/** The caption of a cell: its value, where the picture shows values, and what it depends on or feeds. */

import { product } from "../itertools.js";
import { flatIndex, windowTaps } from "../layers/ops.js";
import { formatIndices, formatAxisIndices, formatValue, signed } from "../text/formatting.js";
import { makeSentence } from "../text/lines.js";
import { visibleValues } from "../views/cell_grids.js";
import { matrixNames } from "../views/matrix.js";
import { cellRole } from "../views/panels.js";
import { stampCaption, valueText } from "../views/scatter_text.js";
import { notations, outputName, stepCaption, sumEquation } from "../views/step_text.js";
import { cachedFullOutput, linkedSpans, stampedSpans, stampsOn } from "./link_scatter.js";

/** Return the caption of a cell of the grid `input`, `padded`, `kernel` or `output`. */
export function cellCaption(layer, values, grid, index) {
  if (grid === "output") return stepCaption(layer, index, values);
  if (grid === "input") return inputCaption(layer, values, index);
  if (grid === "padded") return paddedCaption(layer, values, index);
  return weightCaption(layer, values, index, linkedSpans(layer, "kernel", index).input);
}

/** Return the caption of a cell of the grid `input`, `kernel` or `full` in a view that shows the full output. */
export function stampedCaption(layer, values, grid, index) {
  if (grid === "kernel") return weightCaption(layer, values, index, stampedSpans(layer, grid, index).input);
  if (grid === "input") {
    const isRead = !isEmpty(linkedSpans(layer, grid, index).output);
    const full = cachedFullOutput(layer);
    return isRead ? stampCaption(layer, values, full, index) : inputCaption(layer, values, index);
  }
  const output = index.map((at, axis) => at - cachedFullOutput(layer)[axis].first);
  const isKept = output.every((at, axis) => at >= 0 && at < layer.output[axis]);
  return isKept ? stepCaption(layer, output, values) : croppedCaption(layer, values, index);
}

/** `x[0,1] = 2 feeds rows 0–1, columns 1–3 of the output`. */
function inputCaption(layer, values, index) {
  const [name, short] = cellNames("x", index, values, layer.input);
  const { output } = linkedSpans(layer, "input", index);
  if (isEmpty(output)) return unreadCaption(name, layer.transposed ? ": padding crops all its contributions" : "");
  const where = `${name} feeds ${formatAxisIndices(output)}`;
  return makeSentence(`${where} of the output`, where, `${name} → ${shortSpans("y", output)}`, short);
}

/** `w[0,1] = 2 multiplies rows 0–2, columns 1–3 of the input`. */
function weightCaption(layer, values, index, inputs) {
  const [name, short] = cellNames("w", index, values, layer.kernel);
  if (isEmpty(inputs)) return makeSentence(`${name} multiplies only zeros`, name);
  const where = `${name} multiplies ${formatAxisIndices(inputs)}`;
  return makeSentence(`${where} of the input`, where, `${name} · ${shortSpans("x", inputs)}`, name, short);
}

/** The input cell at a padded position, or which zero it holds, and the outputs that read it. */
function paddedCaption(layer, values, index) {
  const cells = index.map((position, axis) => layer.slidingWindows[axis].cells[position]);
  const source = cells.map((cell) => cell.source);
  const role = cellRole(cells);
  if (role === "input") return inputCaption(layer, values, source);
  const zero = role === "inserted" ? "an inserted zero" : "a zero of the padding";
  const copy = () => `padding that repeats ${cellNames("x", source, values, layer.input)[0]}`;
  const name = source.includes(null) ? zero : copy();
  const { output } = linkedSpans(layer, "padded", index);
  if (isEmpty(output)) return unreadCaption(name, "", cells.some((cell) => cell.cropped) ? "cropped, and " : "");
  const where = `${name} is read by ${formatAxisIndices(output)}`;
  const short = shortSpans("y", output);
  return makeSentence(`${where} of the output`, where, `${name} → ${short}`, short);
}

function unreadCaption(name, reason, cropped = "") {
  const unread = "read by no output";
  return makeSentence(`${name} is ${cropped}${unread}${reason}`, `${name} is ${unread}`, unread);
}

/** `cropped: y[−1,0] = 2·3 + 1·1 = 7`; cells before the output have negative indices. */
function croppedCaption(layer, values, place) {
  const output = place.map((at, axis) => signed(at - cachedFullOutput(layer)[axis].first));
  const name = `cropped: y[${output.join()}]`;
  const shown = visibleValues(values);
  if (!shown) return makeSentence(`${name} is not kept`, name);
  const stamps = product(stampsOn(layer, place));
  if (!stamps.length) return makeSentence(`${name} = 0: no stamp reaches it`, `${name} = 0`);
  const factors = stamps.map((axes) => ({
    value: shown.x[flatIndex(layer.input, axes.map(({ input }) => input))],
    weight: shown.w[flatIndex(layer.kernel, axes.map(({ kernel }) => kernel))],
  }));
  return totalEquation(name, factors, notations(shown));
}

/** Return the caption of the entry of the matrix, or of its transpose, for an input and an output cell. */
export function entryCaption(layer, values, input, output, isTransposed) {
  const row = flatIndex(layer.output, output);
  const col = flatIndex(layer.input, input);
  const [matrix, other] = matrixNames(layer);
  const name = isTransposed ? `${other}[${col},${row}]` : `${matrix}[${row},${col}]`;
  const [x, y] = [`x[${input.join()}]`, outputName(output)];
  const weights = weightsBetween(layer, input, output);
  if (!weights.length) {
    return makeSentence(`${x} is not read by ${y}: ${name} = 0`, `${x} is not read by ${y}`, `${name} = 0`);
  }
  const shown = visibleValues(values);
  const sums = [weights.map((weight) => `w[${weight.join()}]`).join(" + ")];
  const sum = () => weights.reduce((total, weight) => total + shown.w[flatIndex(layer.kernel, weight)], 0);
  if (shown) sums.push(formatValue(sum(), shown.wNotation));
  const effect = isTransposed ? `sends ${y} back to ${x}` : `multiplies ${x} for ${y}`;
  const entry = [name, ...sums].join(" = ");
  return makeSentence(`${entry} ${effect}`, entry);
}

/** Return `(Cᵀ y)[1,1] = 3·2 + 5·1 = 11`: what the outputs that read an input cell send back to it. */
export function returnCaption(layer, values, index) {
  const name = `(${matrixNames(layer)[1]} y)[${index.join()}]`;
  const shown = visibleValues(values);
  const { output } = linkedSpans(layer, "input", index);
  if (isEmpty(output)) {
    const zero = `${name}${shown ? " = 0" : ""}`;
    return makeSentence(`${zero}: nothing is sent back, x[${index.join()}] is read by no output`, zero);
  }
  if (!shown) return makeSentence(`${name} sums what ${formatAxisIndices(output)} of the output send back`, name);
  const factors = product(output).flatMap((one) => weightsBetween(layer, index, one).map((weight) => ({
    value: shown.at(one),
    weight: shown.w[flatIndex(layer.kernel, weight)],
  })));
  return totalEquation(name, factors, { ...notations(shown), x: shown.yNotation, inks: ["output", "kernel"] });
}

function totalEquation(name, products, notations) {
  return sumEquation(name, products, products.reduce((sum, { value, weight }) => sum + value * weight, 0), notations);
}

/** List the weights with which an output reads an input cell: one, none, or several if padding repeats the cell. */
export function weightsBetween(layer, input, output) {
  const taps = windowTaps(layer, output).filter(({ source }) => source?.join() === input.join());
  return taps.map(({ weight }) => weight);
}

/** Whether the product of spans is empty. */
export function isEmpty(spans) {
  return spans.some((span) => !span.length);
}

/** `x[1,2] = 3`, or `x[1,2]` if values are hidden; and `x[1,2]`. */
function cellNames(letter, index, values, shape) {
  const [name, shown] = [`${letter}[${index.join()}]`, visibleValues(values)];
  const value = () => valueText(shown[letter][flatIndex(shape, index)], shown[`${letter}Notation`]);
  return [shown ? name + value() : name, name];
}

/** `y[0–1 × 1–3]`. */
function shortSpans(letter, spans) {
  return `${letter}[${spans.map(formatIndices).join(" × ")}]`;
}
