/** One axis of a layer: sizes, inserted zeros, padding, refusals; twin of convviz/geometry/axis.py. */

import { GeometryError } from "../errors.js";
import { represented } from "../text/python_repr.js";
import { MODES } from "./padding.js";
import { Track } from "./sliding_window.js";

const LARGEST_NUMBER = 1_000_000;
/** Up to here numbers are written out in a sentence, and so many characters of anything else. */
const SHOWN_BELOW = 1e15;
const LONGEST_VALUE = 40;

/** Name → symbol and smallest value of everything that an axis takes. */
export const PARAMETERS = {
  input: { symbol: "i", minimum: 1 },
  kernel: { symbol: "k", minimum: 1 },
  stride: { symbol: "s", minimum: 1 },
  padding: { symbol: "p", minimum: 0 },
  dilation: { symbol: "d", minimum: 1 },
  output_padding: { symbol: "a", minimum: 0 },
};

/** `value` as the whole number that the parameter `name` takes; throws a GeometryError. Here 2.0 is 2, in Python it is
 * refused. */
export function wholeNumber(name, value) {
  const { symbol, minimum } = PARAMETERS[name];
  const words = name.replace("_", " ");
  const expected = `${symbol} is a whole number from ${minimum} to 1 000 000`;
  if (!Number.isInteger(value)) {
    const shown = [...represented(value)].slice(0, LONGEST_VALUE).join("");
    throw new GeometryError(`${words} ${shown} is not a whole number: ${expected}`);
  }
  if (value < minimum || value > LARGEST_NUMBER) {
    const shown = Math.abs(value) < SHOWN_BELOW ? value : "(more than 15 digits)";
    throw new GeometryError(`${words} ${shown} is too ${value < minimum ? "small" : "large"}: ${expected}`);
  }
  return value + 0; // no negative zero
}

/** Padding before and after; a single number holds for both. */
export function sidesOf(padding) {
  const [before, after] = Array.isArray(padding) ? padding : [padding, padding];
  return [wholeNumber("padding", before), wholeNumber("padding", after)];
}

/** `5 + 2·1`, or `5 + 1 + 2` where the sides differ. */
export function paddingSum(size, [before, after]) {
  return before === after ? `${size} + 2·${before}` : `${size} + ${before} + ${after}`;
}

/** What both kinds of axes share; throws a GeometryError for parameters that cannot be. */
class Axis {
  constructor({ input, kernel, stride, padding, dilation, output_padding = 0, padding_mode = "zeros" }) {
    this.input = wholeNumber("input", input);
    this.kernel = wholeNumber("kernel", kernel);
    this.stride = wholeNumber("stride", stride);
    this.padding = sidesOf(padding);
    this.dilation = wholeNumber("dilation", dilation);
    this.outputPadding = wholeNumber("output_padding", output_padding);
    this.mode = padding_mode;
    this.reach = this.dilation * (this.kernel - 1) + 1;
    this.padded = this.input + this.padding[0] + this.padding[1];
    this.check();
  }
}

/** An axis of a convolution: the window walks over the padded input with stride s. */
export class ForwardAxis extends Axis {
  check() {
    if (this.outputPadding) {
      const words = `output padding ${this.outputPadding} belongs to a transposed convolution`;
      throw new GeometryError(`${words}; a convolution has none`);
    }
    checkMode(this);
    if (this.padded < this.reach) throw new GeometryError(doesNotFit(this));
    this.output = Math.floor((this.padded - this.reach) / this.stride) + 1;
    this.leftOver = (this.padded - this.reach) % this.stride;
  }

  /** No gaps, borders p and p′, step s. */
  get track() {
    const { input, kernel, dilation, mode, stride: step, output: outputs, padding: [before, after] } = this;
    return new Track({ input, kernel, dilation, mode, step, outputs, before, after, gap: 0 });
  }
}

/** An axis of a transposed convolution: stride 1 over the zero-inserted input, kernel flipped. */
export class TransposedAxis extends Axis {
  check() {
    if (this.mode !== "zeros") {
      const words = `a transposed convolution has no padding mode ${represented(this.mode)}`;
      throw new GeometryError(`${words}: its padding crops; use zeros`);
    }
    checkOutputPadding(this);
    const [before, after] = this.padding;
    const kept = (this.input - 1) * this.stride + this.reach + this.outputPadding;
    this.output = kept - before - after;
    this.inserted = this.stride - 1;
    this.borders = [this.reach - 1 - before, this.reach - 1 - after];
    if (this.output >= 1) return;
    const words = `padding ${Math.max(before, after)} leaves no output: it crops ${before + after} of ${kept} cells`;
    throw new GeometryError(`${words}; use p ≤ ${Math.floor((kept - 1) / 2)} or a larger input`);
  }

  /** Gaps s − 1, borders d(k−1) − p and d(k−1) − p + a, step 1, kernel flipped. */
  get track() {
    const { input, kernel, dilation, inserted: gap, output: outputs, borders: [before, end] } = this;
    const after = end + this.outputPadding;
    return new Track({ input, kernel, dilation, gap, outputs, before, after, step: 1, flipped: true });
  }
}

function checkMode(axis) {
  if (!Object.hasOwn(MODES, axis.mode)) {
    const known = Object.keys(MODES).join(", ");
    throw new GeometryError(`there is no padding mode ${represented(axis.mode)}; use ${known}`);
  }
  const most = MODES[axis.mode].most(axis.input);
  const given = Math.max(...axis.padding);
  if (most === null || given <= most) return;
  const words = `padding ${given} is too large for ${axis.mode} padding of ${axis.input} cells`;
  throw new GeometryError(`${words}; use p ≤ ${most} or the mode replicate`);
}

function doesNotFit(axis) {
  const needed = Math.ceil((axis.reach - axis.input) / 2);
  const shorter = Math.floor((axis.padded - 1) / axis.dilation) + 1;
  const denser = Math.floor((axis.padded - 1) / (axis.kernel - 1));
  const dilated = axis.dilation > 1;
  const reaches = dilated ? ` with dilation ${axis.dilation} reaches over ${axis.reach} cells and` : "";
  const ways = `use k ≤ ${shorter}${dilated && denser ? `, d ≤ ${denser}` : ""} or p ≥ ${needed}`;
  const sum = `${paddingSum(axis.input, axis.padding)} = ${axis.padded}`;
  return `kernel ${axis.kernel}${reaches} does not fit: the padded input is ${sum}; ${ways}`;
}

function checkOutputPadding(axis) {
  const limit = Math.max(axis.stride, axis.dilation);
  if (axis.outputPadding < limit) return;
  const words = `output padding ${axis.outputPadding} is too large: it must be smaller than max(stride, dilation)`;
  throw new GeometryError(`${words} = max(${axis.stride}, ${axis.dilation}) = ${limit}; use a ≤ ${limit - 1}`);
}
