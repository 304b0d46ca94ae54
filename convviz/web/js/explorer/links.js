/** Which cells of the picture are linked to a cell, in every view. */

import { product } from "../itertools.js";
import { flatIndex } from "../layers/ops.js";
import { panelsOf } from "../scene/model.js";
import { backwardCaption, backwardPanels, backwardSpans } from "./link_backward.js";
import { countCaption, countPanels, countSpans } from "./link_counts.js";
import { gridPanel, LinkPanel, slidePanels, stepsPanels } from "./link_panels.js";
import { cachedFullOutput, joinedSpans, linkedSpans, stampedSpans } from "./link_scatter.js";
import { cellCaption, entryCaption, isEmpty, returnCaption, stampedCaption, weightsBetween } from "./link_text.js";

const windowLinks = { spans: windowSpans, caption: cellCaption };

/** View → its panels, the spans of each grid that are linked to a cell (may be a list), and the caption of a cell. */
const VIEW_LINKS = {
  slide: { panels: slidePanels, ...windowLinks },
  steps: { panels: stepsPanels, ...windowLinks },
  scatter: { panels: scatterPanels, spans: stampedSpans, caption: stampedCaption },
  matrix: { panels: matrixPanels, spans: matrixSpans, caption: matrixCaption },
  overlap: { panels: countPanels, spans: countSpans, caption: countCaption },
  pair: { panels: pairPanels, spans: pairSpans, caption: pairCaption },
  backward: { panels: backwardPanels, spans: backwardSpans(windowSpans), caption: backwardCaption },
};

/**
 * Return what a cell {panel, row, col} is linked to at a moment {lazyScene, step}, {blocks, caption}, or null if there
 * is no cell. A block {panel, rows, cols, own} is all cells of a panel in these rows and columns that the cell depends
 * on or feeds; the last block is the cell itself.
 */
export function linkedBlocks(view, layer, values, { panel, row, col }, moment) {
  const { spans, caption } = VIEW_LINKS[view];
  const panels = linkPanels(view, layer, moment);
  const index = panels[panel]?.indexAt(row, col) ?? null;
  if (!index) return null;
  const found = [spans(layer, panels[panel].grid, index)].flat();
  const blocks = found.flatMap((linked) => panels.flatMap((other, at) => {
    const [rows, cols] = other.cellsAt(linked[other.grid] ?? [[], []].slice(-other.positions.length));
    const isCellAlone = at === panel && rows.length * cols.length === 1 && rows[0] === row && cols[0] === col;
    return rows.length && cols.length && !isCellAlone ? [{ panel: at, rows, cols, own: false }] : [];
  }));
  const own = { panel, rows: [row], cols: [col], own: true };
  return { blocks: [...blocks, own], caption: caption(layer, values, panels[panel].grid, index) };
}

/** List the LinkPanels of a view at a moment {lazyScene, step}. */
export function linkPanels(view, layer, moment) {
  return VIEW_LINKS[view].panels(layer, moment);
}

/** Link an input cell through all padding that repeats it, and such padding to the cell that it repeats. */
function windowSpans(layer, grid, index) {
  const spans = linkedSpans(layer, grid, index);
  if (grid !== "padded" || isEmpty(spans.input)) return spans;
  const source = spans.input.flat();
  const isCopy = index.some((position, axis) => layer.slidingWindows[axis].cells[position].kind !== "input");
  if (!isCopy) return linkedSpans(layer, "input", source);
  return { ...spans, padded: source.map((cell, axis) => [layer.slidingWindows[axis].offset + cell]) };
}

function scatterPanels(layer, { lazyScene }) {
  const full = cachedFullOutput(layer).map(({ size }) => size);
  const hasStamp = panelsOf(lazyScene.scene.body).length > 3;
  const stamp = hasStamp ? [new LinkPanel("stamp", layer.kernel.map(() => []))] : [];
  return [gridPanel("input", layer.input), gridPanel("kernel", layer.kernel), ...stamp, gridPanel("full", full)];
}

/** x as a row, C, a corner, y as a column; Cᵀ, x, y. */
function matrixPanels(layer) {
  const [inputs, outputs] = [layer.input, layer.output].map((shape) => shape.reduce((total, size) => total * size));
  return [
    gridPanel("xRow", [1, inputs]),
    gridPanel("matrix", [outputs, inputs]),
    new LinkPanel("corner", [[], []]),
    gridPanel("yColumn", [outputs, 1]),
    gridPanel("transposed", [inputs, outputs]),
    gridPanel("input", layer.input),
    gridPanel("output", layer.output),
  ];
}

/** The input cell and the output cell that a cell of the matrix view belongs to. */
function matrixEnds(layer, grid, index) {
  const [row, col] = index;
  if (grid === "input") return { input: index };
  if (grid === "output") return { output: index };
  const input = (flat) => unflattened(layer.input, flat);
  const output = (flat) => unflattened(layer.output, flat);
  if (grid === "xRow") return { input: input(col) };
  if (grid === "yColumn") return { output: output(row) };
  return grid === "matrix" ? { input: input(col), output: output(row) } : { input: input(row), output: output(col) };
}

function matrixSpans(layer, grid, index) {
  const { input, output } = matrixEnds(layer, grid, index);
  const isEntry = input && output;
  const ends = isEntry ? { input: spansOf(input), output: spansOf(output) } : pairEnds(layer, { input, output });
  const [x, y] = [flatSpan(layer.input, ends.input), flatSpan(layer.output, ends.output)];
  const isZero = isEntry && !weightsBetween(layer, input, output).length;
  const entries = { matrix: [y, x], transposed: [x, y] };
  return isZero ? entries : { ...entries, ...ends, xRow: [[0], x], yColumn: [y, [0]] };
}

function matrixCaption(layer, values, grid, index) {
  const { input, output } = matrixEnds(layer, grid, index);
  if (input && output) return entryCaption(layer, values, input, output, grid === "transposed");
  return input ? cellCaption(layer, values, "input", input) : cellCaption(layer, values, "output", output);
}

function pairPanels(layer) {
  const grids = { input: layer.input, output: layer.output, back: layer.input, kernel: layer.kernel };
  return Object.entries(grids).map(([grid, shape]) => gridPanel(grid, shape));
}

/** The cells that an output reads, and to which it returns its value. */
function pairSpans(layer, grid, index) {
  if (grid === "kernel") return pairKernelSpans(layer, index);
  const ends = pairEnds(layer, grid === "output" ? { output: index } : { input: index });
  return isEmpty(ends.output) || isEmpty(ends.input) ? {} : { ...ends, back: ends.input };
}

/** The cells that a weight joins. */
function pairKernelSpans(layer, index) {
  const { input, output } = joinedSpans(layer, "kernel", index);
  return isEmpty(input) || isEmpty(output) ? {} : { input, output, back: input };
}

function pairCaption(layer, values, grid, index) {
  return grid === "back" ? returnCaption(layer, values, index) : cellCaption(layer, values, grid, index);
}

/** The spans of input and output that are joined by weights to the one cell that is given. */
function pairEnds(layer, { input, output }) {
  const spans = input ? linkedSpans(layer, "input", input) : linkedSpans(layer, "output", output);
  return { input: spans.input, output: spans.output };
}

function spansOf(index) {
  return index.map((at) => [at]);
}

function flatSpan(shape, spans) {
  return product(spans).map((index) => flatIndex(shape, index));
}

function unflattened(shape, flat) {
  const width = shape.at(-1);
  return [Math.floor(flat / width), flat % width].slice(-shape.length);
}
