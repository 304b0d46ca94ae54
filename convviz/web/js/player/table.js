/** Groups whose children are aligned as in a table: a row of columns, or a column of rows. */

import { nodeKind } from "../scene/model.js";

/** Return the block of a table. */
export function tableSize(fitting, node, children) {
  let [width, height] = [0, 0];
  if (node.direction === "row") {
    width = node.equal_widths ? fitting.slotsWidth(node, children) : fitting.rowWidth(node, children);
    const lines = linesOf(children);
    height = total(lines.map(({ above, below }) => above + below)) + fitting.rowSpacing * (lines.length - 1);
  } else {
    const columns = columnWidths(children);
    const distances = children.filter(isGroup).map((child) => total(fitting.distances(child.node)));
    width = Math.max(total(columns) + Math.max(...distances), ...children.map((child) => child.width));
    height = total(children.map(({ above, below }) => above + below)) + fitting.rowSpacing * (children.length - 1);
  }
  return { node, children, width, above: Math.floor(height / 2), below: Math.ceil(height / 2) };
}

/** Place a table with its upper left corner at x, top. */
export function placeTable(fitting, block, x, top, placed) {
  if (block.node.direction === "row") placeColumns(fitting, block, x, top, placed);
  else placeRows(fitting, block, x, top, placed);
}

function placeRows(fitting, { width, children }, x, top, placed) {
  const columns = columnWidths(children);
  for (const child of children) {
    const centre = top + child.above;
    if (isGroup(child)) {
      const distances = fitting.distances(child.node);
      let left = x;
      child.children.forEach((part, index) => {
        fitting.place(part, left + Math.floor((columns[index] - part.width) / 2), centre, placed);
        left += columns[index] + (distances[index] ?? 0);
      });
    } else {
      fitting.place(child, x + Math.floor((width - child.width) / 2), centre, placed);
    }
    top += child.above + child.below + fitting.rowSpacing;
  }
}

function placeColumns(fitting, block, x, top, placed) {
  const centres = linesOf(block.children).map(({ above, below }) => {
    const centre = top + above;
    top = centre + below + fitting.rowSpacing;
    return centre;
  });
  fitting.lefts(block).forEach((left, index) => {
    const child = block.children[index];
    const parts = partsOf(child);
    const shift = centres.length - parts.length;
    parts.forEach((part, number) => {
      fitting.place(part, x + left + Math.floor((child.width - part.width) / 2), centres[shift + number], placed);
    });
  });
}

/** The heights {above, below} the centre line of each row of a row of columns, whose ends are aligned. */
function linesOf(children) {
  const lines = Array.from({ length: Math.max(...children.map((child) => partsOf(child).length)) }, () => ({
    above: 0,
    below: 0,
  }));
  for (const child of children) {
    const parts = partsOf(child);
    parts.forEach(({ above, below }, index) => {
      const line = lines[lines.length - parts.length + index];
      Object.assign(line, { above: Math.max(line.above, above), below: Math.max(line.below, below) });
    });
  }
  return lines;
}

/** The width of each column of a column of rows. */
function columnWidths(children) {
  const rows = children.filter(isGroup).map((child) => child.children);
  return rows[0].map((_, index) => Math.max(...rows.map((parts) => parts[index].width)));
}

function isGroup(block) {
  return nodeKind(block.node) === "group";
}

function partsOf(block) {
  return isGroup(block) ? block.children : [block];
}

function total(lengths) {
  return lengths.reduce((sum, length) => sum + length, 0);
}
