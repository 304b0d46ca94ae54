/** overlap: how many contributions each cell receives, for this kernel and for the nearest ones that fit the stride.
 * Twin of convviz/views/overlap.py. */

import { commonFactor } from "../geometry/overlap.js";
import { product, sortedUnique } from "../itertools.js";
import { flatIndex } from "../layers/ops.js";
import { memoizeInOrder } from "../memoize.js";
import { roundHalfEven } from "../rounding.js";
import { makeCell, makeChange, makeGroup, makeLegendEntry, makeMark, makePanel, turningRow } from "../scene/builder.js";
import { formatAlternatives, formatPerAxis, formatSizes } from "../text/formatting.js";
import { makeFormula, makeSentence } from "../text/lines.js";
import { emptyGrid, rowAndCol, rowsAndCols } from "./cell_grids.js";
import { isDilated, layerBadges } from "./header.js";
import { evenness, insideCounts, isSameKernel, longAxesEvenness, multiplied, overlapCounts } from "./overlap_counts.js";
import { constantOutput, outputChanges, outputLegend, outputMarks, outputNodes, shadeLevel } from "./overlap_values.js";

const AS_VALUES = "these counts are also values: the output if input and kernel are all ones";

/** Return the plan of a scene; without values only the shades show the counts. */
export function overlap(layer, values) {
  const grids = overlapCounts(layer);
  const own = grids.find((axes) => isSameKernel(axes.map(({ axis }) => axis.kernel), layer.kernel));
  const most = ({ counts }) => Math.max(...counts);
  const highest = Math.max(...grids.map((axes) => multiplied(axes.map(most))));
  const tallest = Math.max(1, ...grids.flatMap((axes) => axes.map(most)));
  const touched = grids.map((axes) => product(axes.map((axis) => axis.touched)));
  const caption = verdictCaption(grids, own);
  const counted = layer.transposed ? "many stamps hit each output cell" : "often windows read each input cell";
  const isVisible = values?.visible ?? true;
  const countCell = (count) => makeCell("output", isVisible ? String(count) : "", false, shadeLevel(count, highest));
  const output = highest ? constantOutput(layer, values, grids, own) : null;
  const columns = grids.map((axes) => makeGroup("column", [barPanel(axes, tallest), countPanel(axes)]));
  const nodes = [...columns, ...outputNodes(output)];
  const counts = countChanges(grids, touched, countCell);
  return {
    title: `Overlap: how ${counted}`,
    sizes: remainderText(own),
    badges: layerBadges(layer),
    body: layer.axes.length > 1 ? turningRow(...nodes) : makeGroup("column", nodes, { mayTurn: true }),
    legend: [...countLegend(highest), ...outputLegend(output)],
    formulas: rules(layer).map((rule) => makeFormula("", rule)),
    count: Math.max(...touched.map((steps) => steps.length)),
    changes: memoizeInOrder((step) => [...counts(step), ...outputChanges(output, step)]),
    details: (step) => {
      const marks = touched.flatMap((steps, grid) => touchMarks(steps[step], grid));
      return { marks: [...marks, ...outputMarks(output, step)], caption };
    },
  };
}

/** Name the darkest shade, which no cell has if nothing is touched. */
function countLegend(highest) {
  const none = makeLegendEntry("empty", "none");
  if (!highest) return [none];
  const counted = makeLegendEntry("output", `${highest} contribution${highest > 1 ? "s" : ""}`);
  return [counted, none, makeLegendEntry("window", "touched in this step")];
}

/** Return a function step → changes, which counts on from step to step. */
function countChanges(grids, touched, countCell) {
  const shapes = grids.map((axes) => axes.map(({ counts }) => counts.length));
  const totals = grids.map(() => new Map());
  const countAt = (grid, place, times) => {
    const cell = flatIndex(shapes[grid], place);
    const total = (totals[grid].get(cell) ?? 0) + times;
    totals[grid].set(cell, total);
    return countCell(total);
  };
  return (step) =>
    touched.flatMap((steps, grid) =>
      countedPlaces(steps[step]).map(([place, times]) =>
        makeChange(2 * grid + 1, rowAndCol(place), countAt(grid, place, times)),
      ),
    );
}

/** The distinct places that a step touches, each with how often: [[place, times]]. */
function countedPlaces(spans) {
  const places = new Map();
  for (const place of spans ? product(spans) : []) {
    const [, times] = places.get(place.join()) ?? [place, 0];
    places.set(place.join(), [place, times + 1]);
  }
  return [...places.values()];
}

function touchMarks(spans, grid) {
  return spans?.every((span) => span.length) ? [makeMark(2 * grid + 1, rowsAndCols(spans.map(sortedUnique)))] : [];
}

function kernelText(axes) {
  const short = (name) => formatPerAxis(axes.map(({ axis }) => axis[name]));
  return `k = ${short("kernel")}, s = ${short("stride")}`;
}

/** What follows from kernel, stride and dilation, and what a small layer is instead. */
function remainderText(axes) {
  const factors = axes.map(({ axis }) => commonFactor(axis.dilation, axis.stride));
  const remainders = axes.map(({ axis }) => axis.kernel % axis.stride);
  const isShared = Math.max(...factors) > 1;
  const cause = isShared ? `gcd(d, s) = ${formatPerAxis(factors)}` : `k mod s = ${formatPerAxis(remainders)}`;
  const verdict = evenness(axes);
  if (verdict === "borders") return `${cause}, but no cell is inside`;
  return verdict === longAxesEvenness(axes) ? `${cause} → ${verdict}` : `${cause}, but ${verdict} at this size`;
}

/** When counts are even, and what else can be uneven. */
function rules(layer) {
  const shares = isDilated(layer) ? " and shares no factor with d" : "";
  const borders = layer.paddingMode === "zeros" ? "borders can receive fewer" : "borders can receive more or fewer";
  return [
    `inside, counts are even when s divides k${shares}`,
    `${borders}, and learnt weights can still be uneven`,
    ...(layer.transposed ? [AS_VALUES] : []),
  ];
}

function countPanel(axes) {
  const shape = axes.map(({ counts }) => counts.length);
  const inside = insideCounts(axes);
  const counts = inside.length ? `${formatAlternatives(inside)} inside` : "no cell is inside";
  const verdict = evenness(axes) === "borders" ? counts : `${evenness(axes)}, ${counts}`;
  return makePanel("counts", emptyGrid(shape), `${kernelText(axes)}: ${verdict}; ${formatSizes(shape)}`);
}

/** The counts along the columns as bars, on the scale of all panels. */
function barPanel(axes, tallest) {
  const bar = (count) => makeCell("bar", "", false, roundHalfEven((100 * count) / tallest));
  return makePanel("profile", [axes.at(-1).counts.map(bar)]);
}

function verdictCaption(grids, own) {
  const better = grids.filter((axes) => axes !== own && evenness(axes) === "even");
  const verdict = evenness(own);
  if (verdict === "borders") {
    const start = `${kernelText(own)}:`;
    return makeSentence(`${start} all cells are near a border, none is inside`, `${start} no cell is inside`);
  }
  const { length } = insideCounts(own);
  const inside = length && (length === 1) === (verdict === "even") ? " inside" : "";
  const words = `${kernelText(own)} ${verdict === "holes" ? "leaves holes" : `gives an ${verdict} overlap`}`;
  if (verdict === "even" || !better.length) return makeSentence(...new Set([words + inside, words]));
  const kernels = better.map((axes) => `k = ${formatPerAxis(axes.map(({ axis }) => axis.kernel))}`).join(" or ");
  return makeSentence(`${words}${inside}; ${kernels} gives an even one`, `${words}; ${kernels} is even`, words);
}
