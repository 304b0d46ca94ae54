/** Parameters at the door: whole numbers within limits, for each axis; twin of convviz/per_axis.py. */

const LARGEST_NUMBER = 1_000_000;
const SHOWN_BELOW = 1e15;
const LONGEST_VALUE = 40;

/** Name → symbol and smallest value of everything that an axis takes. */
export const PARAMETERS = {
  input: { symbol: "i", minimum: 1 },
  kernel: { symbol: "k", minimum: 1 },
  stride: { symbol: "s", minimum: 1 },
  padding: { symbol: "p", minimum: 0 },
  dilation: { symbol: "d", minimum: 1 },
  output_padding: { symbol: "a", minimum: 0 },
};

/** Parameters or values that no layer can have; the message is the sentence that Python says. */
export class GeometryError extends Error {
  name = "GeometryError";
}

/** A picture that cannot be drawn; the message is the sentence that Python says. */
export class PictureError extends Error {
  name = "PictureError";
}

/** `value` as the whole number that the parameter `name` takes; throws a GeometryError. Here 2.0 is 2, in Python it is
 * refused. */
export function wholeNumber(name, value) {
  const { symbol, minimum } = PARAMETERS[name];
  const words = name.replace("_", " ");
  const expected = `${symbol} is a whole number from ${minimum} to 1 000 000`;
  if (!Number.isInteger(value)) {
    const shown = [...represented(value)].slice(0, LONGEST_VALUE).join("");
    throw new GeometryError(`${words} ${shown} is not a whole number: ${expected}`);
  }
  if (value < minimum || value > LARGEST_NUMBER) {
    const shown = Math.abs(value) < SHOWN_BELOW ? value : "(more than 15 digits)";
    throw new GeometryError(`${words} ${shown} is too ${value < minimum ? "small" : "large"}: ${expected}`);
  }
  return value + 0; // no negative zero
}

/** Padding before and after; a single number holds for both. */
export function sidesOf(padding) {
  const [before, after] = Array.isArray(padding) ? padding : [padding, padding];
  return [wholeNumber("padding", before), wholeNumber("padding", after)];
}

/** What the axes are called. */
export function axisNames(count) {
  return count === 2 ? ["rows", "columns"] : ["cells"];
}

/** Number of axes: 1 where a parameter is a list of one, else 2. */
export function axisCount(values) {
  return values.some((value) => Array.isArray(value) && value.length === 1) ? 1 : 2;
}

/** `value` for each of `count` axes; throws a GeometryError when it has another number of entries. */
export function perAxis(name, value, count) {
  if (!Array.isArray(value)) return Array(count).fill(value);
  if (value.length === count) return value;
  const expected = count === 2 ? "(rows, columns)" : "a 1-tuple, as the layer is 1-D";
  const words = `${name.replace("_", " ")} ${tupled(value)} has ${value.length} values`;
  throw new GeometryError(`${words}: expected one whole number or ${expected}`);
}

/** For each axis a pair [before, after], or one of `names`; throws a GeometryError for anything else. */
export function paddingPerAxis(padding, count, names) {
  if (typeof padding === "string") {
    if (names.includes(padding)) return Array(count).fill(padding);
    const known = names.join(", ");
    throw new GeometryError(`there is no padding ${represented(padding)}; use a whole number or ${known}`);
  }
  return perAxis("padding", padding, count).map((side) => {
    const pair = Array.isArray(side) ? side : [side, side];
    if (pair.length === 2) return pair;
    const words = `padding ${tupled(pair)} of an axis has ${pair.length} values`;
    throw new GeometryError(`${words}: expected one, or (before, after)`);
  });
}

/** A value as Python's repr writes it: numbers, strings, lists, True, False and None. */
export function represented(value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(value);
  return Array.isArray(value) ? `[${value.map(represented).join(", ")}]` : quoted(String(value));
}

function tupled(values) {
  return `(${values.map(represented).join(", ")}${values.length === 1 ? "," : ""})`;
}

function quoted(text) {
  const safe = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r");
  return safe.includes("'") && !safe.includes('"') ? `"${safe}"` : `'${safe.replaceAll("'", "\\'")}'`;
}

function numberText(number) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
  if (number === 0 || Math.abs(number) >= 1e-4) return String(number);
  return number.toExponential().replace(/e-(\d)$/, "e-0$1");
}
