/** A layer as lines of JAX; twin of convviz/frameworks/codegen/jax.py. */

import { axesText, channelsFirst, outputCrops, paddingName, pairsText, tupleText } from "./text.js";

/** Write a call of `lax.conv_general_dilated` or `lax.conv_transpose`; negative padding crops. */
export function write(layer) {
  const name = paddingName(layer);
  const sidesText = (sides) => (name ? `"${name.toUpperCase()}"` : pairsText(sides));
  const dilated = layer.dilation.some((step) => step > 1);
  const dilation = dilated ? `, rhs_dilation=${tupleText(layer.dilation)}` : "";
  const strides = tupleText(layer.stride);
  if (!layer.transposed) {
    const options = `window_strides=${strides}, padding=${sidesText(layer.padding)}${dilation}`;
    const call = `y = lax.conv_general_dilated(x, w, ${options})  # ${channelsFirst(layer.output)}`;
    return [...firstLines(layer, "out, in"), call];
  }
  const crops = outputCrops(layer);
  const implicit = ({ effectiveKernel }, axis) => crops[axis].map((side) => effectiveKernel - 1 - side);
  const implicitPadding = layer.axes.map(implicit);
  const letters = layer.axes.length === 2 ? "HW" : "W";
  return [
    ...(name ? [] : ["# padding applies to the zero-inserted input, p′ = d(k−1) − p; a negative number crops."]),
    ...firstLines(layer, "in, out"),
    "y = lax.conv_transpose(",
    `    x, w, strides=${strides}, padding=${sidesText(implicitPadding)}${dilation},`,
    `    dimension_numbers=("NC${letters}", "OI${letters}", "NC${letters}"),`,
    "    transpose_kernel=True,  # else the kernel is flipped",
    `)  # ${channelsFirst(layer.output)}`,
  ];
}

function firstLines(layer, channels) {
  const axes = axesText(layer);
  return [
    "import jax",
    "from jax import lax",
    "",
    `x = jax.random.normal(jax.random.key(0), ${channelsFirst(layer.input)})  # (batch, channels, ${axes})`,
    `w = jax.random.normal(jax.random.key(1), ${channelsFirst(layer.kernel)})  # (${channels}, ${axes})`,
  ];
}
