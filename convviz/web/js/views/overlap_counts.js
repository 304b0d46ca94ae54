/** The counts of the overlap view: how often each cell is touched, for a layer and for other kernels.
 * Twin of convviz/views/overlap_counts.py. */

import { GeometryError } from "../errors.js";
import { EVENNESS, innerCells, judged, longEvenness } from "../geometry/overlap.js";
import { product, range, sortedUnique } from "../itertools.js";
import { makeLayer } from "../layers/convolution.js";

/** For each shown kernel, list per axis what each step touches: [{axis, touched, counts, inner, inside, verdict}]. */
export function overlapCounts(layer) {
  return neighbours(layer).map((one) => one.axes.map((axis, index) => axisCounts(axis, one.slidingWindows[index])));
}

/** One axis: the cells that each step touches, the final counts, and how even they are. */
function axisCounts(axis, slidingWindow) {
  const { outputs, flipped } = slidingWindow;
  const source = (position) => slidingWindow.cells[position].source;
  const read = range(outputs).map((output) => slidingWindow.taps(output).map(source));
  const readers = (cell) => range(outputs).filter((output) => read[output].includes(cell));
  const isCell = (cell) => cell !== null;
  const touched = flipped ? range(slidingWindow.input).map(readers) : read.map((cells) => cells.filter(isCell));
  const counts = Array(flipped ? axis.output : axis.input).fill(0);
  for (const cell of touched.flat()) counts[cell] += 1;
  return { axis, touched, counts, ...judgedCounts(axis, slidingWindow, counts) };
}

/** The distinct counts of the cells away from all borders, and how even they are. */
function judgedCounts(axis, { flipped, outputs, cells }, counts) {
  const [copies, first] = [flipped ? axis.input : outputs, axis.padding[0]];
  const repeated = new Set(cells.filter(({ kind, read }) => kind === "padding" && read).map(({ source }) => source));
  const inner = innerCells(copies, axis, first, counts.length).filter((cell) => !repeated.has(cell));
  const inside = sortedUnique(inner.map((cell) => counts[cell]));
  const end = (copies - 1) * axis.stride + axis.effectiveKernel;
  const gaps = counts.slice(0, Math.max(end - first, 0)).includes(0);
  return { inner, inside, verdict: judged(inside, { gaps, single: copies === 1 }) };
}

/** The layer between those whose kernels are the nearest multiples of its stride, if they exist. */
function neighbours(layer) {
  const multiple = (round) => layer.axes.map(({ kernel, stride }) => round(kernel / stride) * stride);
  const kernels = [multiple(Math.floor), layer.kernel, multiple(Math.ceil)].filter((kernel) => kernel.every(Boolean));
  const isFirst = (kernel, index) => kernels.findIndex((other) => isSameKernel(kernel, other)) === index;
  const layerWith = (kernel) => (isSameKernel(kernel, layer.kernel) ? layer : withKernel(layer, kernel));
  return kernels.filter(isFirst).map(layerWith).filter(Boolean);
}

/** Whether two kernels have the same size. */
export function isSameKernel(one, other) {
  return one.every((size, axis) => size === other[axis]);
}

/** The layer with another kernel, or null if it does not exist. */
function withKernel({ kind, input, stride, padding, paddingMode, dilation, outputPadding, transposed }, kernel) {
  const extra = transposed ? { output_padding: outputPadding } : { padding_mode: paddingMode };
  try {
    return makeLayer(kind, { input, kernel, stride, padding, dilation, ...extra });
  } catch (error) {
    if (error instanceof GeometryError) return null;
    throw error;
  }
}

/** Return the product of numbers. */
export function multiplied(numbers) {
  return numbers.reduce((total, number) => total * number, 1);
}

/** Tell how even the counts of all axes together are: the worst of them. */
export function evenness(axes) {
  return worst(axes.map(({ verdict }) => verdict));
}

/** Tell how even they are if all axes are long. */
export function longAxesEvenness(axes) {
  return worst(axes.map(({ axis }) => longEvenness(axis)));
}

function worst(verdicts) {
  return EVENNESS.findLast((verdict) => verdicts.includes(verdict));
}

/** The counts of the cells away from all borders, in ascending order. */
export function insideCounts(axes) {
  return sortedUnique(product(axes.map((axis) => axis.inside)).map(multiplied));
}
