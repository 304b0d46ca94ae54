/** What a cell is and does, as the line below the picture: with numbers where the picture shows any. */

import { product } from "../itertools.js";
import { flatIndex, tapsOf } from "../layers/ops.js";
import { sentence } from "../scene/builder.js";
import { namedIndices, run, valueText } from "../text/formatting.js";
import { shownOf } from "../views/cell_grids.js";
import { roleOf } from "../views/panels.js";
import { inputLine } from "../views/scatter.js";
import { equationOf, outputName, stepLine } from "../views/step_text.js";
import { canvases, linkedSpans, stampedSpans, stampsOn } from "./link_scatter.js";

/** The line of a cell of `input`, `padded`, `kernel` or `output`. */
export function cellLine(layer, numbers, panel, index) {
  if (panel === "output") return stepLine(layer, index, numbers);
  if (panel === "input") return feedsLine(layer, numbers, index);
  if (panel === "padded") return paddedLine(layer, numbers, index);
  return weightLine(layer, numbers, index, linkedSpans(layer, "kernel", index).input);
}

/** The line of a cell of `input`, `kernel` or `full`, where the stamps are shown in full. */
export function stampLine(layer, numbers, panel, index) {
  if (panel === "kernel") return weightLine(layer, numbers, index, stampedSpans(layer, panel, index).input);
  if (panel === "input") return isEmpty(linkedSpans(layer, panel, index).output)
    ? feedsLine(layer, numbers, index)
    : inputLine(layer, numbers, canvases(layer), index);
  const output = index.map((at, axis) => at - canvases(layer)[axis].first);
  const isKept = output.every((at, axis) => at >= 0 && at < layer.output[axis]);
  return isKept ? stepLine(layer, output, numbers) : croppedLine(layer, numbers, index);
}

/** `x[0,1] = 2 feeds rows 0–1, columns 1–3 of the output`. */
function feedsLine(layer, numbers, index) {
  const [name, bare] = named("x", index, shownOf(numbers)?.x, layer.input);
  const { output } = linkedSpans(layer, "input", index);
  if (isEmpty(output)) return unreadLine(name, layer.transposed ? ": padding crops all that it stamps" : "");
  const where = `${name} feeds ${namedIndices(output)}`;
  return sentence(`${where} of the output`, where, `${name} → ${briefly("y", output)}`, bare);
}

/** `w[0,1] = 2 weighs rows 0–2, columns 1–3 of the input`. */
function weightLine(layer, numbers, index, inputs) {
  const [name, bare] = named("w", index, shownOf(numbers)?.w, layer.kernel);
  if (isEmpty(inputs)) return sentence(`${name} weighs only zeros`, name);
  const where = `${name} weighs ${namedIndices(inputs)}`;
  return sentence(`${where} of the input`, where, `${name} weighs ${briefly("x", inputs)}`, name, bare);
}

/** What stands in a cell of the padded input: the input cell that it is or repeats, or a zero, and who reads it. */
function paddedLine(layer, numbers, place) {
  const cells = place.map((at, axis) => layer.tracks[axis].cells[at]);
  const source = cells.map((cell) => cell.source);
  const role = roleOf(cells);
  if (role === "input") return feedsLine(layer, numbers, source);
  const zero = role === "inserted" ? "an inserted zero" : "a zero of the padding";
  const copied = () => `padding that repeats ${named("x", source, shownOf(numbers)?.x, layer.input)[0]}`;
  const name = source.includes(null) ? zero : copied();
  const { output } = linkedSpans(layer, "padded", place);
  if (isEmpty(output)) return unreadLine(name, "", cells.some((cell) => cell.cropped) ? "cropped, and " : "");
  const where = `${name} is read by ${namedIndices(output)}`;
  return sentence(`${where} of the output`, where, `${name} → ${briefly("y", output)}`, briefly("y", output));
}

function unreadLine(name, tail, also = "") {
  return sentence(`${name} is ${also}read by no output${tail}`, `${name} is read by no output`, "read by no output");
}

/** `cropped: cell [0,1] = 2·3 + 1·1 = 7`. */
function croppedLine(layer, numbers, place) {
  const name = `cropped: cell [${place.join()}]`;
  const shown = shownOf(numbers);
  if (!shown) return sentence(`${name} of the full output is not kept`, name);
  const stamps = product(stampsOn(layer, place));
  if (!stamps.length) return sentence(`${name} = 0: no stamp reaches it`, `${name} = 0`);
  return sumOf(name, stamps.map((meeting) => ({
    value: shown.x[flatIndex(layer.input, meeting.map(({ input }) => input))],
    weight: shown.w[flatIndex(layer.kernel, meeting.map(({ kernel }) => kernel))],
  })));
}

/** An entry of C or, `turned`, of Cᵀ, from input cell to output cell. */
export function entryLine(layer, numbers, input, output, turned) {
  const row = flatIndex(layer.output, output);
  const col = flatIndex(layer.input, input);
  const name = turned ? `Cᵀ[${col},${row}]` : `C[${row},${col}]`;
  const [x, y] = [`x[${input.join()}]`, outputName(output)];
  const weights = weightsBetween(layer, input, output);
  if (!weights.length) {
    return sentence(`${x} is not read by ${y}: ${name} = 0`, `${x} is not read by ${y}`, `${name} = 0`);
  }
  const shown = shownOf(numbers);
  const values = weights.map((weight) => shown?.w[flatIndex(layer.kernel, weight)]);
  const sums = [weights.map((weight) => `w[${weight.join()}]`).join(" + ")];
  if (shown) sums.push(valueText(values.reduce((sum, value) => sum + value, 0)));
  const does = turned ? `sends ${y} back to x̂[${input.join()}]` : `weighs ${x} for ${y}`;
  const says = [name, ...sums].join(" = ");
  return sentence(`${says} ${does}`, says);
}

/** `x̂[1,1] = 3·2 + 5·1 = 11`: what the outputs that read a cell send back to it. */
export function backLine(layer, numbers, index) {
  const name = `x̂[${index.join()}]`;
  const shown = shownOf(numbers);
  const { output } = linkedSpans(layer, "input", index);
  if (isEmpty(output)) {
    const zero = shown ? " = 0" : "";
    return sentence(`${name}${zero}: nothing comes back, x[${index.join()}] is read by no output`, `${name}${zero}`);
  }
  if (!shown) return sentence(`${name} gets back ${namedIndices(output)} of the output`, name);
  const factors = product(output).flatMap((one) => weightsBetween(layer, index, one).map((weight) => ({
    value: shown.at(one),
    weight: shown.w[flatIndex(layer.kernel, weight)],
  })));
  return sumOf(name, factors);
}

function sumOf(name, products) {
  return equationOf(name, products, products.reduce((sum, { value, weight }) => sum + value * weight, 0));
}

/** The weights through which an output cell reads an input cell: one, none, or more where padding repeats it. */
export function weightsBetween(layer, input, output) {
  const reads = tapsOf(layer, output).filter(({ source }) => source?.join() === input.join());
  return reads.map(({ weight }) => weight);
}

/** Whether the product of these spans is. */
export function isEmpty(spans) {
  return spans.some((span) => !span.length);
}

/** `x[1,2] = 3` where values are shown, and `x[1,2]`. */
function named(letter, index, values, shape) {
  const name = `${letter}[${index.join()}]`;
  return [values ? `${name} = ${valueText(values[flatIndex(shape, index)])}` : name, name];
}

/** `y[0–1 × 1–3]`. */
function briefly(letter, spans) {
  return `${letter}[${spans.map(run).join(" × ")}]`;
}
