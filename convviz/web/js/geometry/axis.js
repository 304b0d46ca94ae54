/** Parameters and sizes of one axis of a layer; twin of convviz/geometry/axis.py. */

import { GeometryError, countOf } from "../errors.js";
import { pythonRepr } from "../text/python_repr.js";
import { PADDING_MODES, paddingSum } from "./padding.js";
import { checkedParameter, paddingPair } from "./parameters.js";
import { SlidingWindow } from "./sliding_window.js";

/** One axis of a layer. Throws a GeometryError for invalid parameters. */
class Axis {
  constructor({ input, kernel, stride, padding, dilation, output_padding = 0, padding_mode = "zeros" }) {
    this.input = checkedParameter("input", input);
    this.kernel = checkedParameter("kernel", kernel);
    this.stride = checkedParameter("stride", stride);
    this.padding = paddingPair(padding);
    this.dilation = checkedParameter("dilation", dilation);
    this.outputPadding = checkedParameter("output_padding", output_padding);
    this.paddingMode = padding_mode;
    this.effectiveKernel = this.dilation * (this.kernel - 1) + 1;
    this.padded = this.input + this.padding[0] + this.padding[1];
    this.check();
  }
}

/** One axis of a convolution: the window moves over the padded input with stride s. */
export class ConvAxis extends Axis {
  check() {
    if (this.outputPadding) {
      const words = `output padding ${this.outputPadding} belongs to a transposed convolution`;
      throw new GeometryError(`${words}; a convolution has none`);
    }
    checkMode(this);
    if (this.padded < this.effectiveKernel) throw new GeometryError(kernelTooLarge(this));
    this.output = Math.floor((this.padded - this.effectiveKernel) / this.stride) + 1;
    this.remainder = (this.padded - this.effectiveKernel) % this.stride;
  }

  /** The window: no gaps, padding p on both sides, step s. */
  get slidingWindow() {
    const { input, kernel, dilation, paddingMode: mode, stride: step, output: outputs } = this;
    const [before, after] = this.padding;
    return new SlidingWindow({ input, kernel, dilation, mode, step, outputs, before, after, gap: 0 });
  }
}

/** One axis of a transposed convolution: stride 1 over the zero-inserted input, kernel flipped. */
export class ConvTransposeAxis extends Axis {
  check() {
    if (this.paddingMode !== "zeros") {
      const words = `a transposed convolution has no padding mode ${pythonRepr(this.paddingMode)}`;
      throw new GeometryError(`${words}: its padding crops; use zeros`);
    }
    checkOutputPadding(this);
    const [before, after] = this.padding;
    const kept = (this.input - 1) * this.stride + this.effectiveKernel + this.outputPadding;
    this.output = kept - before - after;
    this.insertedZeros = this.stride - 1;
    this.implicitPadding = [this.effectiveKernel - 1 - before, this.effectiveKernel - 1 - after];
    if (this.output >= 1) return;
    const crops = `it crops ${before + after} of ${countOf(kept, "cell")}`;
    const words = `padding ${Math.max(before, after)} leaves no output: ${crops}`;
    throw new GeometryError(`${words}; use p ≤ ${Math.floor((kept - 1) / 2)} or a larger input`);
  }

  /** The window: gaps s − 1, implicit padding d(k−1) − p and d(k−1) − p + a, step 1, kernel flipped. */
  get slidingWindow() {
    const { input, kernel, dilation, insertedZeros: gap, output: outputs, implicitPadding: [before, end] } = this;
    const after = end + this.outputPadding;
    return new SlidingWindow({ input, kernel, dilation, gap, outputs, before, after, step: 1, flipped: true });
  }
}

function checkMode(axis) {
  if (!Object.hasOwn(PADDING_MODES, axis.paddingMode)) {
    const known = Object.keys(PADDING_MODES).join(", ");
    throw new GeometryError(`there is no padding mode ${pythonRepr(axis.paddingMode)}; use ${known}`);
  }
  const largest = PADDING_MODES[axis.paddingMode].largest(axis.input);
  const got = Math.max(...axis.padding);
  if (largest === null || got <= largest) return;
  const words = `padding ${got} is too large for ${axis.paddingMode} padding of ${countOf(axis.input, "cell")}`;
  throw new GeometryError(`${words}; use p ≤ ${largest} or the mode replicate`);
}

function kernelTooLarge(axis) {
  const padding = Math.ceil((axis.effectiveKernel - axis.input) / 2);
  const kernel = Math.floor((axis.padded - 1) / axis.dilation) + 1;
  const dilation = Math.floor((axis.padded - 1) / (axis.kernel - 1));
  const dilated = axis.dilation > 1;
  const reaches = dilated ? ` with dilation ${axis.dilation} reaches over ${axis.effectiveKernel} cells and` : "";
  const remedies = `use k ≤ ${kernel}${dilated && dilation ? `, d ≤ ${dilation}` : ""} or p ≥ ${padding}`;
  const sum = `${paddingSum(axis.input, axis.padding)} = ${axis.padded}`;
  return `kernel ${axis.kernel}${reaches} does not fit: the padded input is ${sum}; ${remedies}`;
}

function checkOutputPadding(axis) {
  const limit = Math.max(axis.stride, axis.dilation);
  if (axis.outputPadding < limit) return;
  const words = `output padding ${axis.outputPadding} is too large: it must be smaller than max(stride, dilation)`;
  throw new GeometryError(`${words} = max(${axis.stride}, ${axis.dilation}) = ${limit}; use a ≤ ${limit - 1}`);
}
