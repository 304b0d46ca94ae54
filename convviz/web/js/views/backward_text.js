/** The captions and rules of the backward pass; twin of convviz/views/backward_text.py. */

import { formatAxisIndices, formatFactor, formatSizes, formatValue, isShownExactly } from "../text/formatting.js";
import { makeEquation, makeFormula, makeSentence } from "../text/lines.js";
import { cellPlace, valueText } from "./scatter_text.js";

const MOST_TERMS = 200;
/** Form of a term → the inks of its factors. */
const INKS = { "dL/dy·w": ["output", "kernel"], "x·dL/dy": ["input", "output"], "dL/dy": ["output"] };
/** The caption of the first step. */
export const ARRIVES = makeSentence(
  "dL/dy arrives from the next layer: how the loss L changes with each cell of y",
  "dL/dy arrives: how L changes with each cell of y",
  "dL/dy arrives",
);
const BIAS_RULE = "dL/db = Σ dL/dy";

/** Name a cell: `dL/dx[1,2]`. */
export function cellName(tensor, index) {
  return `${tensor}[${index.join()}]`;
}

/** Write out a sum of terms, each a list of factors [number, notation]; terms that are zero are dropped. */
export function gradientEquation(left, terms, result, form) {
  const kept = terms.filter((factors) => factors.every(([number]) => number));
  const text = (factors) => factors.map((factor) => formatFactor(formatValue(...factor))).join("·");
  const isLong = kept.length > MOST_TERMS;
  const texts = isLong ? [...kept.slice(0, MOST_TERMS).map(text), "…", text(kept.at(-1))] : kept.map(text);
  const isExact = [result, ...kept.flat()].every((factor) => isShownExactly(...factor));
  return makeEquation(left, texts, formatValue(...result), isExact ? "=" : "≈", INKS[form]);
}

/** Say where dL/dy of a place is sent; `cells` are the indices in dL/dx on each axis, without padding. */
export function stampSentence(back, place, cells, isCut) {
  const left = cellName("dL/dy", place);
  const value = back.shown ? valueText(...back.gradient(place)) : "";
  if (!cells.every((span) => span.length)) {
    return makeSentence(`${left}${value} stamps only padding`, `${left} stamps only padding`, left);
  }
  const where = `${left}${value} stamps ${formatAxisIndices(cells)} of dL/dx`;
  return makeSentence(...(isCut ? [`${where}, and padding`] : []), where, left);
}

/** Say what dL/dx is, once all has arrived, and what becomes of the padding. */
export function inputEnd({ layer, crops }) {
  const size = formatSizes(layer.input);
  const done = `dL/dx ${size} is complete`;
  const what = "is the transposed convolution of dL/dy with the same kernel";
  if (!crops) return makeSentence(`dL/dx ${size} ${what}`, done);
  if (layer.paddingMode !== "zeros") {
    return makeSentence(`What fell on the padding is added to the cells that it repeats: dL/dx ${size}`, done);
  }
  const cropped = "he padding is cropped: dL/dx";
  return makeSentence(`T${cropped} ${size} ${what}`, `t${cropped} ${size}`, done);
}

/** Say from which cells a cell of a gradient collects: `dL/dx[1,2] collects from rows 0–1, columns 1 of dL/dy`. */
export function collectsSentence(left, cells, source, factor = "") {
  if (!cells.every((span) => span.length)) return makeSentence(`${left} collects nothing, only zeros`, left);
  const start = `${left} collects from ${formatAxisIndices(cells)} of ${source}`;
  return makeSentence(...(factor ? [`${start}, times ${factor}`] : []), start, left);
}

/** Return the rules of all gradients of a layer, in one line if they are alike on both axes. */
export function allRules(layer) {
  const isAlike = new Set(layer.axes.map((axis) => cellPlace(axis, "m", "u"))).size === 1;
  const rules = [inputRule, weightRule].map((rule) => rule(layer, isAlike ? 1 : layer.axes.length));
  const lines = isAlike ? [[...rules, BIAS_RULE].join(",   ")] : [...rules, BIAS_RULE];
  return lines.map((line) => makeFormula("", line));
}

function inputRule(layer, axes) {
  const { places, cells, taps } = indices(layer, axes);
  if (layer.transposed) return `dL/dx[${cells}] = Σ dL/dy[${places}]·w[${taps}]`;
  return `dL/dx[${places}] += dL/dy[${cells}]·w[${taps}]`;
}

function weightRule(layer, axes) {
  const { places, cells, taps } = indices(layer, axes);
  const [x, dy] = layer.transposed ? [cells, places] : [places, cells];
  return `dL/dw[${taps}] = Σ x[${x}]·dL/dy[${dy}]`;
}

/** The indices in the line, of a place, and of a weight: `s·m − p + u`, `m`, `u`. */
function indices(layer, axes) {
  const [cells, taps] = [["m", "n"], ["u", "v"]].map((names) => names.slice(0, axes));
  const places = cells.map((cell, axis) => cellPlace(layer.axes[axis], cell, taps[axis]));
  return { places: places.join(", "), cells: cells.join(", "), taps: taps.join(", ") };
}
