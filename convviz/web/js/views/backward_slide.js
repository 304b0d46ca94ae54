/** The gradient of the input by a window that slides over dL/dy, and collects what each cell of dL/dx is sent.
 * Twin of convviz/views/backward_slide.py. */

import { sortedUnique } from "../itertools.js";
import { flatIndex, windowTaps } from "../layers/ops.js";
import { EMPTY, makeCell, makeChange, makeMark, makePanel } from "../scene/builder.js";
import { formatCell, formatSizes } from "../text/formatting.js";
import { cellName, collectsSentence, gradientEquation } from "./backward_text.js";
import { rowAndCol, rowsAndCols, valueGrid } from "./cell_grids.js";
import { lastWindow } from "./last_window.js";
import { inputCaption, paddedGrid, windowCells } from "./panels.js";

/** The name of the panel of dL/dy with zeros inserted, padded. */
export const SPREAD = "zero-inserted dL/dy";

/** Return the transposed convolution from dL/dy to dL/dx, or null: padding that repeats cells has none. */
export function slidingLayer(layer) {
  return layer.transposed || layer.paddingMode !== "zeros" ? null : layer.transpose();
}

/** The transposed convolution of dL/dy as a window that slides over zeros and dL/dy. */
export class SlidingForm {
  constructor(back, layer) {
    Object.assign(this, { back, layer, outputs: layer.outputs(), count: layer.outputCount });
    this.values = back.shown && { visible: true, x: back.dy, xNotation: back.dyNotation };
  }

  /** Return the panels of dL/dy with zeros inserted, padded, before or after it arrives, and of the flipped kernel. */
  panels(arrived) {
    const asOutput = (cell) => (arrived ? { ...cell, role: "output" } : EMPTY);
    const replaced = (cell) => (cell.role === "input" ? asOutput(cell) : cell);
    const grid = paddedGrid(this.layer, this.values).map((row) => row.map(replaced));
    const caption = inputCaption(this.layer, "dL/dy").replaceAll(" and ", ", ");
    const { kernel } = this.layer;
    const flipped = weightGrid(this.back, (index) => index.map((at, axis) => kernel[axis] - 1 - at));
    const turned = makePanel("flipped kernel", flipped, `w ${formatSizes(kernel)}, flipped`);
    return [makePanel(SPREAD, grid, caption), turned];
  }

  /** The frames of an act, whose numbers are there already. */
  act(panels) {
    return { count: this.count, changes: () => [], details: (index) => this.#details(this.outputs[index], panels) };
  }

  #details(cell, panels) {
    const { back, layer } = this;
    const place = cell.map((at, axis) => back.axes[axis].sources.indexOf(at));
    const last = lastWindow(layer, cell, panels[SPREAD]);
    const marks = [
      ...last.marks,
      makeMark(panels[SPREAD], windowCells(layer, cell), true),
      makeMark(panels["dL/dx"], rowAndCol(place).map((at) => [at])),
    ];
    const pairs = windowTaps(layer, cell).filter(({ source }) => source);
    return { marks, arrows: last.arrows, caption: collected(back, cell, pairs) };
  }
}

/** Return the act of a transposed layer: the plain convolution of dL/dy, padded by what the layer cropped. */
export function plainAct(back, panels) {
  const places = back.places();
  const text = (cell) => (back.shown ? formatCell(...resultAt(back, cell)) : "");
  return {
    count: places.length,
    changes: (index) => [makeChange(panels["dL/dx"], rowAndCol(places[index]), makeCell("input", text(places[index])))],
    details: (index) => plainDetails(back, places[index], panels),
  };
}

function plainDetails(back, cell, panels) {
  const last = lastPlainWindow(back, cell, panels["dL/dy"]);
  const marks = [
    ...last.marks,
    makeMark(panels["dL/dy"], rowsAndCols(back.spans(cell)), true),
    makeMark(panels["dL/dx"], rowAndCol(cell).map((at) => [at])),
  ];
  return { marks, arrows: last.arrows, caption: collected(back, cell, plainPairs(back, cell)) };
}

/** List the pairs {source, weight} that meet in a cell of a transposed layer. */
function plainPairs(back, cell) {
  const met = back.weights().map((weight) => ({ source: back.source(back.position(cell, weight)), weight }));
  return met.filter(({ source }) => source);
}

/** The window of the step before, and the arrow from it, unless a new row begins. */
function lastPlainWindow(back, cell, panel) {
  const axis = movingAxis(back.layer);
  if (!cell[axis]) return { marks: [], arrows: [] };
  const previous = cell.map((index, at) => index - Number(at === axis));
  const [before, present] = [previous, cell].map((index) => rowsAndCols(back.spans(index)));
  const [start, end] = [before, present].map(([rows, cols]) => [rows[0] * 1000, cols[0] * 1000]);
  const arrow = { panel, start, end, text: `s = ${back.layer.stride[axis]}` };
  return { marks: [makeMark(panel, before, false, "last")], arrows: [arrow] };
}

/** Return the axis along which the window over dL/dy of a transposed layer moves at most steps. */
export function movingAxis({ input }) {
  return input.at(-1) === 1 ? 0 : input.length - 1;
}

/** Write out a cell of dL/dx as the sum over pairs {source, weight} of dL/dy and weights that meet in it. */
function collected(back, cell, pairs) {
  const left = cellName("dL/dx", cell);
  if (!back.shown) {
    const spans = cell.map((_, axis) => sortedUnique(pairs.map(({ source }) => source[axis])));
    return collectsSentence(left, spans, "dL/dy");
  }
  const terms = pairs.map(({ source, weight }) => [back.gradient(source), back.w(weight)]);
  return gradientEquation(left, terms, resultAt(back, cell), "dL/dy·w");
}

function resultAt(back, cell) {
  return [back.dx[flatIndex(back.layer.input, cell)], back.dxNotation];
}

/** Write out a cell of dL/dx, or say from which cells it collects. */
export function inputGradientCaption(back, cell) {
  if (back.layer.transposed) return collected(back, cell, plainPairs(back, cell));
  const pairs = back.places().flatMap((source) => {
    const isMet = (weight) => back.source(back.position(source, weight))?.join() === cell.join();
    return back.weights().filter(isMet).map((weight) => ({ source, weight }));
  });
  return collected(back, cell, pairs);
}

/** Return a grid of the weights, each taken from `indexOf(index)`. */
export function weightGrid(back, indexOf = (index) => index) {
  const weightAt = back.shown && ((index) => back.w(indexOf(index))[0]);
  return valueGrid("kernel", back.layer.kernel, weightAt, back.shown?.wNotation);
}
