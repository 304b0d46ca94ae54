/** The numbers of the backward pass of a layer, and which cells meet in its products.
 * Twin of convviz/views/backward_values.py. */

import { allIndices } from "../itertools.js";
import { biasGradient, inputGradient, weightGradient } from "../layers/gradients.js";
import { notationOf } from "../layers/number_notation.js";
import { flatIndex } from "../layers/ops.js";
import { visibleValues } from "./cell_grids.js";
import { fullOutput } from "./full_output.js";

/**
 * The cells that meet on each axis: {sources, inside, positions}. `sources` holds for each position of the line the
 * cell that is there, or that padding repeats, null for a zero; `inside` whether it is no padding, and `positions` for
 * each place the positions of the weights.
 */
function meetingAxes(layer) {
  if (layer.transposed) return fullOutput(layer).map(transposedAxis);
  return layer.slidingWindows.map((slidingWindow) => ({
    sources: slidingWindow.cells.map(({ source }) => source),
    inside: slidingWindow.cells.map(({ kind }) => kind === "input"),
    positions: Array.from({ length: slidingWindow.outputs }, (_, place) => slidingWindow.taps(place)),
  }));
}

function transposedAxis({ size, first, kept, arrivals }) {
  const inside = Array.from({ length: size }, (_, position) => position >= first && position < first + kept);
  const sources = inside.map((isKept, position) => (isKept ? position - first : null));
  return { sources, inside, positions: arrivals.map((stamp) => stamp.map(({ place }) => place)) };
}

/** A layer, its numbers and their gradients, which are there if the picture shows values. */
export class Backward {
  #found = {};

  constructor(layer, values) {
    Object.assign(this, { layer, shown: visibleValues(values), axes: meetingAxes(layer) });
    this.line = this.axes.map(({ sources }) => sources.length);
    this.isPadded = !layer.transposed && this.line.join() !== layer.input.join();
  }

  /** Compute something once. */
  #once(name, compute) {
    return (this.#found[name] ??= compute());
  }

  get dy() {
    return this.shown.dy;
  }

  get dx() {
    return this.#once("dx", () => inputGradient(this.layer, this.dy, this.shown.w));
  }

  get dw() {
    return this.#once("dw", () => weightGradient(this.layer, this.shown.x, this.dy));
  }

  get db() {
    return biasGradient(this.dy);
  }

  /** Return [number, notation] of a cell of x, w or dL/dy. */
  x(index) {
    return [this.shown.x[flatIndex(this.layer.input, index)], this.shown.xNotation];
  }

  w(index) {
    return [this.shown.w[flatIndex(this.layer.kernel, index)], this.shown.wNotation];
  }

  gradient(index) {
    return [this.dy[flatIndex(this.layer.output, index)], this.dyNotation];
  }

  get dyNotation() {
    return this.#once("dyNotation", () => notationOf(this.dy));
  }

  get dxNotation() {
    return this.#once("dxNotation", () => notationOf(this.dx));
  }

  get dwNotation() {
    return this.#once("dwNotation", () => notationOf(this.dw));
  }

  /** List the places, row by row. */
  places() {
    return allIndices(this.placeCounts);
  }

  get placeCounts() {
    return this.axes.map(({ positions }) => positions.length);
  }

  /** List the indices of the weights, row by row. */
  weights() {
    return allIndices(this.layer.kernel);
  }

  /** Return the positions that a place meets, per axis. */
  spans(place) {
    return place.map((at, axis) => this.axes[axis].positions[at]);
  }

  /** Return where a place and a weight meet. */
  position(place, weight) {
    return weight.map((at, axis) => this.axes[axis].positions[place[axis]][at]);
  }

  /** Return the cell that a position of the line holds; null for a zero. */
  source(position) {
    const cell = position.map((at, axis) => this.axes[axis].sources[at]);
    return cell.includes(null) ? null : cell;
  }

  /** Whether a position of the line is a cell of the tensor, not padding. */
  isInside(position) {
    return position.every((at, axis) => this.axes[axis].inside[at]);
  }

  /** For each axis, the positions that any place meets. */
  get met() {
    return this.#once("met", () => this.axes.map(({ positions }) => new Set(positions.flat())));
  }

  /** Whether anything is sent to the padding. */
  get crops() {
    return this.axes.some(({ inside }, axis) => [...this.met[axis]].some((position) => !inside[position]));
  }

  /** The positions of the line that are not padding, per axis. */
  get insideSpans() {
    return this.axes.map(({ inside }) => [...inside.keys()].filter((position) => inside[position]));
  }
}
