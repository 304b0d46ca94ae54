/** The values that arrive in the output cells of the scatter view, stamp by stamp.
 * Twin of convviz/views/scatter_totals.py. */

import { allIndices, product } from "../itertools.js";
import { notationOf } from "../layers/number_notation.js";
import { flatIndex } from "../layers/ops.js";
import { formatCell } from "../text/formatting.js";
import { visibleValues } from "./cell_grids.js";

/** The sums of the contributions so far in the full output; the bias is there from the start. */
export class Totals {
  #sums = new Map();
  #counts = new Map();

  constructor(values, full, notation = "decimal") {
    Object.assign(this, { values, notation });
    this.shape = full.map(({ size }) => size);
  }

  add(place, value) {
    this.#sums.set(flatIndex(this.shape, place), this.#sum(place) + value);
    this.#counts.set(flatIndex(this.shape, place), this.count(place) + 1);
  }

  text(place) {
    return visibleValues(this.values) ? formatCell(this.value(place), this.notation) : "";
  }

  /** The text of a place that has a value already, or an empty one. */
  textSoFar(place) {
    return this.count(place) || (this.values?.bias ?? null) !== null ? this.text(place) : "";
  }

  /** The number of contributions so far. */
  count(place) {
    return this.#counts.get(flatIndex(this.shape, place)) ?? 0;
  }

  value(place) {
    return this.#sum(place) + (this.values.bias ?? 0);
  }

  #sum(place) {
    return this.#sums.get(flatIndex(this.shape, place)) ?? 0;
  }
}

/** The notation of all totals, of each step. */
export function totalsNotation(layer, shown, full) {
  if (!shown || shown.isWhole) return "decimal";
  const totals = new Totals(shown, full);
  const found = allIndices(layer.input).flatMap((cell) =>
    stampPlaces(full, cell).map(({ place, tap }) => {
      addProduct(layer, shown, totals, { cell, place, tap });
      return totals.value(place);
    }),
  );
  return notationOf([...found, ...allIndices(totals.shape).map((place) => totals.value(place))]);
}

/** The places of the full output that an input cell reaches, each with the kernel index: [{place, tap}]. */
export function stampPlaces(full, cell) {
  const arrivals = product(full.map((axis, index) => axis.arrivals[cell[index]]));
  return arrivals.map((axes) => ({ place: axes.map((one) => one.place), tap: axes.map((one) => one.tap) }));
}

/** Add the product of an input cell and a weight to a place; returns the product. */
export function addProduct(layer, shown, totals, { cell, place, tap }) {
  const product = shown.x[flatIndex(layer.input, cell)] * shown.w[flatIndex(layer.kernel, tap)];
  totals.add(place, product);
  return product;
}
