/** The sizes of the nodes of a body, as blocks {node, width, above, below, …} of a Fitting. */

import { measureChart } from "./chart.js";
import { measureLens, measureMiddleBelow } from "./lens.js";
import { measurePlaneStack } from "./plane_stack.js";
import { tableSize } from "./table.js";
import { ascent, lineHeight } from "./typography.js";

/** Mathematical operators are centred about 0.31 of their font size above the baseline. */
const OPERATOR_CENTRE = 0.31;

/** Kind of node → (fitting, node) → block. */
export const MEASURE = {
  panel: measurePanel,
  chart: measureChart,
  group: (fitting, node) => {
    if (node.magnified) return measureLens(fitting, node);
    return node.middle_below ? measureMiddleBelow(fitting, node) : measureGroup(fitting, node);
  },
  planeStack: (fitting, node) =>
    fitting.compact ? fitting.measure(flattened(node)) : measurePlaneStack(fitting, node),
  textBlock: measureTextBlock,
  operator: measureOperator,
};

function measurePanel(fitting, node) {
  const { typography } = fitting;
  const { w, h } = fitting.gridSize(node);
  const limit = Math.max(w, fitting.captionWidth);
  const lines = node.caption ? typography.wrap(node.caption, "panel caption", limit) : [];
  const captionHeight = lines.length * lineHeight(typography.fontSize("panel caption"));
  const caption = lines.length ? fitting.captionGap + captionHeight : 0;
  const label = fitting.labelSpace(node);
  const widths = [
    w + 2 * label.beside,
    ...label.lines.map((line) => typography.width(line, "panel label")),
    ...lines.map((line) => typography.width(line, "panel caption")),
  ];
  const above = Math.max(Math.floor(h / 2) + label.over, label.half);
  const width = Math.max(...widths);
  const free = Math.floor((width - w) / 2);
  const room = fitting.brackets.room(node, node.label ? 0 : free);
  const sides = [Math.max(room.left, room.beside + label.beside), room.right];
  const [left, right] = sides.map((side) => Math.max(0, side - free));
  const below = Math.max(Math.ceil(h / 2), label.half) + caption;
  const lengths = { width: width + left + right, above: above + room.top, left, right, top: room.top };
  return { node, lines, ...lengths, below: Math.max(below, Math.ceil(h / 2) + room.bottom) };
}

/** Return the block of a row or a column. */
export function measureGroup(fitting, node) {
  const children = node.children.map((child) => fitting.measure(child));
  const most = (size) => Math.max(...children.map(size));
  const sum = (size, spacing) =>
    children.reduce((total, child) => total + size(child), (children.length - 1) * spacing);
  if (node.table) return tableSize(fitting, node, children);
  const block = { node, children, above: most((child) => child.above), below: most((child) => child.below) };
  if (node.direction === "column") {
    const height = sum((child) => child.above + child.below, fitting.rowSpacing);
    const width = most((child) => child.width);
    return { ...block, width, above: Math.floor(height / 2), below: Math.ceil(height / 2) };
  }
  if (node.equal_widths) {
    return { ...block, width: fitting.slotsWidth(node, children) };
  }
  if (node.align_captions) {
    const captions = most((child) => child.below - fitting.gridBelow(child));
    block.below = most((child) => fitting.gridBelow(child)) + captions;
  }
  return { ...block, width: fitting.rowWidth(node, children) };
}

function measureTextBlock(fitting, node) {
  const height = node.lines.length * fitting.textBlockLineHeight;
  const widths = node.lines.map((line) => fitting.typography.width(line, "text block", fitting.textBlockSize));
  return { node, width: Math.max(...widths), above: Math.floor(height / 2), below: Math.ceil(height / 2) };
}

function measureOperator(fitting, node) {
  const px = fitting.operatorSize(node);
  const drop = Math.round(px * OPERATOR_CENTRE);
  const width = fitting.typography.width(node.text, fitting.operatorStyle(node), px);
  return { node, width, above: ascent(px) - drop, below: lineHeight(px) - ascent(px) + drop };
}

/** A plane stack as a column: its side node comes last, and labels below the first plane become captions. */
function flattened({ planes, side }) {
  const [first, ...others] = planes;
  const captioned = others.map((plane) => (plane.cells ? { ...plane, caption: plane.label, label: "" } : plane));
  const children = [first, ...captioned, ...(side ? [side] : [])];
  return { direction: "column", children, may_turn: false, equal_widths: false, align_captions: false };
}
