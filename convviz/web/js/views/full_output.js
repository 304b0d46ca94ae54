/** The output before padding crops it, and where each input cell arrives there. */

import { range } from "../itertools.js";

/** The output in full along each axis, and for each input cell where it arrives there, and through which weight. */
export function canvasesOf(layer) {
  return layer.axes.map((axis, number) => (layer.transposed ? stamps(axis) : reads(layer.tracks[number])));
}

function stamps({ input, kernel, stride, dilation, reach, padding: [first], output }) {
  const taps = range(kernel);
  const feeds = range(input).map((cell) => taps.map((tap) => ({ place: cell * stride + tap * dilation, tap })));
  return { size: Math.max((input - 1) * stride + reach, first + output), first, kept: output, feeds };
}

function reads(track) {
  const feeds = range(track.input).map(() => []);
  for (const place of range(track.outputs)) {
    track.taps(place).forEach((position, tap) => {
      const { source } = track.cells[position];
      if (source !== null) feeds[source].push({ place, tap: track.weight(tap) });
    });
  }
  return { size: track.outputs, first: 0, kept: track.outputs, feeds };
}
