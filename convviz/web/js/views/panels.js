/** Panels of input, kernel and output; twin of convviz/views/panels.py. */

import { describeUnread } from "../analysis/unread.js";
import { flatIndex, windowTaps } from "../layers/ops.js";
import { makeCell, makeOperator, makePanel } from "../scene/builder.js";
import { formatCell, formatSizes } from "../text/formatting.js";
import { inputBrackets, kernelBrackets } from "./brackets.js";
import { emptyGrid, mapGrid, rowsAndCols, valueGrid, visibleValues } from "./cell_grids.js";

const PADDED = {
  zeros: "padded",
  reflect: "padded by reflection",
  replicate: "padded by repeating the border",
  circular: "padded from the other side",
};

/** Return [rows, columns] of the padded grid under the window for an output cell. */
export function windowCells(layer, output) {
  return rowsAndCols(layer.slidingWindows.map((slidingWindow, axis) => slidingWindow.taps(output[axis])));
}

/** Return the panel of the input without inserted zeros and padding. */
export function plainInputPanel(layer, values) {
  const shown = visibleValues(values);
  const valueAt = shown && ((index) => shown.x[flatIndex(layer.input, index)]);
  const cells = valueGrid("input", layer.input, valueAt, shown?.xNotation);
  return makePanel("input", cells, `input ${formatSizes(layer.input)}`);
}

/** Return the panel of the padded, zero-inserted input. */
export function inputPanel(layer, values) {
  return { ...makePanel("input", paddedGrid(layer, values), inputCaption(layer)), brackets: inputBrackets(layer) };
}

/** Return the cells of the padded, zero-inserted input; cells that no window reads are faded. */
export function paddedGrid(layer, values) {
  const axes = layer.slidingWindows.map((slidingWindow) => slidingWindow.cells);
  if (!visibleValues(values)) return textlessPaddedGrid(layer, axes);
  const shape = axes.map((cells) => cells.length);
  return mapGrid(shape, (index) => paddedCell(layer, index.map((at, axis) => axes[axis][at]), values));
}

/** The padded grid without values, in which equal rows are the same array. */
function textlessPaddedGrid(layer, axes) {
  const columns = axes.at(-1);
  if (axes.length === 1) return [columns.map((cell) => paddedCell(layer, [cell], null))];
  const rows = new Map();
  return axes[0].map((row) => {
    const key = `${row.kind} ${row.read}`;
    if (!rows.has(key)) rows.set(key, columns.map((cell) => paddedCell(layer, [row, cell], null)));
    return rows.get(key);
  });
}

function paddedCell(layer, cells, values) {
  const role = cellRole(cells);
  const faded = !cells.every((cell) => cell.read);
  const shown = visibleValues(values);
  if (!shown) return makeCell(role, "", faded);
  if (cells.some((cell) => cell.source === null)) return makeCell(role, role === "inserted" ? "0" : "", faded);
  const source = cells.map((cell) => cell.source);
  return makeCell(role, formatCell(shown.x[flatIndex(layer.input, source)], shown.xNotation), faded);
}

/** Return the role of a padded cell from its cells along the axes. */
export function cellRole(cells) {
  const has = (kind) => cells.some((cell) => cell.kind === kind);
  return has("padding") ? "padding" : has("inserted") ? "inserted" : "input";
}

/** Return the panel of the kernel as the window applies it: flipped for a transposed convolution. */
export function kernelPanel(layer, values) {
  const flipped = layer.transposed ? ", flipped" : "";
  const isDilated = layer.dilation.some((dilation) => dilation !== 1);
  const dilated = isDilated ? `, reaches over ${formatSizes(layer.axes.map((axis) => axis.effectiveKernel))}` : "";
  const caption = `kernel ${formatSizes(layer.kernel)}${flipped}${dilated}`;
  return { ...makePanel("kernel", appliedKernel(layer, values), caption), brackets: kernelBrackets(layer) };
}

/** Return the panel of the kernel as it is given, without a flip; `remark` follows its size. */
export function unflippedKernel(layer, values, remark) {
  const shown = visibleValues(values);
  const weightAt = shown && ((index) => shown.w[flatIndex(layer.kernel, index)]);
  const cells = valueGrid("kernel", layer.kernel, weightAt, shown?.wNotation);
  return makePanel("kernel", cells, `kernel ${formatSizes(layer.kernel)}${remark}`);
}

/** Return the cells of the kernel in the order of the window's taps. */
export function appliedKernel(layer, values) {
  const shown = visibleValues(values);
  const weight = (taps) => taps.map((tap, axis) => layer.slidingWindows[axis].kernelIndex(tap));
  const weightAt = shown && ((taps) => shown.w[flatIndex(layer.kernel, weight(taps))]);
  return valueGrid("kernel", layer.kernel, weightAt, shown?.wNotation);
}

/** List the bias as one cell with a plus sign, if there is one. */
export function biasNodes(values) {
  if ((values?.bias ?? null) === null) return [];
  const text = visibleValues(values) ? formatCell(values.bias, values.yNotation) : "";
  return [makeOperator("+"), makePanel("bias", [[makeCell("kernel", text)]], "bias")];
}

/** Return the panel of the output before the first step. */
export function outputPanel(layer) {
  return makePanel("output", emptyGrid(layer.output), `output ${formatSizes(layer.output)}`);
}

/** Return an output cell with its value. */
export function outputCell(output, values) {
  const shown = visibleValues(values);
  return makeCell("output", shown ? formatCell(shown.at(output), shown.yNotation) : "");
}

/** Return the caption of the padded input, or of another tensor: `input, zeros inserted and padded: 7×7`. */
export function inputCaption(layer, name = "input") {
  const { slidingWindows } = layer;
  const done = [];
  if (slidingWindows.some(({ gap, input }) => gap && input > 1)) done.push("zeros inserted");
  if (slidingWindows.some(({ before, after }) => before > 0 || after > 0)) done.push(PADDED[layer.paddingMode]);
  if (slidingWindows.some(({ before, after }) => before < 0 || after < 0)) done.push("cropped");
  const kept = formatSizes(slidingWindows.map((slidingWindow) => slidingWindow.paddedSize));
  const words = done.length < 3 ? done.join(" and ") : done.join(", ");
  return `${name}${done.length ? `, ${words}:` : ""} ${kept}` + unreadText(layer);
}

/** Describe the input before and after it is padded: `input 5×5 → padded 7×7`, which holds at each step. */
export function paddingStepCaption(layer) {
  const [before, after] = [layer.input, layer.slidingWindows.map(({ paddedSize }) => paddedSize)].map(formatSizes);
  const padded = before === after ? "" : ` → ${PADDED[layer.paddingMode]} ${after}`;
  return `input ${before}${padded}${unreadText(layer)}`;
}

function unreadText(layer) {
  return layer.transposed ? "" : describeUnread(layer);
}

/** List the sorted positions of the input cells that the padding under the window repeats. */
export function repeatedCells(layer, output) {
  if (layer.paddingMode === "zeros") return [];
  const positions = new Map();
  for (const { cells, source } of windowTaps(layer, output)) {
    if (!source || cellRole(cells) !== "padding") continue;
    const position = source.map((at, axis) => layer.slidingWindows[axis].offset + at);
    positions.set(position.join(), position);
  }
  return [...positions.values()].sort((one, other) => one[0] - other[0] || one.at(-1) - other.at(-1));
}
