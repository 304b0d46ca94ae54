/** The output before padding crops it, axis by axis; twin of convviz/views/full_output.py. */

import { range } from "../itertools.js";

/**
 * Return for each axis {size, first, kept, arrivals}: the size of the full output, where the kept part starts, its
 * size, and for each input cell the places [{place, tap}] where it arrives and the kernel index of each.
 */
export function fullOutput(layer) {
  return layer.transposed ? layer.axes.map(transposedAxis) : layer.slidingWindows.map(convAxis);
}

function transposedAxis({ input, kernel, stride, dilation, effectiveKernel, padding: [first], output }) {
  const taps = range(kernel);
  const arrivals = range(input).map((cell) => taps.map((tap) => ({ place: cell * stride + tap * dilation, tap })));
  const size = Math.max((input - 1) * stride + effectiveKernel, first + output);
  return { size, first, kept: output, arrivals };
}

function convAxis(slidingWindow) {
  const arrivals = range(slidingWindow.input).map(() => []);
  for (const place of range(slidingWindow.outputs)) {
    slidingWindow.taps(place).forEach((position, tap) => {
      const { source } = slidingWindow.cells[position];
      if (source !== null) arrivals[source].push({ place, tap: slidingWindow.kernelIndex(tap) });
    });
  }
  return { size: slidingWindow.outputs, first: 0, kept: slidingWindow.outputs, arrivals };
}
