/** Which cells of the picture are linked to one of them, in every view. */

import { product } from "../itertools.js";
import { flatIndex } from "../layers/ops.js";
import { countLine, countPanels, countSpans } from "./link_counts.js";
import { plainly, Shown, slidePanels, stepsPanels } from "./link_panels.js";
import { canvases, linkedSpans, stampedSpans } from "./link_scatter.js";
import { backLine, cellLine, entryLine, isEmpty, stampLine, weightsBetween } from "./link_text.js";

const windows = { spans: windowSpans, line: cellLine };

/** For each view: its panels, the spans of each grid that are linked to a cell, and the line of a cell. */
const VIEW_LINKS = {
  slide: { panels: slidePanels, ...windows },
  steps: { panels: stepsPanels, ...windows },
  scatter: { panels: scatterPanels, spans: stampedSpans, line: stampLine },
  matrix: { panels: matrixPanels, spans: matrixSpans, line: matrixLine },
  overlap: { panels: countPanels, spans: countSpans, line: countLine },
  pair: { panels: pairPanels, spans: pairSpans, line: pairCellLine },
};

/** Whether cells of a view are linked. */
export function isLinked(view) {
  return Object.hasOwn(VIEW_LINKS, view);
}

/** What a cell {panel, row, col} is linked to at a moment {film, step}: {blocks, line}, or null where no cell stands.
 * A block {panel, rows, cols, own} is all cells of a panel in these rows and columns: those that the cell depends on or
 * feeds; the last block is the cell itself. The line says what the cell is. */
export function linked(view, layer, numbers, { panel, row, col }, moment) {
  const { spans, line } = VIEW_LINKS[view];
  const panels = standing(view, layer, moment);
  const index = panels[panel]?.indexAt(row, col) ?? null;
  if (!index) return null;
  const found = spans(layer, panels[panel].name, index);
  const blocks = panels.flatMap((shown, at) => {
    const [rows, cols] = shown.placesOf(found[shown.name] ?? [[], []].slice(-shown.stands.length));
    const isOnly = at === panel && rows.length * cols.length === 1 && rows[0] === row && cols[0] === col;
    return rows.length && cols.length && !isOnly ? [{ panel: at, rows, cols, own: false }] : [];
  });
  const own = { panel, rows: [row], cols: [col], own: true };
  return { blocks: [...blocks, own], line: line(layer, numbers, panels[panel].name, index) };
}

/** For each panel of a view the grid that it shows and where its cells stand at a moment. */
export function standing(view, layer, moment) {
  return VIEW_LINKS[view].panels(layer, moment);
}

/** Where padding repeats the input, an input cell is linked through all its copies, and a copy to what it repeats. */
function windowSpans(layer, name, index) {
  const spans = linkedSpans(layer, name, index);
  if (name !== "padded" || isEmpty(spans.input)) return spans;
  const source = spans.input.flat();
  const isCopy = index.some((place, axis) => layer.tracks[axis].cells[place].kind !== "input");
  if (!isCopy) return linkedSpans(layer, "input", source);
  return { ...spans, padded: source.map((cell, axis) => [layer.tracks[axis].offset + cell]) };
}

function scatterPanels(layer) {
  const full = canvases(layer).map(({ size }) => size);
  return [plainly("input", layer.input), plainly("kernel", layer.kernel), plainly("full", full)];
}

/** x as a line, C, a corner, y as a line; Cᵀ, x, y. */
function matrixPanels(layer) {
  const [inputs, outputs] = [layer.input, layer.output].map((shape) => shape.reduce((all, size) => all * size));
  return [
    plainly("xLine", [1, inputs]),
    plainly("entry", [outputs, inputs]),
    new Shown("corner", [[], []]),
    plainly("yLine", [outputs, 1]),
    plainly("turned", [inputs, outputs]),
    plainly("input", layer.input),
    plainly("output", layer.output),
  ];
}

/** Input and output cell that a cell of the matrix view stands for. */
function joined(layer, name, index) {
  const [row, col] = index;
  if (name === "input") return { input: index };
  if (name === "output") return { output: index };
  const input = (flat) => placeOf(layer.input, flat);
  const output = (flat) => placeOf(layer.output, flat);
  if (name === "xLine") return { input: input(col) };
  if (name === "yLine") return { output: output(row) };
  return name === "entry" ? { input: input(col), output: output(row) } : { input: input(row), output: output(col) };
}

function matrixSpans(layer, name, index) {
  const { input, output } = joined(layer, name, index);
  const ends = input && output ? { input: singly(input), output: singly(output) } : pairEnds(layer, { input, output });
  const [x, y] = [flatSpan(layer.input, ends.input), flatSpan(layer.output, ends.output)];
  const isZero = input && output && !weightsBetween(layer, input, output).length;
  const same = { entry: [y, x], turned: [x, y] };
  return isZero ? same : { ...same, ...ends, xLine: [[0], x], yLine: [y, [0]] };
}

function matrixLine(layer, numbers, name, index) {
  const { input, output } = joined(layer, name, index);
  if (input && output) return entryLine(layer, numbers, input, output, name === "turned");
  return input ? cellLine(layer, numbers, "input", input) : cellLine(layer, numbers, "output", output);
}

function pairPanels(layer) {
  return [plainly("input", layer.input), plainly("output", layer.output), plainly("back", layer.input)];
}

/** What an output gathers, and sends back to the same cells. */
function pairSpans(layer, name, index) {
  const ends = pairEnds(layer, name === "output" ? { output: index } : { input: index });
  return isEmpty(ends.output) || isEmpty(ends.input) ? {} : { ...ends, back: ends.input };
}

function pairCellLine(layer, numbers, name, index) {
  return name === "back" ? backLine(layer, numbers, index) : cellLine(layer, numbers, name, index);
}

/** Input and output cells that are joined by weights, one of the two given. */
function pairEnds(layer, { input, output }) {
  const spans = input ? linkedSpans(layer, "input", input) : linkedSpans(layer, "output", output);
  return { input: spans.input, output: spans.output };
}

function singly(index) {
  return index.map((at) => [at]);
}

function flatSpan(shape, spans) {
  return product(spans).map((index) => flatIndex(shape, index));
}

function placeOf(shape, flat) {
  const wide = shape.at(-1);
  return [Math.floor(flat / wide), flat % wide].slice(-shape.length);
}
