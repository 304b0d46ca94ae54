/** What to look out for in a layer: ambiguous sizes, holes, checkerboards, lost cells; twin of convviz/notes.py. */

import { landings } from "../geometry/overlap.js";
import { MODES } from "../geometry/padding.js";
import { axisNames } from "../geometry/per_axis.js";
import { range } from "../itertools.js";
import { either } from "../text/formatting.js";

/** Sentences about a layer; what holds for one axis only says for which. */
export function notesOf(layer) {
  const said = layer.axes.map(layer.transposed ? transposedNotes : forwardNotes);
  const everywhere = said[0].filter((line) => said.every((lines) => lines.includes(line)));
  const names = axisNames(said.length);
  const others = said.map((lines) => lines.filter((line) => !everywhere.includes(line)));
  return [...everywhere, ...others.flatMap((lines, axis) => lines.map((line) => `${names[axis]}: ${line}`))];
}

function transposedNotes(axis) {
  return [...sizesBack(axis), ...overlapNotes(axis), ...croppedNotes(axis)];
}

function forwardNotes(axis) {
  return [...collapsing(axis), ...neverRead(axis)];
}

function collapsing(axis) {
  const smallest = axis.input - axis.leftOver;
  const { most } = MODES[axis.mode];
  const fits = (size) => most(size) === null || Math.max(...axis.padding) <= most(size);
  const sizes = choices(smallest, axis.stride).filter(fits);
  if (sizes.length < 2) return [];
  const words = `ambiguous size: inputs of ${either(sizes)} cells all give ${axis.output}`;
  return [`${words}; transposed back with the same k, s, p, output padding chooses: ${back(sizes, smallest)}`];
}

function sizesBack(axis) {
  const smallest = axis.output - axis.outputPadding;
  const sizes = choices(smallest, axis.stride);
  if (sizes.length < 2) return [];
  const words = `ambiguous size: the convolution with the same k, s, p maps ${either(sizes)} cells to ${axis.input}`;
  return [`${words}; output padding chooses: ${back(sizes, smallest)}`];
}

/** The sizes that a stride cannot tell apart. */
function choices(smallest, stride) {
  const least = Math.max(1, smallest);
  return range(smallest + stride - least, least);
}

function back(sizes, smallest) {
  return sizes.map((size) => `a = ${size - smallest} gives ${size}`).join(", ");
}

function neverRead(axis) {
  return [...leftOver(axis), ...skipped(axis)];
}

function leftOver({ input, padding, stride, leftOver: rest }) {
  if (!rest) return [];
  const lost = Math.min(input, Math.max(0, rest - padding[1]));
  const last = rest === 1 ? "cell" : `${rest} cells`;
  const which = lost ? `${cellsText(lost)} of the input among them` : "only padding is lost";
  const fitting = [input - rest, input - rest + stride].filter((size) => size > 0);
  const words = `never read: the floor drops the last ${last} of the padded input (${which})`;
  return [`${words}; i = ${either(fitting)} leaves nothing over`];
}

function skipped({ stride, reach, output, dilation, kernel }) {
  const count = stride - reach;
  if (count <= 0 || output <= 1) return [];
  const [symbols, most] = dilation === 1 ? ["s − k", kernel] : ["s − d(k−1) − 1", 1];
  return [`never read: each step skips ${cellsText(count)} (${symbols} = ${count}); use s ≤ ${most} to read all`];
}

/** Holes and uneven overlap, from how many taps land on each residue of the stride. */
function overlapNotes(axis) {
  const { input, stride, padding, output, reach } = axis;
  const landed = landings(axis);
  const first = Math.max(reach - stride, padding[0]);
  const last = Math.min(input * stride, padding[0] + output, first + stride);
  const counts = range(last - first, first).map((place) => landed[((place % stride) + stride) % stride]);
  if (!counts.length) return []; // the map is all border
  const least = counts.reduce((low, count) => Math.min(low, count));
  const most = counts.reduce((high, count) => Math.max(high, count));
  if (least === 0) return [holes(axis, counts.filter((count) => !count).length)];
  return least === most ? [] : [checkerboard(axis, least, most)];
}

function holes({ kernel, stride, dilation }, count) {
  const longer = `k ≥ ${stride}`;
  const denser = `use a dilation that shares no factor with s = ${stride}${kernel < stride ? ` and ${longer}` : ""}`;
  const way = commonFactor(dilation, stride) > 1 ? denser : `use ${longer}`;
  const gets = count === 1 ? "gets" : "get";
  return `holes: ${count} of every ${stride} output cells ${gets} no contribution, only the bias; ${way}`;
}

function checkerboard({ kernel, stride }, least, most) {
  const multiples = [Math.floor(kernel / stride) * stride, Math.ceil(kernel / stride) * stride];
  const even = either(multiples.filter(Boolean));
  const words = `checkerboard: output cells receive ${least} or ${most} contributions along this axis`;
  const way = `use k = ${even} for even counts inside (borders and learnt weights can still be uneven)`;
  return `${words}, k mod s = ${kernel % stride}; ${way}`;
}

function commonFactor(one, other) {
  return other ? commonFactor(other, one % other) : one;
}

function croppedNotes(axis) {
  const [before, after] = axis.borders;
  if (before >= 0 && after + axis.outputPadding >= 0) return [];
  const lost = unreached(axis);
  const words = `cropped: p is larger than d(k−1) = ${axis.reach - 1}, so that p′ is negative`;
  const which = `${cellsText(lost)} of the input ${lost === 1 ? "does" : "do"} not reach the output`;
  return [`${words} and ${which}; use p ≤ ${axis.reach - 1}`];
}

/** Input cells at both ends whose whole stamp is cropped. */
function unreached({ input, kernel, stride, dilation, padding, output }) {
  const first = padding[0];
  const isKept = (place) => place >= first && place < first + output;
  const isLost = (cell) => !range(kernel).some((tap) => isKept(cell * stride + tap * dilation));
  let before = 0;
  while (before < input && isLost(before)) before += 1;
  let after = 0;
  while (after < input - before && isLost(input - 1 - after)) after += 1;
  return before + after;
}

function cellsText(count) {
  return count === 1 ? "1 cell" : `${count} cells`;
}
