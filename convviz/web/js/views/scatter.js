/** scatter: the layer from the input's side. At each step one input cell adds value × kernel (a stamp) to the output;
 * for a convolution the step shows which output cells the input cell feeds. Twin of convviz/views/scatter.py. */

import { allIndices, range } from "../itertools.js";
import { memoizeInOrder } from "../memoize.js";
import {
  filledGrid, makeCell, makeChange, makeGroup, makeLegendEntry, makeMark, makeOperator, makePanel, turningRow,
} from "../scene/builder.js";
import { tells } from "../scene/timing.js";
import { formatCell, formatSizes } from "../text/formatting.js";
import { makeSentence } from "../text/lines.js";
import { kernelBrackets } from "./brackets.js";
import { emptyGrid, rowAndCol, rowsAndCols, visibleValues } from "./cell_grids.js";
import { fullOutput } from "./full_output.js";
import { biasText, layerBadges, layerTitle, sizesSummary } from "./header.js";
import { plainInputPanel, unflippedKernel } from "./panels.js";
import { scatterRules, stampCaption, stampSpans, valueText } from "./scatter_text.js";
import { addProduct, stampPlaces, Totals, totalsNotation } from "./scatter_totals.js";
import { keptBrackets } from "./size_brackets.js";
import {
  factorText, momentNames, momentsOf, productChanges, showsStamp, stampNotation, stampPanel, sumText,
} from "./stamp.js";

const INPUT = 0;

/** Return the plan of a scene. */
export function scatter(layer, values, timing) {
  const full = fullOutput(layer);
  const cells = allIndices(layer.input);
  const crops = formatSizes(full.map(({ size }) => size)) !== formatSizes(layer.output);
  const count = cells.length + (crops ? 1 : 0);
  const totals = new Totals(values, full, totalsNotation(layer, visibleValues(values), full));
  const shown = visibleValues(values);
  const hasStamp = showsStamp(layer, values, full);
  const target = hasStamp ? 3 : 2;
  const notation = hasStamp ? stampNotation(shown) : "decimal";
  const made = (index) =>
    hasStamp && index < cells.length ? productChanges(layer, shown, cells[index], notation) : [];
  const stamps = memoizeInOrder((index) => stampOn(layer, shown, { full, totals, target }, cells[index]));
  const finish = memoizeInOrder(() => stamps(cells.length - 1) && finalChanges(full, totals, target)); // after stamps
  const names = momentNames(values, hasStamp);
  const details = (index) =>
    index < cells.length ? stampDetails(layer, values, full, cells[index], target) : cropDetails(layer, full, target);
  return {
    title: `${layerTitle(layer)}, seen from the input`,
    sizes: sizesSummary(layer),
    badges: layerBadges(layer),
    body: turningRow(operands(layer, values, hasStamp), makeOperator("+="), fullOutputPanel(layer, values, full)),
    legend: legend(layer, full),
    formulas: scatterRules(layer, values),
    count,
    textless: !visibleValues(values),
    changes: (index) => [...made(index), ...(index === count - 1 ? finish(0) : stamps(index).written)],
    details,
    moments: tells(timing) ? names : [],
    story: {
      moments: (index) => {
        const factor = factorText(layer, shown, cells[index]);
        const value = shown ? valueText(shown.x[index], shown.xNotation) : "";
        return momentsOf({ ...stamps(index), ...details(index), made: made(index), factor, value }, names);
      },
      row: layer.input.length > 1 ? layer.input.at(-1) : 0,
      after: count - cells.length,
    },
  };
}

function operands(layer, values, hasStamp) {
  const flip = layer.transposed ? " (not flipped)" : " (stamped flipped)";
  const kernel = { ...unflippedKernel(layer, values, flip), brackets: kernelBrackets(layer) };
  const below = hasStamp ? makeGroup("column", [kernel, stampPanel(layer)], { mayTurn: true }) : kernel;
  return makeGroup("row", [plainInputPanel(layer, values), makeOperator("·"), below]);
}

function fullOutputPanel(layer, values, full) {
  const shape = full.map(({ size }) => size);
  const [fullSizes, kept] = [formatSizes(shape), formatSizes(layer.output)];
  const name = fullSizes === kept ? `output ${kept}` : `full output ${fullSizes}, of which ${kept} are kept`;
  const bias = biasText(values);
  const start = bias.replace(/^bias ?/, "");
  const cells = start ? filledGrid(...[1, ...shape].slice(-2), makeCell("empty", start)) : emptyGrid(shape);
  const caption = `${name}; ${bias ? `cells start at the ${bias}, ` : ""}overlaps add`;
  return { ...makePanel("output", cells, caption), brackets: keptBrackets(layer, full) };
}

/** Add a stamp to the output; return {written, sums, overlaps}, see `momentsOf`. */
function stampOn(layer, shown, { full, totals, target }, cell) {
  const [changes, met] = [new Map(), new Map()];
  for (const { place, tap } of stampPlaces(full, cell)) {
    const key = rowAndCol(place).join();
    if (!met.has(key)) met.set(key, { text: totals.textSoFar(place), count: totals.count(place), added: 0 });
    if (shown) met.get(key).added += addProduct(layer, shown, totals, { cell, place, tap });
    changes.set(key, makeChange(target, rowAndCol(place), makeCell("output", totals.text(place))));
  }
  const places = [...met].filter(([, { text }]) => text).sort(([, one], [, other]) => !one.count - !other.count);
  const sums = places.map(([key, { text, added }]) => [key, sumText(text, formatCell(added, totals.notation))]);
  const overlaps = [...met.values()].some(({ count }) => count);
  return { written: [...changes.values()], sums: new Map(sums), overlaps };
}

function stampDetails(layer, values, full, cell, target) {
  const spans = stampSpans(full, cell);
  const marks = [makeMark(INPUT, rowAndCol(cell).map((at) => [at])), ...keptMarks(full, target)];
  if (spans.every((span) => span.length)) marks.push(makeMark(target, rowsAndCols(spans), true));
  return { marks, caption: stampCaption(layer, values, full, cell) };
}

/** Frame the part of the full output that is kept, if another part is cropped. */
function keptMarks(full, target) {
  if (full.every(({ size, kept }) => size === kept)) return [];
  const kept = full.map(({ first, kept: count }) => range(count, first));
  return [makeMark(target, rowsAndCols(kept), false, "kept")];
}

/** The step in which padding crops the border, and output padding keeps some cells at the end. */
function cropDetails(layer, full, target) {
  const [fullSizes, kept] = [formatSizes(full.map(({ size }) => size)), formatSizes(layer.output)];
  const cropped = `padding crops the full output ${fullSizes} to ${kept}`;
  const extended = `padding and output padding keep ${kept} of the full output ${fullSizes}`;
  const words = layer.outputPadding.some(Boolean) ? extended : cropped;
  return { marks: keptMarks(full, target), caption: makeSentence(words, `cropped to ${kept}`, "cropped") };
}

/** The changes of the last frame: cropped cells are faded, and cells without contributions get their value. */
function finalChanges(full, totals, target) {
  const isInside = ({ first, kept }, at) => at >= first && at < first + kept;
  const isKept = (place) => place.every((at, axis) => isInside(full[axis], at));
  return allIndices(totals.shape).map((place) =>
    makeChange(target, rowAndCol(place), makeCell("output", totals.text(place), !isKept(place))),
  );
}

function legend(layer, full) {
  const window = layer.transposed ? "stamp" : "fed by this cell";
  const entries = [["input", "input"], ["kernel", "kernel"], ["window", window], ["output", "output"]];
  if (full.some(({ size, kept }) => size !== kept)) entries.push(["kept", "kept"], ["output", "cropped", true]);
  return entries.map((entry) => makeLegendEntry(...entry));
}
