/** The padded, zero-inserted cells of one axis and the window that moves over them.
 * Twin of convviz/geometry/sliding_window.py. */

import { range } from "../itertools.js";
import { PADDING_MODES } from "./padding.js";

/** Positions count cells from 0; negative padding crops. */
export class SlidingWindow {
  #taps = null;
  #cells = null;

  constructor(parameters) {
    Object.assign(this, { flipped: false, mode: "zeros" }, parameters);
    this.zeroInsertedSize = (this.input - 1) * (this.gap + 1) + 1;
    this.offset = Math.max(0, this.before);
    this.origin = Math.max(0, -this.before);
    this.paddedSize = this.zeroInsertedSize + this.before + this.after;
    this.size = Math.max(this.offset + this.zeroInsertedSize, this.origin + this.paddedSize);
  }

  /** Return the positions under the window for one output cell: origin + o·step + (0, d, …, (k−1)d). */
  taps(output) {
    this.#taps ??= range(this.outputs).map((index) => this.#positions(index));
    return this.#taps[output];
  }

  #positions(output) {
    const start = this.origin + output * this.step;
    return range(this.kernel).map((tap) => start + tap * this.dilation);
  }

  /** Return the kernel index at a tap of the window; a transposed convolution flips its kernel. */
  kernelIndex(tap) {
    return this.flipped ? this.kernel - 1 - tap : tap;
  }

  /** The cell at each position: {kind, source, read, cropped}. */
  get cells() {
    if (!this.#cells) {
      const read = new Set(range(this.outputs).flatMap((output) => this.taps(output)));
      this.#cells = range(this.size).map((position) => this.#cell(position, read.has(position)));
    }
    return this.#cells;
  }

  #cell(position, read) {
    const cropped = position < this.origin || position >= this.origin + this.paddedSize;
    const place = position - this.offset;
    const index = Math.floor(place / (this.gap + 1));
    if (place < 0 || place >= this.zeroInsertedSize) {
      return { kind: "padding", source: PADDING_MODES[this.mode].source(index, this.input), read, cropped };
    }
    if (place % (this.gap + 1)) return { kind: "inserted", source: null, read, cropped };
    return { kind: "input", source: index, read, cropped };
  }
}
