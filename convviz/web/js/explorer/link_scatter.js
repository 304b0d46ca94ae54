/** Which cells belong together: for a cell of one grid, the cells of the others that it depends on or feeds.
 *
 * The grids are `input` (as it is), `padded` (zero-inserted and padded, as the window sees it), `kernel` (as it was
 * given, not flipped), `output`, and `full`, the output before padding crops it. Everything is the product of its axes,
 * so that what is linked is said per axis: as spans, lists of indices from small to large. */

import { product, sortedOnce } from "../itertools.js";
import { once } from "../memoize.js";
import { canvasesOf } from "../views/full_output.js";

/** The grids that the window joins. */
const LINKED = ["input", "padded", "kernel", "output"];
const STAMPED = ["input", "kernel", "full"];
const met = new WeakMap();
const stamped = new WeakMap();
const canvasesKnown = new WeakMap();

/** For the cell `index` of the grid `panel`: {input, padded, kernel, output}, lists of indices in reading order; the
 * grid itself is left out. */
export function linkedCells(layer, panel, index) {
  const spans = linkedSpans(layer, panel, index);
  const others = LINKED.filter((name) => name !== panel);
  return Object.fromEntries(others.map((name) => [name, product(spans[name])]));
}

/** The same as spans: for each grid a list for each axis. */
export function linkedSpans(layer, panel, index) {
  return perGrid(LINKED, layer.tracks.map((track, axis) => {
    const spans = spansAt(once(met, track, meetings), LINKED, panel, index[axis]);
    return { ...spans, ...unread(track, panel, index[axis]) };
  }));
}

/** What input cells stamp through which weights, the cells that padding crops included: {input, kernel, full}. */
export function stampedSpans(layer, panel, index) {
  const axes = once(stamped, layer, stampings);
  return perGrid(STAMPED, axes.map((found, axis) => ({
    ...spansAt(found, STAMPED, panel, index[axis]),
    [panel]: [index[axis]],
  })));
}

/** For each axis what arrives at a place of the output in full: [{input, kernel, full}]. */
export function stampsOn(layer, place) {
  return once(stamped, layer, stampings).map((found, axis) => found.filter(({ full }) => full === place[axis]));
}

/** Places and sizes of the output in full, found once for a layer. */
export function canvases(layer) {
  return once(canvasesKnown, layer, canvasesOf);
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

/** For each axis, where an input cell arrives through which weight. */
function stampings(layer) {
  const arrivals = (feeds, input) => feeds.map(({ place: full, tap: kernel }) => ({ input, kernel, full }));
  return canvases(layer).map(({ feeds }) => feeds.flatMap(arrivals));
}

/** The meetings at an entry of one grid, as the entries of each. */
function spansAt(found, names, panel, entry) {
  const here = found.filter((meeting) => meeting[panel] === entry);
  const entries = (name) => sortedOnce(here.map((meeting) => meeting[name]).filter((one) => one !== null));
  return Object.fromEntries(names.map((name) => [name, entries(name)]));
}

/** What is linked also where no window reads: a cell to itself, and an input cell to where it stands. */
function unread(track, panel, entry) {
  if (panel === "input") {
    return { input: [entry], padded: [...track.cells.keys()].filter((place) => track.cells[place].source === entry) };
  }
  if (panel !== "padded") return { [panel]: [entry] };
  const { source } = track.cells[entry];
  return { padded: [entry], input: source === null ? [] : [source] };
}

/** Spans of each grid per axis from those of each axis per grid. */
function perGrid(names, axes) {
  return Object.fromEntries(names.map((name) => [name, axes.map((spans) => spans[name])]));
}
