/** Numbers, sizes and formulas as words, exactly as Python says them; twin of convviz/wording.py. */

import { axisNames } from "./checks.js";
import { paddingSum } from "./geometry.js";

const MINUS = "−";
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

/** A formula as data: label = symbols = filled = value (note). */
export function formulaOf(label, symbols, filled = "", value = "", note = "") {
  return { label, symbols, filled, value, note };
}

/** The output size per axis with the numbers filled in; one formula where the axes agree. */
export function formulas(layer) {
  const made = layer.axes.map(layer.transposed ? transposedFormula : forwardFormula);
  if (made.every((one) => JSON.stringify(one) === JSON.stringify(made[0]))) return [made[0]];
  return made.map((one, axis) => ({ ...one, label: `${axisNames(made.length)[axis]}: o` }));
}

function forwardFormula(axis) {
  const [reach, filledReach] = reachTexts(axis, MINUS);
  const symbols = axis.padding[0] === axis.padding[1] ? "i + 2p" : "i + p₁ + p₂";
  const filled = `⌊(${paddingSum(axis.input, axis.padding)} ${filledReach})/${axis.stride}⌋ + 1`;
  const note = axis.leftOver ? `${axis.leftOver} left over` : "";
  return formulaOf("o", `⌊(${symbols} ${reach})/s⌋ + 1`, filled, String(axis.output), note);
}

function transposedFormula(axis) {
  const [reach, filledReach] = reachTexts(axis, "+");
  const one = axis.dilation > 1 ? " + 1" : "";
  const [extra, filledExtra] = axis.outputPadding ? [" + a", ` + ${axis.outputPadding}`] : ["", ""];
  const [before, after] = axis.padding;
  const [crop, filledCrop] = before === after ? ["2p", `2·${before}`] : ["p₁ − p₂", `${before} − ${after}`];
  const filled = `(${axis.input} − 1)·${axis.stride} ${filledReach}${one} − ${filledCrop}${filledExtra}`;
  return formulaOf("o", `(i − 1)·s ${reach}${one} − ${crop}${extra}`, filled, String(axis.output));
}

/** The kernel's part of a size, in symbols and in numbers; the dilation only where there is one. */
function reachTexts({ kernel, dilation }, sign) {
  if (dilation === 1) return [`${sign} k`, `${sign} ${kernel}`];
  const one = sign === MINUS ? ` ${MINUS} 1` : "";
  return [`${sign} d·(k − 1)${one}`, `${sign} ${dilation}·(${kernel} − 1)${one}`];
}
