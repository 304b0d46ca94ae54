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
  return sumEquation(outputName(output), windowProducts(layer, values, output), values.at(output), values.bias);
}

/** Return `left = 3·2 + 1·1 = 7` from products [{value, weight}] that are not zero; with ≈ if values are rounded. */
export function sumEquation(left, products, result, bias = null) {
  const nonZero = products.filter(({ value, weight }) => value && weight);
  const factor = (value) => formatFactor(formatValue(value));
  const terms = nonZero.map(({ value, weight }) => `${factor(value)}·${factor(weight)}`);
  const numbers = [result, ...nonZero.flatMap(({ value, weight }) => [value, weight])];
  if (bias !== null) {
    terms.push(`${factor(bias)} (bias)`);
    numbers.push(bias);
  }
  return makeEquation(left, terms, formatValue(result), numbers.every(isShownExactly) ? "=" : "≈");
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
