/** Which cells belong together: for a cell of one grid, the cells of the others that it depends on or feeds.
 *
 * The grids are `input` (as it is), `padded` (zero-inserted and padded, as the window sees it), `kernel` (as it was
 * given, not flipped) and `output`. Everything is the product of its axes. */

import { roleOf, shownOf } from "./grids.js";
import { sortedOnce, stepLine } from "./lines.js";
import { flatIndex } from "./numbers.js";
import { sentence } from "./parts.js";
import { canvasesOf, inputLine } from "./scatter.js";
import { product } from "./track.js";
import { namedIndices, valueText } from "./words.js";

/** The grids that are linked. */
export const LINKED = ["input", "padded", "kernel", "output"];

/** For the cell `index` of the grid `panel`: {input, padded, kernel, output}, lists of indices in reading order; the
 * grid itself is left out. */
export function linkedCells(layer, panel, index) {
  const spans = linkedSpans(layer, panel, index);
  const others = LINKED.filter((name) => name !== panel);
  return Object.fromEntries(others.map((name) => [name, product(spans.map((span) => span[name]))]));
}

/** The outputs that read an input cell: all of them, none for a cell that the floor drops. */
export function outputsReading(layer, cell) {
  return linkedCells(layer, "input", cell).output;
}

/** The input cells that an output cell reads. */
export function inputsOf(layer, output) {
  return linkedCells(layer, "output", output).input;
}

/** What a cell is and does, as the line below the picture. */
export function cellLine(layer, numbers, panel, index) {
  if (panel === "output") return stepLine(layer, index, numbers);
  if (panel === "input") return inputLine(layer, numbers, canvasesOf(layer), index);
  return panel === "kernel" ? weightLine(layer, numbers, index) : paddedLine(layer, numbers, index);
}

/** For each axis the linked cells of each grid. */
function linkedSpans(layer, panel, index) {
  return layer.tracks.map((track, axis) => {
    const met = meetings(track).filter((meeting) => meeting[panel] === index[axis]);
    const span = Object.fromEntries(LINKED.map((name) => [name, entriesOf(met, name)]));
    return withUnread(span, track, panel, index[axis]);
  });
}

/** Where window, kernel and line of an axis meet: {output, padded, kernel, input}; input is null for a zero. */
function meetings(track) {
  const found = [];
  for (let output = 0; output < track.outputs; output++) {
    track.taps(output).forEach((padded, tap) => {
      found.push({ output, padded, kernel: track.weight(tap), input: track.cells[padded].source });
    });
  }
  return found;
}

function entriesOf(met, name) {
  return sortedOnce(met.map((meeting) => meeting[name]).filter((entry) => entry !== null));
}

/** An input cell stands in the padded line even where no window reads it. */
function withUnread(span, track, panel, index) {
  if (panel === "input") {
    return { ...span, padded: [...track.cells.keys()].filter((place) => track.cells[place].source === index) };
  }
  if (panel !== "padded") return span;
  const { source } = track.cells[index];
  return { ...span, input: source === null ? [] : [source] };
}

/** `w[0,1] = 2 weighs rows 0–2, columns 1–3 of the input`. */
function weightLine(layer, numbers, index) {
  const shown = shownOf(numbers);
  const name = `w[${index.join()}]${shown ? ` = ${valueText(shown.w[flatIndex(layer.kernel, index)])}` : ""}`;
  const spans = linkedSpans(layer, "kernel", index).map((span) => span.input);
  if (!spans.every((span) => span.length)) return sentence(`${name} weighs only zeros`, name);
  return sentence(`${name} weighs ${namedIndices(spans)} of the input`, name);
}

/** What stands in a cell of the padded input: the input cell that it is or repeats, or a zero and who reads it. */
function paddedLine(layer, numbers, place) {
  const cells = place.map((at, axis) => layer.tracks[axis].cells[at]);
  if (cells.every((cell) => cell.source !== null)) {
    return inputLine(layer, numbers, canvasesOf(layer), cells.map((cell) => cell.source));
  }
  const name = roleOf(cells) === "inserted" ? "an inserted zero" : "a zero of the padding";
  const spans = linkedSpans(layer, "padded", place).map((span) => span.output);
  if (!spans.every((span) => span.length)) return sentence(`${name} is read by no output`, name);
  return sentence(`${name} is read by ${namedIndices(spans)} of the output`, name);
}
