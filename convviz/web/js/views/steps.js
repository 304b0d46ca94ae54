/** steps: a convolution in two steps (pad, slide), a transposed one in four (parameters, insert, pad, slide).
 * Twin of convviz/views/steps.py. */

import { BLANK, filledGrid, makeChange, makeGroup, makeMark, makePanel, makeSign, sentence } from "../scene/builder.js";
import { short, shortSides, sizesText } from "../text/formatting.js";
import { formulas } from "../text/formulas.js";
import { rowAndCol, shownOf } from "./cell_grids.js";
import { badgesOf, fadedWords, isDilated, legendOf, sizesLine, titleOf } from "./header.js";
import { captionOf, kernelPanel, laidGrid, outputPanel, windowOf, writtenCell } from "./panels.js";
import { stepLine } from "./step_text.js";
import { cornersOf, fading, insertion, paddingFrames, placed, resting, rings, unfaded } from "./steps_frames.js";

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
    badges: badgesOf(layer),
    body: story.body,
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
  return { marks, caption: stepLine(layer, output, numbers), tab };
}

/** Each stage below its tab; lines of a 1-D layer stand below each other. */
function sideBySide(layer, stages) {
  return layer.axes.length === 1 ? makeGroup("column", stages) : makeGroup("row", stages, { equal_widths: true });
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
    body: sideBySide(layer, [padded, makeGroup("row", [kernel, makeSign("="), output])]),
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
    body: sideBySide(layer, [makeGroup(layer.axes.length === 2 ? "column" : "row", [note, kernel]), ...stages]),
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
