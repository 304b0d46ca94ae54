/** Which cells of the picture are linked to one of them. */

import { cellLine, linkedCells } from "./feeds.js";

/** For each view the grid of `feeds.js` that a panel shows, by the panel's place; views without an entry link nothing. */
const SHOWN = { slide: ["padded", "kernel", "output"] };

/** Whether cells of a view are linked. */
export function isLinked(view, layer) {
  return Object.hasOwn(SHOWN, view) && layer.axes.length === 2;
}

/** The cells that one depends on or feeds, [{panel, row, col, own}], and the line that says what it is. */
export function linked(view, layer, numbers, { panel, row, col }) {
  const names = SHOWN[view];
  const index = turned(layer, names[panel], [row, col]);
  const found = linkedCells(layer, names[panel], index);
  const cells = names.flatMap((name, other) => (other === panel ? [] : found[name].map((at) => ({ other, name, at }))));
  const shown = cells.map(({ other, name, at }) => {
    const [r, c] = turned(layer, name, at);
    return { panel: other, row: r, col: c, own: false };
  });
  return { cells: [...shown, { panel, row, col, own: true }], line: cellLine(layer, numbers, names[panel], index) };
}

/** The kernel of a transposed convolution is shown flipped. */
function turned(layer, name, index) {
  if (name !== "kernel" || !layer.tracks[0].flipped) return index;
  return index.map((place, axis) => layer.kernel[axis] - 1 - place);
}
