/** A layer as a command line and as keywords; twin of convviz/text/notation.py. */

import { PARAMETERS } from "../geometry/axis.js";

/** Values as the command line and an address have them: `1,2;3,4`. */
export function rowsText(values) {
  return values.map((row) => row.join()).join(";");
}

/** A size as on the command line: `3`, or `3x4` where the axes differ. */
export function sides(state, name) {
  const [rows, cols] = state[name];
  return state.axes === 1 || rows === cols ? `${rows}` : `${rows}x${cols}`;
}

/** The keywords of `makeLayer` that a state says. */
export function layerWords(state) {
  const names = ["input", "kernel", "stride", "padding", "dilation", "output_padding"];
  const given = Object.fromEntries(names.map((name) => [name, state[name].slice(0, state.axes)]));
  if (state.preset) given.padding = state.preset;
  if (state.kind === "conv" || (state.preset && sides(state, "output_padding") === "0")) delete given.output_padding;
  return given;
}

/** The command that draws the same. */
export function commandOf(state) {
  const words = ["convviz", state.kind];
  for (const [name, { symbol }] of Object.entries(PARAMETERS)) {
    if (name === "padding" && state.preset) words.push(`-p ${state.preset}`);
    else if (name === "dilation" && sides(state, name) === "1") continue;
    else if (name === "output_padding" && (state.kind === "conv" || sides(state, name) === "0")) continue;
    else words.push(`-${symbol} ${sides(state, name)}`);
  }
  if (state.axes === 1) words.push("--1d");
  if (state.view !== "slide") words.push(`--view ${state.view}`);
  if (state.seed) words.push(`--seed ${state.seed}`);
  if (!state.numbers) words.push("--no-numbers");
  if (state.x) words.push(`--input-values "${rowsText(state.x)}"`);
  if (state.w) words.push(`--kernel-values "${rowsText(state.w)}"`);
  else if (state.weights) words.push(`--kernel-values ${state.weights}`);
  return [...words, `-o ${state.kind}.gif`].join(" ");
}
