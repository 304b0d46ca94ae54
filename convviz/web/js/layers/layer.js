/** A layer as the product of its axes; twin of convviz/layers/layer.py. */

import { GeometryError } from "../errors.js";
import { checkedParameter } from "../geometry/parameters.js";
import { PADDING_NAMES } from "../geometry/padding.js";
import { axisCount, axisNames, paddingPerAxis, perAxis } from "../geometry/per_axis.js";
import { allIndices } from "../itertools.js";

const AXIS_PROPERTIES = ["input", "kernel", "stride", "padding", "dilation", "output", "outputPadding"];

/** Sizes and parameters as one entry per axis. */
export class Layer {
  constructor(kind, axes, namedPadding) {
    Object.assign(this, { kind, axes, namedPadding, transposed: kind === "transposed" });
    for (const name of AXIS_PROPERTIES) this[name] = axes.map((axis) => axis[name]);
    this.paddingMode = axes[0].paddingMode;
    this.slidingWindows = axes.map((axis) => axis.slidingWindow);
  }

  /** List the indices of the output cells in row-major order. */
  outputs() {
    return allIndices(this.output);
  }

  /** The number of output cells. */
  get outputCount() {
    return this.output.reduce((total, size) => total * size);
  }

  /** Return one entry of `outputs()`. */
  outputAt(flat) {
    const width = this.output.at(-1);
    return this.axes.length === 1 ? [flat] : [Math.floor(flat / width), flat % width];
  }
}

/**
 * Build one axis per entry of the parameters with `build(parameters)`. A parameter is a number for all axes or a list
 * with one entry per axis. Throws a GeometryError, which names the axis if the axes differ.
 */
export function buildAxes(build, padding, parameters) {
  const count = axisCount([...Object.values(parameters), padding]);
  const split = Object.entries(parameters).map(([name, value]) => [name, perAxis(name, value, count)]);
  split.push(["padding", paddingPerAxis(padding, count, PADDING_NAMES)]);
  const alike = split.every(([, values]) => values.every((value) => String(value) === String(values[0])));
  return axisNames(count).map((axisName, axis) => {
    try {
      return build(Object.fromEntries(split.map(([name, values]) => [name, values[axis]])));
    } catch (error) {
      throw alike || !(error instanceof GeometryError) ? error : new GeometryError(`${axisName}: ${error.message}`);
    }
  });
}

/** Return [input, effective kernel size, stride] of an axis. Throws a GeometryError for invalid numbers. */
export function measures({ input, kernel, stride, dilation }) {
  const [i, k, s, d] = Object.entries({ input, kernel, stride, dilation }).map((entry) => checkedParameter(...entry));
  return [i, d * (k - 1) + 1, s];
}
