/** What layers share: one axis from each entry of the parameters; twin of convviz/layers/layer.py. */

import { GeometryError } from "../errors.js";

/** What `build` makes; an error says which axis, where they differ. */
export function onAxis(name, split, build) {
  try {
    return build();
  } catch (error) {
    const equal = (one, other) => (Array.isArray(one) ? one.every((side, at) => side === other[at]) : one === other);
    const same = Object.values(split).every((values) => values.every((value) => equal(value, values[0])));
    throw same || !(error instanceof GeometryError) ? error : new GeometryError(`${name}: ${error.message}`);
  }
}

/** The entry for one axis of every parameter. */
export function entriesAt(split, index) {
  return Object.fromEntries(Object.entries(split).map(([name, values]) => [name, values[index]]));
}
