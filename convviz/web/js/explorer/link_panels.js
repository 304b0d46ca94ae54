/** Which grid each panel of a view shows, and where its cells are at a step. */

import { range, sortedUnique } from "../itertools.js";
import { memoize } from "../memoize.js";
import { hasProducts, PRODUCTS } from "../scene/left_out.js";
import { panelsOf } from "../scene/model.js";
import { rowsAndCols } from "../views/cell_grids.js";
import { middleColumn } from "../views/lanes.js";

/**
 * A panel that shows a grid. `positions` holds for each axis the row or column of each index, or null for indices that
 * are not shown.
 */
export class LinkPanel {
  constructor(grid, positions) {
    Object.assign(this, { grid, positions });
  }

  /** The [rows, columns] with cells, in ascending order. */
  get cells() {
    return this.cellsAt(this.positions.map((positions) => range(positions.length)));
  }

  /** Return the index of the cell at a row and a column, or null. */
  indexAt(row, col) {
    const { positions } = this;
    const index = [row, col].slice(-positions.length).map((position, axis) => positions[axis].indexOf(position));
    return index.includes(-1) || (positions.length === 1 && row) ? null : index;
  }

  /** Return the [rows, columns] of spans of indices. */
  cellsAt(spans) {
    const isShown = (position) => (position ?? null) !== null;
    const shown = (span, axis) => span.map((index) => this.positions[axis][index]).filter(isShown);
    return rowsAndCols(spans.map((span, axis) => sortedUnique(shown(span, axis))));
  }

  /** Return this panel without the rows and columns whose cells `isShown(row, col)` rejects. */
  filtered(isShown) {
    const [rows, cols] = this.cells;
    const shownRows = rows.filter((row) => cols.some((col) => isShown(row, col)));
    const shownCols = cols.filter((col) => rows.some((row) => isShown(row, col)));
    const shown = [shownRows, shownCols].slice(-this.positions.length);
    const keep = (positions, axis) => positions.map((position) => (shown[axis].includes(position) ? position : null));
    return new LinkPanel(this.grid, this.positions.map(keep));
  }
}

/** Return a panel that shows a grid of this shape as it is. */
export function gridPanel(grid, shape) {
  return new LinkPanel(grid, shape.map((size) => range(size)));
}

/** The kernel in the order of the window's taps. */
function appliedKernelPanel({ slidingWindows }) {
  const taps = (slidingWindow) => range(slidingWindow.kernel).map((tap) => slidingWindow.kernelIndex(tap));
  return new LinkPanel("kernel", slidingWindows.map(taps));
}

function paddedPanel({ slidingWindows }) {
  return gridPanel("padded", slidingWindows.map((slidingWindow) => slidingWindow.size));
}

/** List the panels of the slide view. */
export function slidePanels(layer, { lazyScene, step }) {
  if (layer.axes.length === 1) return lanePanels(layer, step);
  const products = hasProducts(lazyScene.scene) ? [new LinkPanel(PRODUCTS, [[], []])] : [];
  return [paddedPanel(layer), appliedKernelPanel(layer), ...products, gridPanel("output", layer.output)];
}

/** The lanes of a 1-D layer: the kernel moves with its window, outputs are below the middle of theirs. */
function lanePanels(layer, step) {
  const [slidingWindow] = layer.slidingWindows;
  const { kernel: size, outputs, offset, zeroInsertedSize, input, gap } = slidingWindow;
  const taps = slidingWindow.taps(step);
  const kernel = range(size).map((weight) => taps[slidingWindow.kernelIndex(weight)]);
  const output = range(outputs).map((index) => middleColumn(slidingWindow, index));
  const start = offset + Math.floor((zeroInsertedSize - input) / 2);
  const inputPanels = gap ? [new LinkPanel("input", [range(input, start)])] : [];
  return [...inputPanels, paddedPanel(layer), new LinkPanel("kernel", [kernel]), new LinkPanel("output", [output])];
}

/** List the panels of the steps view at a step of a LazyScene; input cells on their paths are where they are drawn. */
export function stepsPanels(layer, { lazyScene, step }) {
  const output = gridPanel("output", layer.output);
  if (!layer.transposed) return shownBy(lazyScene, step, [paddedPanel(layer), appliedKernelPanel(layer), output]);
  const kernel = step ? appliedKernelPanel(layer) : gridPanel("kernel", layer.kernel); // flipped from step 1 on
  const panels = [kernel, spreadPanel(layer), paddedPanel(layer), output];
  const shown = shownBy(lazyScene, step, panels);
  const floatingCells = lazyScene.frameAt(step).floating_cells;
  if (floatingCells.length) shown[1] = floatingPanel(layer, floatingCells);
  return shown;
}

/** The padded grid without its padding. */
function spreadPanel({ slidingWindows }) {
  const inner = ({ offset, zeroInsertedSize: length, size }) =>
    range(size).map((position) => (position >= offset && position < offset + length ? position - offset : null));
  return new LinkPanel("padded", slidingWindows.map(inner));
}

/** Input cells between positions; their rows and columns are fractions. */
function floatingPanel(layer, cells) {
  const width = layer.input.at(-1);
  const rows = range(cells.length / width).map((row) => cells[row * width].row / 1000);
  const cols = range(width).map((col) => cells[col].col / 1000);
  return new LinkPanel("input", [rows, cols].slice(-layer.axes.length));
}

const cachedFirstSteps = memoize(firstSteps);

/** The panels without the cells that are still blank at a step. */
function shownBy(lazyScene, step, panels) {
  const first = cachedFirstSteps(lazyScene);
  return panels.map((panel, at) => panel.filtered((row, col) => first[at][row][col] <= step));
}

/** For each cell of each panel, the first step at which it is not blank. */
function firstSteps(lazyScene) {
  const first = panelsOf(lazyScene.scene.body).map(({ cells }) =>
    cells.map((row) => row.map(({ role }) => (role === "blank" ? Infinity : 0))),
  );
  let missing = first.flat(2).filter((step) => step).length;
  for (let step = 0; missing && step < lazyScene.count; step++) {
    for (const { panel, row, col } of lazyScene.frameAt(step).changes) {
      if (first[panel][row][col] < Infinity) continue;
      first[panel][row][col] = step;
      missing -= 1;
    }
  }
  return first;
}
