/** steps: a convolution in two stages (pad, slide), a transposed one in four (parameters, insert, pad, slide).
 * Twin of convviz/views/steps.py. */

import { BLANK, filledGrid, makeChange, makeGroup, makeMark, makeOperator, makePanel } from "../scene/builder.js";
import { formatPadding, formatPerAxis, formatSizes } from "../text/formatting.js";
import { formulas } from "../text/formulas.js";
import { makeSentence } from "../text/lines.js";
import { paddingCells } from "../text/padding_cells.js";
import { inputBrackets } from "./brackets.js";
import { rowAndCol, visibleValues } from "./cell_grids.js";
import { biasText, isDilated, layerBadges, layerLegend, layerTitle, sizesSummary } from "./header.js";
import { lastWindow } from "./last_window.js";
import {
  biasNodes, kernelPanel, outputCell, outputPanel, paddedGrid, paddingStepCaption, repeatedCells, windowCells,
} from "./panels.js";
import { stepCaption } from "./step_text.js";
import { closingFrame, flipFrames, startingKernel, tabStarts, unfaded } from "./steps_ends.js";
import {
  convPaddingFrames, innerCorners, insertionFrames, parametersFrame, transposedPaddingFrames, withInputTogether,
} from "./steps_frames.js";

/** Return the plan of a scene. */
export function steps(layer, values) {
  const padded = paddedGrid(layer, values);
  const stages = (layer.transposed ? transposedStages : convStages)(layer, values, padded);
  const { frames, inputPanel, resultPanel, tabs, closing } = stages;
  const end = frames.length + layer.outputCount;
  const fixed = (index) => (index === end ? closing : frames[index]);
  const outputAt = (index) => layer.outputAt(index - frames.length);
  const result = (output) => makeChange(resultPanel, rowAndCol(output), outputCell(output, values));
  return {
    title: `${layerTitle(layer)} in ${layer.transposed ? "four" : "two"} steps`,
    sizes: sizesSummary(layer),
    badges: layerBadges(layer),
    body: stages.body,
    legend: layerLegend([...stages.panels, makePanel("line", padded), ...stages.shown], layer),
    formulas: formulas(layer),
    tabs,
    count: end + (closing ? 1 : 0),
    textless: !visibleValues(values),
    story: { tabs: tabStarts(frames) },
    changes: (index) => fixed(index)?.changes ?? [result(outputAt(index))],
    details: (index) => {
      if (fixed(index)) return fixed(index);
      const output = outputAt(index);
      const cell = rowAndCol(output).map((at) => [at]);
      const sources = repeatedCells(layer, output).map(rowAndCol);
      const last = lastWindow(layer, output, inputPanel);
      const marks = [
        ...last.marks,
        ...sources.map(([row, col]) => makeMark(inputPanel, [[row], [col]], false, "source")),
        makeMark(inputPanel, windowCells(layer, output), true),
        makeMark(resultPanel, cell),
      ];
      return { marks, arrows: last.arrows, caption: stepCaption(layer, output, values), tab: tabs.length - 1 };
    },
  };
}

/** Each stage below its tab; the lines of a 1-D layer are below each other. */
function stageGroup(layer, nodes) {
  return layer.axes.length === 1 ? makeGroup("column", nodes) : makeGroup("row", nodes, { equalWidths: true });
}

/** Pad, then slide with stride s. */
function convStages(layer, values, padded) {
  const start = padded.map((row) => row.map((cell) => (cell.role === "input" ? unfaded(cell) : BLANK)));
  const added = biasNodes(values);
  const first = { ...makePanel("padded", start, paddingStepCaption(layer)), brackets: inputBrackets(layer) };
  const panels = [first, kernelPanel(layer, values), ...added.slice(1), outputPanel(layer)];
  const [input, kernel] = panels;
  const slid = [makeOperator("⋆"), kernel, ...added, makeOperator("="), panels.at(-1)];
  const hasPadding = layer.padding.flat().some(Boolean);
  const pad = `Pad with p = ${formatPadding(layer.padding)} ${paddingCells(layer)}`;
  const words = hasPadding ? [`${pad} around the input`, pad] : ["p = 0: no padding"];
  return {
    panels,
    body: stageGroup(layer, [input, makeGroup("row", slid)]),
    tabs: ["1  pad by p", `2  slide, stride ${formatPerAxis(layer.stride)}`],
    frames: convPaddingFrames(layer, padded, makeSentence(...words, "pad")),
    shown: [],
    inputPanel: 0,
    resultPanel: panels.length - 1,
  };
}

/** Derive new parameters, insert zeros, pad by p′, slide with stride 1. */
function transposedStages(layer, values, padded) {
  const facts = transposedFacts(layer);
  const symbols = isDilated(layer) ? "d(k − 1) − p" : "k − p − 1";
  const lines = [`z = s − 1 = ${facts.insertedZeros}`, `p′ = ${symbols} = ${facts.implicitPadding}`, "s′ = 1"];
  if (facts.a) lines.push(`a = ${facts.a}`);
  const panels = transposedPanels(layer, values, padded, facts);
  const [kernel, ...others] = panels;
  const third = `3  ${facts.verb} by p′${facts.a ? " and a" : ""}`;
  const direction = layer.axes.length === 2 ? "column" : "row";
  return {
    panels,
    body: stageGroup(layer, [makeGroup(direction, [{ lines }, kernel]), ...others]),
    tabs: ["1  new parameters", "2  insert z zeros", third, "4  slide, stride 1"],
    frames: [
      parametersFrame(layer, padded, facts),
      ...flipFrames(layer, values).map((frame) => withInputTogether(frame, layer, padded)),
      ...insertionFrames(layer, padded, facts),
      ...transposedPaddingFrames(layer, padded, facts),
    ],
    closing: closingFrame(),
    shown: [makePanel("spread", [padded.flat().filter(({ role }) => role !== "padding").map(unfaded)])],
    inputPanel: 2,
    resultPanel: 3,
  };
}

/** The numbers of the steps as text, and whether p′ pads or crops. */
function transposedFacts(layer) {
  const sides = layer.axes.flatMap((axis) => axis.implicitPadding);
  const crops = sides.some((side) => side < 0);
  const cropVerb = sides.some((side) => side > 0) ? "pad and crop" : "crop";
  const extended = layer.axes.filter(({ outputPadding }) => outputPadding);
  const addsApart = extended.length > 0 && extended.every(({ implicitPadding }) => implicitPadding[1] >= 0);
  const sizes = layer.slidingWindows.map(({ paddedSize }) => paddedSize);
  return {
    crops,
    addsApart,
    verb: crops ? cropVerb : "pad",
    insertedZeros: formatPerAxis(layer.axes.map((axis) => axis.insertedZeros)),
    implicitPadding: formatPadding(layer.axes.map((axis) => axis.implicitPadding)),
    a: layer.outputPadding.some(Boolean) ? formatPerAxis(layer.outputPadding) : "",
    spread: formatSizes(layer.slidingWindows.map((slidingWindow) => slidingWindow.zeroInsertedSize)),
    kept: formatSizes(sizes),
    keptBefore: formatSizes(sizes.map((size, axis) => size - (addsApart ? layer.outputPadding[axis] : 0))),
  };
}

function transposedPanels(layer, values, padded, { a, spread, kept }) {
  const [[top, left], [bottom, right]] = innerCorners(padded);
  const blank = padded.map((row) => row.map(() => BLANK));
  const isEven = layer.padding.every(([before, after]) => before === after);
  const added = `${isEven ? "+ 2p′" : "+ p′₁ + p′₂"}${a ? " + a" : ""}`;
  const output = outputPanel(layer);
  const bias = biasText(values);
  const spreadGrid = filledGrid(bottom - top + 1, right - left + 1, BLANK);
  const spreadPanel = makePanel("spread", spreadGrid, `${formatSizes(layer.input)} → ${spread}: i + (i − 1)·z`);
  return [
    startingKernel(layer, values),
    { ...spreadPanel, caption_tab: 1 },
    { ...makePanel("padded", blank, `${spread} → ${kept}: ${added}`), caption_tab: 2 },
    { ...output, caption: `${output.caption}${bias ? `, with ${bias} added` : ""}` },
  ];
}
