/** What a loss sends back through a convolution of either kind; twin of convviz/layers/gradients.py.
 *
 * With the padded, zero-inserted input as a line, y[o] = Σ line[place of tap u in window o] · w[u] + b, so that
 * dL/dline += dL/dy · w, dL/dw = Σ line · dL/dy, and dL/db = Σ dL/dy. All values are in row-major order. */

import { allIndices, range } from "../itertools.js";
import { flatIndex } from "./ops.js";

/** Return dL/dx. */
export function inputGradient(layer, dy, w) {
  const shape = layer.slidingWindows.map(({ size }) => size);
  const line = Array(shape.reduce((total, size) => total * size)).fill(0);
  for (const { places, weight } of taps(layer)) {
    places.forEach((place, output) => {
      line[flatIndex(shape, place)] += dy[output] * w[flatIndex(layer.kernel, weight)];
    });
  }
  return folded(layer, shape, line);
}

/** Return dL/dw. */
export function weightGradient(layer, x, dy) {
  const found = [];
  for (const { places, weight } of taps(layer)) {
    const read = places.map((place) => {
      const source = place.map((at, axis) => layer.slidingWindows[axis].cells[at].source);
      return source.includes(null) ? 0 : x[flatIndex(layer.input, source)];
    });
    found[flatIndex(layer.kernel, weight)] = read.reduce((total, value, at) => total + value * dy[at], 0);
  }
  return found;
}

/** Return dL/db, a number. */
export function biasGradient(dy) {
  return dy.reduce((total, value) => total + value, 0);
}

/** List the taps of the window in row-major order: the places in the line, output by output, and the weight of each. */
function taps(layer) {
  const { slidingWindows } = layer;
  const outputs = layer.outputs();
  return allIndices(layer.kernel).map((tap) => ({
    places: outputs.map((output) => output.map((at, axis) => slidingWindows[axis].taps(at)[tap[axis]])),
    weight: tap.map((at, axis) => slidingWindows[axis].kernelIndex(at)),
  }));
}

/** Add each cell of the line to the input cell that it came from, axis by axis. */
function folded(layer, shape, line) {
  let [cells, sizes] = [line, shape];
  range(shape.length).forEach((axis) => {
    const smaller = sizes.map((size, other) => (other === axis ? layer.input[axis] : size));
    const sums = Array(smaller.reduce((total, size) => total * size)).fill(0);
    for (const place of allIndices(sizes)) {
      const { source } = layer.slidingWindows[axis].cells[place[axis]];
      if (source === null) continue;
      const target = place.map((at, other) => (other === axis ? source : at));
      sums[flatIndex(smaller, target)] += cells[flatIndex(sizes, place)];
    }
    [cells, sizes] = [sums, smaller];
  });
  return cells;
}
