/** Axes and layers: sizes, inserted zeros, padding, refusals; twin of convviz/geometry.py and convviz/layers.py. */

import { GeometryError } from "../errors.js";
import { ForwardAxis, sidesOf, TransposedAxis, wholeNumber } from "../geometry/axis.js";
import { NAMED_SIDES, namedCrop, outputRange, PADDING_NAMES } from "../geometry/padding.js";
import { axisCount, axisNames, paddingPerAxis, perAxis } from "../geometry/per_axis.js";
import { product, range } from "../itertools.js";
import { represented } from "../text/python_repr.js";
import { entriesAt, onAxis } from "./layer.js";

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
