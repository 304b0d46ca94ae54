/** A layer as lines of JAX; twin of convviz/frameworks/writing/jax.py. */

import { axesWords, channelsFirst, cropsOf, paddingWord, pyPairs, pyTuple } from "./text.js";

/** `lax.conv_general_dilated` and `lax.conv_transpose` take any padding; a negative one crops. */
export function jaxCode(layer) {
  const word = paddingWord(layer);
  const sides = (numbers) => (word ? `"${word.toUpperCase()}"` : pyPairs(numbers));
  const dilated = layer.dilation.some((step) => step > 1);
  const dilation = dilated ? `, rhs_dilation=${pyTuple(layer.dilation)}` : "";
  const strides = pyTuple(layer.stride);
  if (!layer.transposed) {
    const options = `window_strides=${strides}, padding=${sides(layer.padding)}${dilation}`;
    const call = `y = lax.conv_general_dilated(x, w, ${options})  # ${channelsFirst(layer.output)}`;
    return [...jaxStart(layer, "out, in"), call];
  }
  const crops = cropsOf(layer);
  const borders = layer.axes.map(({ reach }, axis) => crops[axis].map((side) => reach - 1 - side));
  const letters = layer.axes.length === 2 ? "HW" : "W";
  return [
    ...(word ? [] : ["# padding is that of the zero-inserted input, p′ = d(k−1) − p: a negative one crops."]),
    ...jaxStart(layer, "in, out"),
    "y = lax.conv_transpose(",
    `    x, w, strides=${strides}, padding=${sides(borders)}${dilation},`,
    `    dimension_numbers=("NC${letters}", "OI${letters}", "NC${letters}"),`,
    "    transpose_kernel=True,  # without it the kernel is stamped reversed",
    `)  # ${channelsFirst(layer.output)}`,
  ];
}

function jaxStart(layer, channels) {
  const axes = axesWords(layer);
  return [
    "import jax",
    "from jax import lax",
    "",
    `x = jax.random.normal(jax.random.key(0), ${channelsFirst(layer.input)})  # (batch, channels, ${axes})`,
    `w = jax.random.normal(jax.random.key(1), ${channelsFirst(layer.kernel)})  # (${channels}, ${axes})`,
  ];
}
