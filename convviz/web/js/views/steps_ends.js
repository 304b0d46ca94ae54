/** The first and the last frame of the steps of a transposed convolution: the kernel is flipped, and how libraries
 * compute the same. Twin of parts of convviz/views/transposed_steps.py. */

import { range } from "../itertools.js";
import { makeCell, makeChange } from "../scene/builder.js";
import { makeSentence } from "../text/lines.js";
import { appliedKernel, kernelPanel, unflippedKernel } from "./panels.js";

const KERNEL_PANEL = 0;
/** Milliseconds in which the kernel turns. */
const TURNING = 500;
const CLOSING = [
  "Libraries insert no zeros: they compute it as the gradient of a convolution (see --view scatter)",
  "Libraries insert no zeros (see --view scatter)",
  "Libraries insert no zeros",
];

/** Return the kernel as it is given; its caption appears once it is flipped. */
export function startingKernel(layer, values) {
  const { cells } = unflippedKernel(layer, values, "");
  return { ...kernelPanel(layer, values), cells, caption_tab: 1 };
}

/** List the frame in which the kernel is flipped; one of a single weight stays as it is. */
export function flipFrames(layer, values) {
  if (layer.kernel.every((size) => size === 1)) return [];
  const flip = `Flip the kernel${layer.axes.length === 2 ? " in both directions" : ""}`;
  const applied = appliedKernel(layer, values);
  const changes = applied.flatMap((cells, row) => cells.map((cell, col) => makeChange(KERNEL_PANEL, [row, col], cell)));
  const caption = makeSentence(`${flip}: as it slides, the last weight comes first`, flip);
  return [{ changes, caption, tab: 0, motion: TURNING, turned: KERNEL_PANEL }];
}

/** Return the last frame. */
export function closingFrame() {
  return { changes: [], caption: makeSentence(...CLOSING), tab: 3 };
}

/** List the steps at which a tab begins, but the first; the last one begins with the first window. */
export function tabStarts(frames) {
  return [...range(frames.length).filter((at) => at && frames[at].tab !== frames[at - 1].tab), frames.length];
}

/** Return a cell that is not faded. */
export function unfaded(cell) {
  return makeCell(cell.role, cell.text);
}
