/** The room that a stage needs at least: its grids, signs and notes, but one line of each caption and no more. */

import { kind } from "../scene/model.js";
import { leading } from "./typography.js";

/** The largest number from 0 to `most` that `fits`, where all smaller ones do as well. */
export function largestThat(fits, most) {
  let [least, beyond] = [0, most + 1];
  while (beyond - least > 1) {
    const middle = Math.floor((least + beyond) / 2);
    if (fits(middle)) least = middle;
    else beyond = middle;
  }
  return least;
}

/** Sides {wide, high} that no block of a node in a `Fitting` falls below. They grow with its cells. */
export function leastSides(fit, node) {
  switch (kind(node)) {
    case "panel":
      return panelSides(fit, node);
    case "group":
      return groupSides(fit, node);
    case "storeys":
      return stacked(node.planes.map((plane) => leastSides(fit, plane)), 0);
    default: {
      const { wide, rise, fall } = fit.measure(node);
      return { wide, high: rise + fall };
    }
  }
}

function panelSides(fit, panel) {
  const { w, h } = fit.extent(panel);
  const caption = panel.caption ? fit.type.scaled(12) + leading(fit.type.px("panel caption")) : 0;
  return { wide: w + 2 * fit.labelRoom(panel).beside, high: h + caption };
}

function groupSides(fit, group) {
  const sides = group.children.map((child) => leastSides(fit, child));
  if (!fit.isRow(group)) return stacked(sides, fit.below);
  const high = Math.max(...sides.map((side) => side.high));
  if (group.equal_widths) return { wide: sides.length * (Math.max(...sides.map((side) => side.wide)) + fit.air), high };
  return { wide: sides.reduce((sum, side) => sum + side.wide, (sides.length - 1) * fit.air), high };
}

function stacked(sides, space) {
  const high = sides.reduce((sum, side) => sum + side.high, (sides.length - 1) * space);
  return { wide: Math.max(...sides.map((side) => side.wide)), high };
}
