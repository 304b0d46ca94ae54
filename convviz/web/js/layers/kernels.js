/** Named kernels and example values; twin of convviz/layers/kernels.py. */

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

/** Return example input values from 1 to 4 in row-major order. */
export function exampleInput(shape, seed) {
  return smallIntegers(shape, 2 * seed, 4);
}

/** Return example kernel values from 1 to 3 in row-major order, without symmetry, so that a flip is visible. */
export function exampleKernel(shape, seed) {
  for (let attempt = 0; ; attempt++) {
    const values = smallIntegers(shape, 2 * seed + 1 + 7919 * attempt, 3);
    if (isAsymmetric(values, [1, ...shape].slice(-2))) return values;
  }
}

function isAsymmetric(values, [rows, cols]) {
  const grid = range(rows).map((row) => values.slice(row * cols, (row + 1) * cols));
  const columns = range(cols).map((col) => grid.map((row) => row[col]));
  const equal = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const mirrored = [grid, columns].some((lines) => lines.length > 1 && equal(lines, [...lines].reverse()));
  const rotated = equal(values, [...values].reverse()) || equal(grid, columns);
  return values.length === 1 || !(mirrored || rotated);
}

function smallIntegers(shape, seed, largest) {
  const next = mulberry32(seed);
  return range(shape.reduce((total, size) => total * size, 1)).map(() => 1 + (next() % largest));
}

/** Tommy Ettinger's mulberry32 (public domain): 32-bit numbers from the lowest 32 bits of a seed below 2**53. */
function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
