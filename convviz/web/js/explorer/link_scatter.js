/** Links between cells: for a cell of one grid, the cells of the other grids that it depends on or feeds.
 *
 * The grids are `input`, `padded` (the zero-inserted, padded input), `kernel` (not flipped), `output`, and `full`, the
 * output before padding crops it. Links are products of their axes, so they are given as spans: for each axis a list of
 * indices in ascending order. */

import { sortedUnique } from "../itertools.js";
import { memoize } from "../memoize.js";
import { fullOutput } from "../views/full_output.js";

const WINDOW_GRIDS = ["input", "padded", "kernel", "output"];
const STAMP_GRIDS = ["input", "kernel", "full"];

/** Return the full output of a layer, computed once. */
export const cachedFullOutput = memoize(fullOutput);
const cachedReads = memoize(windowReads);
const cachedStamps = memoize(layerStamps);

/** Return the spans of all window grids that are linked to a cell. */
export function linkedSpans(layer, grid, index) {
  const axes = layer.slidingWindows.map((slidingWindow, axis) => ({
    ...spansAt(cachedReads(slidingWindow), WINDOW_GRIDS, grid, index[axis]),
    ...ownSpans(slidingWindow, grid, index[axis]),
  }));
  return spansPerGrid(WINDOW_GRIDS, axes);
}

/** Return the spans of the window grids that a cell is linked to through input cells, not through zeros. */
export function joinedSpans(layer, grid, index) {
  const isRead = ({ input }) => input !== null;
  const axes = layer.slidingWindows.map((slidingWindow, axis) =>
    spansAt(cachedReads(slidingWindow).filter(isRead), WINDOW_GRIDS, grid, index[axis]),
  );
  return spansPerGrid(WINDOW_GRIDS, axes);
}

/** Return the spans of input, kernel and full output that are linked to a cell, cropped cells included. */
export function stampedSpans(layer, grid, index) {
  const axes = cachedStamps(layer).map((stamps, axis) => ({
    ...spansAt(stamps, STAMP_GRIDS, grid, index[axis]),
    [grid]: [index[axis]],
  }));
  return spansPerGrid(STAMP_GRIDS, axes);
}

/** List for each axis the stamps [{input, kernel, full}] that reach a place of the full output. */
export function stampsOn(layer, place) {
  return cachedStamps(layer).map((stamps, axis) => stamps.filter(({ full }) => full === place[axis]));
}

/** Each read of the window along an axis: {output, padded, kernel, input}; `input` is null for a zero. */
function windowReads(slidingWindow) {
  const reads = [];
  for (let output = 0; output < slidingWindow.outputs; output++) {
    slidingWindow.taps(output).forEach((padded, tap) => {
      reads.push({ output, padded, kernel: slidingWindow.kernelIndex(tap), input: slidingWindow.cells[padded].source });
    });
  }
  return reads;
}

/** For each axis, where each input cell arrives through which weight: [{input, kernel, full}]. */
function layerStamps(layer) {
  const stamps = (arrivals, input) => arrivals.map(({ place: full, tap: kernel }) => ({ input, kernel, full }));
  return cachedFullOutput(layer).map(({ arrivals }) => arrivals.flatMap(stamps));
}

/** The entries of all grids in the meetings at one entry of one grid. */
function spansAt(meetings, grids, grid, entry) {
  const here = meetings.filter((meeting) => meeting[grid] === entry);
  const entries = (name) => sortedUnique(here.map((meeting) => meeting[name]).filter((one) => one !== null));
  return Object.fromEntries(grids.map((name) => [name, entries(name)]));
}

/** Links that hold even if no window reads the cell: to itself, and between an input cell and its padded positions. */
function ownSpans(slidingWindow, grid, entry) {
  if (grid === "input") {
    const { cells } = slidingWindow;
    return { input: [entry], padded: [...cells.keys()].filter((position) => cells[position].source === entry) };
  }
  if (grid !== "padded") return { [grid]: [entry] };
  const { source } = slidingWindow.cells[entry];
  return { padded: [entry], input: source === null ? [] : [source] };
}

/** Turn one object of spans per axis into one list of axes per grid. */
function spansPerGrid(grids, axes) {
  return Object.fromEntries(grids.map((name) => [name, axes.map((spans) => spans[name])]));
}
