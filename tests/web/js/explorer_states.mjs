/** Answers addresses from standard input, one a line, with the state that the explorer makes of each. */

import { createInterface } from "node:readline";

import { addressOf, stateOf, valueOptions } from "../../../convviz/web/js/explorer/state.js";
import { makeLayer } from "../../../convviz/web/js/layers/convolution.js";
import { layerValues } from "../../../convviz/web/js/layers/ops.js";
import { command, layerParameters } from "../../../convviz/web/js/text/notation.js";

function shown(state) {
  const layer = makeLayer(state.kind, layerParameters(state));
  const { input, kernel, stride, padding, dilation, outputPadding, output } = layer;
  const { x, w, y, dy } = layerValues(layer, valueOptions(state));
  const sent = state.view === "backward" ? { dy } : {};
  return { input, kernel, stride, padding, dilation, outputPadding, output, x, w, y, ...sent };
}

function answered(address) {
  const state = stateOf(address);
  const found = { again: addressOf(state), command: command(state), same: addressOf(stateOf(addressOf(state))) };
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
