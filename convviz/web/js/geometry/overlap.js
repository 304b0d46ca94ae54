/** Overlap of the kernels along one axis; twin of convviz/geometry/overlap.py. */

import { range } from "../itertools.js";

/** Count the kernel taps whose offset has each residue modulo the stride. */
export function tapsPerResidue({ kernel, dilation, stride }) {
  const counts = Array(stride).fill(0);
  for (const tap of range(kernel)) counts[(tap * dilation) % stride] += 1;
  return counts;
}
