/** What a loss sends back through a convolution of either kind; twin of convviz/layers/gradients.py.
 *
 * With the padded, zero-inserted input as a line, y[o] = Σ line[place of tap u in window o] · w[u] + b, so that
 * dL/dline += dL/dy · w, dL/dw = Σ line · dL/dy, and dL/db = Σ dL/dy. All values are in row-major order. */

import { allIndices, product, range } from "../itertools.js";
import { flatIndex } from "./ops.js";

/** Return dL/dx. */
export function inputGradient(layer, dy, w) {
  const shape = layer.slidingWindows.map(({ size }) => size);
  const line = Array(shape.reduce((total, size) => total * size)).fill(0);
  for (const { weight, met } of taps(layer)) {
    const factor = w[flatIndex(layer.kernel, weight)];
    for (const pairs of met) {
      const output = flatIndex(layer.output, pairs.map((one) => one.output));
      line[flatIndex(shape, pairs.map((one) => one.place))] += dy[output] * factor;
    }
  }
  return folded(layer, shape, line);
}

/** Return dL/dw. */
export function weightGradient(layer, x, dy) {
  const found = [];
  for (const { weight, met } of taps(layer)) {
    found[flatIndex(layer.kernel, weight)] = met.reduce((total, pairs) => {
      const source = flatIndex(layer.input, pairs.map((one) => one.source));
      return total + x[source] * dy[flatIndex(layer.output, pairs.map((one) => one.output))];
    }, 0);
  }
  return found;
}

/** Return dL/db, a number. */
export function biasGradient(dy) {
  return dy.reduce((total, value) => total + value, 0);
}

/**
 * List the taps of the window in row-major order: the weight of each, and per axis the {output, place, source} of each
 * cell that it met, which is not a zero; `place` is that in the line.
 */
function taps(layer) {
  const axes = layer.slidingWindows.map((slidingWindow) =>
    range(slidingWindow.kernel).map((tap) =>
      range(slidingWindow.outputs).map((output) => metAt(slidingWindow, output, tap)).filter(Boolean),
    ),
  );
  return allIndices(layer.kernel).map((tap) => ({
    weight: tap.map((at, axis) => layer.slidingWindows[axis].kernelIndex(at)),
    met: product(tap.map((at, axis) => axes[axis][at])),
  }));
}

function metAt(slidingWindow, output, tap) {
  const place = slidingWindow.taps(output)[tap];
  const { source } = slidingWindow.cells[place];
  return source === null ? null : { output, place, source };
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
