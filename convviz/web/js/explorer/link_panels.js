/** Which grid each panel of a view shows, and where its cells stand at a step. */

import { range, sortedOnce } from "../itertools.js";
import { once } from "../memoize.js";
import { panelsOf } from "../scene/model.js";
import { rowsAndCols } from "../views/cell_grids.js";
import { middleOf } from "../views/lanes.js";

/** A panel that shows the grid `name`; `stands` holds for each axis where each index stands, null where nowhere. */
export class Shown {
  constructor(name, stands) {
    Object.assign(this, { name, stands });
  }

  /** Rows and columns at which cells stand, from small to large. */
  get spots() {
    return this.placesOf(this.stands.map((places) => range(places.length)));
  }

  /** The index of the cell that stands at a row and a column, or null. */
  indexAt(row, col) {
    const index = [row, col].slice(-this.stands.length).map((place, axis) => this.stands[axis].indexOf(place));
    return index.includes(-1) || (this.stands.length === 1 && row) ? null : index;
  }

  /** The rows and the columns of these indices. */
  placesOf(spans) {
    const places = spans.map((span, axis) => span.map((index) => this.stands[axis][index]));
    return rowsAndCols(places.map((found) => sortedOnce(found.filter((place) => (place ?? null) !== null))));
  }

  /** The same where cells that are not there at this step stand nowhere; the rest is a product of rows and columns. */
  without(isThere) {
    const [rows, cols] = this.spots;
    const kept = [rows.filter((row) => cols.some((col) => isThere(row, col)))];
    kept.push(cols.filter((col) => rows.some((row) => isThere(row, col))));
    const last = kept.slice(-this.stands.length);
    const stands = this.stands.map((places, axis) => places.map((at) => (last[axis].includes(at) ? at : null)));
    return new Shown(this.name, stands);
  }
}

/** A grid of this shape, as it is. */
export function plainly(name, shape) {
  return new Shown(name, shape.map((size) => range(size)));
}

/** The kernel as the window applies it. */
function applied(layer) {
  return new Shown("kernel", layer.tracks.map((track) => range(track.kernel).map((tap) => track.weight(tap))));
}

function padded(layer) {
  return plainly("padded", layer.tracks.map((track) => track.size));
}

/** The panels of the slide view; those of a 1-D layer are lanes. */
export function slidePanels(layer, moment) {
  if (layer.axes.length === 1) return lanePanels(layer, moment.step);
  return [padded(layer), applied(layer), plainly("output", layer.output)];
}

/** Lanes: input and zero-inserted line, or only the line, the kernel where it is, the output below its windows. */
function lanePanels(layer, step) {
  const [track] = layer.tracks;
  const seen = track.taps(step);
  const kernel = range(track.kernel).map((weight) => seen[track.weight(weight)]);
  const output = range(track.outputs).map((one) => middleOf(track, one));
  const start = track.offset + Math.floor((track.spread - track.input) / 2);
  const bare = track.gap ? [new Shown("input", [range(track.input, start)])] : [];
  return [...bare, padded(layer), new Shown("kernel", [kernel]), new Shown("output", [output])];
}

/** The panels of the steps view, as far as they are there; input cells on their way stand where they are. */
export function stepsPanels(layer, { film, step }) {
  const output = plainly("output", layer.output);
  if (!layer.transposed) return thereBy(film, step, [padded(layer), applied(layer), output]);
  const panels = thereBy(film, step, [applied(layer), spread(layer), padded(layer), output]);
  const { floating_cells: floats } = film.frameAt(step);
  if (floats.length) panels[1] = moving(layer, floats);
  return panels;
}

/** The padded line without its padding. */
function spread({ tracks }) {
  const isInside = (track, place) => place >= track.offset && place < track.offset + track.spread;
  const stand = (track) => (place) => (isInside(track, place) ? place - track.offset : null);
  return new Shown("padded", tracks.map((track) => range(track.size).map(stand(track))));
}

/** Input cells between places: rows and columns are no whole numbers. */
function moving(layer, floats) {
  const wide = layer.input.at(-1);
  const rows = range(floats.length / wide).map((row) => floats[row * wide].row / 1000);
  const cols = range(wide).map((col) => floats[col].col / 1000);
  return new Shown("input", [rows, cols].slice(-layer.axes.length));
}

const firstSteps = new WeakMap();

function thereBy(film, step, panels) {
  const first = once(firstSteps, film, firstShown);
  return panels.map((panel, at) => panel.without((row, col) => first[at][row][col] <= step));
}

/** For each cell of each panel, from which step on it is there. */
function firstShown(film) {
  const first = panelsOf(film.scene.body).map(({ cells }) =>
    cells.map((row) => row.map(({ role }) => (role === "blank" ? Infinity : 0))),
  );
  let missing = first.flat(2).filter((step) => step).length;
  for (let step = 0; missing && step < film.count; step++) {
    for (const { panel, row, col } of film.frameAt(step).changes) {
      if (first[panel][row][col] < Infinity) continue;
      first[panel][row][col] = step;
      missing -= 1;
    }
  }
  return first;
}
