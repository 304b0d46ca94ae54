/** steps: a convolution in two steps (pad, slide), a transposed one in four (parameters, insert, pad, slide).
 * Twin of convviz/views/steps.py. */

import { captionOf, kernelPanel, laidGrid, outputPanel, rowAndCol, shownOf, windowOf, writtenCell } from "./grids.js";
import { chipsOf, fadedWords, isDilated, legendOf, sizesLine, titleOf } from "./header.js";
import { stepLine } from "./lines.js";
import { BLANK, filledGrid, makeCell, makeChange, makeGroup } from "./parts.js";
import { makeMark, makePanel, makeSign, sentence } from "./parts.js";
import { formulas, halfEven, short, shortSides, sizesText } from "./words.js";

const GLIDE = 80; // milliseconds of a frame while cells move
const GLIDES = 8;

/** The plan of a layer's scene. */
export function steps(layer, numbers) {
  const line = laidGrid(layer, numbers);
  const story = (layer.transposed ? transposedStory : forwardStory)(layer, numbers, line);
  const { before, walked, target, tabs } = story;
  const at = (index) => layer.outputAt(index - before.length);
  const written = (output) => makeChange(target, rowAndCol(output), writtenCell(output, numbers));
  return {
    title: `${titleOf(layer)} in ${layer.transposed ? "four" : "two"} steps`,
    sizes: sizesLine(layer),
    chips: chipsOf(layer),
    stage: story.stage,
    legend: legendOf([...story.panels, makePanel("line", line)], layer),
    formulas: formulas(layer),
    tabs,
    count: before.length + layer.outputCount,
    wordless: !shownOf(numbers),
    changes: (index) => before[index]?.changes ?? [written(at(index))],
    rest: (index) => before[index] ?? writing(layer, numbers, at(index), { walked, target, tab: tabs.length - 1 }),
  };
}

/** Marks and line of the frame in which the window writes `output`. */
function writing(layer, numbers, output, { walked, target, tab }) {
  const written = rowAndCol(output).map((at) => [at]);
  const marks = [makeMark(walked, windowOf(layer, output), true), makeMark(target, written)];
  return { marks, line: stepLine(layer, output, numbers), tab };
}

/** Each stage below its tab; lines of a 1-D layer stand below each other. */
function sideBySide(layer, stages) {
  return layer.axes.length === 1 ? makeGroup("column", stages) : makeGroup("row", stages, { equal: true });
}

/** Pad, then slide with stride s. */
function forwardStory(layer, numbers, line) {
  const start = line.map((row) => row.map((cell) => (cell.role === "input" ? unfaded(cell) : BLANK)));
  const panels = [makePanel("padded", start, captionOf(layer)), kernelPanel(layer, numbers), outputPanel(layer)];
  const [padded, kernel, output] = panels;
  const pads = layer.padding.flat().some(Boolean);
  const words = pads ? `Pad with p = ${shortSides(layer.padding)} cells around the input` : "p = 0: no padding";
  const says = sentence(words, "pad");
  const first = resting(says, 0);
  const before = [first, ...rings(line).map((ring) => ({ ...first, changes: placed(0, line, ring) }))];
  const takesNoPart = sentence(`Faded cells take no part: ${fadedWords(layer)}`);
  return {
    panels,
    stage: sideBySide(layer, [padded, makeGroup("row", [kernel, makeSign("="), output])]),
    tabs: ["1  pad by p", `2  slide, stride ${short(layer.stride)}`],
    before: [...before, ...fading(line, 0, resting(takesNoPart, 0))],
    walked: 0,
    target: 2,
  };
}

/** New parameters, insert zeros, pad by p′, slide with stride 1. */
function transposedStory(layer, numbers, line) {
  const z = short(layer.axes.map((axis) => axis.inserted));
  const border = shortSides(layer.axes.map((axis) => axis.borders));
  const verb = layer.axes.some((axis) => axis.borders.some((side) => side < 0)) ? "crop" : "pad";
  const symbols = isDilated(layer) ? "d(k − 1) − p" : "k − p − 1";
  const note = { lines: [`z = s − 1 = ${z}`, `p′ = ${symbols} = ${border}`, "s′ = 1"] };
  const panels = transposedPanels(layer, numbers, line, verb);
  const [kernel, ...stages] = panels;
  return {
    panels,
    stage: sideBySide(layer, [makeGroup(layer.axes.length === 2 ? "column" : "row", [note, kernel]), ...stages]),
    tabs: ["1  new parameters", "2  insert z zeros", `3  ${verb} by p′`, "4  slide, stride 1"],
    before: [...insertion(layer, line, z, border), ...paddingFrames(line, verb, border)],
    walked: 2,
    target: 3,
  };
}

function transposedPanels(layer, numbers, line, verb) {
  const [[top, left], [bottom, right]] = cornersOf(line);
  const spread = sizesText(layer.tracks.map((track) => track.spread));
  const kept = sizesText(layer.tracks.map((track) => track.kept));
  return [
    kernelPanel(layer, numbers),
    makePanel("spread", filledGrid(bottom - top + 1, right - left + 1, BLANK), `i + (i − 1)·z: ${spread}`),
    makePanel("padded", line.map((row) => row.map(() => BLANK)), `${verb === "crop" ? "cropped" : "padded"}: ${kept}`),
    outputPanel(layer),
  ];
}

/** The frames in which the input moves apart and zeros come between. */
function insertion(layer, line, z, border) {
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
function paddingFrames(line, verb, border) {
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
  return Object.defineProperty(frame, "floats", { enumerable: true, get: () => moving.map(now) });
}

function resting(line, tab) {
  return { changes: [], line, tab };
}

function unfaded(cell) {
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
function cornersOf(line) {
  const inner = innerPlaces(line);
  return [inner[0], inner.at(-1)];
}

/** The padding in rings, from the input outwards. */
function rings(line) {
  const [first, last] = cornersOf(line);
  const found = [];
  for (const place of placesOf(line, (role) => role === "padding")) {
    const away = Math.max(...place.map((at, axis) => Math.max(first[axis] - at, at - last[axis], 0)));
    (found[away] ??= []).push(place);
  }
  return found.filter(Boolean);
}

function placed(panel, line, places) {
  return places.map((place) => makeChange(panel, place, line[place[0]][place[1]]));
}

/** A frame that fades the cells that no window reads, if there are any. */
function fading(line, panel, frame) {
  const faded = line.flatMap((cells, row) => cells.flatMap((cell, col) => (cell.faded ? [[row, col]] : [])));
  return faded.length ? [{ ...frame, changes: placed(panel, line, faded) }] : [];
}
