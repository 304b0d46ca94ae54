/** A lens: a framed group whose grids have larger cells than the others; as in convviz/layout/lens.py. */

import { nodeKind } from "../scene/model.js";
import { outlined, rect } from "./shapes.js";

/** In pixels of the design: the distance of the frame, and the cells. */
const PADDING = 14;
const LEAST_LENS = 30;
const LARGEST_LENS = 60;
/** The largest share of a cell's width that a number takes. */
const TIGHT = 0.92;
const FRAME = 2;
const RADIUS = 12;

/** Return the block of a magnified group with its frame. */
export function measureLens(fitting, node) {
  const inner = fitting.insideLens().measureGroup(node);
  const room = fitting.typography.scaled(PADDING);
  const { width, above, below } = inner;
  return { node, children: [inner], width: width + 2 * room, above: above + room, below: below + room };
}

/** Place a magnified group, and its frame. */
export function placeLens(fitting, { node, width, above, below, children: [inner] }, x, centre, placed) {
  placed.lens = { x, y: centre - above, w: width, h: above + below };
  fitting.insideLens().placeGroup({ ...inner, node }, x + fitting.typography.scaled(PADDING), centre, placed);
}

/** Return the block of three nodes, the second below the others. */
export function measureMiddleBelow(fitting, node) {
  const children = node.children.map((child) => fitting.measure(child));
  const [first, second, third] = children;
  const height = lineHeights(first, third) + fitting.rowSpacing + second.above + second.below;
  const width = Math.max(lineWidth(fitting, first, third), second.width);
  return { node, children, width, above: Math.floor(height / 2), below: Math.ceil(height / 2) };
}

/** Place three nodes in their order, the second below the others. */
export function placeMiddleBelow(fitting, { width, above, children: [first, second, third] }, x, centre, placed) {
  const top = centre - above;
  const line = top + Math.max(first.above, third.above);
  const left = x + Math.floor((width - lineWidth(fitting, first, third)) / 2);
  fitting.place(first, left, line, placed);
  const below = top + lineHeights(first, third) + fitting.rowSpacing + second.above;
  fitting.place(second, x + Math.floor((width - second.width) / 2), below, placed);
  fitting.place(third, left + first.width + fitting.betweenGrids, line, placed);
}

/** Return the least width and height {width, height} of three such nodes. */
export function middleBelowSize(fitting, [first, second, third]) {
  const height = Math.max(first.height, third.height) + fitting.rowSpacing + second.height;
  return { width: Math.max(lineWidth(fitting, first, third), second.width), height };
}

/** Return the least width and height of a lens around something of a size. */
export function framedSize(fitting, { width, height }) {
  const room = 2 * fitting.typography.scaled(PADDING);
  return { width: width + room, height: height + room };
}

function lineWidth(fitting, first, third) {
  return first.width + fitting.betweenGrids + third.width;
}

function lineHeights(first, third) {
  return Math.max(first.above, third.above) + Math.max(first.below, third.below);
}

/** Return for each panel of a node whether it is in a lens. */
export function magnifiedPanels(node, inside = false) {
  const kind = nodeKind(node);
  if (kind === "panel") return [inside];
  return kind === "group" ? node.children.flatMap((child) => magnifiedPanels(child, inside || node.magnified)) : [];
}

/** Return the cell sizes of a lens, the largest first, in which all its texts fit; none without a lens. */
export function lensPitches(body, texts, typography) {
  const inside = magnifiedPanels(body);
  if (!inside.some(Boolean)) return [];
  const shapes = texts.filter((_, panel) => inside[panel]).flatMap((found) => [...found]);
  const widest = Math.max(0, ...shapes.map((text) => typography.width(text, "number", typography.least)));
  const pitch = Math.max(typography.scaled(LEAST_LENS), Math.floor(widest / TIGHT) + 1);
  const least = 2 * Math.ceil((pitch + Math.max(1, Math.round(pitch / 29))) / 2);
  const sizes = [];
  for (let size = 2 * Math.floor(typography.scaled(LARGEST_LENS) / 2); size > least; size -= 2) sizes.push(size);
  return [...sizes, least];
}

/** Whether lines to a lens cross no text: there is none, or it is between two grids side by side. */
export function hasClearGuides({ lens, grids }) {
  const [first, last] = [grids[0], grids.at(-1)];
  return !lens || (first.x + first.cols * first.pitch <= lens.x && lens.x + lens.w <= last.x);
}

/** Return lines from a box to the right of a lens; those that begin in it begin at its frame, off its texts. */
export function outsideLens(lens, lines, start) {
  if (!lens || start.x < lens.x || start.x + start.w > lens.x + lens.w) return lines;
  const x = lens.x + lens.w;
  return lines.map(([[left, top], [right, bottom]]) => [
    [x, top + ((x - left) / (right - left)) * (bottom - top)],
    [right, bottom],
  ]);
}

/** Return the items of the frame of a lens, if there is one. */
export function lensItems({ lens }, theme) {
  if (!lens) return [];
  const [tag, attributes] = outlined(rect(lens), theme.window, FRAME);
  return [[tag, { ...attributes, rx: RADIUS }]];
}
