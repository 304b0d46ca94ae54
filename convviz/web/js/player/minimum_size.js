/** The smallest possible size of a body: all grids, operators and text blocks, and one line of each caption. */

import { nodeKind } from "../scene/model.js";
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
      return groupSize(fitting, node);
    case "planeStack":
      return stacked(node.planes.map((plane) => minimumSize(fitting, plane)), 0);
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
  if (!fitting.isRow(group)) return stacked(sizes, fitting.rowSpacing);
  const height = Math.max(...sizes.map((size) => size.height));
  const widths = sizes.map(({ width }) => width);
  if (group.equal_widths) return { width: sizes.length * (Math.max(...widths) + fitting.spacing), height };
  return { width: widths.reduce((sum, width) => sum + width, (sizes.length - 1) * fitting.spacing), height };
}

function stacked(sizes, spacing) {
  const height = sizes.reduce((sum, size) => sum + size.height, (sizes.length - 1) * spacing);
  return { width: Math.max(...sizes.map((size) => size.width)), height };
}
