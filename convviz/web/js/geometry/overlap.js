/** Taps of the kernel per residue of the stride; twin of convviz/geometry/overlap.py. */

import { range } from "../itertools.js";

/** How many taps of the kernel land on each residue of the stride. */
export function landings({ kernel, dilation, stride }) {
  const found = Array(stride).fill(0);
  for (const tap of range(kernel)) found[(tap * dilation) % stride] += 1;
  return found;
}
