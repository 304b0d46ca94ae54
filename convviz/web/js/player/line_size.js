/** The font size of the captions of all steps. */

import { fullLength, shortestLength } from "../text/lines.js";

const SHORT_ROW = 48;
const MOST_ROWS = 3;
const LOST_PER_BREAK = 8;
const LEAST_SHARE = 0.75;

/**
 * Return {px, length, rows} with which the captions of all frames fit: font size, characters, and rows of text.
 * `advance(px)` is the width of a character. A smaller font is tried before another row, but not below three quarters
 * of `largest`. If a row holds few characters, captions that would have to be shortened get two rows.
 */
export function lineSize(lines, width, largest, least, advance) {
  const most = (count) => lines.reduce((length, line) => Math.max(length, count(line)), 0);
  const needed = most(shortestLength);
  const capacity = (px, rows) => Math.max(1, Math.floor(width / advance(px)) * rows - (rows - 1) * LOST_PER_BREAK);
  const isShort = capacity(largest, 1) < SHORT_ROW && most(fullLength) > capacity(largest, 1);
  for (let rows = isShort ? 2 : 1; rows <= MOST_ROWS; rows++) {
    for (let px = largest; px >= Math.max(least, Math.floor(largest * LEAST_SHARE)); px--) {
      if (capacity(px, rows) >= needed) return { px, length: capacity(px, rows), rows };
    }
  }
  return { px: least, length: capacity(least, MOST_ROWS + 1), rows: MOST_ROWS + 1 };
}
