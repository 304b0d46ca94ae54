/** Numbers, sizes and formulas as words, exactly as Python says them; twin of convviz/wording.py. */

import { axisNames } from "../geometry/per_axis.js";

export const MINUS = "−";
const LARGEST_DENOMINATOR = 256;

/** A whole number with a typographic minus. */
function signed(number) {
  return number < 0 ? `${MINUS}${-number}` : String(number);
}

/** A cell's value: whole numbers in full, others to three digits or as a fraction, huge and tiny ones as 1.2e9. */
export function valueText(number) {
  const text = plainText(number);
  return text.startsWith("-") ? MINUS + text.slice(1) : text;
}

function plainText(number) {
  const magnitude = Math.abs(number);
  if (Number.isNaN(number)) return "nan";
  if (magnitude === Infinity) return number > 0 ? "∞" : "-∞";
  if (magnitude >= 1e7 || (magnitude && magnitude < 1e-3)) return powerText(number);
  if (Number.isInteger(number) || magnitude >= 100) return String(halfEven(number));
  return decimalText(number);
}

/** Two digits and a power of ten; a number that they would round beyond the largest one is cut. */
function powerText(number) {
  const text = toDigits(number, 2);
  const whole = Number.isFinite(Number(text)) ? text : `${number < 0 ? "-" : ""}1.79e308`;
  return whole.replace("e+", "e");
}

/** Up to three significant digits, or a fraction below 1 that says in full what they cannot say as shortly: 3/16. */
function decimalText(number) {
  const text = String(Number(toDigits(number, 3)));
  if (Math.abs(number) >= 1) return text;
  if (Number(text) === number && text.replace("-", "").length <= 4) return text;
  for (let under = 2; under <= LARGEST_DENOMINATOR; under++) {
    const over = Math.round(number * under);
    if (over / under === number) return `${over}/${under}`;
  }
  return text;
}

/** A number in scientific notation with some digits; halfway between two, the even one as in Python. */
function toDigits(number, digits) {
  const [mantissa, exponent] = Math.abs(number).toExponential(100).split("e");
  const kept = digits + 1; // with the point
  const isHalf = /^50*$/.test(mantissa.slice(kept));
  if (!isHalf || Number(mantissa[kept - 1]) % 2) return number.toExponential(digits - 1);
  return `${number < 0 ? "-" : ""}${mantissa.slice(0, kept)}e${exponent}`;
}

/** The nearest whole number, the even one of two. */
export function halfEven(number) {
  const below = Math.floor(number);
  if (number - below !== 0.5) return Math.round(number) + 0;
  return below % 2 ? below + 1 : below;
}

/** Whether `valueText` says the value in full. */
export function isShownExactly(number) {
  const [over, under = "1"] = valueText(number).replace(MINUS, "-").replace("∞", "Infinity").split("/");
  return Number(over) / Number(under) === number;
}

/** A value inside a product: negative ones and fractions in parentheses. */
export function factor(text) {
  return text.startsWith(MINUS) || text.includes("/") ? `(${text})` : text;
}

/** `3×4`, rows first. */
export function sizesText(numbers) {
  return numbers.join("×");
}

/** `3` where all axes agree, else `3×4`. */
export function short(numbers) {
  return shortSides(numbers.map((number) => [number, number]));
}

/** `1`, or `0,1` where the sides of an axis differ; `1×0,1` where the axes differ. */
export function shortSides(pairs) {
  const said = pairs.map(([one, other]) => (one === other ? signed(one) : `${signed(one)},${signed(other)}`));
  return new Set(said).size === 1 ? said[0] : said.join("×");
}

/** Indices as people write them: `2`, `1–3`, `0, 2`, `0, 2, …, 8`. */
export function run(numbers) {
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (numbers.length > 1 && numbers.every((number, index) => number === first + index)) return `${first}–${last}`;
  return numbers.length > 3 ? `${first}, ${numbers[1]}, …, ${last}` : numbers.join(", ");
}

/** `5`, `5 or 6`, `5, 6 or 7`. */
export function either(numbers) {
  const head = numbers.slice(0, -1).join(", ");
  return head ? `${head} or ${numbers.at(-1)}` : String(numbers[0]);
}

/** `rows 2–4, columns 2–4`, or `cells 2–4` for a single axis. */
export function namedIndices(indices) {
  const nouns = axisNames(indices.length).map((name) => name.slice(0, -1));
  return indices.map((found, axis) => `${nouns[axis]}${found.length === 1 ? "" : "s"} ${run(found)}`).join(", ");
}
