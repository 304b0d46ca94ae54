/** Example values: small, and without any symmetry; twin of convviz/layers/examples.py. */

import { range } from "../itertools.js";

const INPUTS = [1, 1, 1, 1, 1, 2, 2, 2, 3, 3];
const MOST_CELLS_TO_9 = 49;
const NEXT_ATTEMPT = 2 * 7919;

/** Return example input values from 1 to 3 in row-major order; each flip and each turn changes them. */
export function exampleInput(shape, seed) {
  const draw = (next) => range(cellCount(shape)).map(() => INPUTS[next() % INPUTS.length]);
  return firstAsymmetric(draw, shape, 2 * seed);
}

/** Return example kernel values in row-major order: digits, distinct in up to 9 cells, all moved by a turn. */
export function exampleKernel(shape, seed) {
  const cells = cellCount(shape);
  const largest = cells <= MOST_CELLS_TO_9 ? Math.max(3, Math.min(9, cells + 1)) : 4;
  const least = cells === 9 ? 0 : 1;
  const draw = (next) => {
    const digits = shuffled(range(largest).map((index) => least + index), next);
    return withUnequalOpposites(shuffled(range(cells).map((index) => digits[index % largest]), next));
  };
  return firstAsymmetric(draw, shape, 2 * seed + 1);
}

function cellCount(shape) {
  return shape.reduce((total, size) => total * size, 1);
}

/** Return the first of several draws that each flip and each turn changes, with no 0 at a corner or in the middle. */
function firstAsymmetric(draw, shape, seed) {
  const moves = symmetries([1, ...shape].slice(-2));
  for (let attempt = 0; ; attempt++) {
    const values = draw(mulberry32(seed + NEXT_ATTEMPT * attempt));
    const isTelling = values.every((value, index) => value || index % 2);
    if (isTelling && moves.every((moved) => moved.some((from, to) => values[from] !== values[to]))) return values;
  }
}

/** List the flips and turns that keep the shape of a grid and move cells: the cell that comes to each place. */
function symmetries([rows, cols]) {
  const cells = range(rows).map((row) => range(cols).map((col) => row * cols + col));
  const images = [cells, [...cells].reverse()];
  for (let turn = 0; turn < 3; turn++) images.push(...images.slice(-2).map(turned));
  const moves = images.filter((image) => image.length === rows).map((image) => image.flat());
  return moves.filter((move) => move.some((from, to) => from !== to));
}

function turned(grid) {
  return grid[0].map((_, col) => grid.map((row) => row[col]).reverse());
}

/** Exchange values, at least three different ones, until no half turn puts an equal one in its place. */
function withUnequalOpposites(values) {
  const last = values.length - 1;
  for (let index = 0; index < last - index; index++) {
    for (let other = 0; other <= last && values[last - index] === values[index]; other++) {
      const [one, two] = [values[index], values[other]];
      if (two !== one && (other === last - other || values[last - other] !== one)) {
        [values[index], values[other]] = [two, one];
      }
    }
  }
  return values;
}

function shuffled(values, next) {
  for (let index = values.length - 1; index > 0; index--) {
    const other = next() % (index + 1);
    [values[index], values[other]] = [values[other], values[index]];
  }
  return values;
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
