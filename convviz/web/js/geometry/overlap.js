/** Overlap of the kernels along one axis, and what they leave out; twin of convviz/geometry/overlap.py. */

import { range } from "../itertools.js";

/** Count the kernel taps whose offset has each residue modulo the stride. */
export function tapsPerResidue({ kernel, dilation, stride }) {
  const counts = Array(stride).fill(0);
  for (const tap of range(kernel)) counts[(tap * dilation) % stride] += 1;
  return counts;
}

/** Return the greatest common divisor. */
export function commonFactor(one, other) {
  return other ? commonFactor(other, one % other) : one;
}

/** Tell whether all residues have equally many taps (`even`), different numbers (`uneven`), or some none (`holes`). */
export function axisEvenness({ kernel, stride, dilation }) {
  if (kernel < stride || commonFactor(dilation, stride) > 1) return "holes";
  return kernel % stride ? "uneven" : "even";
}

/** Count the n with first ≤ n < first + size that are m·s + u·d for one of `copies` kernels m and a tap u. */
export function touchedCells(copies, { kernel, stride, dilation }, first, size) {
  const starts = new Map();
  for (const tap of range(kernel)) {
    const residue = (tap * dilation) % stride;
    if (!starts.has(residue)) starts.set(residue, []);
    starts.get(residue).push(Math.floor((tap * dilation) / stride));
  }
  const unions = [...starts].map(([residue, quotients]) => {
    const [least, end] = [Math.ceil((first - residue) / stride), Math.ceil((first + size - residue) / stride)];
    return unionSize(quotients.map((start) => [Math.max(start, least), Math.min(start + copies, end)]));
  });
  return unions.reduce((total, count) => total + count, 0);
}

/** Count the copies m of the kernel with a tap u for which first ≤ m·s + u·d < first + size. */
export function copiesInside(copies, { kernel, stride, dilation }, first, size) {
  const spans = range(kernel).map((tap) => {
    const place = first - tap * dilation;
    return [Math.max(Math.ceil(place / stride), 0), Math.min(Math.ceil((place + size) / stride), copies)];
  });
  return unionSize(spans.sort((one, other) => one[0] - other[0]));
}

/** Count the integers in a union of half-open spans, which are in ascending order of their starts. */
function unionSize(spans) {
  let [count, reached] = [0, -Infinity];
  for (const [start, end] of spans) {
    const begin = Math.max(start, reached);
    if (end <= begin) continue;
    count += end - begin;
    reached = end;
  }
  return count;
}
