/** Convolutions and transposed convolutions; twin of convviz/layers/convolution.py. */

import { GeometryError, countOf } from "../errors.js";
import { ConvAxis, ConvTransposeAxis } from "../geometry/axis.js";
import { paddingPair } from "../geometry/parameters.js";
import { PADDING_RULES, transposedPadding, outputRange } from "../geometry/padding.js";
import { pythonRepr } from "../text/python_repr.js";
import { buildAxes, Layer, measures } from "./layer.js";

/** A convolution (kind `conv`) or a transposed convolution (kind `transposed`). */
class ConvLayer extends Layer {
  /** Return the layer whose matrix is the transpose of this one's. Throws a GeometryError if there is none. */
  transpose() {
    const { output: input, kernel, stride, padding, dilation } = this;
    const parameters = { input, kernel, stride, padding, dilation };
    if (this.transposed) {
      this.axes.forEach(checkOutputPadding);
      return makeLayer("conv", parameters);
    }
    if (this.paddingMode !== "zeros") {
      const words = `a convolution with ${this.paddingMode} padding has no transposed convolution`;
      throw new GeometryError(`${words}; use zeros, or gradient_input, which goes back through any padding`);
    }
    return makeLayer("transposed", { ...parameters, output_padding: this.axes.map((axis) => axis.remainder) });
  }
}

/**
 * Make a layer from parameters with the names and defaults that they have in Python: one number for all axes, or a
 * list with one entry per axis (of length 1 for a 1-D layer). Throws a GeometryError.
 */
export function makeLayer(kind, { output_padding = null, output = null, ...others }) {
  const { input, kernel, stride = 1, padding = 0, dilation = 1, padding_mode = "zeros" } = others;
  if (output !== null && output_padding !== null) {
    throw new GeometryError("give an output size or an output padding, not both: one follows from the other");
  }
  if (output !== null && kind !== "transposed") {
    throw new GeometryError("only a transposed convolution can be asked for an output; leave it out");
  }
  const parameters = { input, kernel, stride, dilation };
  if (output_padding !== null) parameters.output_padding = output_padding;
  if (output !== null) parameters.output = output;
  const buildAxis = kind === "transposed" ? buildConvTransposeAxis : buildConvAxis;
  const axes = buildAxes((values) => buildAxis({ ...values, padding_mode }), padding, parameters);
  return new ConvLayer(kind, axes, typeof padding === "string" ? padding : null);
}

function buildConvAxis({ padding, ...others }) {
  const sides = typeof padding === "string" ? PADDING_RULES[padding](...measures(others)) : padding;
  return new ConvAxis({ ...others, padding: sides });
}

function buildConvTransposeAxis({ padding, output = null, output_padding = null, ...others }) {
  let sides = typeof padding === "string" ? padding : paddingPair(padding);
  if (output !== null) checkOutput(sides, output, others);
  let extra = 0;
  if (typeof sides === "string") [sides, extra] = transposedPadding(sides, ...measures(others), output);
  else if (output !== null) extra = output - outputRange(sides, ...measures(others))[0];
  return new ConvTransposeAxis({ ...others, padding: sides, output_padding: output_padding ?? extra });
}

function checkOutput(padding, output, parameters) {
  const [smallest, largest] = outputRange(padding, ...measures(parameters));
  const words = `output ${pythonRepr(output)} is not possible`;
  if (largest < 1) throw new GeometryError(`${words}: the padding crops everything; use a smaller padding`);
  const least = Math.max(1, smallest);
  if (Number.isInteger(output) && output >= least && output <= largest) return;
  const possible = smallest === largest ? `${smallest}` : `${least} to ${largest}`;
  const maps = `the convolution with these parameters maps ${countOf(possible, "cell")} to ${parameters.input}`;
  throw new GeometryError(`${words}: ${maps}; use one of these`);
}

/** Check that a convolution maps the output of an axis back to its input. */
function checkOutputPadding({ input, output, stride, outputPadding }) {
  if (outputPadding < stride) return;
  const words = `output padding ${outputPadding} is not smaller than the stride ${stride}`;
  const maps = `no convolution maps ${countOf(output, "cell")} to ${input}`;
  throw new GeometryError(`${words}: ${maps}; use a ≤ ${stride - 1}`);
}
