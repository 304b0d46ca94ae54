/** The parts that the steps of both kinds of layers share; twin of convviz/views/staged_steps.py. */

import { makeCell, makeChange, makeGroup } from "../scene/builder.js";

/** Each stage below its tab; the lines of a 1-D layer are below each other. */
export function stageGroup(layer, nodes) {
  return layer.axes.length === 1 ? makeGroup("column", nodes) : makeGroup("row", nodes, { equalWidths: true });
}

/** Return a frame without changes below a tab. */
export function stillFrame(caption, tab) {
  return { changes: [], caption, tab };
}

/** The places of a grid whose role passes a test, in row-major order. */
export function placesWithRole(grid, test) {
  return grid.flatMap((cells, row) => cells.flatMap((cell, col) => (test(cell.role) ? [[row, col]] : [])));
}

/** List the places that are not padding. */
export function innerPlaces(padded) {
  return placesWithRole(padded, (role) => role !== "padding");
}

/** Return the first and the last place that is not padding. */
export function innerCorners(padded) {
  const inner = innerPlaces(padded);
  return [inner[0], inner.at(-1)];
}

/** The padding in rings, from the input outwards. */
export function paddingRings(padded) {
  const [first, last] = innerCorners(padded);
  const rings = [];
  for (const place of placesWithRole(padded, (role) => role === "padding")) {
    const distance = Math.max(...place.map((at, axis) => Math.max(first[axis] - at, at - last[axis], 0)));
    (rings[distance] ??= []).push(place);
  }
  return rings.filter(Boolean);
}

/** List the changes that write these cells of the padded input to a panel. */
export function changesAt(panel, padded, places) {
  return places.map((place) => makeChange(panel, place, padded[place[0]][place[1]]));
}

/** One frame that fades the cells that no window reads, or none. */
export function fadingFrames(padded, panel, frame) {
  const places = padded.flatMap((cells, row) => cells.flatMap((cell, col) => (cell.faded ? [[row, col]] : [])));
  return places.length ? [{ ...frame, changes: changesAt(panel, padded, places) }] : [];
}

/** Return a cell that is not faded. */
export function unfaded(cell) {
  return makeCell(cell.role, cell.text);
}
