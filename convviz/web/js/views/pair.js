/** pair: a layer and its transpose side by side: the size goes one way and comes back.
 * Twin of convviz/views/pair.py. */

import { indicesOf, range, sortedOnce } from "../itertools.js";
import { flatIndex, tapsOf } from "../layers/ops.js";
import {
  makeCell, makeChange, makeKey, makeMark, makePanel, makeSign, sentence, turningRow,
} from "../scene/builder.js";
import { inOrder } from "../scene/lazy_scene.js";
import { namedIndices, short, sizesText, valueText } from "../text/formatting.js";
import { formulas } from "../text/formulas.js";
import { emptyGrid, rowAndCol, shownOf } from "./cell_grids.js";
import { badgesOf, titleOf } from "./header.js";
import { barePanel, outputPanel, writtenCell } from "./panels.js";
import { outputName } from "./step_text.js";

const [GIVEN, GATHERED, BACK] = [0, 1, 2];

/** The plan of the scene of a layer and its transpose. */
export function pair(layer, numbers) {
  const other = layer.transpose();
  const sent = inOrder(sending(layer, shownOf(numbers)));
  const last = layer.outputCount - 1;
  const unread = unreadZeros(layer, shownOf(numbers));
  const strips = paddingStrips(other);
  const back = makePanel("back", emptyGrid(layer.input), `back to ${sizesText(other.output)}`);
  const arrow = makeSign("→");
  return {
    title: `${titleOf(layer)} and its transpose`,
    sizes: `${sizesText(layer.input)} → ${sizesText(layer.output)} → ${sizesText(other.output)}`,
    badges: badgesOf(layer),
    body: turningRow(barePanel(layer, numbers), arrow, outputPanel(layer), arrow, back),
    legend: pairLegend(other),
    formulas: [...namedFormulas(layer), ...namedFormulas(other)],
    count: layer.outputCount,
    wordless: !shownOf(numbers),
    changes: (index) => {
      const output = layer.outputAt(index);
      const written = makeChange(GATHERED, rowAndCol(output), writtenCell(output, numbers));
      return [written, ...sent(index), ...(index === last ? unread : [])];
    },
    rest: (index) => connection(layer, layer.outputAt(index), strips),
  };
}

/** Which changes each step makes to what came back, in order. */
function sending(layer, shown) {
  const sums = new Map();
  return (index) => {
    const reached = new Map();
    const output = layer.outputAt(index);
    for (const { source, weight } of reachedBy(layer, output)) {
      const cell = flatIndex(layer.input, source);
      const value = shown ? shown.at(output) * shown.w[flatIndex(layer.kernel, weight)] : 0;
      sums.set(cell, (sums.get(cell) ?? 0) + value);
      reached.set(cell, source);
    }
    return [...reached].map(([cell, source]) => makeChange(BACK, rowAndCol(source), backCell(shown, sums.get(cell))));
  };
}

function reachedBy(layer, output) {
  return tapsOf(layer, output).filter(({ source }) => source);
}

function backCell(shown, value) {
  return makeCell("input", shown ? valueText(value) : "");
}

/** Marks and line of the step of an output cell. */
function connection(layer, output, strips) {
  const reached = reachedBy(layer, output).map(({ source }) => source);
  const marks = strips.map((strip) => makeMark(BACK, strip, false, "source"));
  if (reached.length) {
    const places = reached.map(rowAndCol);
    const spans = [0, 1].map((axis) => sortedOnce(places.map((place) => place[axis])));
    marks.push(makeMark(GIVEN, spans, true), makeMark(BACK, spans, true));
  }
  marks.push(makeMark(GATHERED, rowAndCol(output).map((at) => [at])));
  return { marks, caption: pairLine(layer, output, reached) };
}

function pairLine(layer, output, reached) {
  const left = outputName(output);
  if (!reached.length) {
    return sentence(`${left} reads only zeros, and sends nothing back`, `${left} reads only zeros`, left);
  }
  const where = namedIndices(layer.axes.map((_, axis) => sortedOnce(reached.map((source) => source[axis]))));
  return sentence(`${left} gathers ${where}, and sends its value back there`, `${left} ↔ ${where}`, left);
}

/** The last rows and columns that output padding adds, as rows × columns. */
function paddingStrips({ output, outputPadding }) {
  const [rows, cols] = [1, ...output].slice(-2).map((size) => range(size));
  const [high, wide] = [0, ...outputPadding].slice(-2);
  const strips = [[rows.slice(rows.length - high), cols], [rows, cols.slice(cols.length - wide)]];
  return strips.filter((_, axis) => [high, wide][axis]);
}

/** Cells that nothing comes back to are zeros, as computed as the others. */
function unreadZeros(layer, shown) {
  const read = layer.tracks.map((track) => new Set(track.cells.filter((cell) => cell.read).map((cell) => cell.source)));
  const isUnread = (index) => !index.every((place, axis) => read[axis].has(place));
  return indicesOf(layer.input).filter(isUnread).map((index) => makeChange(BACK, rowAndCol(index), backCell(shown, 0)));
}

function pairLegend(other) {
  const given = makeKey("input", "input, and what comes back");
  const keys = [given, makeKey("window", "connected cells"), makeKey("output", "output")];
  if (!other.outputPadding.some(Boolean)) return keys;
  return [...keys, makeKey("source", `last ones: output padding a = ${short(other.outputPadding)}`)];
}

/** The size formulas, each with the word for its layer. */
function namedFormulas(layer) {
  const word = layer.transposed ? "transposed" : "conv";
  return formulas(layer).map((one) => ({ ...one, label: `${word}, ${one.label}` }));
}
