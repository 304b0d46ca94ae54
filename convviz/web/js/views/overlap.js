/** overlap: how many contributions each cell receives, for this kernel and for the nearest ones that fit the stride.
 * Twin of convviz/views/overlap.py. */

import { GeometryError } from "../errors.js";
import { landings } from "../geometry/overlap.js";
import { product, range, sortedOnce } from "../itertools.js";
import { makeLayer } from "../layers/convolution.js";
import { flatIndex } from "../layers/ops.js";
import {
  makeCell, makeChange, makeGroup, makeKey, makeMark, makePanel, sentence, turningRow,
} from "../scene/builder.js";
import { inOrder } from "../scene/lazy_scene.js";
import { either, halfEven, short, sizesText } from "../text/formatting.js";
import { formulaOf } from "../text/formulas.js";
import { emptyGrid, rowAndCol, rowsAndCols } from "./cell_grids.js";
import { badgesOf } from "./header.js";

const TRUTH = "inside, counts are even when s divides k; borders receive fewer, and learnt weights can still be uneven";

/** The plan of a layer's scene; without numbers the shades alone tell the counts. */
export function overlap(layer, numbers) {
  const grids = countsOf(layer);
  const own = grids.find((lines) => isSameKernel(lines.map((line) => line.axis.kernel), layer.kernel));
  const most = (line) => Math.max(...line.counts);
  const highest = Math.max(1, ...grids.map((lines) => multiplied(lines.map(most))));
  const tallest = Math.max(1, ...grids.flatMap((lines) => lines.map(most)));
  const walks = grids.map((lines) => product(lines.map((line) => line.touched)));
  const shapes = grids.map((lines) => lines.map((line) => line.counts.length));
  const totals = grids.map(() => new Map());
  const count = (index, place) => {
    const cell = flatIndex(shapes[index], place);
    const total = (totals[index].get(cell) ?? 0) + 1;
    totals[index].set(cell, total);
    return countCell(total, highest, numbers?.visible ?? true);
  };
  const touch = (step) => walks.flatMap((walk, index) => touched(walk[step]).map((place) =>
    makeChange(2 * index + 1, rowAndCol(place), count(index, place)),
  ));
  const caption = verdictLine(grids, own);
  return {
    title: `Overlap: how many ${layer.transposed ? "stamps hit each output cell" : "windows read each input cell"}`,
    sizes: `k mod s = ${short(own.map(({ axis }) => axis.kernel % axis.stride))} → ${evenness(own)}`,
    badges: badgesOf(layer),
    body: turningRow(...grids.map((lines) => makeGroup("column", [bars(lines, tallest), countGrid(lines)]))),
    legend: [
      makeKey("output", `${highest} contribution${highest > 1 ? "s" : ""}`),
      makeKey("empty", "none"),
      makeKey("window", "touched in this step"),
    ],
    formulas: [formulaOf("", TRUTH)],
    count: Math.max(...walks.map((walk) => walk.length)),
    changes: inOrder(touch),
    rest: (step) => ({ marks: walks.flatMap((walk, index) => touchMarks(walk[step], index)), caption }),
  };
}

/** For each kernel that is shown, what each step touches along each axis: [{axis, touched, counts, inside}]. */
export function countsOf(layer) {
  return neighbours(layer).map((one) => one.axes.map((axis, index) => countedLine(axis, one.tracks[index])));
}

/** Places that a step touches. */
function touched(spans) {
  return spans ? product(spans) : [];
}

function touchMarks(spans, index) {
  return spans?.every((span) => span.length) ? [makeMark(2 * index + 1, rowsAndCols(spans))] : [];
}

/** One axis: the counted cells that each step touches, and how often each is touched in the end. */
function countedLine(axis, track) {
  const isInput = (place) => track.cells[place].kind === "input";
  const inputs = (output) => track.taps(output).filter(isInput).map((place) => track.cells[place].source);
  const seen = range(track.outputs).map(inputs);
  const readers = (cell) => range(track.outputs).filter((output) => seen[output].includes(cell));
  const spans = track.flipped ? range(track.input).map(readers) : seen;
  const counts = Array(track.flipped ? axis.output : axis.input).fill(0);
  for (const cell of spans.flat()) counts[cell] += 1;
  return { axis, touched: spans, counts, inside: landings(axis) };
}

/** The layer between those whose kernels are the nearest multiples of its stride, as far as they exist. */
function neighbours(layer) {
  const multiple = (round) => layer.axes.map(({ kernel, stride }) => round(kernel / stride) * stride);
  const kernels = [multiple(Math.floor), layer.kernel, multiple(Math.ceil)].filter((kernel) => kernel.every(Boolean));
  const once = kernels.filter((kernel, index) => kernels.findIndex((other) => isSameKernel(kernel, other)) === index);
  return once.map((kernel) => (isSameKernel(kernel, layer.kernel) ? layer : withKernel(layer, kernel))).filter(Boolean);
}

function isSameKernel(one, other) {
  return one.every((size, axis) => size === other[axis]);
}

/** The layer with another kernel, padded by zeros; null where it does not exist. */
function withKernel({ kind, input, stride, padding, dilation, outputPadding, transposed }, kernel) {
  const extra = transposed ? { output_padding: outputPadding } : {};
  try {
    return makeLayer(kind, { input, kernel, stride, padding, dilation, ...extra });
  } catch (error) {
    if (error instanceof GeometryError) return null;
    throw error;
  }
}

function multiplied(numbers) {
  return numbers.reduce((found, number) => found * number, 1);
}

function kernelWords(lines) {
  return `k = ${short(lines.map(({ axis }) => axis.kernel))}, s = ${short(lines.map(({ axis }) => axis.stride))}`;
}

function evenness(lines) {
  if (lines.some((line) => line.inside.includes(0))) return "holes";
  return lines.every((line) => new Set(line.inside).size === 1) ? "even" : "uneven";
}

function countGrid(lines) {
  const shape = lines.map((line) => line.counts.length);
  const inside = sortedOnce(product(lines.map((line) => line.inside)).map(multiplied));
  const caption = `${kernelWords(lines)}: ${evenness(lines)}, ${either(inside)} inside; ${sizesText(shape)}`;
  return makePanel("counts", emptyGrid(shape), caption);
}

/** The counts along the columns, on the scale of all panels. */
function bars(lines, tallest) {
  const heights = lines.at(-1).counts.map((count) => halfEven((100 * count) / tallest));
  return makePanel("profile", [heights.map((height) => makeCell("bar", "", false, height))]);
}

function countCell(count, highest, shown) {
  return makeCell("output", shown ? String(count) : "", false, Math.max(15, halfEven((100 * count) / highest)));
}

function verdictLine(grids, own) {
  const cured = grids.filter((lines) => lines !== own && evenness(lines) === "even");
  const verdict = evenness(own);
  const words = `${kernelWords(own)} ${verdict === "holes" ? "leaves holes" : `gives an ${verdict} overlap`}`;
  if (verdict === "even" || !cured.length) return sentence(`${words} inside`, words);
  const better = cured.map((lines) => `k = ${short(lines.map(({ axis }) => axis.kernel))}`).join(" or ");
  return sentence(`${words} inside; ${better} gives an even one`, `${words}; ${better} is even`, words);
}
