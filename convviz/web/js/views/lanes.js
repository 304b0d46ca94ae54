/** The slide view of a 1-D layer: lanes below each other, the kernel moving under its window.
 * Twin of convviz/views/lanes.py. */

import { range } from "../itertools.js";
import { BLANK, EMPTY, makeChange, makeGroup, makeMark, makePanel } from "../scene/builder.js";
import { formulas } from "../text/formulas.js";
import { badgesOf, legendOf, titleOf } from "./header.js";
import { appliedKernel, barePanel, borrowedBy, captionOf, laidGrid, writtenCell } from "./panels.js";
import { stepLine } from "./step_text.js";

/** The plan of the scene of a 1-D layer. */
export function lanes(layer, numbers) {
  const [track] = layer.tracks;
  const panels = [...operandLanes(layer, track, numbers), outputLane(layer, track)];
  const [kernel] = appliedKernel(layer, numbers);
  return {
    title: `${titleOf(layer)} in one dimension`,
    sizes: signalWords(layer),
    badges: badgesOf(layer),
    body: makeGroup("column", panels),
    legend: legendOf(panels, layer),
    formulas: formulas(layer),
    count: track.outputs,
    changes: (output) => [
      makeChange(panels.length - 1, [0, middleOf(track, output)], writtenCell([output], numbers)),
      ...movedKernel(track, panels.length - 2, kernel, output),
    ],
    rest: (output) => laneStop(layer, track, numbers, panels.length, output),
  };
}

/** The layer as signal processing writes it; q is the kernel of a convolution in the strict sense, with a flip. */
function signalWords({ stride: [stride], dilation: [dilation], transposed }) {
  const q = dilation > 1 ? `(↑${dilation} q)` : "q";
  if (transposed) return `y = ${q} ∗ ${stride > 1 ? `(↑${stride} x)` : "x"}`;
  return `y = ${stride > 1 ? `↓${stride} (${q} ∗ x)` : `${q} ∗ x`}, q = w flipped`;
}

/** The input, the line that the window walks over, and the kernel, empty at first. */
function operandLanes(layer, track, numbers) {
  const line = laidGrid(layer, numbers);
  const kernel = makePanel("kernel", [Array(track.size).fill(BLANK)], "", layer.transposed ? "q flipped" : "w");
  if (!track.gap) return [makePanel("input", line, "", "x"), kernel];
  const bare = makePanel("x", [bareLane(layer, track, numbers)], "", "x");
  return [bare, makePanel("input", line, "", `↑${track.gap + 1} x`), kernel];
}

/** The input as it is before zeros are inserted, in the middle of its lane. */
function bareLane(layer, track, numbers) {
  const cells = Array(track.size).fill(BLANK);
  const start = track.offset + Math.floor((track.spread - track.input) / 2);
  cells.splice(start, track.input, ...barePanel(layer, numbers).cells[0]);
  return cells;
}

function outputLane(layer, track) {
  const places = new Set(range(track.outputs).map((output) => middleOf(track, output)));
  const cells = range(track.size).map((place) => (places.has(place) ? EMPTY : BLANK));
  return makePanel("output", [cells], `${captionOf(layer)} → output ${track.outputs}`, "y");
}

/** The column below the middle of a window, the one before it where there are two. */
export function middleOf(track, output) {
  const seen = track.taps(output);
  return Math.floor((seen[0] + seen.at(-1)) / 2);
}

/** Marks, links and line of the frame in which the window writes `output`. */
function laneStop(layer, track, numbers, count, output) {
  const [walked, kernel, target] = [count - 3, count - 2, count - 1];
  const [seen, col] = [track.taps(output), middleOf(track, output)];
  const link = (upper, lower, place) => ({ upper, lower, col: place });
  return {
    marks: [
      ...borrowedBy(layer, [output]).map((place) => makeMark(walked, [[0], place], false, "source")),
      makeMark(walked, [[0], seen], true),
      makeMark(target, [[0], [col]]),
    ],
    caption: stepLine(layer, [output], numbers),
    connectors: [...seen.map((place) => link(walked, kernel, place)), link(kernel, target, col)],
  };
}

/** The kernel leaves the cells of the window before and stands under this one. */
function movedKernel(track, lane, cells, output) {
  const seen = track.taps(output);
  const left = output ? track.taps(output - 1).filter((place) => !seen.includes(place)) : [];
  return [
    ...left.map((place) => makeChange(lane, [0, place], BLANK)),
    ...seen.map((place, tap) => makeChange(lane, [0, place], cells[tap])),
  ];
}
