/** A layer as lines of Keras; twin of convviz/frameworks/codegen/keras.py. */

import { formatPadding } from "../../text/formatting.js";
import {
  anyNonZero, argumentsText, axesText, channelsLast, numberText, outputCrops, paddingName, pairsText, tupleText,
} from "./text.js";

const REFUSED = "# Keras refuses strides > 1 together with dilation_rate > 1:";

/** Write a `Conv1D`, `Conv2D` or its transpose; padding that has no name in Keras becomes a separate layer. */
export function write(layer) {
  const refused = Math.max(...layer.stride) > 1 && Math.max(...layer.dilation) > 1;
  const strides = refused ? layer.stride.map(() => 1) : layer.stride;
  return layer.transposed ? transposedLines(layer, refused, strides) : convLines(layer, refused, strides);
}

function convLines(layer, refused, strides) {
  const named = paddingName(layer);
  const name = refused && named === "same" ? "" : named;
  const notes = refused ? [`${REFUSED} convolve with stride 1 and slice with the strides.`] : [];
  const lines = [];
  if (!name) {
    const amount = `p = ${formatPadding(layer.padding)} (before, after)`;
    notes.push(`# Keras pads only by name, but here ${amount}: use a padding layer.`);
    lines.push(sidedLayer("pad", "ZeroPadding", layer.padding));
  }
  const slice = `[:, ${layer.stride.map((step) => (step > 1 ? `::${step}` : ":")).join(", ")}]`;
  lines.push(convLayer(layer, "", strides, name));
  return snippet(layer, notes, lines, `layer(${name ? "x" : "pad(x)"})${refused ? slice : ""}`);
}

/** `valid` gives the full output, with zeros behind it if the stride is larger than the effective kernel size. */
function transposedLines(layer, refused, strides) {
  const name = refused ? "" : paddingName(layer);
  const notes = refused ? [`${REFUSED} insert the zeros first and use stride 1.`] : [];
  const lines = [...(refused ? spreadLines(layer) : []), convLayer(layer, "Transpose", strides, name)];
  let call = refused ? "layer(spread)" : "layer(x)";
  if (name) return snippet(layer, notes, lines, call);
  const crops = outputCrops(layer);
  const amount = `# Keras crops only by name, but here the crop is ${formatPadding(crops)} (before, after).`;
  notes.push(anyNonZero(crops) ? amount : "# Keras appends zeros if s > k: crop them.");
  const appended = ({ stride, effectiveKernel }) => (refused ? stride - 1 : Math.max(stride - effectiveKernel, 0));
  const ends = layer.axes.map((axis, index) => [crops[index][0], crops[index][1] + appended(axis)]);
  const padding = ends.map(([, after]) => [0, Math.max(-after, 0)]);
  const cropping = ends.map(([before, after]) => [before, Math.max(after, 0)]);
  for (const [variable, kind, sides] of [["pad", "ZeroPadding", padding], ["crop", "Cropping", cropping]]) {
    if (!anyNonZero(sides)) continue;
    lines.push(sidedLayer(variable, kind, sides));
    call = `${variable}(${call})`;
  }
  return snippet(layer, notes, lines, call);
}

function convLayer({ axes, kernel, dilation }, kind, strides, name) {
  const padding = name === "same" ? ', padding="same"' : "";
  const options = `${argumentsText(["strides", strides, 1])}${padding}${argumentsText(["dilation_rate", dilation, 1])}`;
  return `layer = keras.layers.Conv${axes.length}D${kind}(1, ${numberText(kernel)}${options}, use_bias=False)`;
}

/** Insert s − 1 zeros behind each cell. */
function spreadLines({ input, stride }) {
  const index = stride.map(() => ":, None").join(", ");
  const zeros = stride.map((step) => `(0, 0), (0, ${step - 1})`).join(", ");
  return [
    `spread = keras.ops.pad(x[:, ${index}], ((0, 0), ${zeros}, (0, 0)))`,
    `spread = keras.ops.reshape(spread, ${channelsLast(input.map((size, axis) => size * stride[axis]))})`,
  ];
}

/** A layer that pads or crops each axis by [before, after]. */
function sidedLayer(variable, kind, sides) {
  const amounts = new Set(sides.flat());
  const several = sides.length === 2 ? pairsText(sides) : tupleText(sides[0]);
  return `${variable} = keras.layers.${kind}${sides.length}D(${amounts.size === 1 ? sides[0][0] : several})`;
}

function snippet(layer, notes, layers, call) {
  return [
    ...notes,
    "import keras",
    "",
    `x = keras.random.normal(${channelsLast(layer.input)})  # (batch, ${axesText(layer)}, channels)`,
    ...layers,
    `y = ${call}  # ${channelsLast(layer.output)}`,
  ];
}
