/** The four steps of a transposed convolution: derive new parameters, insert zeros, pad by p′, slide with stride 1.
 * Twin of convviz/views/transposed_steps.py. */

import { BLANK, filledGrid, makeChange, makeGroup, makePanel } from "../scene/builder.js";
import { formatPadding, formatPerAxis, formatSizes } from "../text/formatting.js";
import { makeSentence } from "../text/lines.js";
import { inputBrackets, spreadBrackets } from "./brackets.js";
import { biasText, isDilated } from "./header.js";
import { appliedKernel, kernelPanel, outputPanel, unflippedKernel } from "./panels.js";
import { innerCorners, stageGroup, unfaded } from "./staged_steps.js";
import { insertionFrames, parametersFrame, transposedPaddingFrames, withInputTogether } from "./transposed_frames.js";

const KERNEL_PANEL = 0;
/** Milliseconds in which the kernel turns. */
const TURNING = 500;
const CLOSING = [
  "Libraries insert no zeros: they compute it as the gradient of a convolution (see --view scatter)",
  "Libraries insert no zeros (see --view scatter)",
  "Libraries insert no zeros",
];

/** Derive new parameters, insert zeros, pad by p′, slide with stride 1. */
export function transposedStages(layer, values, padded) {
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
  const paddedCaption = `${spread} → ${kept}: ${added}`;
  const spreadGrid = filledGrid(bottom - top + 1, right - left + 1, BLANK);
  const spreadPanel = makePanel("spread", spreadGrid, `${formatSizes(layer.input)} → ${spread}: i + (i − 1)·z`);
  return [
    startingKernel(layer, values),
    { ...spreadPanel, caption_tab: 1, brackets: spreadBrackets(layer) },
    { ...makePanel("padded", blank, paddedCaption), caption_tab: 2, brackets: inputBrackets(layer) },
    { ...output, caption: `${output.caption}${bias ? `, with ${bias} added` : ""}` },
  ];
}

/** Return the kernel as it is given; its caption appears once it is flipped. */
function startingKernel(layer, values) {
  const { cells } = unflippedKernel(layer, values, "");
  return { ...kernelPanel(layer, values), cells, caption_tab: 1 };
}

/** List the frame in which the kernel is flipped; one of a single weight stays as it is. */
function flipFrames(layer, values) {
  if (layer.kernel.every((size) => size === 1)) return [];
  const flip = `Flip the kernel${layer.axes.length === 2 ? " in both directions" : ""}`;
  const applied = appliedKernel(layer, values);
  const changes = applied.flatMap((cells, row) => cells.map((cell, col) => makeChange(KERNEL_PANEL, [row, col], cell)));
  const caption = makeSentence(`${flip}: as it slides, the last weight comes first`, flip);
  return [{ changes, caption, tab: 0, motion: TURNING, turned: KERNEL_PANEL }];
}

/** Return the last frame. */
function closingFrame() {
  return { changes: [], caption: makeSentence(...CLOSING), tab: 3 };
}
