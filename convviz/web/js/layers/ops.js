/** The values in the cells of a layer with one channel; twin of convviz/layers/ops.py.
 *
 * Python computes integers in int64, JavaScript in doubles: both agree if all sums are below 2**53. */

import { GeometryError } from "../errors.js";
import { product } from "../itertools.js";
import { formatSizes } from "../text/formatting.js";
import { exampleInput, exampleKernel } from "./examples.js";
import { outputGradient } from "./gradient_examples.js";
import { namedKernel } from "./kernels.js";
import { notationOf } from "./number_notation.js";
import { namedInput } from "./patterns.js";

/** Return the row-major offset of an index. */
export function flatIndex(shape, index) {
  return index.length === 1 ? index[0] : index[0] * shape[1] + index[1];
}

/**
 * Return the LayerValues of `layer`. `x`, `w` and `dy` (dL/dy) are nested lists, `x` and `w` also names of patterns or
 * kernels; `seed` chooses example values for those that are missing. Throws a GeometryError for other shapes.
 */
export function layerValues(layer, { seed = 0, x = null, w = null, dy = null, bias = null, visible = true } = {}) {
  const input = x === null ? exampleInput(layer.input, seed) : inputValues(layer, x);
  const kernel = w === null ? exampleKernel(layer.kernel, seed) : kernelValues(layer, w);
  const gradient = () => outputGradient(layer, dy, seed);
  return new LayerValues(layer, { x: input, w: kernel, gradient, bias, visible });
}

/** Values of input (x), kernel (w) and output (y) in row-major order. `visible` is false if the picture hides them. */
class LayerValues {
  #outputs = [];
  #notations = {};

  constructor(layer, values) {
    Object.assign(this, values);
    this.layer = layer;
  }

  /** dL/dy; it is computed on first use. Throws a GeometryError if it has another shape than the output. */
  get dy() {
    return (this.#notations.dy ??= this.gradient());
  }

  /** The output values, bias included. */
  get y() {
    return this.layer.outputs().map((output) => this.at(output));
  }

  /** Return the value of one output cell; it is computed on first use. */
  at(output) {
    const flat = flatIndex(this.layer.output, output);
    this.#outputs[flat] ??= this.#sum(output);
    return this.#outputs[flat];
  }

  /** The notation of the input. */
  get xNotation() {
    return (this.#notations.x ??= notationOf(this.x));
  }

  /** The notation of the kernel. */
  get wNotation() {
    return (this.#notations.w ??= notationOf(this.w));
  }

  /** The notation of all products of an input value and a weight. */
  get productNotation() {
    return (this.#notations.product ??= notationOf(this.isWhole ? [] : this.#allProducts()));
  }

  #allProducts() {
    const weights = [...new Set(this.w)];
    return [...new Set(this.x)].flatMap((value) => weights.map((weight) => value * weight));
  }

  /** The notation of the output, with and without the bias, and of the bias. */
  get yNotation() {
    return (this.#notations.y ??= notationOf(this.isWhole ? [] : this.#outputNumbers()));
  }

  /** Whether all numbers are integers, and so all sums. */
  get isWhole() {
    return (this.#notations.isWhole ??= [...this.x, ...this.w, this.bias ?? 0].every(Number.isInteger));
  }

  #outputNumbers() {
    const sums = this.layer.outputs().map((output) => this.#products(output));
    return [...this.y, ...sums, this.bias ?? 0];
  }

  #products(output) {
    const products = windowProducts(this.layer, this, output);
    return products.reduce((total, { value, weight }) => total + value * weight, 0);
  }

  #sum(output) {
    return this.#products(output) + (this.bias ?? 0);
  }
}

/**
 * List the taps of the window for an output cell in row-major order: {cells, source, weight}. `source` is the index of
 * the input cell or null, `weight` the index of the kernel cell.
 */
export function windowTaps(layer, output) {
  const axes = layer.slidingWindows.map((slidingWindow, axis) =>
    slidingWindow.taps(output[axis]).map((position, tap) => ({ tap, cell: slidingWindow.cells[position] })),
  );
  return product(axes).map((entries) => {
    const cells = entries.map(({ cell }) => cell);
    const source = cells.some((cell) => cell.source === null) ? null : cells.map((cell) => cell.source);
    return { cells, source, weight: entries.map(({ tap }, axis) => layer.slidingWindows[axis].kernelIndex(tap)) };
  });
}

/** List the products that an output cell sums up, [{source, value, weight}], without inserted zeros and padding. */
export function windowProducts(layer, { x, w }, output) {
  const taps = windowTaps(layer, output).filter(({ source }) => source);
  return taps.map(({ source, weight }) => ({
    source,
    value: x[flatIndex(layer.input, source)],
    weight: w[flatIndex(layer.kernel, weight)],
  }));
}

function inputValues(layer, x) {
  return typeof x === "string" ? namedInput(x, layer.input) : flattened("input", x, layer.input);
}

function kernelValues(layer, w) {
  return typeof w === "string" ? namedKernel(w, layer.kernel) : flattened("kernel", w, layer.kernel);
}

/** Return nested lists in row-major order. Throws a GeometryError if their shape is not `shape`. */
function flattened(name, values, shape) {
  const rows = Array.isArray(values[0]) ? values : [values];
  if (rows.some((row) => row.length !== rows[0].length)) {
    throw new GeometryError(`${name} values are not a grid: every row needs the same number of values`);
  }
  const got = Array.isArray(values[0]) ? [rows.length, rows[0].length] : [values.length];
  const flat = rows.flat();
  if (!flat.every(Number.isFinite)) throw new GeometryError(`${name} values hold nan or infinity; give finite numbers`);
  if (got.join() === shape.join()) return flat;
  const expected = formatSizes(shape);
  const leading = name === "input" ? " (channels and batch may stand in front)" : "";
  const remedy = `give ${expected} numbers${leading} or change the ${name}`;
  throw new GeometryError(`${name} values are ${formatSizes(got)}, but the ${name} is ${expected}; ${remedy}`);
}
