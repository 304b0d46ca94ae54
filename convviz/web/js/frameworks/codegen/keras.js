/** A layer as lines of Keras; twin of convviz/frameworks/writing/keras.py. */

import { shortSides } from "../../text/formatting.js";
import {
  anySide, axesWords, channelsLast, cropsOf, paddingWord, pyArguments, pyNumber, pyPairs, pyTuple,
} from "./text.js";

const REFUSED = "# Keras refuses strides > 1 together with dilation_rate > 1:";

/** Padding by name is an argument, any other is a layer of its own. */
export function kerasCode(layer) {
  const refused = Math.max(...layer.stride) > 1 && Math.max(...layer.dilation) > 1;
  const strides = refused ? layer.stride.map(() => 1) : layer.stride;
  return layer.transposed ? kerasTransposed(layer, refused, strides) : kerasConv(layer, refused, strides);
}

function kerasConv(layer, refused, strides) {
  const found = paddingWord(layer);
  const word = refused && found === "same" ? "" : found;
  const notes = refused ? [`${REFUSED} the stride is 1, and a slice takes every cell that it would stop at.`] : [];
  const lines = [];
  if (!word) {
    const amount = `p = ${shortSides(layer.padding)} (before, after)`;
    notes.push(`# Keras pads by name alone, and here ${amount}: a layer of its own pads.`);
    lines.push(kerasSided("pad", "ZeroPadding", layer.padding));
  }
  const cut = `[:, ${layer.stride.map((step) => (step > 1 ? `::${step}` : ":")).join(", ")}]`;
  lines.push(kerasLayer(layer, "", strides, word));
  return kerasLines(layer, notes, lines, `layer(${word ? "x" : "pad(x)"})${refused ? cut : ""}`);
}

/** `valid` gives i·s + max(ke − s, 0) cells: the full scatter, and behind it s − ke zeros where s is larger. */
function kerasTransposed(layer, refused, strides) {
  const word = refused ? "" : paddingWord(layer);
  const notes = refused ? [`${REFUSED} zeros are inserted by hand, and the stride is 1.`] : [];
  const lines = [...(refused ? kerasSpread(layer) : []), kerasLayer(layer, "Transpose", strides, word)];
  let call = refused ? "layer(spread)" : "layer(x)";
  if (word) return kerasLines(layer, notes, lines, call);
  const crops = cropsOf(layer);
  const amount = `# Keras crops by name alone, and here the crop is ${shortSides(crops)} (before, after).`;
  notes.push(anySide(crops) ? amount : "# Keras appends zeros where s > k: a crop takes them off.");
  const more = layer.axes.map(({ stride, reach }) => (refused ? stride - 1 : Math.max(stride - reach, 0)));
  const ends = crops.map(([before, after], axis) => [before, after + more[axis]]);
  const grown = ends.map(([, after]) => [0, Math.max(-after, 0)]);
  const cut = ends.map(([before, after]) => [before, Math.max(after, 0)]);
  for (const [name, kind, sides] of [["pad", "ZeroPadding", grown], ["crop", "Cropping", cut]]) {
    if (!anySide(sides)) continue;
    lines.push(kerasSided(name, kind, sides));
    call = `${name}(${call})`;
  }
  return kerasLines(layer, notes, lines, call);
}

function kerasLayer({ axes, kernel, dilation }, kind, strides, word) {
  const named = word === "same" ? ', padding="same"' : "";
  const options = `${pyArguments(["strides", strides, 1])}${named}${pyArguments(["dilation_rate", dilation, 1])}`;
  return `layer = keras.layers.Conv${axes.length}D${kind}(1, ${pyNumber(kernel)}${options}, use_bias=False)`;
}

/** Lines that insert s − 1 zeros behind each cell. */
function kerasSpread({ input, stride }) {
  const index = stride.map(() => ":, None").join(", ");
  const zeros = stride.map((step) => `(0, 0), (0, ${step - 1})`).join(", ");
  return [
    `spread = keras.ops.pad(x[:, ${index}], ((0, 0), ${zeros}, (0, 0)))`,
    `spread = keras.ops.reshape(spread, ${channelsLast(input.map((size, axis) => size * stride[axis]))})`,
  ];
}

/** A layer that pads or crops by (before, after) of each axis. */
function kerasSided(name, kind, sides) {
  const cells = new Set(sides.flat());
  const several = sides.length === 2 ? pyPairs(sides) : pyTuple(sides[0]);
  return `${name} = keras.layers.${kind}${sides.length}D(${cells.size === 1 ? sides[0][0] : several})`;
}

function kerasLines(layer, notes, layers, call) {
  return [
    ...notes,
    "import keras",
    "",
    `x = keras.random.normal(${channelsLast(layer.input)})  # (batch, ${axesWords(layer)}, channels)`,
    ...layers,
    `y = ${call}  # ${channelsLast(layer.output)}`,
  ];
}
