/** The frames of a transposed convolution before the window moves: zeros are inserted, padding is added. */

import { makeCell, makeChange, makeFloatingCell } from "../scene/builder.js";
import { roundHalfEven } from "../rounding.js";
import { formatSizes } from "../text/formatting.js";
import { makeSentence } from "../text/lines.js";
import { isDilated } from "./header.js";
import {
  changesAt, fadingFrames, innerCorners, innerPlaces, paddingRings, placesWithRole, stillFrame, unfaded,
} from "./staged_steps.js";

const SPREAD_PANEL = 1;
const PADDED_PANEL = 2;
/** Milliseconds in which the input spreads out. */
const SPREADING = 500;

/** Return the first frame of a transposed convolution, with the input cells close together. */
export function parametersFrame(layer, padded, { insertedZeros, implicitPadding }) {
  const parameters = `New parameters: z = ${insertedZeros}, p′ = ${implicitPadding}, and the window will move by 1`;
  return withInputTogether(stillFrame(makeSentence(parameters, "New parameters"), 0), layer, padded);
}

/** Add the input cells to a frame, close together. */
export function withInputTogether(frame, layer, padded) {
  return withFloatingCells(frame, inputPaths(layer, padded).map(({ cell, start }) => [cell, start]));
}

/** List the frames in which the input cells of a transposed convolution move apart and zeros appear between them. */
export function insertionFrames(layer, padded, { insertedZeros, spread }) {
  const zeros = `z = ${insertedZeros} ${insertedZeros === "1" ? "zero" : "zeros"}`;
  const insert = `Insert ${zeros} between neighbours: ${formatSizes(layer.input)} becomes ${spread}`;
  const still = stillFrame(makeSentence(insert, `Insert ${zeros}`), 1);
  const [[top, left]] = innerCorners(padded);
  const [spreadOut, filled] = ["input", "inserted"].map((role) => {
    const places = innerPlaces(padded).filter(([row, col]) => padded[row][col].role === role);
    const appear = ([row, col]) => makeChange(SPREAD_PANEL, [row - top, col - left], unfaded(padded[row][col]));
    return { ...still, changes: places.map(appear) };
  });
  const apart = withFloatingCells(spreadOut, inputPaths(layer, padded).map(({ cell, end }) => [cell, end]));
  return [{ ...apart, motion: SPREADING }, filled];
}

/** List the frames in which a transposed convolution pads or crops by p′, and adds a. */
export function transposedPaddingFrames(layer, padded, facts) {
  const still = stillFrame(paddingSentence(layer, facts), 2);
  const appear = ([row, col]) => makeChange(PADDED_PANEL, [row, col], unfaded(padded[row][col]));
  const inner = innerPlaces(padded).map(appear);
  const placed = (frame) => (places) => ({ ...frame, changes: changesAt(PADDED_PANEL, padded, places) });
  const isAdded = addedTest(layer, padded, facts);
  const rings = paddingRings(padded).map((ring) => ring.filter((place) => !isAdded(place)));
  const added = placesWithRole(padded, (role) => role === "padding").filter(isAdded);
  const adding = stillFrame(addedSentence(facts), 2);
  return [
    { ...still, changes: inner },
    ...rings.filter(({ length }) => length).map(placed(still)),
    ...(added.length ? [placed(adding)(added)] : []),
    ...fadingFrames(padded, PADDED_PANEL, added.length ? adding : still),
  ];
}

/** Whether output padding, which has a frame of its own, adds a place: those of the last rows and columns. */
function addedTest(layer, padded, { addsApart }) {
  const [rows, cols] = [0, ...layer.outputPadding].slice(-2);
  const [height, width] = [padded.length, padded[0].length];
  return ([row, col]) => addsApart && (row >= height - rows || col >= width - cols);
}

function addedSentence({ a, kept, keptBefore }) {
  const add = `Add a = ${a} at the end`;
  const sizes = `${add}: ${keptBefore} becomes ${kept}`;
  return makeSentence(`${sizes}, and the output grows by a`, sizes, add);
}

/** What is padded or cropped, by how much, and why. */
function paddingSentence(layer, { crops, verb, implicitPadding, a, addsApart, spread, keptBefore }) {
  const extra = a && !addsApart ? `, and add a = ${a} at the end` : "";
  const pad = `${verb[0].toUpperCase()}${verb.slice(1)} by p′ = ${implicitPadding}${extra}`;
  const sizes = `${pad}: ${spread} becomes ${keptBefore}`;
  const negative = `as p′ is negative where p is larger than ${isDilated(layer) ? "d(k − 1)" : "k − 1"}`;
  const hasWindow = !addsApart || layer.output.every((size, axis) => size > layer.outputPadding[axis]);
  const why = crops ? negative : hasWindow ? "and each window is full" : null;
  return makeSentence(...(why ? [`${sizes}, ${why}`] : []), sizes, pad);
}

/** The path of each input cell from the dense to the zero-inserted input: {cell, start, end}. */
function inputPaths(layer, padded) {
  const gaps = [0, ...layer.slidingWindows.map((slidingWindow) => slidingWindow.gap)].slice(-2);
  const counts = [1, ...layer.input].slice(-2);
  const [corner] = innerCorners(padded);
  const start = (at, axis) => Math.floor(at / (gaps[axis] + 1)) + ((counts[axis] - 1) * gaps[axis]) / 2;
  return placesWithRole(padded, (role) => role === "input").map((place) => {
    const end = place.map((at, axis) => at - corner[axis]);
    return { cell: makeCell("input", padded[place[0]][place[1]].text), start: end.map(start), end };
  });
}

/** Add cells at places of the zero-inserted input to a frame: [cell, [row, col]]. */
function withFloatingCells(frame, cells) {
  const floating = ([cell, place]) =>
    makeFloatingCell(SPREAD_PANEL, place.map((at) => roundHalfEven(1000 * at)), cell);
  return { ...frame, floating_cells: cells.map(floating) };
}
