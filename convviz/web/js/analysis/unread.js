/** The input cells that no window reads, counted and in words; twin of convviz/analysis/unread.py. */

import { countOf } from "../errors.js";
import { touchedCells } from "../geometry/overlap.js";
import { PADDING_MODES } from "../geometry/padding.js";
import { range } from "../itertools.js";

function multiplied(numbers) {
  return numbers.reduce((total, number) => total * number, 1);
}

/** Count the input cells of which no window reads the cell itself or a copy in the padding. */
export function unreadInputs(layer) {
  return multiplied(layer.input) - multiplied(layer.axes.map(readInputs));
}

/** Count the input cells that are under no window, but of which a window reads a copy in the padding. */
export function inputsReadAsCopies(layer) {
  return multiplied(layer.axes.map(readInputs)) - multiplied(layer.axes.map((axis) => touched(axis, 0, axis.input)));
}

/** Count the input cells that no window reads: `; 1 of 5 input cells is never read`. */
export function describeUnread(layer) {
  const [unread, copies, inputs] = [unreadInputs(layer), inputsReadAsCopies(layer), multiplied(layer.input)];
  const said = unread ? [`${unread} of ${countOf(inputs, "input cell")} ${be(unread)} never read`] : [];
  if (copies) said.push(`${copies} of ${inputs} ${be(copies)} read only as copies in the padding`);
  const isRead = () => layer.slidingWindows.every(({ cells }) => cells.every((cell) => cell.read));
  if (!said.length && !isRead()) said.push("only padding is never read");
  return said.map((part) => `; ${part}`).join("");
}

function be(count) {
  return count === 1 ? "is" : "are";
}

/** Count the cells under a window among `count` cells from input cell `start` on, which may be padding. */
function touched(axis, start, count) {
  return touchedCells(axis.output, axis, axis.padding[0] + start, count);
}

/** Count the input cells of one axis that a window reads, themselves or as copies. */
function readInputs(axis) {
  const { input, padding, paddingMode } = axis;
  const { source } = PADDING_MODES[paddingMode];
  const places = paddingMode === "zeros" ? [] : [...range(padding[0], -padding[0]), ...range(padding[1], input)];
  const copied = places.filter((place) => touched(axis, place, 1)).map((place) => source(place, input));
  const onlyCopied = [...new Set(copied)].filter((cell) => !touched(axis, cell, 1));
  return touched(axis, 0, input) + onlyCopied.length;
}
