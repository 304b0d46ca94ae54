/** The padded, zero-inserted line of one axis and the walk of the window over it; twin of convviz/track.py. */

import { range } from "../itertools.js";
import { MODES } from "./padding.js";

/** Positions count the cells shown, from 0; a negative border crops. */
export class Track {
  constructor(given) {
    Object.assign(this, { flipped: false, mode: "zeros" }, given);
    this.spread = (this.input - 1) * (this.gap + 1) + 1;
    this.offset = Math.max(0, this.before);
    this.origin = Math.max(0, -this.before);
    this.kept = this.spread + this.before + this.after;
    this.size = Math.max(this.offset + this.spread, this.origin + this.kept);
  }

  /** Positions under the window for one output cell: origin + o·step + (0, d, …, (k−1)d). */
  taps(output) {
    this.windows ??= range(this.outputs).map((index) => this.#window(index));
    return this.windows[output];
  }

  #window(output) {
    const start = this.origin + output * this.step;
    return range(this.kernel).map((tap) => start + tap * this.dilation);
  }

  /** Index into the kernel for the tap-th cell of the window; the kernel of a transposed layer is flipped. */
  weight(tap) {
    return this.flipped ? this.kernel - 1 - tap : tap;
  }

  /** What stands at each position: {kind, source, read, cropped}; built when first asked for. */
  get cells() {
    if (!this.built) {
      const read = new Set(range(this.outputs).flatMap((output) => this.taps(output)));
      this.built = range(this.size).map((position) => this.#cell(position, read.has(position)));
    }
    return this.built;
  }

  #cell(position, read) {
    const cropped = position < this.origin || position >= this.origin + this.kept;
    const place = position - this.offset;
    const step = Math.floor(place / (this.gap + 1));
    if (place < 0 || place >= this.spread) {
      return { kind: "padding", source: MODES[this.mode].source(step, this.input), read, cropped };
    }
    if (place % (this.gap + 1)) return { kind: "inserted", source: null, read, cropped };
    return { kind: "input", source: step, read, cropped };
  }
}
