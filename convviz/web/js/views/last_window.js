/** The window of the step before, and the arrow to the present one. Twin of convviz/views/last_window.py. */

import { makeLegendEntry, makeMark } from "../scene/builder.js";
import { windowCells } from "./panels.js";

/** Return {marks, arrows} of the step that writes `output`; both are empty if a new row begins. */
export function lastWindow(layer, output, panel) {
  const axis = movingAxis(layer);
  if (!output[axis]) return { marks: [], arrows: [] };
  const previous = output.map((index, at) => index - Number(at === axis));
  const [before, present] = [previous, output].map((index) => windowCells(layer, index));
  const { flipped, step } = layer.slidingWindows[axis];
  const [start, end] = [before, present].map(([rows, cols]) => [rows[0] * 1000, cols[0] * 1000]);
  const arrow = { panel, start, end, text: `s${flipped ? "′" : ""} = ${step}` };
  return { marks: [makeMark(panel, before, false, "last")], arrows: [arrow] };
}

/** Return the legend's entry, if a step shows the last window. */
export function lastWindowEntry(layer) {
  return layer.output[movingAxis(layer)] > 1 ? [makeLegendEntry("last", "last window")] : [];
}

/** The axis along which the window moves at most steps: the last, or the first if the output is a column. */
function movingAxis({ output }) {
  return output.at(-1) === 1 ? 0 : output.length - 1;
}
