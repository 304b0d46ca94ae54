/** The smallest possible size of a body: all grids, operators and text blocks, and one line of each caption. */

import { nodeKind } from "../scene/model.js";
import { framedSize, middleBelowSize } from "./lens.js";
import { lineHeight } from "./typography.js";

/** Return the largest integer from 0 to `most` that `fits`, if it fits all smaller ones. */
export function largestThat(fits, most) {
  let [least, beyond] = [0, most + 1];
  while (beyond - least > 1) {
    const middle = Math.floor((least + beyond) / 2);
    if (fits(middle)) least = middle;
    else beyond = middle;
  }
  return least;
}

/** Return the {width, height} that a node of a `Fitting` needs at least; both grow with the cell size. */
export function minimumSize(fitting, node) {
  switch (nodeKind(node)) {
    case "panel":
      return panelSize(fitting, node);
    case "group":
      if (node.magnified) return framedSize(fitting, groupSize(fitting.insideLens(), node));
      return groupSize(fitting, node);
    case "planeStack":
      return planesSize(fitting, node.planes.map((plane) => minimumSize(fitting, plane)));
    default: {
      const { width, above, below } = fitting.measure(node);
      return { width, height: above + below };
    }
  }
}

function panelSize(fitting, panel) {
  const { typography } = fitting;
  const { w, h } = fitting.gridSize(panel);
  const caption = panel.caption ? fitting.captionGap + lineHeight(typography.fontSize("panel caption")) : 0;
  return { width: w + 2 * fitting.labelSpace(panel).beside, height: h + caption };
}

function groupSize(fitting, group) {
  const sizes = group.children.map((child) => minimumSize(fitting, child));
  if (group.middle_below) return middleBelowSize(fitting, sizes);
  if (group.direction === "column") return stacked(sizes, fitting.rowSpacing);
  const height = Math.max(...sizes.map((size) => size.height));
  if (group.equal_widths) {
    const width = Math.max(...sizes.map((size) => size.width)) + Math.max(fitting.spacing, ...fitting.distances(group));
    return { width: sizes.length * width, height };
  }
  return { width: fitting.rowWidth(group, sizes), height };
}

function planesSize(fitting, sizes) {
  if (!fitting.flatStacks) return stacked(sizes, 0);
  const width = sizes.reduce((sum, size) => sum + size.width, 0);
  return { width, height: Math.max(...sizes.map((size) => size.height)) };
}

function stacked(sizes, spacing) {
  const height = sizes.reduce((sum, size) => sum + size.height, (sizes.length - 1) * spacing);
  return { width: Math.max(...sizes.map((size) => size.width)), height };
}
