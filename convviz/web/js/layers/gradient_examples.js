/** Numbers for dL/dy: those that are given, and examples; twin of convviz/layers/gradient_examples.py. */

import { GeometryError } from "../errors.js";
import { formatSizes } from "../text/formatting.js";
import { exampleInput } from "./examples.js";

/**
 * Return dL/dy in row-major order: nested lists that are given, or small whole numbers that `seed` chooses. Throws a
 * GeometryError for another shape.
 */
export function outputGradient({ output }, given, seed) {
  if (given === null) return exampleInput(output, seed + 1);
  const shape = Array.isArray(given[0]) ? [given.length, given[0].length] : [given.length];
  if (shape.join() === output.join()) return given.flat();
  const [got, size] = [shape, output].map(formatSizes);
  throw new GeometryError(`dL/dy values are ${got}, but the output is ${size}; give ${size} numbers, of one channel`);
}
