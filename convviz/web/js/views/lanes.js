/** The slide view of a 1-D layer: lanes below each other, the kernel moves with its window.
 * Twin of convviz/views/lanes.py. */

import { range } from "../itertools.js";
import { BLANK, EMPTY, makeChange, makeGroup, makeMark, makePanel } from "../scene/builder.js";
import { tells } from "../scene/timing.js";
import { formulas } from "../text/formulas.js";
import { inputBrackets } from "./brackets.js";
import { biasText, layerBadges, layerLegend, layerTitle } from "./header.js";
import { lastWindow } from "./last_window.js";
import { appliedKernel, inputCaption, outputCell, paddedGrid, plainInputPanel, repeatedCells } from "./panels.js";
import { stepCaption } from "./step_text.js";
import { momentNames, windowStory } from "./story.js";

/** Return the plan of the scene of a 1-D layer. */
export function lanes(layer, values, timing) {
  const [slidingWindow] = layer.slidingWindows;
  const panels = [...operandLanes(layer, values), outputLane(layer)];
  const [kernel] = appliedKernel(layer, values);
  const [kernelLane, outputLaneIndex] = [panels.length - 2, panels.length - 1];
  const moments = momentNames(values);
  const steps = {
    count: slidingWindow.outputs,
    changes: (output) => [
      makeChange(outputLaneIndex, [0, middleColumn(slidingWindow, output)], outputCell([output], values)),
      ...kernelChanges(slidingWindow, kernelLane, kernel, output),
    ],
    details: (output) => stepDetails(layer, values, panels.length, output),
  };
  return {
    title: `${layerTitle(layer)} in one dimension`,
    sizes: signalNotation(layer, values),
    badges: layerBadges(layer),
    body: makeGroup("column", panels),
    legend: layerLegend(panels, layer),
    formulas: formulas(layer),
    ...steps,
    moments: tells(timing) ? moments : [],
    story: windowStory(layer, steps, panels, moments),
  };
}

/** The layer in the notation of signal processing: x ⋆ w slides w as it is, x ∗ w flipped; with the bias. */
function signalNotation({ stride: [stride], dilation: [dilation], transposed }, values) {
  const w = dilation > 1 ? `(↑${dilation} w)` : "w";
  const convolved = `${stride > 1 ? `(↑${stride} x)` : "x"} ∗ ${w}`;
  const correlated = stride > 1 ? `↓${stride} (x ⋆ ${w})` : `x ⋆ ${w}`;
  const bias = biasText(values);
  return `y = ${transposed ? convolved : correlated}${bias ? ` + ${bias}` : ""}`;
}

/** The input, the padded, zero-inserted input if that differs, and the kernel, which is empty at first. */
function operandLanes(layer, values) {
  const [slidingWindow] = layer.slidingWindows;
  const padded = paddedGrid(layer, values);
  const kernel = makePanel("kernel", [Array(slidingWindow.size).fill(BLANK)], "", layer.transposed ? "w flipped" : "w");
  const brackets = inputBrackets(layer);
  if (!slidingWindow.gap) return [{ ...makePanel("input", padded, "", "x"), brackets }, kernel];
  const input = makePanel("x", [inputLane(layer, values)], "", "x");
  return [input, { ...makePanel("input", padded, "", `↑${slidingWindow.gap + 1} x`), brackets }, kernel];
}

/** The input before zeros are inserted, in the middle of its lane. */
function inputLane(layer, values) {
  const [{ size, input, offset, zeroInsertedSize }] = layer.slidingWindows;
  const cells = Array(size).fill(BLANK);
  cells.splice(offset + Math.floor((zeroInsertedSize - input) / 2), input, ...plainInputPanel(layer, values).cells[0]);
  return cells;
}

function outputLane(layer) {
  const [slidingWindow] = layer.slidingWindows;
  const columns = new Set(range(slidingWindow.outputs).map((output) => middleColumn(slidingWindow, output)));
  const cells = range(slidingWindow.size).map((column) => (columns.has(column) ? EMPTY : BLANK));
  return makePanel("output", [cells], `${inputCaption(layer)} → output ${slidingWindow.outputs}`, "y");
}

/** Return the column below the middle of a window, the left one of two. */
export function middleColumn(slidingWindow, output) {
  const taps = slidingWindow.taps(output);
  return Math.floor((taps[0] + taps.at(-1)) / 2);
}

/** Marks, connectors and caption of the step that computes an output cell. */
function stepDetails(layer, values, laneCount, output) {
  const [slidingWindow] = layer.slidingWindows;
  const [inputIndex, kernelIndex, outputIndex] = [laneCount - 3, laneCount - 2, laneCount - 1];
  const [taps, middle] = [slidingWindow.taps(output), middleColumn(slidingWindow, output)];
  const connector = (upper, lower, col) => ({ upper, lower, col, shift: 0 });
  const last = lastWindow(layer, [output], inputIndex);
  return {
    arrows: last.arrows,
    marks: [
      ...last.marks,
      ...repeatedCells(layer, [output]).map((position) => makeMark(inputIndex, [[0], position], false, "source")),
      makeMark(inputIndex, [[0], taps], true),
      makeMark(outputIndex, [[0], [middle]]),
    ],
    caption: stepCaption(layer, [output], values),
    connectors: [
      ...taps.map((tap) => connector(inputIndex, kernelIndex, tap)),
      connector(kernelIndex, outputIndex, middle),
    ],
  };
}

/** Move the kernel from below the window before to below this one. */
function kernelChanges(slidingWindow, lane, cells, output) {
  const taps = slidingWindow.taps(output);
  const left = output ? slidingWindow.taps(output - 1).filter((column) => !taps.includes(column)) : [];
  return [
    ...left.map((column) => makeChange(lane, [0, column], BLANK)),
    ...taps.map((column, tap) => makeChange(lane, [0, column], cells[tap])),
  ];
}
