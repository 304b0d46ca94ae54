/** The gradient of the input by stamps that are added, step by step; twin of convviz/views/backward_input.py. */

import { allIndices, product } from "../itertools.js";
import { notationOf } from "../layers/number_notation.js";
import { flatIndex } from "../layers/ops.js";
import { makeCell, makeChange, makeMark } from "../scene/builder.js";
import { formatCell } from "../text/formatting.js";
import { cellName, gradientEquation, inputEnd, stampSentence } from "./backward_text.js";
import { rowAndCol, rowsAndCols } from "./cell_grids.js";
import { lastWindow } from "./last_window.js";
import { sumText } from "./stamp.js";

/** The frames in which each dL/dy is sent to the cells of dL/dx. */
export class Stamps {
  #steps = [];
  #origins = new Map();
  #last = new Map();

  constructor(back, panels) {
    Object.assign(this, { back, panels, places: back.places() });
    this.frames = this.places.map((place, number) => ({ place, number, isSum: false }));
    if (back.shown) this.#addUp();
    this.count = this.frames.length + 1;
  }

  /** Compute what arrives in each step, and insert a frame before each that has sums to be read. */
  #addUp() {
    const { back, places } = this;
    places.forEach((place, number) => this.#steps.push(this.#arrivals(place, number)));
    const numbers = this.#steps.flat().flatMap(({ total, added }) => [total, added]);
    this.notation = notationOf([...numbers, ...back.dx]);
    this.frames = this.frames.flatMap((frame) => {
      const meets = this.#steps[frame.number].some(({ before }) => before !== null);
      return meets ? [{ ...frame, isSum: true }, { ...frame, isSettled: true }] : [frame];
    });
  }

  #arrivals(place, number) {
    const { back } = this;
    const [dy] = back.gradient(place);
    return back.weights().map((weight) => {
      const position = back.position(place, weight);
      const key = position.join();
      if (!this.#origins.has(key)) this.#origins.set(key, []);
      const origins = this.#origins.get(key);
      origins.push({ place, weight });
      const added = dy * back.w(weight)[0];
      const before = this.#last.get(key)?.total ?? null;
      const total = before === null ? added : before + added;
      const arrival = { position, before, added, total, count: origins.length };
      this.#last.set(key, { ...arrival, number });
      return arrival;
    });
  }

  /** What the frame `index` changes. */
  changes(index) {
    const frame = this.frames[index];
    if (!frame) return this.#finalChanges();
    if (!this.back.shown) return product(this.back.spans(frame.place)).map((position) => this.#change(position, ""));
    const arrivals = this.#steps[frame.number];
    const written = frame.isSettled ? arrivals.filter(({ before }) => before !== null) : arrivals;
    return written.map((one) => this.#change(one.position, frame.isSum ? this.#sumText(one) : this.#text(one.total)));
  }

  /** Marks, arrows and caption of the frame `index`. */
  details(index) {
    const { back, panels } = this;
    const frame = this.frames[index];
    if (!frame) return { marks: keptMarks(back, panels["dL/dx"]), caption: inputEnd(back) };
    const { place, isSum } = frame;
    const last = lastWindow(back.layer, place, panels["dL/dx"]);
    const marks = [
      ...last.marks,
      makeMark(panels["dL/dy"], rowAndCol(place).map((at) => [at])),
      ...keptMarks(back, panels["dL/dx"]),
      makeMark(panels["dL/dx"], rowsAndCols(back.spans(place)), true),
    ];
    return { marks, arrows: last.arrows, caption: isSum ? this.#told(place) : this.#caption(frame) };
  }

  #text(number) {
    return formatCell(number, this.notation);
  }

  #sumText({ before, added, total }) {
    return before === null ? this.#text(total) : sumText(this.#text(before), this.#text(added));
  }

  #change(position, text) {
    const cell = makeCell("input", text, !this.back.isInside(position));
    return makeChange(this.panels["dL/dx"], rowAndCol(position), cell);
  }

  /** All sums are settled, and nothing is left to arrive. */
  #finalChanges() {
    const { back } = this;
    return allIndices(back.line).flatMap((position) => {
      const isInside = back.isInside(position);
      if (!isInside && !position.every((at, axis) => back.met[axis].has(at))) return [];
      if (!back.shown) return [this.#change(position, "")];
      const number = isInside
        ? back.dx[flatIndex(back.layer.input, back.source(position))]
        : this.#last.get(position.join()).total;
      return [this.#change(position, this.#text(number))];
    });
  }

  /** Say where dL/dy of a place is sent. */
  #told(place) {
    const { back } = this;
    const spans = back.spans(place);
    const cells = spans.map((span, axis) => {
      const { sources, inside } = back.axes[axis];
      return span.filter((at) => inside[at]).map((at) => sources[at]);
    });
    return stampSentence(back, place, cells, cells.some((span, axis) => span.length < spans[axis].length));
  }

  /** Write out the sum in the cell that most has arrived in, if there is one inside. */
  #caption({ place, number }) {
    const { back } = this;
    const inside = back.shown ? this.#steps[number].filter(({ position }) => back.isInside(position)) : [];
    if (!inside.length) return this.#told(place);
    const rank = ({ added, count }) => (added ? 1e9 : 0) + count;
    const { position, count, total } = inside.reduce((best, one) => (rank(one) > rank(best) ? one : best));
    const key = position.join();
    const isUnfinished = this.#last.get(key).number > number || back.layer.paddingMode !== "zeros";
    const origins = this.#origins.get(key).slice(0, count);
    const terms = origins.map(({ place: from, weight }) => [back.gradient(from), back.w(weight)]);
    const left = `${isUnfinished ? "so far, " : ""}${cellName("dL/dx", back.source(position))}`;
    return gradientEquation(left, terms, [total, this.notation], "dL/dy·w");
  }
}

/** Frame the cells of dL/dx, if there is padding around them. */
function keptMarks(back, panel) {
  return back.isPadded ? [makeMark(panel, rowsAndCols(back.insideSpans), false, "source")] : [];
}
