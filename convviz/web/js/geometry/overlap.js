/** The copies of a kernel along one axis: how evenly they overlap, and what they leave out. The cells are the `size`
 * places from `first` on. Twin of convviz/geometry/overlap.py. */

import { range } from "../itertools.js";

/** Verdicts from best to worst. `borders`: no cell is away from them, so that there is no inside to judge. */
export const EVENNESS = ["even", "borders", "uneven", "holes"];

/** Return the greatest common divisor. */
export function commonFactor(one, other) {
  return other ? commonFactor(other, one % other) : one;
}

/** Tell how evenly copies overlap on an axis long enough to have a whole period of the stride inside. */
export function longEvenness({ kernel, stride, dilation }) {
  if (kernel < stride || commonFactor(dilation, stride) > 1) return "holes";
  return kernel % stride ? "uneven" : "even";
}

/** Judge the distinct counts inside; without any, whether there are `gaps`, or a `single` copy, which is even. */
export function judged(inside, { gaps, single }) {
  if (inside.includes(0)) return "holes";
  if (inside.length) return inside.length > 1 ? "uneven" : "even";
  if (gaps) return "holes";
  return single ? "even" : "borders";
}

/** List the cells away from both borders: copies before the first or behind the last would not touch them. */
export function innerCells(copies, { effectiveKernel, stride }, first, size) {
  const start = Math.max(effectiveKernel - stride - first, 0);
  return range(Math.max(Math.min(copies * stride - first, size) - start, 0), start);
}

/** Count the cells that at least one copy touches; a cell that several touch counts for the smallest tap. */
export function touchedCells(copies, { kernel, stride, dilation }, first, size) {
  const factor = commonFactor(stride, dilation);
  const [cycle, last] = [stride / factor, Math.max(0, copies - dilation / factor)];
  const count = pairsInside(copies, Math.min(kernel, cycle), { stride, dilation }, first, size);
  const moved = first - last * stride - cycle * dilation;
  return count + pairsInside(copies - last, Math.max(kernel - cycle, 0), { stride, dilation }, moved, size);
}

/** Count the copies with at least one tap on a cell. */
export function copiesInside(copies, { kernel, stride, dilation }, first, size) {
  if (size < dilation && kernel > 1) return pairsInside(copies, kernel, { stride, dilation }, first, size);
  const least = Math.max(0, Math.ceil((first - dilation * (kernel - 1)) / stride));
  return Math.max(0, Math.min(copies, Math.ceil((first + size) / stride)) - least);
}

/** Count the pairs of copy and tap on a cell; several pairs may be on one. */
function pairsInside(copies, kernel, { stride, dilation }, first, size) {
  const below = (end, tap) => Math.min(Math.max(Math.ceil((end - tap * dilation) / stride), 0), copies);
  return range(kernel).reduce((total, tap) => total + below(first + size, tap) - below(first, tap), 0);
}
