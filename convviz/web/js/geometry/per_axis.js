/** Parameters spread over the axes; twin of convviz/geometry/per_axis.py. */

import { GeometryError } from "../errors.js";
import { pythonRepr, tupleRepr } from "../text/python_repr.js";

/** Name the axes of a 2-D or 1-D layer. */
export function axisNames(count) {
  return count === 2 ? ["rows", "columns"] : ["cells"];
}

/** Count the axes: 1 if a parameter is a list of length 1, else 2. */
export function axisCount(parameters) {
  return parameters.some((value) => Array.isArray(value) && value.length === 1) ? 1 : 2;
}

/** Return `value` for each of `count` axes. Throws a GeometryError for a list of another length. */
export function perAxis(name, value, count) {
  if (!Array.isArray(value)) return Array(count).fill(value);
  if (value.length === count) return value;
  const expected = count === 2 ? "(rows, columns)" : "a 1-tuple, as the layer is 1-D";
  const got = `${name.replace("_", " ")} ${tupleRepr(value)} has ${value.length} values`;
  throw new GeometryError(`${got}: expected one whole number or ${expected}`);
}

/** Return a pair [before, after] or a padding name per axis. Throws a GeometryError for anything else. */
export function paddingPerAxis(padding, count, names) {
  if (typeof padding === "string") {
    if (names.includes(padding)) return Array(count).fill(padding);
    const known = names.join(", ");
    throw new GeometryError(`there is no padding ${pythonRepr(padding)}; use a whole number or ${known}`);
  }
  return perAxis("padding", padding, count).map((side) => {
    const pair = Array.isArray(side) ? side : [side, side];
    if (pair.length === 2) return pair;
    const got = `padding ${tupleRepr(pair)} of an axis has ${pair.length} values`;
    throw new GeometryError(`${got}: expected one, or (before, after)`);
  });
}
