/** pair: a layer and its transpose side by side; the size goes one way and comes back.
 * Twin of convviz/views/pair.py. */

import { allIndices, range, sortedUnique } from "../itertools.js";
import { memoizeInOrder } from "../memoize.js";
import {
  makeCell, makeChange, makeLegendEntry, makeMark, makeOperator, makePanel, turningRow,
} from "../scene/builder.js";
import { formatAxisIndices, formatCell, formatPerAxis, formatSizes } from "../text/formatting.js";
import { tells } from "../scene/timing.js";
import { formulas } from "../text/formulas.js";
import { makeSentence } from "../text/lines.js";
import { kernelBrackets } from "./brackets.js";
import { emptyGrid, rowAndCol, visibleValues } from "./cell_grids.js";
import { layerBadges, layerTitle } from "./header.js";
import { comparison } from "./pair_end.js";
import { momentNames, pairStory } from "./pair_story.js";
import { inputTaps, returnedNotation, returnedTotals, totalsAtEnd } from "./pair_totals.js";
import { outputCell, outputPanel, plainInputPanel, unflippedKernel } from "./panels.js";
import { returnedBrackets, sizeBrackets } from "./size_brackets.js";
import { outputName } from "./step_text.js";

const [INPUT, OUTPUT, BACK] = [0, 1, 2];

/** Return the plan of the scene of a layer and its transpose. */
export function pair(layer, values, timing) {
  const transpose = layer.transpose();
  const returned = memoizeInOrder(returnedChanges(layer, visibleValues(values)));
  const last = layer.outputCount - 1;
  const unread = unreadChanges(layer, visibleValues(values));
  const strips = outputPaddingStrips(transpose);
  const body = turningRow(...panels(layer, values, transpose));
  const steps = {
    count: layer.outputCount + 1,
    changes: (index) => {
      if (index > last) return [];
      const output = layer.outputAt(index);
      const change = makeChange(OUTPUT, rowAndCol(output), outputCell(output, values));
      return [change, ...returned(index), ...(index === last ? unread : [])];
    },
    details: (index) =>
      index > last ? endDetails(layer, values, strips) : stepDetails(layer, layer.outputAt(index), strips),
  };
  return {
    ...steps,
    title: `${layerTitle(layer)} and its transpose`,
    sizes: `${formatSizes(layer.input)} → ${formatSizes(layer.output)} → ${formatSizes(transpose.output)}`,
    badges: layerBadges(layer),
    body,
    legend: legend(transpose),
    formulas: [...labelledFormulas(layer), ...labelledFormulas(transpose)],
    textless: !visibleValues(values),
    moments: tells(timing) ? momentNames(values) : [],
    story: pairStory(layer, values, steps, BACK),
  };
}

/** Input, output, what is sent back, and beside or below that the kernel. */
function panels(layer, values, transpose) {
  const input = { ...plainInputPanel(layer, values), brackets: sizeBrackets(layer.input, "i", "input") };
  const output = { ...outputPanel(layer), brackets: sizeBrackets(layer.output, "o", "output") };
  const caption = `sent back: ${formatSizes(transpose.output)}`;
  const back = { ...makePanel("back", emptyGrid(layer.input), caption), brackets: returnedBrackets(transpose) };
  const kernel = { ...unflippedKernel(layer, values, ", the same both ways"), brackets: kernelBrackets(layer) };
  return [input, makeOperator("→"), output, makeOperator("→"), turningRow(back, kernel)];
}

/** Return a function step → changes of what is sent back, which sums on from step to step. */
function returnedChanges(layer, shown) {
  const reachedAt = returnedTotals(layer, shown);
  const notation = returnedNotation(layer, shown);
  const change = ([source, total]) => makeChange(BACK, rowAndCol(source), returnedCell(shown, total, notation));
  return (index) => reachedAt(index).map(change);
}

function returnedCell(shown, value, notation = "decimal") {
  return makeCell("input", shown ? formatCell(value, notation) : "");
}

/** Marks and caption of the step of an output cell. */
function stepDetails(layer, output, strips) {
  const reached = inputTaps(layer, output).map(({ source }) => source);
  const marks = stripMarks(strips);
  if (reached.length) {
    const places = reached.map(rowAndCol);
    const spans = [0, 1].map((axis) => sortedUnique(places.map((place) => place[axis])));
    marks.push(makeMark(INPUT, spans, true), makeMark(BACK, spans, true));
  }
  marks.push(makeMark(OUTPUT, rowAndCol(output).map((at) => [at])));
  return { marks, caption: stepCaption(layer, output, reached) };
}

/** Marks and caption of the last step, which compares a cell of the input with what came back. */
function endDetails(layer, values, strips) {
  const shown = visibleValues(values);
  const { cell, caption } = comparison(layer, shown, ...totalsAtEnd(layer, shown));
  const cellMarks = [INPUT, BACK].map((panel) => makeMark(panel, rowAndCol(cell).map((at) => [at])));
  return { marks: [...stripMarks(strips), ...cellMarks], caption };
}

function stripMarks(strips) {
  return strips.map((strip) => makeMark(BACK, strip, false, "source"));
}

function stepCaption(layer, output, reached) {
  const left = outputName(output);
  if (!reached.length) {
    return makeSentence(`${left} reads only zeros, and sends nothing back`, `${left} reads only zeros`, left);
  }
  const where = formatAxisIndices(layer.axes.map((_, axis) => sortedUnique(reached.map((source) => source[axis]))));
  const gathers = `${left} gathers ${where}`;
  const sends = `${gathers}, and sends ${left}`;
  return makeSentence(`${sends} times the weights back to them`, `${sends}·w back`, gathers, left);
}

/** The last rows and the last columns that come from output padding, each as [rows, columns]. */
function outputPaddingStrips({ output, outputPadding }) {
  const [rows, cols] = [1, ...output].slice(-2).map((size) => range(size));
  const [height, width] = [0, ...outputPadding].slice(-2);
  const strips = [[rows.slice(rows.length - height), cols], [rows, cols.slice(cols.length - width)]];
  return strips.filter((_, axis) => [height, width][axis]);
}

/** Show input cells to which nothing returns as zeros. */
function unreadChanges(layer, shown) {
  const readSources = ({ cells }) => new Set(cells.filter((cell) => cell.read).map((cell) => cell.source));
  const read = layer.slidingWindows.map(readSources);
  const isUnread = (index) => !index.every((at, axis) => read[axis].has(at));
  const unread = allIndices(layer.input).filter(isUnread);
  return unread.map((index) => makeChange(BACK, rowAndCol(index), returnedCell(shown, 0)));
}

function legend(transpose) {
  const entries = [["input", "input, and what is sent back"], ["window", "connected cells"], ["output", "output"]];
  const extra = `last ones: output padding a = ${formatPerAxis(transpose.outputPadding)}`;
  if (transpose.outputPadding.some(Boolean)) entries.push(["source", extra]);
  return entries.map((entry) => makeLegendEntry(...entry));
}

/** The size formulas, labelled with the name of the layer. */
function labelledFormulas(layer) {
  const name = layer.transposed ? "transposed" : "conv";
  return formulas(layer).map((formula) => ({ ...formula, label: `${name}, ${formula.label}` }));
}
