/** Input values by the name of a pattern; twin of convviz/layers/patterns.py. */

import { range } from "../itertools.js";

const FIGURE = ["00010", "00110", "01010", "10010", "11111", "00010", "00010"];
const SMALL_FIGURE = ["101", "101", "111", "001", "001"];
const INK = 4;

const PATTERNS = {
  ramp: () => (row, col) => col + 1,
  impulse: (rows, cols) => (row, col) => Number(row === Math.floor(rows / 2) && col === Math.floor(cols / 2)),
  checker: () => (row, col) => 1 - ((row + col) % 2),
  constant: () => () => 1,
  edge: (rows, cols) => (row, col) => Number(col >= Math.floor(cols / 2)),
  digit: figure,
};

/** The names of all patterns. */
export const PATTERN_NAMES = Object.keys(PATTERNS);

/** Return the values of a pattern in row-major order. */
export function namedInput(name, shape) {
  const [rows, cols] = [1, ...shape].slice(-2);
  const valueAt = PATTERNS[name](rows, cols);
  return range(rows).flatMap((row) => range(cols).map((col) => valueAt(row, col)));
}

/** A figure 4 as large as the grid, apart from a border if there is room: how much of a cell it covers. */
function figure(rows, cols) {
  const lines = rows >= FIGURE.length && cols >= FIGURE[0].length ? FIGURE : SMALL_FIGURE;
  const [down, across] = [overlaps(rows, lines.length), overlaps(cols, lines[0].length)];
  const area = lines.length * lines[0].length;
  return (row, col) => {
    const inks = lines.map((bits, part) => down[row][part] * covered(bits, across[col]));
    return Math.floor((2 * INK * inks.reduce((sum, ink) => sum + ink, 0) + area) / (2 * area));
  };
}

function covered(bits, shares) {
  return shares.reduce((sum, share, part) => sum + share * Number(bits[part]), 0);
}

/** How much each cell of a line shares with each part, if all parts fill the line, or all but its ends. */
function overlaps(cells, parts) {
  const border = Number(cells >= parts + 2);
  const inner = cells - 2 * border;
  return range(cells).map((index) => {
    const cell = index - border;
    const end = (part) => Math.min((cell + 1) * parts, (part + 1) * inner);
    return range(parts).map((part) => Math.max(0, end(part) - Math.max(cell * parts, part * inner)));
  });
}
