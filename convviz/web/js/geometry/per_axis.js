/** Parameters at the door: whole numbers within limits, for each axis; twin of convviz/per_axis.py. */

import { GeometryError } from "../errors.js";
import { represented, tupled } from "../text/python_repr.js";

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
