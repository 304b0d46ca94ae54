/** The end of the pair view: a cell of the input beside what came back. Twin of convviz/views/pair_end.py. */

import { allIndices } from "../itertools.js";
import { flatIndex } from "../layers/ops.js";
import { formatValue, isShownExactly } from "../text/formatting.js";
import { makeSentence } from "../text/lines.js";

const IN_WORDS = [
  "same size, but in general other numbers: a transpose is not an inverse", "same size, not an inverse",
];
const UNCHANGED = ["same size, and here the same numbers", "the same numbers"];

/** Return a cell of the input, and a caption on what became of its number; `totals` are what came back, by index. */
export function comparison(layer, shown, totals, notation) {
  const middle = layer.input.map((size) => Math.floor(size / 2));
  if (!shown) return { cell: middle, caption: makeSentence(...IN_WORDS) };
  for (const cell of [middle, ...allIndices(layer.input)]) {
    const at = flatIndex(layer.input, cell);
    const [before, after] = [numberText(shown.x[at], shown.xNotation), numberText(totals.get(at) ?? 0, notation)];
    if (before === after) continue;
    const became = `${before} became ${after}`;
    const short = `same size, other numbers: ${became}`;
    return { cell, caption: makeSentence(`${short}; a transpose is not an inverse`, short, became) };
  }
  return { cell: middle, caption: makeSentence(...UNCHANGED) };
}

function numberText(value, notation) {
  return `${isShownExactly(value, notation) ? "" : "≈"}${formatValue(value, notation)}`;
}
