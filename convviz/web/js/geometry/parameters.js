/** The parameters of an axis; twin of convviz/geometry/parameters.py. */

import { GeometryError } from "../errors.js";
import { pythonRepr } from "../text/python_repr.js";

const LARGEST_NUMBER = 1_000_000;
/** In messages: numbers from here on are not written out, and other values are cut to so many characters. */
const TOO_LONG_NUMBER = 1e15;
const MOST_CHARACTERS = 40;

/** Parameter name → symbol and minimum. */
export const PARAMETERS = {
  input: { symbol: "i", minimum: 1 },
  kernel: { symbol: "k", minimum: 1 },
  stride: { symbol: "s", minimum: 1 },
  padding: { symbol: "p", minimum: 0 },
  dilation: { symbol: "d", minimum: 1 },
  output_padding: { symbol: "a", minimum: 0 },
};

/** Validate `value` as an integer for the parameter `name` and return it. Throws a GeometryError.
 * Python refuses 2.0, but in JavaScript it equals 2. */
export function checkedParameter(name, value) {
  const { symbol, minimum } = PARAMETERS[name];
  const label = name.replace("_", " ");
  const expected = `${symbol} is a whole number from ${minimum} to 1 000 000`;
  if (!Number.isInteger(value)) {
    const shown = [...pythonRepr(value)].slice(0, MOST_CHARACTERS).join("");
    throw new GeometryError(`${label} ${shown} is not a whole number: ${expected}`);
  }
  if (value < minimum || value > LARGEST_NUMBER) {
    const shown = Math.abs(value) < TOO_LONG_NUMBER ? value : "(more than 15 digits)";
    throw new GeometryError(`${label} ${shown} is too ${value < minimum ? "small" : "large"}: ${expected}`);
  }
  return value + 0; // no negative zero
}

/** Validate padding and return [before, after]; a single number counts for both sides. */
export function paddingPair(padding) {
  const [before, after] = Array.isArray(padding) ? padding : [padding, padding];
  return [checkedParameter("padding", before), checkedParameter("padding", after)];
}
