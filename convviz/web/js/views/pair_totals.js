/** What the outputs send back to the input cells that they read, summed step by step: see convviz/views/pair.py. */

import { range } from "../itertools.js";
import { notationOf } from "../layers/number_notation.js";
import { flatIndex, windowTaps } from "../layers/ops.js";

/** Return a function step → [[source, total]] of the input cells that a step reaches; call it in order. */
export function returnedTotals(layer, shown) {
  const sums = new Map();
  return (index) => {
    const reached = new Map();
    const output = layer.outputAt(index);
    for (const { source, weight } of inputTaps(layer, output)) {
      const cell = flatIndex(layer.input, source);
      const value = shown ? shown.at(output) * shown.w[flatIndex(layer.kernel, weight)] : 0;
      sums.set(cell, (sums.get(cell) ?? 0) + value);
      reached.set(cell, source);
    }
    return [...reached].map(([cell, source]) => [source, sums.get(cell)]);
  };
}

/** The notation of all totals, of each step. */
export function returnedNotation(layer, shown) {
  if (!shown || shown.isWhole) return "decimal";
  const reachedAt = returnedTotals(layer, shown);
  return notationOf(range(layer.outputCount).flatMap((index) => reachedAt(index).map(([, total]) => total)));
}

/** All totals as flat index → total, and their notation. */
export function totalsAtEnd(layer, shown) {
  const reachedAt = returnedTotals(layer, shown);
  const all = range(layer.outputCount).flatMap((index) => reachedAt(index));
  const totals = new Map(all.map(([source, total]) => [flatIndex(layer.input, source), total]));
  return [totals, returnedNotation(layer, shown)];
}

/** The taps of the window that read an input cell. */
export function inputTaps(layer, output) {
  return windowTaps(layer, output).filter(({ source }) => source);
}
