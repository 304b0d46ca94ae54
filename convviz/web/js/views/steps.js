/** steps: a convolution in two stages (pad, slide), a transposed one in four (parameters, insert, pad, slide).
 * Twin of convviz/views/steps.py. */

import { BLANK, filledGrid, makeChange, makeGroup, makeMark, makeOperator, makePanel } from "../scene/builder.js";
import { formatPadding, formatPerAxis, formatSizes } from "../text/formatting.js";
import { formulas } from "../text/formulas.js";
import { makeSentence } from "../text/lines.js";
import { rowAndCol, visibleValues } from "./cell_grids.js";
import { isDilated, layerBadges, layerLegend, layerTitle, sizesSummary } from "./header.js";
import { inputCaption, kernelPanel, outputCell, outputPanel, paddedGrid, windowCells } from "./panels.js";
import { stepCaption } from "./step_text.js";
import { convPaddingFrames, insertionFrames, innerCorners, transposedPaddingFrames, unfaded } from "./steps_frames.js";

/** Return the plan of a scene. */
export function steps(layer, values) {
  const padded = paddedGrid(layer, values);
  const stages = (layer.transposed ? transposedStages : convStages)(layer, values, padded);
  const { frames, inputPanel, resultPanel, tabs } = stages;
  const outputAt = (index) => layer.outputAt(index - frames.length);
  const result = (output) => makeChange(resultPanel, rowAndCol(output), outputCell(output, values));
  return {
    title: `${layerTitle(layer)} in ${layer.transposed ? "four" : "two"} steps`,
    sizes: sizesSummary(layer),
    badges: layerBadges(layer),
    body: stages.body,
    legend: layerLegend([...stages.panels, makePanel("line", padded)], layer),
    formulas: formulas(layer),
    tabs,
    count: frames.length + layer.outputCount,
    textless: !visibleValues(values),
    changes: (index) => frames[index]?.changes ?? [result(outputAt(index))],
    details: (index) => {
      if (frames[index]) return frames[index];
      const output = outputAt(index);
      const cell = rowAndCol(output).map((at) => [at]);
      const marks = [makeMark(inputPanel, windowCells(layer, output), true), makeMark(resultPanel, cell)];
      return { marks, caption: stepCaption(layer, output, values), tab: tabs.length - 1 };
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
  const panels = [makePanel("padded", start, inputCaption(layer)), kernelPanel(layer, values), outputPanel(layer)];
  const [input, kernel, output] = panels;
  const hasPadding = layer.padding.flat().some(Boolean);
  const padding = formatPadding(layer.padding);
  const words = hasPadding ? `Pad with p = ${padding} cells around the input` : "p = 0: no padding";
  return {
    panels,
    body: stageGroup(layer, [input, makeGroup("row", [kernel, makeOperator("="), output])]),
    tabs: ["1  pad by p", `2  slide, stride ${formatPerAxis(layer.stride)}`],
    frames: convPaddingFrames(layer, padded, makeSentence(words, "pad")),
    inputPanel: 0,
    resultPanel: 2,
  };
}

/** Derive new parameters, insert zeros, pad by p′, slide with stride 1. */
function transposedStages(layer, values, padded) {
  const insertedZeros = formatPerAxis(layer.axes.map((axis) => axis.insertedZeros));
  const implicitPadding = formatPadding(layer.axes.map((axis) => axis.implicitPadding));
  const verb = layer.axes.some((axis) => axis.implicitPadding.some((side) => side < 0)) ? "crop" : "pad";
  const symbols = isDilated(layer) ? "d(k − 1) − p" : "k − p − 1";
  const parameters = { lines: [`z = s − 1 = ${insertedZeros}`, `p′ = ${symbols} = ${implicitPadding}`, "s′ = 1"] };
  const panels = transposedPanels(layer, values, padded, verb);
  const [kernel, ...others] = panels;
  return {
    panels,
    body: stageGroup(layer, [makeGroup(layer.axes.length === 2 ? "column" : "row", [parameters, kernel]), ...others]),
    tabs: ["1  new parameters", "2  insert z zeros", `3  ${verb} by p′`, "4  slide, stride 1"],
    frames: [
      ...insertionFrames(layer, padded, insertedZeros, implicitPadding),
      ...transposedPaddingFrames(padded, verb, implicitPadding),
    ],
    inputPanel: 2,
    resultPanel: 3,
  };
}

function transposedPanels(layer, values, padded, verb) {
  const [[top, left], [bottom, right]] = innerCorners(padded);
  const spread = formatSizes(layer.slidingWindows.map((slidingWindow) => slidingWindow.zeroInsertedSize));
  const kept = formatSizes(layer.slidingWindows.map((slidingWindow) => slidingWindow.paddedSize));
  const blank = padded.map((row) => row.map(() => BLANK));
  return [
    kernelPanel(layer, values),
    makePanel("spread", filledGrid(bottom - top + 1, right - left + 1, BLANK), `i + (i − 1)·z: ${spread}`),
    makePanel("padded", blank, `${verb === "crop" ? "cropped" : "padded"}: ${kept}`),
    outputPanel(layer),
  ];
}
