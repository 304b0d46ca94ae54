/** One notation for all numbers of a grid; twin of convviz/layers/number_notation.py. */

import { roundHalfEven } from "../rounding.js";

export const LARGEST_DENOMINATOR = 256;
const LONGEST_FRACTION = 6;
const TOLERANCE = 1e-12;

/** Whether two numbers differ by a rounding error at most. */
export function isClose(number, other) {
  return number === other || Math.abs(number - other) <= TOLERANCE * Math.abs(number);
}

/** Return [numerator, denominator] of a fraction with a small denominator that is `number`, or null. */
export function nearestFraction(number) {
  for (let denominator = 2; denominator <= LARGEST_DENOMINATOR; denominator++) {
    const numerator = roundHalfEven(number * denominator);
    if (isClose(number, numerator / denominator)) return [numerator, denominator];
  }
  return null;
}

function isShortDecimal(number) {
  const scale = Math.abs(number) < 10 ? 100 : 10;
  return Math.abs(number) < 100 && isClose(number, roundHalfEven(number * scale) / scale);
}

function isShortFraction(number) {
  const found = nearestFraction(number);
  return found !== null && `${Math.abs(found[0])}/${found[1]}`.length <= LONGEST_FRACTION;
}

/** Return the notation that says the most numbers exactly: "decimal" if they are short, else "fraction". */
export function notationOf(values) {
  const isBroken = (value) => Number.isFinite(value) && !Number.isInteger(value);
  const numbers = [...new Set(values.filter(isBroken))];
  if (numbers.every(isShortDecimal)) return "decimal";
  return numbers.every(isShortFraction) ? "fraction" : "decimal";
}
