/** Numbers, sizes and indices as text; twin of convviz/text/formatting.py. */

import { axisNames } from "../geometry/per_axis.js";
import { isClose, LARGEST_DENOMINATOR, nearestFraction } from "../layers/number_notation.js";
import { roundHalfEven } from "../rounding.js";

export const MINUS = "−";

/** Format an integer with a typographic minus. */
export function signed(number) {
  return number < 0 ? `${MINUS}${-number}` : String(number);
}

/** Format a value: integers in full, others with three digits or as a fraction, huge and tiny values as 1.2e9.
 * `notation` is that of a grid; a single value is a fraction if that is exact and shorter. */
export function formatValue(number, notation = null) {
  const text = asciiText(number, notation);
  return text.startsWith("-") ? MINUS + text.slice(1) : text;
}

function asciiText(number, notation) {
  const magnitude = Math.abs(number);
  if (Number.isNaN(number)) return "nan";
  if (magnitude === Infinity) return number > 0 ? "∞" : "-∞";
  if (magnitude >= 1e7 || (magnitude && magnitude < 1e-3)) return scientificText(number);
  const fraction = notation === "fraction" && !Number.isInteger(number) ? nearestFraction(number) : null;
  if (fraction) return fraction.join("/");
  if (Number.isInteger(number) || magnitude >= 100) return String(roundHalfEven(number));
  return notation ? String(Number(toSignificant(number, 3))) : decimalText(number);
}

/** Format two digits and a power of ten; a number that would round beyond the largest double is truncated. */
function scientificText(number) {
  const text = toSignificant(number, 2);
  const finite = Number.isFinite(Number(text)) ? text : `${number < 0 ? "-" : ""}1.79e308`;
  return finite.replace("e+", "e");
}

/** Format up to three significant digits, or an exact fraction below 1 if they would need more than four characters. */
function decimalText(number) {
  const text = String(Number(toSignificant(number, 3)));
  if (Math.abs(number) >= 1) return text;
  if (Number(text) === number && text.replace("-", "").length <= 4) return text;
  for (let denominator = 2; denominator <= LARGEST_DENOMINATOR; denominator++) {
    const numerator = Math.round(number * denominator);
    if (numerator / denominator === number) return `${numerator}/${denominator}`;
  }
  return text;
}

/** Format a number in scientific notation with `digits` significant digits; ties round to even, as in Python. */
function toSignificant(number, digits) {
  const [mantissa, exponent] = Math.abs(number).toExponential(100).split("e");
  const length = digits + 1; // with the point
  const isTie = /^50*$/.test(mantissa.slice(length));
  if (!isTie || Number(mantissa[length - 1]) % 2) return number.toExponential(digits - 1);
  return `${number < 0 ? "-" : ""}${mantissa.slice(0, length)}e${exponent}`;
}

/** Format a value in the notation of its grid, with ≈ in front if it is rounded. */
export function formatCell(number, notation) {
  return `${isShownExactly(number, notation) ? "" : "≈"}${formatValue(number, notation)}`;
}

/** Whether `formatValue` gives the exact value; in the notation of a grid, but for rounding errors of sums. */
export function isShownExactly(number, notation = null) {
  const [over, under = "1"] = formatValue(number, notation).replace(MINUS, "-").replace("∞", "Infinity").split("/");
  const shown = Number(over) / Number(under);
  return shown === number || (notation !== null && isClose(number, shown));
}

/** Put a negative value or a fraction in parentheses, for use in a product. */
export function formatFactor(text) {
  return text.startsWith(MINUS) || text.includes("/") ? `(${text})` : text;
}

/** Format a shape: `3×4`, rows first. */
export function formatSizes(sizes) {
  return sizes.join("×");
}

/** Format a shape in short: `3` if all axes are equal, else `3×4`. */
export function formatPerAxis(sizes) {
  return formatPadding(sizes.map((size) => [size, size]));
}

/** Format pairs per axis: `1`, or `0,1` if the sides of an axis differ, or `1×0,1` if the axes differ. */
export function formatPadding(pairs) {
  const texts = pairs.map(([one, other]) => (one === other ? signed(one) : `${signed(one)},${signed(other)}`));
  return new Set(texts).size === 1 ? texts[0] : texts.join("×");
}

/** Format increasing indices: `2`, `1–3`, `0, 2`, `0, 2, …, 8`; those without a common step as `0–1, 4–5`. */
export function formatIndices(indices) {
  const [first, last] = [indices[0], indices.at(-1)];
  const steps = new Set(indices.slice(1).map((index, at) => index - indices[at]));
  if (steps.size === 1 && steps.has(1)) return `${first}–${last}`;
  if (indices.length > 3 && steps.size === 1) return `${first}, ${indices[1]}, …, ${last}`;
  return (indices.length < 4 ? indices : runs(indices).map(formatIndices)).join(", ");
}

/** Split increasing numbers into runs of consecutive ones. */
function runs(numbers) {
  const starts = numbers.flatMap((number, at) => (at && number === numbers[at - 1] + 1 ? [] : [at]));
  return starts.map((start, at) => numbers.slice(start, starts[at + 1]));
}

/** Join numbers: `5`, `5 or 6`, `5, 6 or 7`. */
export function formatAlternatives(numbers) {
  const head = numbers.slice(0, -1).join(", ");
  return head ? `${head} or ${numbers.at(-1)}` : String(numbers[0]);
}

/** Format indices per axis: `rows 2–4, columns 2–4`, or `cells 2–4` for one axis. */
export function formatAxisIndices(spans) {
  const nouns = axisNames(spans.length).map((name) => name.slice(0, -1));
  return spans.map((span, axis) => `${nouns[axis]}${span.length === 1 ? "" : "s"} ${formatIndices(span)}`).join(", ");
}
