/** overlap: how many contributions each cell receives, for this kernel and for the nearest ones that fit the stride.
 * Twin of convviz/views/overlap.py. */

import { GeometryError } from "../errors.js";
import { tapsPerResidue } from "../geometry/overlap.js";
import { product, range, sortedUnique } from "../itertools.js";
import { makeLayer } from "../layers/convolution.js";
import { flatIndex } from "../layers/ops.js";
import { memoizeInOrder } from "../memoize.js";
import { roundHalfEven } from "../rounding.js";
import { makeCell, makeChange, makeGroup, makeLegendEntry, makeMark, makePanel, turningRow } from "../scene/builder.js";
import { formatAlternatives, formatPerAxis, formatSizes } from "../text/formatting.js";
import { makeFormula, makeSentence } from "../text/lines.js";
import { emptyGrid, rowAndCol, rowsAndCols } from "./cell_grids.js";
import { layerBadges } from "./header.js";

const RULE = "inside, counts are even when s divides k; borders receive fewer, and learnt weights can still be uneven";
const LEAST_LEVEL = 15;

/** Return the plan of a scene; without values only the shades show the counts. */
export function overlap(layer, values) {
  const grids = overlapCounts(layer);
  const own = grids.find((axes) => isSameKernel(axes.map(({ axis }) => axis.kernel), layer.kernel));
  const most = ({ counts }) => Math.max(...counts);
  const highest = Math.max(1, ...grids.map((axes) => multiplied(axes.map(most))));
  const tallest = Math.max(1, ...grids.flatMap((axes) => axes.map(most)));
  const touched = grids.map((axes) => product(axes.map((axis) => axis.touched)));
  const caption = verdictCaption(grids, own);
  const isVisible = values?.visible ?? true;
  const countCell = (count) =>
    makeCell("output", isVisible ? String(count) : "", false, Math.max(LEAST_LEVEL, level(count, highest)));
  return {
    title: `Overlap: how many ${layer.transposed ? "stamps hit each output cell" : "windows read each input cell"}`,
    sizes: `k mod s = ${formatPerAxis(own.map(({ axis }) => axis.kernel % axis.stride))} → ${evenness(own)}`,
    badges: layerBadges(layer),
    body: turningRow(...grids.map((axes) => makeGroup("column", [barPanel(axes, tallest), countPanel(axes)]))),
    legend: [
      makeLegendEntry("output", `${highest} contribution${highest > 1 ? "s" : ""}`),
      makeLegendEntry("empty", "none"),
      makeLegendEntry("window", "touched in this step"),
    ],
    formulas: [makeFormula("", RULE)],
    count: Math.max(...touched.map((steps) => steps.length)),
    changes: memoizeInOrder(countChanges(grids, touched, countCell)),
    details: (step) => ({ marks: touched.flatMap((steps, grid) => touchMarks(steps[step], grid)), caption }),
  };
}

/** For each shown kernel, list per axis what each step touches: [{axis, touched, counts, inside}]. */
export function overlapCounts(layer) {
  return neighbours(layer).map((one) => one.axes.map((axis, index) => axisCounts(axis, one.slidingWindows[index])));
}

/** Return a function step → changes, which counts on from step to step. */
function countChanges(grids, touched, countCell) {
  const shapes = grids.map((axes) => axes.map(({ counts }) => counts.length));
  const totals = grids.map(() => new Map());
  const countAt = (grid, place) => {
    const cell = flatIndex(shapes[grid], place);
    const total = (totals[grid].get(cell) ?? 0) + 1;
    totals[grid].set(cell, total);
    return countCell(total);
  };
  return (step) =>
    touched.flatMap((steps, grid) =>
      (steps[step] ? product(steps[step]) : []).map((place) =>
        makeChange(2 * grid + 1, rowAndCol(place), countAt(grid, place)),
      ),
    );
}

function touchMarks(spans, grid) {
  return spans?.every((span) => span.length) ? [makeMark(2 * grid + 1, rowsAndCols(spans))] : [];
}

/** One axis: the cells that each step touches, the final counts, and the counts away from the borders. */
function axisCounts(axis, slidingWindow) {
  const isInput = (position) => slidingWindow.cells[position].kind === "input";
  const source = (position) => slidingWindow.cells[position].source;
  const read = range(slidingWindow.outputs).map((output) => slidingWindow.taps(output).filter(isInput).map(source));
  const readers = (cell) => range(slidingWindow.outputs).filter((output) => read[output].includes(cell));
  const touched = slidingWindow.flipped ? range(slidingWindow.input).map(readers) : read;
  const counts = Array(slidingWindow.flipped ? axis.output : axis.input).fill(0);
  for (const cell of touched.flat()) counts[cell] += 1;
  return { axis, touched, counts, inside: tapsPerResidue(axis) };
}

/** The layer between those whose kernels are the nearest multiples of its stride, if they exist. */
function neighbours(layer) {
  const multiple = (round) => layer.axes.map(({ kernel, stride }) => round(kernel / stride) * stride);
  const kernels = [multiple(Math.floor), layer.kernel, multiple(Math.ceil)].filter((kernel) => kernel.every(Boolean));
  const isFirst = (kernel, index) => kernels.findIndex((other) => isSameKernel(kernel, other)) === index;
  const layerWith = (kernel) => (isSameKernel(kernel, layer.kernel) ? layer : withKernel(layer, kernel));
  return kernels.filter(isFirst).map(layerWith).filter(Boolean);
}

function isSameKernel(one, other) {
  return one.every((size, axis) => size === other[axis]);
}

/** The layer with another kernel and zero padding, or null if it does not exist. */
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
  return numbers.reduce((total, number) => total * number, 1);
}

function level(count, highest) {
  return roundHalfEven((100 * count) / highest);
}

function kernelText(axes) {
  const short = (name) => formatPerAxis(axes.map(({ axis }) => axis[name]));
  return `k = ${short("kernel")}, s = ${short("stride")}`;
}

function evenness(axes) {
  if (axes.some(({ inside }) => inside.includes(0))) return "holes";
  return axes.every(({ inside }) => new Set(inside).size === 1) ? "even" : "uneven";
}

function countPanel(axes) {
  const shape = axes.map(({ counts }) => counts.length);
  const inside = sortedUnique(product(axes.map((axis) => axis.inside)).map(multiplied));
  const caption = `${kernelText(axes)}: ${evenness(axes)}, ${formatAlternatives(inside)} inside; ${formatSizes(shape)}`;
  return makePanel("counts", emptyGrid(shape), caption);
}

/** The counts along the columns as bars, on the scale of all panels. */
function barPanel(axes, tallest) {
  return makePanel("profile", [axes.at(-1).counts.map((count) => makeCell("bar", "", false, level(count, tallest)))]);
}

function verdictCaption(grids, own) {
  const better = grids.filter((axes) => axes !== own && evenness(axes) === "even");
  const verdict = evenness(own);
  const words = `${kernelText(own)} ${verdict === "holes" ? "leaves holes" : `gives an ${verdict} overlap`}`;
  if (verdict === "even" || !better.length) return makeSentence(`${words} inside`, words);
  const kernels = better.map((axes) => `k = ${formatPerAxis(axes.map(({ axis }) => axis.kernel))}`).join(" or ");
  return makeSentence(`${words} inside; ${kernels} gives an even one`, `${words}; ${kernels} is even`, words);
}
