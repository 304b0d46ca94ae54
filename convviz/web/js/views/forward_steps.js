/** The two steps of a convolution: pad, then slide with stride s; twin of convviz/views/forward_steps.py. */

import { BLANK, makeGroup, makeOperator, makePanel } from "../scene/builder.js";
import { formatPadding, formatPerAxis } from "../text/formatting.js";
import { makeSentence } from "../text/lines.js";
import { paddingCells } from "../text/padding_cells.js";
import { inputBrackets } from "./brackets.js";
import { fadedReason } from "./header.js";
import { biasNodes, kernelPanel, outputPanel, paddingStepCaption } from "./panels.js";
import { changesAt, fadingFrames, paddingRings, stageGroup, stillFrame, unfaded } from "./staged_steps.js";

/** Pad, then slide with stride s. */
export function convStages(layer, values, padded) {
  const start = padded.map((row) => row.map((cell) => (cell.role === "input" ? unfaded(cell) : BLANK)));
  const added = biasNodes(values);
  const first = { ...makePanel("padded", start, paddingStepCaption(layer)), brackets: inputBrackets(layer) };
  const panels = [first, kernelPanel(layer, values), ...added.slice(1), outputPanel(layer)];
  const [input, kernel] = panels;
  const slid = [makeOperator("⋆"), kernel, ...added, makeOperator("="), panels.at(-1)];
  const hasPadding = layer.padding.flat().some(Boolean);
  const pad = `Pad by p = ${formatPadding(layer.padding)} with ${paddingCells(layer)}`;
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

/** List the frames in which a convolution pads its input, in the first panel. */
function convPaddingFrames(layer, padded, caption) {
  const first = stillFrame(caption, 0);
  const rings = paddingRings(padded).map((ring) => ({ ...first, changes: changesAt(0, padded, ring) }));
  const faded = makeSentence(`Faded cells take no part: ${fadedReason(layer)}`);
  return [first, ...rings, ...fadingFrames(padded, 0, stillFrame(faded, 0))];
}
