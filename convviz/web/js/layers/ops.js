/** The values of a layer of one channel; twin of convviz/arithmetic.py.
 *
 * Python computes whole numbers in int64, this in doubles: both are equal as long as sums stay below 2**53. */

import { GeometryError } from "../errors.js";
import { product } from "../itertools.js";
import { sizesText } from "../text/formatting.js";
import { exampleInput, exampleKernel, namedKernel } from "./kernels.js";

/** Place of an index in values that stand row after row. */
export function flatIndex(shape, index) {
  return index.length === 1 ? index[0] : index[0] * shape[1] + index[1];
}

/** The values of `layer`: {x, w, y, bias, visible}, row after row. `x` and `w` are nested lists, `w` may be a kernel's
 * name; those left out are examples for `seed`. Throws a GeometryError for other shapes. */
export function numbersOf(layer, { seed = 0, x = null, w = null, bias = null, visible = true } = {}) {
  const input = x === null ? exampleInput(layer.input, seed) : given("input", x, layer.input);
  const kernel = w === null ? exampleKernel(layer.kernel, seed) : weights(layer, w);
  return new Numbers(layer, { x: input, w: kernel, bias, visible });
}

/** Values of one channel; those of the output are computed when first asked for. */
class Numbers {
  constructor(layer, values) {
    Object.assign(this, values);
    this.layer = layer;
    this.sums = [];
  }

  /** The output, bias included, row after row. */
  get y() {
    return this.layer.outputs().map((output) => this.at(output));
  }

  /** The value of one output cell. */
  at(output) {
    const place = flatIndex(this.layer.output, output);
    this.sums[place] ??= this.#sum(output);
    return this.sums[place];
  }

  #sum(output) {
    const sum = productsOf(this.layer, this, output).reduce((found, { value, weight }) => found + value * weight, 0);
    return sum + (this.bias ?? 0);
  }
}

/** The taps of the window for an output cell, in reading order: {tap, cells, source, weight}; `source` is the input
 * cell that lies there or null, `weight` the index of the kernel cell. */
export function tapsOf(layer, output) {
  const walks = layer.tracks.map((track, axis) =>
    track.taps(output[axis]).map((place, tap) => ({ tap, cell: track.cells[place] })),
  );
  return product(walks).map((walk) => {
    const cells = walk.map(({ cell }) => cell);
    const source = cells.some((cell) => cell.source === null) ? null : cells.map((cell) => cell.source);
    return { cells, source, weight: walk.map(({ tap }, axis) => layer.tracks[axis].weight(tap)) };
  });
}

/** What an output cell sums up: [{source, value, weight}], without the zeros of padding and insertion. */
export function productsOf(layer, { x, w }, output) {
  const real = tapsOf(layer, output).filter(({ source }) => source);
  return real.map(({ source, weight }) => ({
    source,
    value: x[flatIndex(layer.input, source)],
    weight: w[flatIndex(layer.kernel, weight)],
  }));
}

function weights(layer, w) {
  return typeof w === "string" ? namedKernel(w, layer.kernel) : given("kernel", w, layer.kernel);
}

/** `values` row after row; throws a GeometryError when they have another shape. */
function given(name, values, shape) {
  const rows = Array.isArray(values[0]) ? values : [values];
  if (rows.some((row) => row.length !== rows[0].length)) {
    throw new GeometryError(`${name} values are not a grid: every row needs the same number of values`);
  }
  const found = Array.isArray(values[0]) ? [rows.length, rows[0].length] : [values.length];
  const flat = rows.flat();
  if (!flat.every(Number.isFinite)) throw new GeometryError(`${name} values hold nan or infinity; give finite numbers`);
  if (found.join() === shape.join()) return flat;
  const [is, wanted] = [sizesText(found), sizesText(shape)];
  const leading = name === "input" ? " (channels and batch may stand in front)" : "";
  const way = `give ${wanted} numbers${leading} or change the ${name}`;
  throw new GeometryError(`${name} values are ${is}, but the ${name} is ${wanted}; ${way}`);
}
