/** The positions of the measured nodes of a body. */

import { makeGrid } from "./cell_geometry.js";
import { placeChart } from "./chart.js";
import { placeLens, placeMiddleBelow } from "./lens.js";
import { placePlaneStack } from "./plane_stack.js";
import { placeTable } from "./table.js";
import { ascent, CAP_HEIGHT, lineHeight } from "./typography.js";

/** Kind of node → (fitting, block, x, centre, placed, captionTop), which adds grids and texts to `placed`. */
export const PLACE = {
  panel: placePanel,
  chart: placeChart,
  group: (fitting, block, ...position) => {
    const { magnified, middle_below: isMiddleBelow } = block.node;
    (magnified ? placeLens : isMiddleBelow ? placeMiddleBelow : placeGroup)(fitting, block, ...position);
  },
  planeStack: (fitting, { node, above }, x, centre, placed) =>
    placePlaneStack(fitting, node, x, centre - above, placed),
  textBlock: placeTextBlock,
  operator: placeOperator,
};

/** Place the grid, its caption below it, and its label on its left or above it. */
function placePanel(fitting, { node, width, lines, left: before, right, top: over }, x, centre, placed, captionTop) {
  const { typography } = fitting;
  const { w, h } = fitting.gridSize(node);
  const left = Math.round(x + before + (width - before - right - w) / 2);
  const top = centre - Math.floor(h / 2);
  const grid = { ...makeGrid(node, left, top, fitting.pitch), outline: fitting.outline };
  placed.grids.push(grid);
  const free = node.label ? 0 : Math.floor((width - before - right - w) / 2);
  if (!node.oblique) fitting.brackets.place(node, grid, placed, free);
  const captionY = Math.max(top + h, centre + captionTop) + fitting.captionGap;
  const limit = Math.max(w, fitting.captionWidth);
  const others = node.moment_captions.map((caption) => typography.wrap(caption, "panel caption", limit));
  const shown = { tab: node.caption_tab, others };
  placeCentred(typography, lines, "panel caption", { left, w, top: captionY }, placed, shown);
  const label = fitting.labelSpace(node);
  placeCentred(typography, label.lines, "panel label", { left, w, top: top - over - label.over }, placed);
  if (!label.beside) return;
  const drop = Math.round((CAP_HEIGHT * typography.fontSize("panel label")) / 2);
  const baseline = Math.round(top + h / 2) + drop;
  const at = left - label.beside - fitting.brackets.room(node, 0).beside;
  placed.texts.push(typography.placedText(node.label, "panel label", at, baseline));
}

/**
 * Place lines of text below `top`, centred in the width of a grid; they are shown from a tab of the scene on, or in the
 * moments of a step `others` in their place.
 */
function placeCentred(typography, lines, style, { left, w, top }, placed, { tab = 0, others = [] } = {}) {
  const px = typography.fontSize(style);
  const text = (line, index) => {
    const x = Math.round(left + (w - typography.width(line, style)) / 2);
    return typography.placedText(line, style, x, top + ascent(px) + index * lineHeight(px));
  };
  lines.forEach((line, index) => {
    const inMoments = others.map((other) => text(other[index] ?? "", index));
    placed.texts.push({ ...text(line, index), tab, inMoments });
  });
}

/** Place a row, a column or a table. */
export function placeGroup(fitting, block, x, centre, placed) {
  const { node, width, above, children } = block;
  if (node.table) {
    placeTable(fitting, block, x, centre - above, placed);
  } else if (node.direction === "column") {
    let top = centre - above;
    for (const child of children) {
      fitting.place(child, x + Math.floor((width - child.width) / 2), top + child.above, placed);
      top += child.above + child.below + fitting.rowSpacing;
    }
  } else {
    const captionTop = node.align_captions ? Math.max(...children.map((child) => fitting.gridBelow(child))) : 0;
    fitting.lefts(block).forEach((left, index) => {
      fitting.place(children[index], Math.round(x + left), centre, placed, captionTop);
    });
  }
}

function placeTextBlock(fitting, { node, above }, x, centre, placed) {
  const px = fitting.textBlockSize;
  node.lines.forEach((line, index) => {
    const baseline = centre - above + ascent(px) + index * fitting.textBlockLineHeight;
    placed.texts.push(fitting.typography.placedText(line, "text block", x, baseline, { px }));
  });
}

function placeOperator(fitting, { node, above }, x, centre, placed) {
  const px = fitting.operatorSize(node);
  const style = fitting.operatorStyle(node);
  placed.texts.push(fitting.typography.placedText(node.text, style, x, centre - above + ascent(px), { px }));
}
