/** scatter: the picture from the input's side: at step t, input cell t stamps value × kernel into the output.
 * For a convolution the step shows which output cells the input cell feeds. Twin of convviz/views/scatter.py. */

import { indicesOf, product, sortedOnce } from "../itertools.js";
import { flatIndex } from "../layers/ops.js";
import {
  makeCell, makeChange, makeGroup, makeKey, makeMark, makePanel, makeSign, sentence, turningRow,
} from "../scene/builder.js";
import { inOrder } from "../scene/lazy_scene.js";
import { namedIndices, short, sizesText, valueText } from "../text/formatting.js";
import { formulaOf } from "../text/formulas.js";
import { emptyGrid, rowAndCol, rowsAndCols, shownOf, valueGrid } from "./cell_grids.js";
import { canvasesOf } from "./full_output.js";
import { badgesOf, sizesLine, titleOf } from "./header.js";
import { barePanel } from "./panels.js";

/** The plan of a layer's scene. */
export function scatter(layer, numbers) {
  const canvases = canvasesOf(layer);
  const cells = indicesOf(layer.input);
  const crops = sizesText(canvases.map((canvas) => canvas.size)) !== sizesText(layer.output);
  const count = cells.length + (crops ? 1 : 0);
  const totals = totalsOf(numbers, canvases);
  const stamped = inOrder((index) => stampChanges(layer, shownOf(numbers), canvases, totals, cells[index]));
  const finished = inOrder(() => {
    stamped(cells.length - 1); // all that arrives, arrives before the end
    return finishedChanges(canvases, totals);
  });
  return {
    title: `${titleOf(layer)}, seen from the input`,
    sizes: sizesLine(layer),
    badges: badgesOf(layer),
    body: turningRow(operandsOf(layer, numbers), makeSign("+="), canvasPanel(layer, canvases)),
    legend: legendKeys(layer, canvases),
    formulas: [ruleOf(layer)],
    count,
    wordless: !shownOf(numbers),
    changes: (index) => (index === count - 1 ? finished(0) : stamped(index)),
    rest: (index) =>
      index < cells.length ? stampMarks(layer, numbers, canvases, cells[index]) : cropping(layer, canvases),
  };
}

function operandsOf(layer, numbers) {
  const shown = shownOf(numbers);
  const cells = valueGrid("kernel", layer.kernel, shown && ((index) => shown.w[flatIndex(layer.kernel, index)]));
  const flip = layer.transposed ? "not flipped" : "stamped flipped";
  const kernel = makePanel("kernel", cells, `kernel ${sizesText(layer.kernel)} (${flip})`);
  return makeGroup("row", [barePanel(layer, numbers), makeSign("·"), kernel]);
}

function canvasPanel(layer, canvases) {
  const shape = canvases.map((canvas) => canvas.size);
  const [full, kept] = [sizesText(shape), sizesText(layer.output)];
  const name = full === kept ? `output ${kept}` : `full output ${full}, of which ${kept} are kept`;
  return makePanel("output", emptyGrid(shape), `${name}; overlaps add`);
}

/** What has arrived in each output cell; the bias is there from the start. */
function totalsOf(numbers, canvases) {
  const shape = canvases.map((canvas) => canvas.size);
  const sums = new Map();
  const at = (place) => flatIndex(shape, place);
  const sum = (place) => sums.get(at(place)) ?? 0;
  const text = (place) => (shownOf(numbers) ? valueText(sum(place) + (numbers.bias ?? 0)) : "");
  return { at, text, add: (place, value) => sums.set(at(place), sum(place) + value) };
}

function stampChanges(layer, shown, canvases, totals, cell) {
  const written = new Map();
  for (const arrivals of product(canvases.map((canvas, axis) => canvas.feeds[cell[axis]]))) {
    const place = arrivals.map((arrival) => arrival.place);
    const tap = arrivals.map((arrival) => arrival.tap);
    if (shown) totals.add(place, shown.x[flatIndex(layer.input, cell)] * shown.w[flatIndex(layer.kernel, tap)]);
    written.set(totals.at(place), makeChange(2, rowAndCol(place), makeCell("output", totals.text(place))));
  }
  return [...written.values()];
}

function stampMarks(layer, numbers, canvases, cell) {
  const [row, col] = rowAndCol(cell);
  const spans = spansOf(canvases, cell);
  const marks = [makeMark(0, [[row], [col]])];
  if (spans.every((span) => span.length)) marks.push(makeMark(2, rowsAndCols(spans), true));
  return { marks, caption: inputLine(layer, numbers, canvases, cell) };
}

function spansOf(canvases, cell) {
  return canvases.map((canvas, axis) => sortedOnce(canvas.feeds[cell[axis]].map(({ place }) => place)));
}

/** `x[1,1] = 1 stamps rows 2–4, columns 2–4`. */
export function inputLine(layer, numbers, canvases, cell) {
  const shown = shownOf(numbers);
  const name = `x[${cell.join()}]`;
  const value = shown ? ` = ${valueText(shown.x[flatIndex(layer.input, cell)])}` : "";
  const spans = spansOf(canvases, cell);
  if (!spans.every((span) => span.length)) {
    return sentence(`${name}${value} is read by no output`, `${name} feeds nothing`, name);
  }
  const does = `${layer.transposed ? "stamps" : "feeds"} ${namedIndices(spans)}`;
  const strides = layer.transposed && layer.stride.some((stride) => stride !== 1);
  const tail = strides ? `: a stride of ${short(layer.stride)} moves the stamp, not a window` : " of the output";
  return sentence(`${name}${value} ${does}${tail}`, `${name}${value} ${does}`, `${name} ${does}`, name);
}

/** The step in which padding crops the border, and output padding gives cells back at the end. */
function cropping(layer, canvases) {
  const [full, kept] = [sizesText(canvases.map((canvas) => canvas.size)), sizesText(layer.output)];
  const plain = `padding crops the full output ${full} to ${kept}`;
  const words = `padding and output padding keep ${kept} of the full output ${full}`;
  return { caption: sentence(layer.outputPadding.some(Boolean) ? words : plain, `cropped to ${kept}`, "cropped") };
}

/** The last frame: cropped cells faded, and cells that nothing reached written as what they are. */
function finishedChanges(canvases, totals) {
  const isOn = ({ first, kept }, at) => at >= first && at < first + kept;
  const isKept = (place) => place.every((at, axis) => isOn(canvases[axis], at));
  return indicesOf(canvases.map((canvas) => canvas.size)).map((place) =>
    makeChange(2, rowAndCol(place), makeCell("output", totals.text(place), !isKept(place))),
  );
}

function legendKeys(layer, canvases) {
  const window = layer.transposed ? "stamp" : "fed by this cell";
  const operands = [makeKey("input", "input"), makeKey("kernel", "kernel")];
  const keys = [...operands, makeKey("window", window), makeKey("output", "output")];
  const cropped = canvases.some((canvas) => canvas.size !== canvas.kept);
  return cropped ? [...keys, makeKey("output", "cropped", true)] : keys;
}

/** The rule of the stamp. */
function ruleOf(layer) {
  const names = ["m", "n"].slice(0, layer.axes.length);
  const taps = ["u", "v"].slice(0, layer.axes.length);
  const offset = layer.transposed ? "" : " − p";
  const places = names.map((name, axis) => `s·${name}${offset} + ${layer.dilation[axis] > 1 ? "d·" : ""}${taps[axis]}`);
  const [from, to] = layer.transposed ? [names, places] : [places, names];
  return formulaOf("", `y[${to.join(", ")}] += x[${from.join(", ")}]·w[${taps.join(", ")}]`);
}
