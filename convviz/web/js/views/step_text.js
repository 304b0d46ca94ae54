/** Captions of steps: an equation with values, else which input cells are read; twin of convviz/views/step_text.py. */

import { sortedUnique } from "../itertools.js";
import { windowProducts } from "../layers/ops.js";
import { formatFactor, isShownExactly, formatAxisIndices, formatValue } from "../text/formatting.js";
import { makeEquation, makeSentence } from "../text/lines.js";
import { visibleValues } from "./cell_grids.js";

/** Return the caption of the step that computes an output cell. */
export function stepCaption(layer, output, values) {
  const shown = visibleValues(values);
  return shown ? outputEquation(layer, output, shown) : readCells(layer, output);
}

/** Format an output cell: `y[1,2]`. */
export function outputName(output) {
  return `y[${output.join()}]`;
}

function outputEquation(layer, output, values) {
  const products = windowProducts(layer, values, output);
  return sumEquation(outputName(output), products, values.at(output), { ...notations(values), bias: values.bias });
}

/** Return the notations of x, w and y. */
export function notations({ xNotation: x, wNotation: w, yNotation: y }) {
  return { x, w, y };
}

/** Return `left = 3·2 + 1·1 = 7` from products [{value, weight}] that are not zero; with ≈ if values are rounded.
 * `x`, `w` and `y` are the notations of values, weights and sums, `inks` those of values and weights. */
export function sumEquation(left, products, result, { x, w, y, bias = null, inks }) {
  const nonZero = products.filter(({ value, weight }) => value && weight);
  const factor = (value, notation) => formatFactor(formatValue(value, notation));
  const terms = nonZero.map(({ value, weight }) => `${factor(value, x)}·${factor(weight, w)}`);
  const numbers = [[result, y], ...nonZero.flatMap(({ value, weight }) => [[value, x], [weight, w]])];
  if (bias !== null) {
    terms.push(`${factor(bias, y)} (bias)`);
    numbers.push([bias, y]);
  }
  const isExact = numbers.every((number) => isShownExactly(...number));
  return makeEquation(left, terms, formatValue(result, y), isExact ? "=" : "≈", inks);
}

function readCells(layer, output) {
  const left = outputName(output);
  const sources = layer.slidingWindows.map((slidingWindow, axis) => {
    const read = slidingWindow.taps(output[axis]).map((position) => slidingWindow.cells[position].source);
    return sortedUnique(read.filter((source) => source !== null));
  });
  if (!sources.every((read) => read.length)) {
    return makeSentence(`${left} reads no input cell, only zeros`, `${left} reads only zeros`, left);
  }
  const where = `${left} reads ${formatAxisIndices(sources)}`;
  return makeSentence(`${where} of the input`, where, left);
}
