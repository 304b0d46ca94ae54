/** Named kernels; twin of convviz/layers/kernels.py. */

import { GeometryError } from "../errors.js";
import { range } from "../itertools.js";
import { pythonRepr } from "../text/python_repr.js";

const FIXED = {
  laplacian: [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
  sharpen: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  "sobel-x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  "sobel-y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
};

/** Name → size → [numerators, denominator] along one axis. They equal Python's as long as they are below 2**53: for a
 * 2-D gaussian up to k = 27. */
const SEPARABLE = {
  bilinear: (size) => tent(size, Math.ceil(size / 2)),
  box: (size) => [Array(size).fill(1), size],
  gaussian: (size) => [range(size).map((index) => binomial(size - 1, index)), 2 ** (size - 1)],
  identity: (size) => [range(size).map((index) => Number(index === Math.floor(size / 2))), 1],
  nearest: (size) => [Array(size).fill(1), 1],
  ones: (size) => [Array(size).fill(1), 1],
};

/** All kernel names, sorted. */
export const KERNELS = [...Object.keys(SEPARABLE), ...Object.keys(FIXED)].sort();

/** Return the values of a named kernel in row-major order. Throws a GeometryError if it has no such shape. */
export function namedKernel(name, shape) {
  if (Object.hasOwn(SEPARABLE, name)) return outer(shape.map(SEPARABLE[name]));
  if (!Object.hasOwn(FIXED, name)) {
    throw new GeometryError(`there is no kernel ${pythonRepr(name)}; use ${KERNELS.join(", ")}`);
  }
  if (shape.length === 2 && shape.every((size) => size === 3)) return FIXED[name].flat();
  throw new GeometryError(`the kernel ${name} is 3×3, not ${shape.join("×")}; use k = 3`);
}

/** The outer product of the profiles of all axes. */
function outer(profiles) {
  const denominator = profiles.reduce((total, [, factor]) => total * factor, 1);
  const numerators = profiles.reduce((all, [line]) => all.flatMap((one) => line.map((other) => one * other)), [1]);
  return numerators.map((numerator) => numerator / denominator);
}

/** 1 − |n − (k − 1)/2|/f. */
function tent(size, half) {
  return [range(size).map((index) => 2 * half - Math.abs(2 * index - (size - 1))), 2 * half];
}

function binomial(n, k) {
  return range(k).reduce((found, index) => (found * (n - index)) / (index + 1), 1);
}
