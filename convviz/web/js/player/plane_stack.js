/** Stacks of oblique planes with a column of labels on their right. */

import { nodeKind } from "../scene/model.js";
import { ascent, lineHeight } from "./typography.js";

const LABEL = "plane label";
const LEAST_DISTANCE = 0.6;

/** The pixels between planes and what is on their right. */
function besidePlanes({ spacing, pitch }) {
  return Math.max(2 * spacing, Math.round(LEAST_DISTANCE * pitch));
}

/** Return the block of a stack: as wide as its widest plane and the column of labels; or of planes side by side. */
export function measurePlaneStack(fitting, node) {
  if (fitting.flatStacks) return flatSize(fitting, node);
  const { planes, distances, width, labelWidth } = measureStack(fitting, node);
  const height = above(planes[0]) + distances.reduce((sum, distance) => sum + distance, 0) + below(planes.at(-1));
  return { node, width: width + labelWidth, above: Math.floor(height / 2), below: Math.ceil(height / 2) };
}

/** Place the planes from the top down, centred below each other, their labels, and the side node. */
export function placePlaneStack(fitting, node, x, top, placed) {
  if (fitting.flatStacks) {
    placeFlat(fitting, node, x, top, placed);
    return;
  }
  const { planes, side, distances, width } = measureStack(fitting, node);
  const centres = [top + above(planes[0])];
  for (const distance of distances) centres.push(centres.at(-1) + distance);
  const labelX = x + width + besidePlanes(fitting);
  planes.forEach((plane, index) => {
    fitting.place(plane.block, x + Math.floor((width - plane.block.width) / 2), centres[index], placed);
    placeLabel(fitting, plane, labelX, centres[index] - plane.halfLabel, placed);
  });
  if (!side) return;
  const middle = centres.at(-2) + planes.at(-2).halfLabel + centres.at(-1) - planes.at(-1).halfLabel;
  fitting.place(side, labelX, Math.floor((middle - side.above - side.below) / 2) + side.above, placed);
}

/** The planes side by side, with their widths, labels included, and the side node; labels are below all guide lines. */
function flatParts(fitting, node) {
  const { planes, side } = measureStack(fitting, node);
  const parts = planes.map((plane) => {
    const lines = plane.lines.map((line) => fitting.typography.width(line, LABEL));
    return { plane, width: Math.max(plane.block.width, ...lines), lines };
  });
  const labelTop = Math.max(...planes.map(({ block }) => block.below)) + Math.floor(fitting.spacing / 2);
  const below = labelTop + Math.max(...planes.map(({ halfLabel }) => 2 * halfLabel));
  return { parts, side, labelTop, below };
}

function flatSize(fitting, node) {
  const { parts, side, below } = flatParts(fitting, node);
  const widths = [...parts.map(({ width }) => width), ...(side ? [side.width] : [])];
  const width = widths.reduce((sum, one) => sum + one, besidePlanes(fitting) * (widths.length - 1));
  const above = Math.max(...parts.map(({ plane }) => plane.block.above), side ? side.above : 0);
  return { node, width, above, below: Math.max(below, side ? side.below : 0) };
}

/** Place the planes from the lowest on the left to the highest on the right, then the side node. */
function placeFlat(fitting, node, x, top, placed) {
  const { parts, side, labelTop } = flatParts(fitting, node);
  const centre = top + flatSize(fitting, node).above;
  const lefts = [];
  for (const { width } of [...parts].reverse()) {
    lefts.unshift(x);
    x += width + besidePlanes(fitting);
  }
  parts.forEach(({ plane, width, lines }, index) => {
    const { block } = plane;
    fitting.place(block, lefts[index] + Math.floor((width - block.width) / 2), centre, placed);
    const labelX = lefts[index] + Math.floor((width - Math.max(0, ...lines)) / 2);
    placeLabel(fitting, plane, labelX, centre + labelTop, placed);
  });
  if (side) fitting.place(side, x, centre, placed);
}

function measureStack(fitting, node) {
  const planes = node.planes.map((plane) => measurePlane(fitting, fitting.measure(plane)));
  const side = node.side && fitting.measure(node.side);
  const widths = planes.flatMap(({ lines }) => lines.map((line) => fitting.typography.width(line, LABEL)));
  if (side) widths.push(side.width);
  return {
    planes,
    side,
    distances: centreDistances(fitting, planes, side),
    width: Math.max(...planes.map(({ block }) => block.width)),
    labelWidth: widths.length ? Math.max(...widths) + besidePlanes(fitting) : 0,
  };
}

/** The distances between centre lines; the side node fits between the last two labels. */
function centreDistances(fitting, planes, side) {
  return planes.slice(1).map((lower, index) => {
    const upper = planes[index];
    const distance = below(upper) + Math.round(1.2 * fitting.spacing) + above(lower);
    if (!side || index + 2 < planes.length) return distance;
    return Math.max(distance, upper.halfLabel + side.above + side.below + lower.halfLabel + fitting.spacing);
  });
}

/** A plane, or a row of planes, with the lines of its label. */
function measurePlane({ typography, captionWidth }, block) {
  const label = nodeKind(block.node) === "panel" ? block.node.label : "";
  const lines = label ? typography.wrap(label, LABEL, Math.round(1.5 * captionWidth)) : [];
  return { block, lines, halfLabel: Math.ceil((lines.length * lineHeight(typography.fontSize(LABEL))) / 2) };
}

function above({ block, halfLabel }) {
  return Math.max(block.above, halfLabel);
}

function below({ block, halfLabel }) {
  return Math.max(block.below, halfLabel);
}

/** The label of a panel in the colour of its role. */
function placeLabel({ typography }, { block, lines }, x, top, placed) {
  const px = typography.fontSize(LABEL);
  lines.forEach((line, index) => {
    const baseline = top + ascent(px) + index * lineHeight(px);
    placed.texts.push(typography.placedText(line, LABEL, x, baseline, { ink: block.node.name }));
  });
}
