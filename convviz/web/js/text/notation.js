/** A state of the explorer as a command line and as parameters of a layer; twin of convviz/text/notation.py. */

import { PARAMETERS } from "../geometry/parameters.js";

/** Format rows of values: `1,2;3,4`. */
export function rowsText(rows) {
  return rows.map((row) => row.join()).join(";");
}

/** Format the sizes of a parameter: `3`, or `3x4` if the axes differ. */
export function parameterText(state, name) {
  const [rows, cols] = state[name];
  return state.axes === 1 || rows === cols ? `${rows}` : `${rows}x${cols}`;
}

/** Return the parameters of `makeLayer`. */
export function layerParameters(state) {
  const names = Object.keys(PARAMETERS);
  const parameters = Object.fromEntries(names.map((name) => [name, state[name].slice(0, state.axes)]));
  const isImplied = state.preset && parameterText(state, "output_padding") === "0";
  if (state.preset) parameters.padding = state.preset;
  if (state.kind === "conv" || isImplied) delete parameters.output_padding;
  return parameters;
}

/** Return the command line that draws the layer of a state. */
export function command(state) {
  const words = ["convviz", state.kind];
  for (const [name, { symbol }] of Object.entries(PARAMETERS)) {
    const text = parameterText(state, name);
    if (name === "padding" && state.preset) words.push(`-p ${state.preset}`);
    else if (name === "dilation" && text === "1") continue;
    else if (name === "output_padding" && (state.kind === "conv" || text === "0")) continue;
    else words.push(`-${symbol} ${text}`);
  }
  if (state.axes === 1) words.push("--1d");
  if (state.view !== "slide") words.push(`--view ${state.view}`);
  if (state.seed) words.push(`--seed ${state.seed}`);
  if (!state.numbers) words.push("--no-numbers");
  if (state.x) words.push(`--input-values "${rowsText(state.x)}"`);
  else if (state.pattern) words.push(`--input-values ${state.pattern}`);
  if (state.w) words.push(`--kernel-values "${rowsText(state.w)}"`);
  else if (state.weights) words.push(`--kernel-values ${state.weights}`);
  if (state.dy && state.view === "backward") words.push(`--dy "${rowsText(state.dy)}"`);
  return [...words, `-o ${state.kind}.gif`].join(" ");
}
