/** The gradients of the kernel and of the bias, step by step; twin of convviz/views/backward_weight.py. */

import { allIndices, range, sortedUnique } from "../itertools.js";
import { notationOf } from "../layers/number_notation.js";
import { flatIndex } from "../layers/ops.js";
import { makeCell, makeChange, makeMark } from "../scene/builder.js";
import { formatCell, formatSizes } from "../text/formatting.js";
import { makeSentence } from "../text/lines.js";
import { cellName, collectsSentence, gradientEquation } from "./backward_text.js";
import { rowAndCol, rowsAndCols } from "./cell_grids.js";

/** Cells that a weight met that have outlines of their own, at most. */
const MOST_OUTLINES = 36;

/** Return the act in which each weight collects from all places at which it was used. */
export function weightAct(back, panels) {
  const weights = back.weights();
  const text = (weight) => (back.shown ? formatCell(...weightGradientAt(back, weight)) : "");
  return {
    count: weights.length,
    changes(index) {
      return [makeChange(panels["dL/dw"], rowAndCol(weights[index]), makeCell("kernel", text(weights[index])))];
    },
    details(index) {
      return { marks: weightMarks(back, panels, weights[index]), caption: weightGradientCaption(back, weights[index]) };
    },
  };
}

/** Write out a cell of dL/dw, or say from which cells it collects. */
export function weightGradientCaption(back, weight) {
  const left = cellName("dL/dw", weight);
  if (!back.shown) return metSentence(back, left, weight);
  return gradientEquation(left, metTerms(back, weight), weightGradientAt(back, weight), "x·dL/dy");
}

function weightGradientAt(back, weight) {
  return [back.dw[flatIndex(back.layer.kernel, weight)], back.dwNotation];
}

/** The tensor whose line the weights meet, and the other one. */
function tensors({ layer }) {
  return layer.transposed ? ["dL/dy", "x"] : ["x", "dL/dy"];
}

const ZERO = [0, "decimal"];

/** List [x, dL/dy] at each place at which a weight was used. */
function metTerms(back, weight) {
  return back.places().map((place) => {
    const source = back.source(back.position(place, weight));
    if (back.layer.transposed) return [back.x(place), source ? back.gradient(source) : ZERO];
    return [source ? back.x(source) : ZERO, back.gradient(place)];
  });
}

/** Outline the cells that the weight met, all cells of the other tensor, the weight, and its sum. */
function weightMarks(back, panels, weight) {
  const [line, small] = tensors(back);
  const [rows, cols] = rowsAndCols(metSpans(back, weight));
  const cells = areApart(back) ? rows.flatMap((row) => cols.map((col) => [[row], [col]])) : [[rows, cols]];
  return [
    ...cells.map((spans) => makeMark(panels[line], spans, true)),
    makeMark(panels[small], whole(back.placeCounts)),
    ...["kernel", "dL/dw"].map((name) => makeMark(panels[name], rowAndCol(weight).map((at) => [at]))),
  ];
}

/** Whether the cells that a weight met are few enough for outlines of their own, and not side by side. */
function areApart({ layer, placeCounts }) {
  const steps = layer.stride.filter((_, axis) => placeCounts[axis] > 1);
  const count = placeCounts.reduce((total, places) => total * places);
  return count <= MOST_OUTLINES && steps.length > 0 && Math.min(...steps) > 1;
}

/** The positions of the line that a weight met, per axis. */
function metSpans(back, weight) {
  return weight.map((at, axis) => back.axes[axis].positions.map((positions) => positions[at]));
}

/** Say which cells a weight met: `dL/dw[1,2] collects from rows 0, 2, columns 1, 3 of x, times dL/dy`. */
function metSentence(back, left, weight) {
  const cells = metSpans(back, weight).map((span, axis) =>
    sortedUnique(span.map((at) => back.axes[axis].sources[at]).filter((source) => source !== null)),
  );
  return collectsSentence(left, cells, ...tensors(back));
}

/** Return the act of one frame that adds up dL/dy. */
export function biasAct(back, panels) {
  const text = back.shown ? formatCell(back.db, notationOf([back.db])) : "";
  const { layer } = back;
  const spans = layer.transposed ? rowsAndCols(back.insideSpans) : whole(layer.output);
  const marks = [makeMark(panels["dL/dy"], spans, true), makeMark(panels["dL/db"], [[0], [0]])];
  return {
    count: 1,
    changes: () => [makeChange(panels["dL/db"], [0, 0], makeCell("kernel", text))],
    details: () => ({ marks, caption: biasGradientCaption(back) }),
  };
}

/** Write out dL/db, or say what it is. */
export function biasGradientCaption(back) {
  const { layer } = back;
  if (!back.shown) {
    const what = layer.outputCount === 1 ? "the only cell" : `the sum of all ${formatSizes(layer.output)} cells`;
    return makeSentence(`dL/db is ${what} of dL/dy`, "dL/db = Σ dL/dy");
  }
  const terms = allIndices(layer.output).map((cell) => [back.gradient(cell)]);
  return gradientEquation("dL/db", terms, [back.db, notationOf([back.db])], "dL/dy");
}

/** All rows and columns of a grid. */
function whole(shape) {
  return rowsAndCols(shape.map((size) => range(size)));
}
