/** The cells of the overlap view: a count, and the bar of its column, which is the factor that the column gives it. */

import { range } from "../itertools.js";
import { once } from "../memoize.js";
import { sentence } from "../scene/builder.js";
import { namedIndices, run, short } from "../text/formatting.js";
import { shownOf } from "../views/cell_grids.js";
import { countsOf } from "../views/overlap.js";
import { outputName } from "../views/step_text.js";
import { plainly } from "./link_panels.js";

const counted = new WeakMap();

/** Bars and counts of each kernel in turn. */
export function countPanels(layer) {
  return once(counted, layer, countsOf).flatMap((lines, grid) => {
    const shape = lines.map((line) => line.counts.length);
    return [plainly(`bars${grid}`, [1, shape.at(-1)]), plainly(`counts${grid}`, shape)];
  });
}

/** A count and the bar of its column; a bar and all counts of its column. */
export function countSpans(layer, name, index) {
  const { lines, grid, isBar } = partOf(layer, name);
  const rows = lines.slice(0, -1).map((line, axis) => (isBar ? range(line.counts.length) : [index[axis]]));
  return { [`bars${grid}`]: [[0], [index.at(-1)]], [`counts${grid}`]: [...rows, [index.at(-1)]] };
}

/** `k = 3: y[1,2] gets 2·1 = 2 contributions, from rows 0–1, column 1 of the input`. */
export function countLine(layer, numbers, name, index) {
  const { lines, grids, isBar } = partOf(layer, name);
  const shown = Boolean(shownOf(numbers));
  const says = isBar ? barWords(layer, lines.at(-1), index[1], shown) : countWords(layer, lines, index, shown);
  const kernel = grids > 1 ? `k = ${short(lines.map(({ axis }) => axis.kernel))}: ` : "";
  return sentence(`${kernel}${says.join("")}`, says.join(""), says[0]);
}

/** What a cell gets and from where: the product of what its axes get. */
function countWords(layer, lines, index, shown) {
  const counts = lines.map((line, axis) => line.counts[index[axis]]);
  const cell = layer.transposed ? outputName(index) : `x[${index.join()}]`;
  const total = counts.reduce((all, count) => all * count);
  const factors = counts.length > 1 ? `${counts.join("·")} = ` : "";
  return happens(layer, cell, total, shown ? factors : null, () =>
    namedIndices(lines.map((line, axis) => touching(line, index[axis]))),
  );
}

/** The same along the columns alone. */
function barWords(layer, line, col, shown) {
  const noun = layer.axes.length > 1 ? "column" : "cell";
  const steps = touching(line, col);
  const where = () => `${noun}${steps.length === 1 ? "" : "s"} ${run(steps)}`;
  const who = layer.axes.length > 1 ? `column ${col}, along its axis,` : `cell ${col}`;
  return happens(layer, who, line.counts[col], shown ? "" : null, where);
}

/** Who gets what, and from where; `factors` is null where no numbers are shown. */
function happens(layer, who, total, factors, where) {
  if (!total) return [`${who} ${layer.transposed ? "gets no contribution" : "is read by no output"}`];
  const one = total === 1 && factors !== null ? "" : "s";
  const many = factors === null ? "" : `${factors}${total} `;
  if (layer.transposed) return [`${who} gets ${many}contribution${one}`, `, from ${where()} of the input`];
  return [`${who} is read by ${many}window${one}`, `, for ${where()} of the output`];
}

/** The steps of an axis that touch a counted cell. */
function touching(line, cell) {
  return range(line.touched.length).filter((step) => line.touched[step].includes(cell));
}

function partOf(layer, name) {
  const grid = Number(name.replace(/\D/g, ""));
  const all = once(counted, layer, countsOf);
  return { grid, grids: all.length, isBar: name.startsWith("bars"), lines: all[grid] };
}
