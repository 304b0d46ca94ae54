/** Kernels by name, and example numbers; twin of convviz/kernels.py. */

import { GeometryError } from "../errors.js";
import { range } from "../itertools.js";
import { represented } from "../text/python_repr.js";

const FIXED = {
  laplacian: [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
  sharpen: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  "sobel-x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  "sobel-y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
};

/** Size → numerators and the denominator of one axis. The numbers are Python's as long as numerators and denominators
 * stay below 2**53: for gaussian up to k = 27 in two dimensions. */
const SEPARABLE = {
  bilinear: (size) => tent(size, Math.ceil(size / 2)),
  box: (size) => [Array(size).fill(1), size],
  gaussian: (size) => [range(size).map((place) => choose(size - 1, place)), 2 ** (size - 1)],
  identity: (size) => [range(size).map((place) => Number(place === Math.floor(size / 2))), 1],
  nearest: (size) => [Array(size).fill(1), 1],
  ones: (size) => [Array(size).fill(1), 1],
};

/** The names of kernels. */
export const KERNELS = [...Object.keys(SEPARABLE), ...Object.keys(FIXED)].sort();

/** The kernel of that name for `shape`, row after row; throws a GeometryError when it does not come in this size. */
export function namedKernel(name, shape) {
  if (Object.hasOwn(SEPARABLE, name)) return outer(shape.map(SEPARABLE[name]));
  if (!Object.hasOwn(FIXED, name)) {
    throw new GeometryError(`there is no kernel ${represented(name)}; use ${KERNELS.join(", ")}`);
  }
  if (shape.length === 2 && shape.every((size) => size === 3)) return FIXED[name].flat();
  throw new GeometryError(`the kernel ${name} is 3×3, not ${shape.join("×")}; use k = 3`);
}

function outer(profiles) {
  const under = profiles.reduce((found, [, denominator]) => found * denominator, 1);
  const over = profiles.reduce((found, [line]) => found.flatMap((one) => line.map((other) => one * other)), [1]);
  return over.map((numerator) => numerator / under);
}

/** 1 − |n − (k − 1)/2|/f. */
function tent(size, half) {
  return [range(size).map((place) => 2 * half - Math.abs(2 * place - (size - 1))), 2 * half];
}

function choose(all, some) {
  return range(some).reduce((found, index) => (found * (all - index)) / (index + 1), 1);
}

/** Whole numbers from 1 to 4, row after row. */
export function exampleInput(shape, seed) {
  return digits(shape, 2 * seed, 4);
}

/** Whole numbers from 1 to 3 without symmetry, so that flips and shifts can be seen; row after row. */
export function exampleKernel(shape, seed) {
  for (let attempt = 0; ; attempt++) {
    const found = digits(shape, 2 * seed + 1 + 7919 * attempt, 3);
    if (isTelling(found, [1, ...shape].slice(-2))) return found;
  }
}

function isTelling(values, [rows, cols]) {
  const grid = range(rows).map((row) => values.slice(row * cols, (row + 1) * cols));
  const columns = range(cols).map((col) => grid.map((row) => row[col]));
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const mirrored = [grid, columns].some((lines) => lines.length > 1 && same(lines, [...lines].reverse()));
  const turned = same(values, [...values].reverse()) || same(grid, columns);
  return values.length === 1 || !(mirrored || turned);
}

function digits(shape, seed, high) {
  const next = mulberry32(seed);
  return range(shape.reduce((all, size) => all * size, 1)).map(() => 1 + (next() % high));
}

/** Tommy Ettinger's mulberry32 (public domain): 32-bit numbers from a 32-bit seed; of larger ones, which doubles hold
 * below 2**53, the lowest bits count. */
function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
