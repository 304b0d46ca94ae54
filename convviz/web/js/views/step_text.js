/** The line of a step: with numbers an equation, without which input cells are read; twin of convviz/views/lines.py. */

import { sortedOnce } from "../itertools.js";
import { productsOf } from "../layers/ops.js";
import { sentence } from "../scene/builder.js";
import { factor, isShownExactly, namedIndices, valueText } from "../text/formatting.js";
import { shownOf } from "./cell_grids.js";

/** What the step that writes `output` computes. */
export function stepLine(layer, output, numbers) {
  const shown = shownOf(numbers);
  return shown ? sumLine(layer, output, shown) : readsLine(layer, output);
}

/** `y[1,2]`. */
export function outputName(output) {
  return `y[${output.join()}]`;
}

function sumLine(layer, output, numbers) {
  return equationOf(outputName(output), productsOf(layer, numbers, output), numbers.at(output), numbers.bias);
}

/** `left = 3·2 + 1·1 = 7`, of products that are not zero; rounded numbers make it an ≈. */
export function equationOf(left, products, result, bias = null) {
  const factors = products.filter(({ value, weight }) => value && weight);
  const terms = factors.map(({ value, weight }) => `${factor(valueText(value))}·${factor(valueText(weight))}`);
  const shown = [result, ...factors.flatMap(({ value, weight }) => [value, weight])];
  if (bias !== null) {
    terms.push(`${factor(valueText(bias))} (bias)`);
    shown.push(bias);
  }
  const relation = shown.every(isShownExactly) ? "=" : "≈";
  return { left, terms, right: valueText(result), relation, joint: " + ", opening: "", closing: "" };
}

function readsLine(layer, output) {
  const left = outputName(output);
  const sources = layer.tracks.map((track, axis) => {
    const found = track.taps(output[axis]).map((place) => track.cells[place].source);
    return sortedOnce(found.filter((source) => source !== null));
  });
  if (!sources.every((found) => found.length)) {
    return sentence(`${left} reads no input cell, only zeros`, `${left} reads only zeros`, left);
  }
  const where = `${left} reads ${namedIndices(sources)}`;
  return sentence(`${where} of the input`, where, left);
}
