/** The moments of a step in which a window writes an output cell; twin of convviz/views/story.py. */

import { range } from "../itertools.js";
import { EMPTY, makeCell } from "../scene/builder.js";
import { PRODUCTS } from "../scene/left_out.js";
import { asked } from "../scene/timing.js";
import { UNKNOWN } from "../text/lines.js";
import { visibleValues } from "./cell_grids.js";

/** The output cell that is about to be written. */
export const ASKED = makeCell("empty", UNKNOWN);
/** Milliseconds in which products travel to the sign of their sum. */
const TRAVEL = 600;

/** Name the moments of a step. */
export function momentNames(values) {
  return visibleValues(values) ? ["window", "multiply", "add", "write"] : ["window", "write"];
}

/** Return the story of a plan whose steps from `before` on write a cell of the last of `panels` each. */
export function windowStory(layer, { changes, details, count }, panels, names, before = 0) {
  return {
    moments: (index) => momentsOf(changes(index), details(index).caption, panels, names),
    special: specialSteps(layer).map((index) => before + index),
    row: rowLength(layer),
    before,
    after: count - before - layer.outputCount,
  };
}

/** Return the number of output cells in a row, or 0 in one dimension. */
export function rowLength({ output }) {
  return output.length > 1 ? output.at(-1) : 0;
}

function momentsOf(changes, caption, panels, names) {
  return names.slice(0, -1).map((name) => ({
    changes: changes.map((change) => atMoment(change, panels, name, names.length > 2)).filter(Boolean),
    caption: captionAt(caption, name),
    motion: name === "add" && names.includes("multiply") ? TRAVEL : 0,
  }));
}

/** Return a change of a step as it is in one moment; null if it comes later. */
function atMoment(change, panels, moment, hasValues) {
  if (change.panel === panels.length - 1) {
    return hasValues ? { ...change, cell: moment === "add" ? EMPTY : ASKED } : null;
  }
  if (panels[change.panel].name === PRODUCTS && moment === "window") return { ...change, cell: EMPTY };
  if (moment === "multiply" && change.cell.note) return { ...change, cell: { ...change.cell, text: "" } };
  return change;
}

/** Return the equation as far as it is known. */
function captionAt(caption, moment) {
  if (moment === "window" && !caption.variants) return { ...caption, terms: [], right: UNKNOWN, relation: "=" };
  return moment === "multiply" ? asked(caption) : caption;
}

/** List the steps in the first row and in the first column that show something for the first time. */
export function specialSteps(layer) {
  const columns = layer.output.at(-1);
  const [last, ...others] = layer.axes.map((_, axis) => specialOutputs(layer, axis)).reverse();
  return [...last, ...others.flat().map((row) => row * columns)];
}

/** List the outputs of an axis at which padding, a stride, output padding or a crop is first seen. */
function specialOutputs(layer, axis) {
  const slidingWindow = layer.slidingWindows[axis];
  const { outputs, step, after, cells } = slidingWindow;
  const found = [];
  const isPadded = (output) => slidingWindow.taps(output).some((at) => cells[at].kind === "padding");
  const padded = range(outputs).find(isPadded);
  if (padded !== undefined) found.push(padded);
  if (step > 1 && outputs > 1) found.push(1);
  if (layer.transposed && layer.outputPadding[axis]) found.push(Math.max(0, outputs - layer.outputPadding[axis]));
  if (after < 0) found.push(outputs - 1);
  return found;
}
