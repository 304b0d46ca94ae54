/** scatter: the layer from the input's side. At each step one input cell adds value × kernel (a stamp) to the output;
 * for a convolution the step shows which output cells the input cell feeds. Twin of convviz/views/scatter.py. */

import { allIndices, product } from "../itertools.js";
import { notationOf } from "../layers/number_notation.js";
import { flatIndex } from "../layers/ops.js";
import { memoizeInOrder } from "../memoize.js";
import {
  makeCell, makeChange, makeGroup, makeLegendEntry, makeMark, makeOperator, makePanel, turningRow,
} from "../scene/builder.js";
import { formatCell, formatSizes } from "../text/formatting.js";
import { makeSentence } from "../text/lines.js";
import { emptyGrid, rowAndCol, rowsAndCols, visibleValues } from "./cell_grids.js";
import { fullOutput } from "./full_output.js";
import { biasText, layerBadges, layerTitle, sizesSummary } from "./header.js";
import { plainInputPanel, unflippedKernel } from "./panels.js";
import { scatterRules, stampCaption, stampSpans } from "./scatter_text.js";

const [INPUT, OUTPUT] = [0, 2];

/** Return the plan of a scene. */
export function scatter(layer, values) {
  const full = fullOutput(layer);
  const cells = allIndices(layer.input);
  const crops = formatSizes(full.map(({ size }) => size)) !== formatSizes(layer.output);
  const count = cells.length + (crops ? 1 : 0);
  const totals = new Totals(values, full, totalsNotation(layer, visibleValues(values), full));
  const stamps = memoizeInOrder((index) => stampChanges(layer, visibleValues(values), full, totals, cells[index]));
  const finish = memoizeInOrder(() => stamps(cells.length - 1) && finalChanges(full, totals)); // after all stamps
  return {
    title: `${layerTitle(layer)}, seen from the input`,
    sizes: sizesSummary(layer),
    badges: layerBadges(layer),
    body: turningRow(operands(layer, values), makeOperator("+="), fullOutputPanel(layer, values, full)),
    legend: legend(layer, full),
    formulas: scatterRules(layer, values),
    count,
    textless: !visibleValues(values),
    changes: (index) => (index === count - 1 ? finish(0) : stamps(index)),
    details: (index) =>
      index < cells.length ? stampDetails(layer, values, full, cells[index]) : cropDetails(layer, full),
  };
}

function operands(layer, values) {
  const kernel = unflippedKernel(layer, values, layer.transposed ? " (not flipped)" : " (stamped flipped)");
  return makeGroup("row", [plainInputPanel(layer, values), makeOperator("·"), kernel]);
}

function fullOutputPanel(layer, values, full) {
  const shape = full.map(({ size }) => size);
  const [fullSizes, kept] = [formatSizes(shape), formatSizes(layer.output)];
  const name = fullSizes === kept ? `output ${kept}` : `full output ${fullSizes}, of which ${kept} are kept`;
  const bias = biasText(values);
  return makePanel("output", emptyGrid(shape), `${name}; overlaps add${bias ? ` to the ${bias}` : ""}`);
}

/** The sums of the contributions so far in the full output; the bias is there from the start. */
class Totals {
  #sums = new Map();

  constructor(values, full, notation = "decimal") {
    Object.assign(this, { values, notation });
    this.shape = full.map(({ size }) => size);
  }

  add(place, value) {
    this.#sums.set(flatIndex(this.shape, place), this.#sum(place) + value);
  }

  text(place) {
    return visibleValues(this.values) ? formatCell(this.value(place), this.notation) : "";
  }

  value(place) {
    return this.#sum(place) + (this.values.bias ?? 0);
  }

  #sum(place) {
    return this.#sums.get(flatIndex(this.shape, place)) ?? 0;
  }
}

/** The notation of all totals, of each step. */
function totalsNotation(layer, shown, full) {
  if (!shown || shown.isWhole) return "decimal";
  const totals = new Totals(shown, full);
  const found = allIndices(layer.input).flatMap((cell) =>
    stampPlaces(full, cell).map(({ place, tap }) => {
      addProduct(layer, shown, totals, { cell, place, tap });
      return totals.value(place);
    }),
  );
  return notationOf([...found, ...allIndices(totals.shape).map((place) => totals.value(place))]);
}

/** The places of the full output that an input cell reaches, each with the kernel index: [{place, tap}]. */
function stampPlaces(full, cell) {
  const arrivals = product(full.map((axis, index) => axis.arrivals[cell[index]]));
  return arrivals.map((axes) => ({ place: axes.map((one) => one.place), tap: axes.map((one) => one.tap) }));
}

function addProduct(layer, shown, totals, { cell, place, tap }) {
  totals.add(place, shown.x[flatIndex(layer.input, cell)] * shown.w[flatIndex(layer.kernel, tap)]);
}

function stampChanges(layer, shown, full, totals, cell) {
  const changes = new Map();
  for (const { place, tap } of stampPlaces(full, cell)) {
    if (shown) addProduct(layer, shown, totals, { cell, place, tap });
    changes.set(place.join(), makeChange(OUTPUT, rowAndCol(place), makeCell("output", totals.text(place))));
  }
  return [...changes.values()];
}

function stampDetails(layer, values, full, cell) {
  const spans = stampSpans(full, cell);
  const marks = [makeMark(INPUT, rowAndCol(cell).map((at) => [at]))];
  if (spans.every((span) => span.length)) marks.push(makeMark(OUTPUT, rowsAndCols(spans), true));
  return { marks, caption: stampCaption(layer, values, full, cell) };
}

/** The step in which padding crops the border, and output padding keeps some cells at the end. */
function cropDetails(layer, full) {
  const [fullSizes, kept] = [formatSizes(full.map(({ size }) => size)), formatSizes(layer.output)];
  const cropped = `padding crops the full output ${fullSizes} to ${kept}`;
  const extended = `padding and output padding keep ${kept} of the full output ${fullSizes}`;
  const words = layer.outputPadding.some(Boolean) ? extended : cropped;
  return { caption: makeSentence(words, `cropped to ${kept}`, "cropped") };
}

/** The changes of the last frame: cropped cells are faded, and cells without contributions get their value. */
function finalChanges(full, totals) {
  const isInside = ({ first, kept }, at) => at >= first && at < first + kept;
  const isKept = (place) => place.every((at, axis) => isInside(full[axis], at));
  return allIndices(totals.shape).map((place) =>
    makeChange(OUTPUT, rowAndCol(place), makeCell("output", totals.text(place), !isKept(place))),
  );
}

function legend(layer, full) {
  const window = layer.transposed ? "stamp" : "fed by this cell";
  const entries = [["input", "input"], ["kernel", "kernel"], ["window", window], ["output", "output"]];
  if (full.some(({ size, kept }) => size !== kept)) entries.push(["output", "cropped", true]);
  return entries.map((entry) => makeLegendEntry(...entry));
}
