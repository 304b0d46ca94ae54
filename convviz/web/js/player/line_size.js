/** How large the line of a step can be set. */

import { longest, shortest } from "../text/lines.js";

const FEW = 48;

/**
 * How large the lines of all frames can be set: {px, length, rows}; `advance(px)` is the width of a character.
 * A smaller size comes before another row, but no size below three quarters of `largest` where rows can help. Where a
 * row holds few characters there are two for lines that would have to be shortened.
 */
export function lineSize(lines, width, largest, least, advance) {
  const most = (count) => lines.reduce((found, line) => Math.max(found, count(line)), 0);
  const needed = most(shortest);
  const held = (px, rows) => Math.max(1, Math.floor(width / advance(px)) * rows - (rows - 1) * 8);
  const few = held(largest, 1) < FEW && most(longest) > held(largest, 1);
  for (let rows = few ? 2 : 1; rows <= 3; rows++) {
    for (let px = largest; px >= Math.max(least, Math.floor(largest * 0.75)); px--) {
      if (held(px, rows) >= needed) return { px, length: held(px, rows), rows };
    }
  }
  return { px: least, length: held(least, 4), rows: 4 };
}
