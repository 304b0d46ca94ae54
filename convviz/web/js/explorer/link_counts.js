/** Links in the overlap view: a count is linked to the bar of its column, which is one of its factors. */

import { range } from "../itertools.js";
import { memoize } from "../memoize.js";
import { formatIndices, formatAxisIndices, formatPerAxis } from "../text/formatting.js";
import { makeSentence } from "../text/lines.js";
import { visibleValues } from "../views/cell_grids.js";
import { overlapCounts } from "../views/overlap_counts.js";
import { outputName } from "../views/step_text.js";
import { gridPanel } from "./link_panels.js";

const cachedCounts = memoize(overlapCounts);

/** List the panels: bars and counts of each kernel in turn. */
export function countPanels(layer) {
  return cachedCounts(layer).flatMap((axes, kernel) => {
    const shape = axes.map(({ counts }) => counts.length);
    return [gridPanel(`bars${kernel}`, [1, shape.at(-1)]), gridPanel(`counts${kernel}`, shape)];
  });
}

/** Return the spans linked to a count, or to a bar: all counts of its column. */
export function countSpans(layer, grid, index) {
  const { axes, kernel, isBar } = kernelOf(layer, grid);
  const rows = axes.slice(0, -1).map(({ counts }, axis) => (isBar ? range(counts.length) : [index[axis]]));
  return { [`bars${kernel}`]: [[0], [index.at(-1)]], [`counts${kernel}`]: [...rows, [index.at(-1)]] };
}

/** Return `k = 3: y[1,2] gets 2·1 = 2 contributions, from rows 0–1, column 1 of the input`. */
export function countCaption(layer, values, grid, index) {
  const { axes, isBar } = kernelOf(layer, grid);
  const shown = Boolean(visibleValues(values));
  const parts = isBar ? barParts(layer, axes.at(-1), index[1], shown) : countParts(layer, axes, index, shown);
  const several = cachedCounts(layer).length > 1;
  const prefix = several ? `k = ${formatPerAxis(axes.map(({ axis }) => axis.kernel))}: ` : "";
  return makeSentence(`${prefix}${parts.join("")}`, parts.join(""), parts[0]);
}

/** The count of a cell, the product of the counts of its axes. */
function countParts(layer, axes, index, shown) {
  const counts = axes.map((axis, at) => axis.counts[index[at]]);
  const cell = layer.transposed ? outputName(index) : `x[${index.join()}]`;
  const total = counts.reduce((product, count) => product * count);
  const factors = counts.length > 1 ? `${counts.join("·")} = ` : "";
  const where = () => formatAxisIndices(axes.map((axis, at) => stepsThatTouch(axis, index[at])));
  return captionParts(layer, cell, total, shown ? factors : null, where);
}

/** The count of a column along its own axis. */
function barParts(layer, axis, col, shown) {
  const is2d = layer.axes.length > 1;
  const steps = stepsThatTouch(axis, col);
  const where = () => `${is2d ? "column" : "cell"}${steps.length === 1 ? "" : "s"} ${formatIndices(steps)}`;
  const cell = is2d ? `column ${col}, along its axis,` : `cell ${col}`;
  return captionParts(layer, cell, axis.counts[col], shown ? "" : null, where);
}

/** How often a cell is touched, and from where; `factors` is null if numbers are hidden. */
function captionParts(layer, cell, total, factors, where) {
  if (!total) return [`${cell} ${layer.transposed ? "gets no contribution" : "is read by no output"}`];
  const plural = total === 1 && factors !== null ? "" : "s";
  const number = factors === null ? "" : `${factors}${total} `;
  if (layer.transposed) return [`${cell} gets ${number}contribution${plural}`, `, from ${where()} of the input`];
  return [`${cell} is read by ${number}window${plural}`, `, for ${where()} of the output`];
}

function stepsThatTouch({ touched }, cell) {
  return range(touched.length).filter((step) => touched[step].includes(cell));
}

/** The kernel that a grid such as `counts0` belongs to. */
function kernelOf(layer, grid) {
  const kernel = Number(grid.replace(/\D/g, ""));
  return { kernel, isBar: grid.startsWith("bars"), axes: cachedCounts(layer)[kernel] };
}
