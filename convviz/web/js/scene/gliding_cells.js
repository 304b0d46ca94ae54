/** Cells between two key frames: those that turn, drop, or travel to a sum. Twin of parts of convviz/scene/motion.py. */

import { makeFloatingCell } from "./builder.js";

/** How far above its place a cell starts to drop, in thousandths of a cell. */
const DROP = 1000;

/** Return the turning cells on their circles about the centre; their texts stay upright. */
export function turningCells(changes, share) {
  const angle = Math.PI * (1 - share);
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const [middle, centre] = ["row", "col"].map((name) => Math.max(...changes.map((one) => one[name])) / 2);
  return changes.map(({ panel, row, col, cell }) => {
    const [down, right] = [row - middle, col - centre];
    const place = [middle + down * cosine - right * sine, centre + right * cosine + down * sine];
    return makeFloatingCell(panel, place.map(thousandths), cell);
  });
}

/** Return new cells of the output on their way down to their places. */
export function droppingCells(changes, share) {
  const above = thousandths(((1 - share) * DROP) / 1000);
  return changes.map(({ panel, row, col, cell }) => makeFloatingCell(panel, [1000 * row - above, 1000 * col], cell));
}

/** Return products on their way to the sign of the sum, one after the other; each takes half of the time. */
export function travellingCells(changes, progress) {
  const last = Math.max(1, changes.length - 1);
  return changes.flatMap(({ panel, row, col, cell }, index) => {
    const own = 2 * progress - index / last;
    const product = { ...cell, note: "" };
    const isOnWay = own > 0 && own < 1;
    return isOnWay ? [makeFloatingCell(panel, [1000 * row, 1000 * col], product, thousandths(smooth(own)))] : [];
  });
}

/** Return a share of the way that grows slowly at both ends. */
export function smooth(progress) {
  return progress * progress * (3 - 2 * progress);
}

/** Return thousandths of a cell, rounded as Python does. */
export function thousandths(cells) {
  return Math.floor(1000 * cells + 0.5);
}
