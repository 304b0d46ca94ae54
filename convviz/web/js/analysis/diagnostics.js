/** Ambiguous sizes, holes, checkerboards and lost cells of a layer; twin of convviz/analysis/diagnostics.py. */

import { tapsPerResidue } from "../geometry/overlap.js";
import { PADDING_MODES } from "../geometry/padding.js";
import { axisNames } from "../geometry/per_axis.js";
import { range } from "../itertools.js";
import { formatAlternatives } from "../text/formatting.js";

/** List sentences about a layer; a sentence about one axis only begins with its name. */
export function diagnostics(layer) {
  const perAxis = layer.axes.map(layer.transposed ? transposedDiagnostics : convDiagnostics);
  const common = perAxis[0].filter((sentence) => perAxis.every((sentences) => sentences.includes(sentence)));
  const names = axisNames(perAxis.length);
  const others = perAxis.flatMap((sentences, axis) =>
    sentences.filter((sentence) => !common.includes(sentence)).map((sentence) => `${names[axis]}: ${sentence}`),
  );
  return [...common, ...others];
}

function convDiagnostics(axis) {
  return [...ambiguousInput(axis), ...droppedCells(axis), ...skippedCells(axis)];
}

function transposedDiagnostics(axis) {
  return [...ambiguousOutput(axis), ...unevenOverlap(axis), ...croppedCells(axis)];
}

/** Several inputs give the same output. */
function ambiguousInput(axis) {
  const smallest = axis.input - axis.remainder;
  const { largest } = PADDING_MODES[axis.paddingMode];
  const fits = (size) => largest(size) === null || Math.max(...axis.padding) <= largest(size);
  const sizes = sizesFrom(smallest, axis.stride).filter(fits);
  if (sizes.length < 2) return [];
  const words = `ambiguous size: inputs of ${formatAlternatives(sizes)} cells all give ${axis.output}`;
  const choices = outputPaddings(sizes, smallest);
  return [`${words}; transposed back with the same k, s, p, output padding chooses: ${choices}`];
}

/** The forward convolution maps several outputs to the input. */
function ambiguousOutput(axis) {
  const smallest = axis.output - axis.outputPadding;
  const sizes = sizesFrom(smallest, axis.stride);
  if (sizes.length < 2) return [];
  const maps = `maps ${formatAlternatives(sizes)} cells to ${axis.input}`;
  const words = `ambiguous size: the convolution with the same k, s, p ${maps}`;
  return [`${words}; output padding chooses: ${outputPaddings(sizes, smallest)}`];
}

/** All sizes that give the same quotient by the stride. */
function sizesFrom(smallest, stride) {
  const least = Math.max(1, smallest);
  return range(smallest + stride - least, least);
}

function outputPaddings(sizes, smallest) {
  return sizes.map((size) => `a = ${size - smallest} gives ${size}`).join(", ");
}

/** The division by the stride leaves a remainder. */
function droppedCells({ input, padding, stride, remainder }) {
  if (!remainder) return [];
  const lost = Math.min(input, Math.max(0, remainder - padding[1]));
  const last = remainder === 1 ? "cell" : `${remainder} cells`;
  const which = lost ? `${cellCount(lost)} of the input among them` : "only padding is lost";
  const fitting = [input - remainder, input - remainder + stride].filter((size) => size > 0);
  const words = `never read: the floor drops the last ${last} of the padded input (${which})`;
  return [`${words}; i = ${formatAlternatives(fitting)} leaves nothing over`];
}

/** The stride is larger than the kernel. */
function skippedCells({ stride, effectiveKernel, output, dilation, kernel }) {
  const count = stride - effectiveKernel;
  if (count <= 0 || output <= 1) return [];
  const [symbols, largest] = dilation === 1 ? ["s − k", kernel] : ["s − d(k−1) − 1", 1];
  return [`never read: each step skips ${cellCount(count)} (${symbols} = ${count}); use s ≤ ${largest} to read all`];
}

/** Output cells receive different numbers of contributions, or none. */
function unevenOverlap(axis) {
  const { input, stride, padding, output, effectiveKernel } = axis;
  const taps = tapsPerResidue(axis);
  const first = Math.max(effectiveKernel - stride, padding[0]);
  const last = Math.min(input * stride, padding[0] + output, first + stride);
  const counts = range(last - first, first).map((place) => taps[((place % stride) + stride) % stride]);
  if (!counts.length) return []; // no cell is away from the borders
  const least = counts.reduce((low, count) => Math.min(low, count));
  const most = counts.reduce((high, count) => Math.max(high, count));
  if (least === 0) return [holes(axis, counts.filter((count) => !count).length)];
  return least === most ? [] : [checkerboard(axis, least, most)];
}

function holes({ kernel, stride, dilation }, count) {
  const longer = `k ≥ ${stride}`;
  const denser = `use a dilation that shares no factor with s = ${stride}${kernel < stride ? ` and ${longer}` : ""}`;
  const remedy = commonFactor(dilation, stride) > 1 ? denser : `use ${longer}`;
  const gets = count === 1 ? "gets" : "get";
  return `holes: ${count} of every ${stride} output cells ${gets} no contribution, only the bias; ${remedy}`;
}

function checkerboard({ kernel, stride }, least, most) {
  const multiples = [Math.floor(kernel / stride) * stride, Math.ceil(kernel / stride) * stride];
  const even = formatAlternatives(multiples.filter(Boolean));
  const words = `checkerboard: output cells receive ${least} or ${most} contributions along this axis`;
  const remedy = `use k = ${even} for even counts inside (borders and learnt weights can still be uneven)`;
  return `${words}, k mod s = ${kernel % stride}; ${remedy}`;
}

function commonFactor(one, other) {
  return other ? commonFactor(other, one % other) : one;
}

/** The implicit padding is negative. */
function croppedCells(axis) {
  const [before, after] = axis.implicitPadding;
  if (before >= 0 && after + axis.outputPadding >= 0) return [];
  const lost = lostInputs(axis);
  const words = `cropped: p is larger than d(k−1) = ${axis.effectiveKernel - 1}, so that p′ is negative`;
  const which = `${cellCount(lost)} of the input ${lost === 1 ? "does" : "do"} not reach the output`;
  return [`${words} and ${which}; use p ≤ ${axis.effectiveKernel - 1}`];
}

/** Count the input cells at both ends whose contributions are all cropped. */
function lostInputs({ input, kernel, stride, dilation, padding, output }) {
  const first = padding[0];
  const isKept = (place) => place >= first && place < first + output;
  const isLost = (cell) => !range(kernel).some((tap) => isKept(cell * stride + tap * dilation));
  let before = 0;
  while (before < input && isLost(before)) before += 1;
  let after = 0;
  while (after < input - before && isLost(input - 1 - after)) after += 1;
  return before + after;
}

function cellCount(count) {
  return count === 1 ? "1 cell" : `${count} cells`;
}
