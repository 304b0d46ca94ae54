/** Axes and layers: sizes, inserted zeros, padding, refusals; twin of convviz/geometry.py and convviz/layers.py. */

import { GeometryError, represented, sidesOf, wholeNumber } from "./checks.js";
import { axisCount, axisNames, paddingPerAxis, perAxis } from "./checks.js";
import { MODES, NAMED_SIDES, PADDING_NAMES, namedCrop, outputRange } from "./pads.js";
import { Track, product, range } from "./track.js";

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
class ForwardAxis extends Axis {
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
class TransposedAxis extends Axis {
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

const SAME_NAMES = ["input", "kernel", "stride", "padding", "dilation", "output", "outputPadding"];

/** A convolution (kind `conv`) or a transposed one (kind `transposed`): the product of its axes. */
class ConvLayer {
  constructor(kind, axes, namedPadding) {
    Object.assign(this, { kind, axes, namedPadding, transposed: kind === "transposed" });
    const each = (name) => axes.map((axis) => axis[name]);
    for (const name of SAME_NAMES) this[name] = each(name);
    this.mode = axes[0].mode;
    this.tracks = each("track");
  }

  /** Indices of the output cells, left to right, top to bottom. */
  outputs() {
    return product(this.output.map((size) => range(size)));
  }

  /** How many output cells there are. */
  get outputCount() {
    return this.output.reduce((all, size) => all * size);
  }

  /** One of `outputs()` alone. */
  outputAt(place) {
    const wide = this.output.at(-1);
    return this.axes.length === 1 ? [place] : [Math.floor(place / wide), place % wide];
  }

  /** The layer whose matrix is the transpose of this one's; throws a GeometryError where there is none. */
  transpose() {
    const { output: input, kernel, stride, padding, dilation } = this;
    const given = { input, kernel, stride, padding, dilation };
    if (this.transposed) {
      this.axes.forEach(checkReturn);
      return makeLayer("conv", given);
    }
    if (this.mode !== "zeros") {
      const words = `a convolution with ${this.mode} padding has no transposed convolution`;
      throw new GeometryError(`${words}; use zeros, or gradient_input, which goes back through any padding`);
    }
    return makeLayer("transposed", { ...given, output_padding: this.axes.map((axis) => axis.leftOver) });
  }
}

/** A layer from parameters named as in Python, which may be left out but for input and kernel: one for all axes, or a
 * list with one for each (of length 1 where the layer is 1-D). Throws a GeometryError with Python's sentence. */
export function makeLayer(kind, { output_padding = null, output = null, ...given }) {
  const { input, kernel, stride = 1, padding = 0, dilation = 1, padding_mode = "zeros" } = given;
  if (output !== null && output_padding !== null) {
    throw new GeometryError("give an output size or an output padding, not both: one follows from the other");
  }
  if (output !== null && kind !== "transposed") {
    throw new GeometryError("only a transposed convolution can be asked for an output; leave it out");
  }
  const asked = { input, kernel, stride, dilation };
  if (output_padding !== null) asked.output_padding = output_padding;
  if (output !== null) asked.output = output;
  const count = axisCount([...Object.values(asked), padding]);
  const split = {};
  for (const [name, value] of Object.entries(asked)) split[name] = perAxis(name, value, count);
  split.padding = paddingPerAxis(padding, count, PADDING_NAMES);
  const build = kind === "transposed" ? transposedAxis : forwardAxis;
  const make = (index) => () => build(entriesAt(split, index), padding_mode);
  const axes = axisNames(count).map((name, index) => onAxis(name, split, make(index)));
  return new ConvLayer(kind, axes, typeof padding === "string" ? padding : null);
}

/** What `build` makes; an error says which axis, where they differ. */
function onAxis(name, split, build) {
  try {
    return build();
  } catch (error) {
    const equal = (one, other) => (Array.isArray(one) ? one.every((side, at) => side === other[at]) : one === other);
    const same = Object.values(split).every((values) => values.every((value) => equal(value, values[0])));
    throw same || !(error instanceof GeometryError) ? error : new GeometryError(`${name}: ${error.message}`);
  }
}

function entriesAt(split, index) {
  return Object.fromEntries(Object.entries(split).map(([name, values]) => [name, values[index]]));
}

function forwardAxis({ padding, ...sizes }, padding_mode) {
  const around = typeof padding === "string" ? NAMED_SIDES[padding](...measures(sizes)) : padding;
  return new ForwardAxis({ ...sizes, padding: around, padding_mode });
}

function transposedAxis({ padding, output = null, output_padding = null, ...sizes }, padding_mode) {
  let around = typeof padding === "string" ? padding : sidesOf(padding);
  if (output !== null) checkOutput(around, output, sizes);
  let extra = 0;
  if (typeof around === "string") [around, extra] = namedCrop(around, ...measures(sizes), output);
  else if (output !== null) extra = output - outputRange(around, ...measures(sizes))[0];
  return new TransposedAxis({ ...sizes, padding: around, output_padding: output_padding ?? extra, padding_mode });
}

/** Input, reach and stride of an axis, checked before anything is computed from them. */
function measures({ input, kernel, stride, dilation }) {
  const given = Object.entries({ input, kernel, stride, dilation });
  const [i, k, s, d] = given.map(([name, value]) => wholeNumber(name, value));
  return [i, d * (k - 1) + 1, s];
}

function checkOutput(padding, output, sizes) {
  const [smallest, largest] = outputRange(padding, ...measures(sizes));
  const words = `output ${represented(output)} is not possible`;
  if (largest < 1) throw new GeometryError(`${words}: the padding crops everything; use a smaller padding`);
  const least = Math.max(1, smallest);
  if (Number.isInteger(output) && output >= least && output <= largest) return;
  const possible = smallest === largest ? `${smallest}` : `${least} to ${largest}`;
  const maps = `the convolution with these parameters maps ${possible} cells to ${sizes.input}`;
  throw new GeometryError(`${words}: ${maps}; use one of these`);
}

function checkReturn({ input, output, stride, outputPadding }) {
  if (outputPadding < stride) return;
  const words = `output padding ${outputPadding} is not smaller than the stride ${stride}`;
  throw new GeometryError(`${words}: no convolution maps ${output} cells to ${input}; use a ≤ ${stride - 1}`);
}
