/** Answers addresses from standard input, one a line, with the state that the explorer makes of each. */

import { createInterface } from "node:readline";

import { addressOf, stateOf, valuesOf } from "../../../convviz/web/js/explorer/state.js";
import { makeLayer } from "../../../convviz/web/js/layers/convolution.js";
import { numbersOf } from "../../../convviz/web/js/layers/ops.js";
import { commandOf, layerWords } from "../../../convviz/web/js/text/notation.js";

function shown(state) {
  const layer = makeLayer(state.kind, layerWords(state));
  const { input, kernel, stride, padding, dilation, outputPadding, output } = layer;
  const { x, w, y } = numbersOf(layer, valuesOf(state));
  return { input, kernel, stride, padding, dilation, outputPadding, output, x, w, y };
}

function answered(address) {
  const state = stateOf(address);
  const found = { again: addressOf(state), command: commandOf(state), same: addressOf(stateOf(addressOf(state))) };
  try {
    return { ...found, shown: shown(state) };
  } catch (error) {
    if (!["GeometryError", "PictureError"].includes(error.name)) throw error;
    return { ...found, error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answered(line))}\n`);
}
