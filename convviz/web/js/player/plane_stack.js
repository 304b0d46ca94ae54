/** Placing storeys: slanted planes one above the other, and a column of labels on their right. */

import { kind } from "../scene/model.js";
import { above, leading } from "./typography.js";

const STYLE = "plane label";

/** A block as wide as the widest plane and the column of labels. */
export function measureStoreys(fit, node) {
  const { storeys, steps, width, column } = tower(fit, node);
  const high = rise(storeys[0]) + steps.reduce((sum, step) => sum + step, 0) + fall(storeys.at(-1));
  return { node, wide: width + column, rise: Math.floor(high / 2), fall: Math.ceil(high / 2) };
}

/** The planes from the top down, the middles of all below each other; then the side. */
export function placeStoreys(fit, node, x, top, placed) {
  const { storeys, side, steps, width } = tower(fit, node);
  const centres = [top + rise(storeys[0])];
  for (const step of steps) centres.push(centres.at(-1) + step);
  const edge = x + width + 2 * fit.air;
  storeys.forEach((storey, index) => {
    fit.place(storey.block, x + Math.floor((width - storey.block.wide) / 2), centres[index], placed);
    placeLabel(fit, storey, edge, centres[index] - storey.half, placed);
  });
  if (!side) return;
  const free = centres.at(-2) + storeys.at(-2).half + centres.at(-1) - storeys.at(-1).half;
  fit.place(side, edge, Math.floor((free - side.rise - side.fall) / 2) + side.rise, placed);
}

function tower(fit, node) {
  const storeys = node.planes.map((plane) => measureStorey(fit, fit.measure(plane)));
  const side = node.side && fit.measure(node.side);
  const widths = storeys.flatMap(({ lines }) => lines.map((line) => fit.type.wide(line, STYLE)));
  if (side) widths.push(side.wide);
  return {
    storeys,
    side,
    steps: stepsOf(fit, storeys, side),
    width: Math.max(...storeys.map(({ block }) => block.wide)),
    column: widths.length ? Math.max(...widths) + 2 * fit.air : 0,
  };
}

/** From each centre line to the next: guide lines have room, and the side stands between the last two labels. */
function stepsOf(fit, storeys, side) {
  return storeys.slice(1).map((lower, index) => {
    const upper = storeys[index];
    const step = fall(upper) + Math.round(1.2 * fit.air) + rise(lower);
    if (!side || index + 2 < storeys.length) return step;
    return Math.max(step, upper.half + side.rise + side.fall + lower.half + fit.air);
  });
}

/** A plane, or a row of them, and the lines of its label, which stands level with its middle. */
function measureStorey(fit, block) {
  const words = kind(block.node) === "panel" ? block.node.label : "";
  const lines = words ? fit.type.wrapped(words, STYLE, Math.round(1.5 * fit.narrow)) : [];
  return { block, lines, half: Math.ceil((lines.length * leading(fit.type.px(STYLE))) / 2) };
}

function rise({ block, half }) {
  return Math.max(block.rise, half);
}

function fall({ block, half }) {
  return Math.max(block.fall, half);
}

/** The label of a panel in the colour of what it shows. */
function placeLabel(fit, { block, lines }, x, top, placed) {
  const px = fit.type.px(STYLE);
  lines.forEach((line, index) => {
    placed.texts.push(fit.type.text(line, STYLE, x, top + above(px) + index * leading(px), { ink: block.node.name }));
  });
}
