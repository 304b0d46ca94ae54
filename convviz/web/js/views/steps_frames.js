/** The frames of the steps view before the window moves: zeros come in, padding comes around. */

import { makeCell, makeChange, sentence } from "../scene/builder.js";
import { halfEven, sizesText } from "../text/formatting.js";

const GLIDE = 80; // milliseconds of a frame while cells move
const GLIDES = 8;

/** The frames in which the input moves apart and zeros come between. */
export function insertion(layer, line, z, border) {
  const first = sentence(`New parameters: z = ${z}, p′ = ${border}, and the window will move by 1`, "New parameters");
  const [given, spread] = [sizesText(layer.input), sizesText(layer.tracks.map((track) => track.spread))];
  const zeros = `z = ${z} ${z === "1" ? "zero" : "zeros"}`;
  const says = sentence(`Insert ${zeros} between neighbours: ${given} becomes ${spread}`, `Insert ${zeros}`);
  const moving = journeys(layer, line);
  const frames = [gliding(resting(first, 0), moving, 0)];
  const moves = layer.tracks.some((track) => track.gap && track.input > 1);
  for (let glide = 1; moves && glide < GLIDES; glide++) {
    frames.push(gliding({ ...resting(says, 1), duration: GLIDE }, moving, glide / GLIDES));
  }
  const [[top, left]] = cornersOf(line);
  for (const role of ["input", "inserted"]) {
    const places = innerPlaces(line).filter(([row, col]) => line[row][col].role === role);
    const changes = places.map(([row, col]) => makeChange(1, [row - top, col - left], unfaded(line[row][col])));
    frames.push({ ...resting(says, 1), changes });
  }
  return frames;
}

/** The frames in which padding comes around, or crops. */
export function paddingFrames(line, verb, border) {
  const act = `${verb === "crop" ? "Crop" : "Pad"} by p′ = ${border}`;
  const says = resting(sentence(`${act}, so that every output cell sees a full window`, act), 2);
  const inner = innerPlaces(line).map((place) => makeChange(2, place, unfaded(line[place[0]][place[1]])));
  const around = rings(line).map((ring) => ({ ...says, changes: placed(2, line, ring) }));
  return [{ ...says, changes: inner }, ...around, ...fading(line, 2, says)];
}

/** Where each input cell stands when all are close together, and its place in the spread input: {cell, start, end}. */
function journeys(layer, line) {
  const gaps = [0, ...layer.tracks.map((track) => track.gap)].slice(-2);
  const counts = [1, ...layer.input].slice(-2);
  const [corner] = cornersOf(line);
  const start = (at, axis) => Math.floor(at / (gaps[axis] + 1)) + ((counts[axis] - 1) * gaps[axis]) / 2;
  return placesOf(line, (role) => role === "input").map((place) => {
    const end = place.map((at, axis) => at - corner[axis]);
    return { cell: makeCell("input", line[place[0]][place[1]].text), start: end.map(start), end };
  });
}

/** A frame in which the input cells are `share` of their way, in thousandths of a cell; computed when read. */
function gliding(frame, moving, share) {
  const now = ({ cell, start, end }) => {
    const [row, col] = start.map((from, axis) => halfEven(1000 * (from + (end[axis] - from) * share)));
    return { panel: 1, row, col, cell };
  };
  return Object.defineProperty(frame, "floating_cells", { enumerable: true, get: () => moving.map(now) });
}

/** A frame in which nothing moves yet. */
export function resting(caption, tab) {
  return { changes: [], caption, tab };
}

/** A cell that takes part. */
export function unfaded(cell) {
  return makeCell(cell.role, cell.text);
}

/** Places of the padded line whose role `fits`, in reading order. */
function placesOf(line, fits) {
  return line.flatMap((cells, row) => cells.flatMap((cell, col) => (fits(cell.role) ? [[row, col]] : [])));
}

function innerPlaces(line) {
  return placesOf(line, (role) => role !== "padding");
}

/** First and last place that is not padding. */
export function cornersOf(line) {
  const inner = innerPlaces(line);
  return [inner[0], inner.at(-1)];
}

/** The padding in rings, from the input outwards. */
export function rings(line) {
  const [first, last] = cornersOf(line);
  const found = [];
  for (const place of placesOf(line, (role) => role === "padding")) {
    const away = Math.max(...place.map((at, axis) => Math.max(first[axis] - at, at - last[axis], 0)));
    (found[away] ??= []).push(place);
  }
  return found.filter(Boolean);
}

/** Changes that show these places of the line in a panel. */
export function placed(panel, line, places) {
  return places.map((place) => makeChange(panel, place, line[place[0]][place[1]]));
}

/** A frame that fades the cells that no window reads, if there are any. */
export function fading(line, panel, frame) {
  const faded = line.flatMap((cells, row) => cells.flatMap((cell, col) => (cell.faded ? [[row, col]] : [])));
  return faded.length ? [{ ...frame, changes: placed(panel, line, faded) }] : [];
}
