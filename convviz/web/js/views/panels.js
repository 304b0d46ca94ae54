/** The grids of a layer: the input as the window sees it, the kernel, the output; twin of convviz/views/grids.py. */

import { axisNames } from "../geometry/per_axis.js";
import { flatIndex, tapsOf } from "../layers/ops.js";
import { makeCell, makePanel } from "../scene/builder.js";
import { sizesText, valueText } from "../text/formatting.js";
import { emptyGrid, gridOf, rowsAndCols, shownOf, valueGrid } from "./cell_grids.js";

const PADDED = {
  zeros: "padded",
  reflect: "padded by reflection",
  replicate: "padded by repeating the border",
  circular: "padded from the other side",
};

/** Rows and columns of the laid grid under the window for an output cell. */
export function windowOf(layer, output) {
  return rowsAndCols(layer.tracks.map((track, axis) => track.taps(output[axis])));
}

/** The input as it is, without inserted zeros and padding. */
export function barePanel(layer, numbers) {
  const shown = shownOf(numbers);
  const cells = valueGrid("input", layer.input, shown && ((index) => shown.x[flatIndex(layer.input, index)]));
  return makePanel("input", cells, `input ${sizesText(layer.input)}`);
}

/** The input as the window sees it, and a caption that says what was done to it. */
export function inputPanel(layer, numbers) {
  return makePanel("input", laidGrid(layer, numbers), captionOf(layer));
}

/** The padded, zero-inserted input; cells that no window reads are faded. */
export function laidGrid(layer, numbers) {
  const lines = layer.tracks.map((track) => track.cells);
  if (!shownOf(numbers)) return wordlessGrid(layer, lines);
  const shape = lines.map((cells) => cells.length);
  return gridOf(shape, (place) => laidCell(layer, place.map((at, axis) => lines[axis][at]), numbers));
}

/** Without numbers, rows that look alike are one. */
function wordlessGrid(layer, lines) {
  const across = lines.at(-1);
  if (lines.length === 1) return [across.map((cell) => laidCell(layer, [cell], null))];
  const made = new Map();
  return lines[0].map((row) => {
    const key = `${row.kind} ${row.read}`;
    if (!made.has(key)) made.set(key, across.map((cell) => laidCell(layer, [row, cell], null)));
    return made.get(key);
  });
}

function laidCell(layer, cells, numbers) {
  const role = roleOf(cells);
  const faded = !cells.every((cell) => cell.read);
  const shown = shownOf(numbers);
  if (!shown) return makeCell(role, "", faded);
  if (cells.some((cell) => cell.source === null)) return makeCell(role, role === "inserted" ? "0" : "", faded);
  const source = cells.map((cell) => cell.source);
  return makeCell(role, valueText(shown.x[flatIndex(layer.input, source)]), faded);
}

/** What stands where these cells of the axes meet. */
export function roleOf(cells) {
  const has = (kind) => cells.some((cell) => cell.kind === kind);
  return has("padding") ? "padding" : has("inserted") ? "inserted" : "input";
}

/** The kernel as the window applies it: flipped for a transposed layer, and saying so. */
export function kernelPanel(layer, numbers) {
  const flipped = layer.transposed ? ", flipped" : "";
  const dilated = layer.dilation.some((dilation) => dilation !== 1);
  const reach = dilated ? `, reaches over ${sizesText(layer.axes.map((axis) => axis.reach))}` : "";
  return makePanel("kernel", appliedKernel(layer, numbers), `kernel ${sizesText(layer.kernel)}${flipped}${reach}`);
}

/** The weights as they lie on the taps of the window. */
export function appliedKernel(layer, numbers) {
  const shown = shownOf(numbers);
  const weight = (taps) => taps.map((tap, axis) => layer.tracks[axis].weight(tap));
  return valueGrid("kernel", layer.kernel, shown && ((taps) => shown.w[flatIndex(layer.kernel, weight(taps))]));
}

/** The output before anything is written. */
export function outputPanel(layer) {
  return makePanel("output", emptyGrid(layer.output), `output ${sizesText(layer.output)}`);
}

/** The output cell once it is written. */
export function writtenCell(output, numbers) {
  const shown = shownOf(numbers);
  return makeCell("output", shown ? valueText(shown.at(output)) : "");
}

/** `input, zeros inserted and padded: 7×7`. */
export function captionOf(layer) {
  const { tracks } = layer;
  const done = [];
  if (tracks.some((track) => track.gap && track.input > 1)) done.push("zeros inserted");
  if (tracks.some((track) => track.before > 0 || track.after > 0)) done.push(PADDED[layer.mode]);
  if (tracks.some((track) => track.before < 0 || track.after < 0)) done.push("cropped");
  const kept = sizesText(tracks.map((track) => track.kept));
  const words = done.length < 3 ? done.join(" and ") : done.join(", ");
  return (done.length ? `input, ${words}: ${kept}` : `input ${kept}`) + restOf(layer);
}

/** `; last row and column are never read`. */
function restOf(layer) {
  const rests = layer.axes.map((axis) => axis.leftOver ?? 0);
  const nouns = axisNames(rests.length).map((name) => name.slice(0, -1));
  const counted = rests.map((count, axis) => (count === 1 ? nouns[axis] : `${count} ${nouns[axis]}s`));
  const unread = counted.filter((_, axis) => rests[axis]).join(" and ");
  const total = rests.reduce((sum, count) => sum + count, 0);
  return unread ? `; last ${unread} ${total === 1 ? "is" : "are"} never read` : "";
}

/** Positions, sorted, of the input cells whose values the padding under the window borrows. */
export function borrowedBy(layer, output) {
  if (layer.mode === "zeros") return [];
  const found = new Map();
  for (const { cells, source } of tapsOf(layer, output)) {
    if (!source || roleOf(cells) !== "padding") continue;
    const place = source.map((at, axis) => layer.tracks[axis].offset + at);
    found.set(place.join(), place);
  }
  return [...found.values()].sort((one, other) => one[0] - other[0] || one.at(-1) - other.at(-1));
}
