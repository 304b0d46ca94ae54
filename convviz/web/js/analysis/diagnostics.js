/** Ambiguous sizes, holes, checkerboards and lost cells of a layer; twin of convviz/analysis/diagnostics.py. */

import { countOf } from "../errors.js";
import { commonFactor, copiesInside, innerCells, touchedCells } from "../geometry/overlap.js";
import { product, range, sortedUnique } from "../itertools.js";
import { formatAlternatives, formatPerAxis } from "../text/formatting.js";
import { perAxisLines } from "../text/nouns.js";
import { equalInputs, isPossible, possibleOutputs } from "./size_notes.js";
import { inputsReadAsCopies, unreadInputs } from "./unread.js";

/** List sentences about a layer; what holds for one axis only begins with its name. */
export function diagnostics(layer) {
  const name = layer.namedPadding;
  if (layer.transposed) {
    const sizes = perAxisLines(layer.axes, (axis, noun) => possibleOutputs(axis, name, noun));
    const uneven = holes(layer);
    return [...sizes, ...(uneven.length ? uneven : checkerboard(layer)), ...cropped(layer)];
  }
  return [...perAxisLines(layer.axes, (axis, noun) => equalInputs(axis, name, noun)), ...neverRead(layer, name)];
}

/** Append what explains a sentence: `start; cause; rows: cause`. */
function withCauses(layer, start, ...causes) {
  return [start, ...causesOf(layer, ...causes)].join("; ");
}

function causesOf(layer, ...causes) {
  return causes.flatMap((describe) => perAxisLines(layer.axes, describe));
}

function multiplied(numbers) {
  return numbers.reduce((total, number) => total * number, 1);
}

function neverRead(layer, name) {
  const unread = unreadInputs(layer);
  const causes = causesOf(layer, (axis, noun) => droppedByFloor(axis, noun, name), skipped, betweenTaps);
  if (!unread && !causes.length) return [];
  const copied = inputsReadAsCopies(layer) ? ", and cells that windows read as copies" : " alone";
  const which = unread ? `${unread} of ${countOf(multiplied(layer.input), "input cell")}` : `padding${copied}`;
  return [[`never read: ${which}`, ...causes].join("; ")];
}

function droppedByFloor(axis, noun, name) {
  const { input, stride, remainder } = axis;
  if (!remainder) return [];
  const fitting = [input - remainder, input - remainder + stride];
  const sizes = fitting.filter((size) => size > 0 && isPossible(axis, size, name));
  const remedy = sizes.length ? `, i = ${formatAlternatives(sizes)} leaves nothing over` : "";
  return [`the floor drops the ${noun.last(remainder)} of the padded input${remedy}`];
}

function skipped({ stride, effectiveKernel, output, dilation }, noun) {
  const count = stride - effectiveKernel;
  if (count <= 0 || output <= 1) return [];
  const symbols = dilation === 1 ? "s − k" : "s − d(k−1) − 1";
  const remedy = `use s ≤ ${effectiveKernel} to skip none`;
  return [`each step skips ${noun.counted(count)} (${symbols} = ${count}), ${remedy}`];
}

function betweenTaps({ stride, dilation, kernel, output }, noun) {
  const factor = commonFactor(dilation, stride);
  if (factor === 1 || kernel === 1 || output === 1) return [];
  const reads = `windows read at most one of every ${factor} ${noun.many}`;
  const shared = `s = ${stride} and d = ${dilation} share the factor ${factor}`;
  return [`${shared}, so that ${reads}, use s and d without a common factor`];
}

/** Count the output cells without a contribution, and say what leaves them out. */
function holes(layer) {
  const outputs = multiplied(layer.output);
  const count = outputs - multiplied(layer.axes.map(reachedOutputs));
  if (!count) return [];
  const gets = count === 1 ? "gets" : "get";
  const start = `holes: ${count} of ${countOf(outputs, "output cell")} ${gets} no contribution, only the bias`;
  return [withCauses(layer, start, gaps, beyondStamps)];
}

function reachedOutputs(axis) {
  return touchedCells(axis.input, axis, axis.padding[0], axis.output);
}

/** Count the output cells that output padding adds behind the last stamp. */
function beyond({ input, stride, effectiveKernel, padding, output }) {
  const end = (input - 1) * stride + effectiveKernel;
  return Math.min(Math.max(padding[0] + output - end, 0), output);
}

function gaps(axis) {
  const { kernel, stride, dilation, output } = axis;
  if (reachedOutputs(axis) + beyond(axis) === output) return [];
  if (commonFactor(dilation, stride) > 1) {
    const longer = kernel < stride ? ` and k ≥ ${stride}` : "";
    return [`use a dilation that shares no factor with s = ${stride}${longer}`];
  }
  if (kernel < stride) return [`k is smaller than s = ${stride}, use k ≥ ${stride}`];
  return [`near the borders, the taps of the dilated kernel (d = ${dilation}) leave gaps`];
}

function beyondStamps(axis, noun) {
  const count = beyond(axis);
  return count ? [`output padding adds the ${noun.last(count)} behind the last stamp`] : [];
}

/** List the counts of contributions away from the borders, if they differ. */
function checkerboard({ axes }) {
  const inside = sortedUnique(product(axes.map(innerCounts)).map(multiplied));
  if (inside.length < 2 || inside[0] === 0) return [];
  const remainders = formatPerAxis(axes.map(({ kernel, stride }) => kernel % stride));
  const multiples = (round) => axes.map(({ kernel, stride }) => round(kernel / stride) * stride);
  const kernels = [Math.floor, Math.ceil].map(multiples).filter((sizes) => sizes.every(Boolean)).map(formatPerAxis);
  const isShared = axes.some(({ dilation, stride }) => commonFactor(dilation, stride) > 1);
  const apart = isShared ? ", and d and s without a common factor," : "";
  const even = `use k = ${kernels.join(" or ")}${apart} for even counts inside`;
  const counts = `output cells receive ${formatAlternatives(inside)} contributions, as k mod s = ${remainders}`;
  return [`checkerboard: inside, ${counts}; ${even} (borders and learnt weights can still be uneven)`];
}

/** List how many contributions the output cells away from the borders receive along one axis. */
function innerCounts(axis) {
  const { input, kernel, stride, dilation, padding, output } = axis;
  const residues = range(kernel).map((tap) => (tap * dilation) % stride);
  const cells = innerCells(input, axis, padding[0], output).slice(0, stride);
  return sortedUnique(cells.map((cell) => residues.filter((one) => one === (padding[0] + cell) % stride).length));
}

/** Count the input cells whose stamps are cropped, and say where p is too large. */
function cropped(layer) {
  const inputs = multiplied(layer.input);
  const reaching = layer.axes.map((axis) => copiesInside(axis.input, axis, axis.padding[0], axis.output));
  const count = inputs - multiplied(reaching);
  if (!count && !layer.axes.some((axis) => negativeBorder(axis).length)) return [];
  const some = `${count} of ${countOf(inputs, "input cell")} ${count === 1 ? "does" : "do"} not reach the output`;
  return [withCauses(layer, `cropped: ${count ? some : "every input cell still reaches the output"}`, negativeBorder)];
}

function negativeBorder({ implicitPadding: [before, after], outputPadding, effectiveKernel }) {
  if (before >= 0 && after + outputPadding >= 0) return [];
  const largest = effectiveKernel - 1;
  return [`p is larger than d(k−1) = ${largest}, so that p′ is negative, use p ≤ ${largest}`];
}
