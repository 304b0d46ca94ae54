/** One attempt to fit the body of a scene: a cell size, a spacing, and the width of captions. */

import { nodeKind } from "../scene/model.js";
import { BracketSetter } from "./brackets.js";
import { boundingBox, makeGrid, wholeGrid } from "./cell_geometry.js";
import { windowReach } from "./mark_shapes.js";
import { MEASURE, measureGroup } from "./measuring.js";
import { PLACE, placeGroup } from "./placing.js";
import { lineHeight } from "./typography.js";

/** The smallest distance of grids side by side, in cells. */
const LEAST_DISTANCE = 0.6;
/** The largest spacing, and the width of captions, in a magnified group. */
const [LENS_SPACING, LENS_CAPTION] = [20, 88];

/** Return the width of the window's outline for a cell size and the unit of the typography. */
export function outlineWidth(pitch, unit) {
  if (pitch < 8) return 1;
  return Math.min(Math.max(2, Math.round(pitch / 14)), Math.max(6, Math.round(6 * unit)));
}

/**
 * Measures and places the nodes of a body. A measured node is a block {node, width, above, below, children, lines}; it
 * reaches `above` and `below` a centre line, which the blocks of a row share.
 */
export class Fitting {
  /**
   * `pitch` is the cell size, that in a lens `lensPitch`, `spacing` the distance between neighbours, `stageWidth` the
   * width of the stage. Captions wrap at `captionWidth`. With `flatStacks` the planes of a stack are side by side;
   * `compact` is for phones.
   */
  constructor(options) {
    const { typography, pitch, spacing } = options;
    Object.assign(this, options, { options });
    this.outline = outlineWidth(pitch, typography.unit);
    this.rowSpacing = Math.max(6, 2 * this.outline + 1, Math.round(spacing * 0.6));
    this.betweenGrids = Math.max(spacing, Math.round(LEAST_DISTANCE * pitch));
    this.captionGap = typography.scaled(12);
    this.brackets = new BracketSetter(typography, pitch, windowReach(this.outline) + 1);
  }

  /** Return the fitting of what is in a magnified group. */
  insideLens() {
    const [spacing, captionWidth] = [LENS_SPACING, LENS_CAPTION].map((length) => this.typography.scaled(length));
    const lengths = { pitch: this.lensPitch, spacing: Math.min(this.spacing, spacing), captionWidth };
    return new Fitting({ ...this.options, ...lengths });
  }

  /** Measure a row or a column: return its block. */
  measureGroup(node) {
    return measureGroup(this, node);
  }

  /** Place a row or a column. */
  placeGroup(block, x, centre, placed) {
    placeGroup(this, block, x, centre, placed);
  }

  /** Measure a node: return its block. */
  measure(node) {
    return MEASURE[nodeKind(node)](this, node);
  }

  /**
   * Place a block with its left edge at `x` and its centre line at `centre`: add grids and texts to `placed`. Captions
   * are at least `captionTop` below the centre line.
   */
  place(block, x, centre, placed, captionTop = 0) {
    PLACE[nodeKind(block.node)](this, block, x, centre, placed, captionTop);
  }

  /** Return the distances between the children of a row; grids too close to each other look like one. */
  distances({ children }) {
    const isText = (node) => ["operator", "textBlock"].includes(nodeKind(node));
    const distance = (one, other) => (isText(one) || isText(other) ? this.spacing : this.betweenGrids);
    return children.slice(1).map((node, index) => distance(node, children[index]));
  }

  /** Return the width of a row of blocks. */
  rowWidth(group, blocks) {
    return [...blocks.map(({ width }) => width), ...this.distances(group)].reduce((sum, width) => sum + width, 0);
  }

  /** Return the width of a row of slots of equal width, at least that of the stage. */
  slotsWidth(group, blocks) {
    const distance = Math.max(this.spacing, ...this.distances(group));
    return Math.max(blocks.length * (Math.max(...blocks.map(({ width }) => width)) + distance), this.stageWidth);
  }

  /** Return the left edges of the blocks of a row, from the left edge of the row. */
  lefts({ node, width, children }) {
    if (node.equal_widths) {
      const slot = width / children.length;
      return children.map((child, index) => Math.round(index * slot + (slot - child.width) / 2));
    }
    const distances = this.distances(node);
    let left = 0;
    return children.map((child, index) => (left += index ? children[index - 1].width + distances[index - 1] : 0));
  }

  /** Return the size {w, h} of the grid of a panel. */
  gridSize(panel) {
    if (panel.oblique) return boundingBox(wholeGrid(makeGrid(panel, 0, 0, this.pitch)));
    return { w: panel.cells[0].length * this.pitch, h: panel.cells.length * this.pitch };
  }

  /** Return how far the grid of a block reaches below the centre line, without its caption. */
  gridBelow(block) {
    return nodeKind(block.node) === "panel" ? Math.ceil(this.gridSize(block.node).h / 2) : block.below;
  }

  /** Return the space for a label: width on its left and half its height, or lines and their height above the grid. */
  labelSpace(panel) {
    const { typography } = this;
    const none = { beside: 0, over: 0, half: 0, lines: [] };
    const height = lineHeight(typography.fontSize("panel label"));
    if (panel.label && this.compact) {
      const limit = Math.max(this.gridSize(panel).w, 2 * this.captionWidth);
      const lines = typography.wrap(panel.label, "panel label", limit);
      return { ...none, lines, over: lines.length * height + typography.scaled(6) };
    }
    if (!panel.label || panel.oblique) return none;
    const beside = typography.width(panel.label, "panel label") + typography.scaled(24);
    return { ...none, beside, half: Math.ceil(height / 2) + 1 };
  }

  /** Return the text style of an operator; fonts draw some glyphs small. */
  operatorStyle({ text }) {
    if (text.length > 1) return "word operator";
    return text === "⋆" ? "small operator" : "operator";
  }

  /** Return the font size of an operator, which shrinks with the cells. */
  operatorSize(operator) {
    const { typography } = this;
    const full = typography.fontSize(this.operatorStyle(operator));
    const share = full / typography.fontSize("operator");
    return Math.min(full, Math.max(typography.least, Math.round(share * Math.max(18, this.pitch))));
  }

  /** The font size of text blocks. */
  get textBlockSize() {
    return this.compact ? this.typography.least : this.typography.fontSize("text block");
  }

  /** The distance between the baselines of text blocks. */
  get textBlockLineHeight() {
    return Math.round((this.compact ? 1.1 : 1.3) * lineHeight(this.textBlockSize));
  }
}
