/**
 * One attempt at a stage: a cell size, the air between neighbours, and whether rows that may turn stand upright.
 * Every node is measured as a block {node, wide, rise, fall, children, lines}: its width, and its heights above and
 * below the centre line, which the panels of a row share.
 */

import { kind } from "../scene/model.js";
import { boxOf, makeGrid, whole } from "./cell_boxes.js";
import { measureStoreys, placeStoreys } from "./plane_stack.js";
import { above, CAPITALS, leading } from "./typography.js";

/** Width of the window's outline. */
export function outlineOf(pitch) {
  return pitch >= 8 ? Math.max(2, Math.round(pitch / 14)) : 1;
}

export class Fitting {
  /** `room` is the width of the stage; captions wrap at `narrow`; `tight` is for phones. */
  constructor(given) {
    Object.assign(this, given);
    this.below = Math.max(6, 2 * outlineOf(this.pitch) + 1, Math.round(this.air * 0.6));
  }

  measure(node) {
    return this[`measure_${kind(node)}`](node);
  }

  measure_note(node) {
    const height = node.lines.length * this.noteLeading();
    const wide = Math.max(...node.lines.map((line) => this.type.wide(line, "text block", this.notePx())));
    return { node, wide, rise: Math.floor(height / 2), fall: Math.ceil(height / 2) };
  }

  /** Mathematical signs stand around 0.31 of their size above the baseline. */
  measure_sign(node) {
    const px = this.signPx(node);
    const drop = Math.round(px * 0.31);
    const wide = this.type.wide(node.text, signStyle(node), px);
    return { node, wide, rise: above(px) - drop, fall: leading(px) - above(px) + drop };
  }

  /** Signs are no larger than their style, and shrink with the cells. */
  signPx(sign) {
    const full = this.type.px(signStyle(sign));
    const share = full / this.type.px("operator");
    return Math.min(full, Math.max(this.type.least, Math.round(share * Math.max(18, this.pitch))));
  }

  measure_storeys(node) {
    return this.tight ? this.measure(flattened(node)) : measureStoreys(this, node);
  }

  measure_panel(node) {
    const { w, h } = this.extent(node);
    const lines = node.caption ? this.type.wrapped(node.caption, "panel caption", Math.max(w, this.narrow)) : [];
    const caption = lines.length ? this.type.scaled(12) + lines.length * leading(this.type.px("panel caption")) : 0;
    const { beside, over, half, label } = this.labelRoom(node);
    const captions = lines.map((line) => this.type.wide(line, "panel caption"));
    const wide = Math.max(w + 2 * beside, ...label.map((line) => this.type.wide(line, "panel label")), ...captions);
    const [rise, fall] = [Math.max(Math.floor(h / 2) + over, half), Math.max(Math.ceil(h / 2), half) + caption];
    return { node, lines, wide, rise, fall };
  }

  /** What a label takes: width on its left and half its own height, or height above and the lines that stand there. */
  labelRoom(panel) {
    const { type } = this;
    const none = { beside: 0, over: 0, half: 0, label: [] };
    const high = leading(type.px("panel label"));
    if (panel.label && this.tight) {
      const label = type.wrapped(panel.label, "panel label", Math.max(this.extent(panel).w, 2 * this.narrow));
      return { ...none, label, over: label.length * high + type.scaled(6) };
    }
    if (!panel.label || panel.oblique) return none;
    return { ...none, beside: type.wide(panel.label, "panel label") + type.scaled(24), half: Math.ceil(high / 2) + 1 };
  }

  measure_group(node) {
    const children = node.children.map((child) => this.measure(child));
    const most = (part) => Math.max(...children.map(part));
    const block = { node, children, rise: most((child) => child.rise), fall: most((child) => child.fall) };
    const sum = (part, space) => children.reduce((total, child) => total + part(child), (children.length - 1) * space);
    if (!this.isRow(node)) {
      const height = sum((child) => child.rise + child.fall, this.below);
      return { ...block, wide: most((child) => child.wide), rise: Math.floor(height / 2), fall: Math.ceil(height / 2) };
    }
    if (node.equal_widths) {
      const slots = children.length * (most((child) => child.wide) + this.air);
      return { ...block, wide: Math.max(slots, this.room) };
    }
    if (node.align_captions) {
      const captions = most((child) => child.fall - this.gridFall(child));
      block.fall = most((child) => this.gridFall(child)) + captions;
    }
    return { ...block, wide: sum((child) => child.wide, this.air) };
  }

  /** Whether the children of a group stand side by side in this attempt. */
  isRow(group) {
    return (group.direction === "row") !== (this.turned && (group.may_turn || group === this.stage));
  }

  /** How far the grid of a panel reaches below the centre line, its caption not counted. */
  gridFall(block) {
    return kind(block.node) === "panel" ? Math.ceil(this.extent(block.node).h / 2) : block.fall;
  }

  pitchOf(panel) {
    return Math.max(1, Math.floor(this.pitch / panel.shrink));
  }

  extent(panel) {
    const pitch = this.pitchOf(panel);
    if (panel.oblique) return boxOf(whole(makeGrid(panel, 0, 0, pitch)));
    return { w: panel.cells[0].length * pitch, h: panel.cells.length * pitch };
  }

  notePx() {
    return this.tight ? this.type.least : this.type.px("text block");
  }

  noteLeading() {
    return Math.round((this.tight ? 1.1 : 1.3) * leading(this.notePx()));
  }

  /** Put a block with its left edge at `x`, its centre line at `centre`, its caption at least `low` below that. */
  place(block, x, centre, placed, low = 0) {
    this[`place_${kind(block.node)}`](block, x, centre, placed, low);
  }

  place_sign({ node, rise }, x, centre, placed) {
    const px = this.signPx(node);
    placed.texts.push(this.type.text(node.text, signStyle(node), x, centre - rise + above(px), { px }));
  }

  place_note({ node, rise }, x, centre, placed) {
    const px = this.notePx();
    node.lines.forEach((line, index) => {
      placed.texts.push(this.type.text(line, "text block", x, centre - rise + above(px) + index * this.noteLeading(), { px }));
    });
  }

  place_storeys({ node, rise }, x, centre, placed) {
    placeStoreys(this, node, x, centre - rise, placed);
  }

  place_group({ node, wide, rise, children }, x, centre, placed) {
    if (!this.isRow(node)) {
      let top = centre - rise;
      for (const child of children) {
        this.place(child, x + Math.floor((wide - child.wide) / 2), top + child.rise, placed);
        top += child.rise + child.fall + this.below;
      }
    } else if (node.equal_widths) {
      const slot = wide / children.length;
      children.forEach((child, index) => {
        this.place(child, Math.round(x + index * slot + (slot - child.wide) / 2), centre, placed);
      });
    } else {
      const low = node.align_captions ? Math.max(...children.map((child) => this.gridFall(child))) : 0;
      for (const child of children) {
        this.place(child, x, centre, placed, low);
        x += child.wide + this.air;
      }
    }
  }

  /** The grid, its caption below it, its label on its left or above it. */
  place_panel({ node, wide, lines }, x, centre, placed, low) {
    const { type } = this;
    const { w, h } = this.extent(node);
    const left = Math.round(x + (wide - w) / 2);
    const top = centre - Math.floor(h / 2);
    placed.grids.push(makeGrid(node, left, top, this.pitchOf(node)));
    const px = type.px("panel caption");
    const first = Math.max(top + h, centre + low) + type.scaled(12) + above(px);
    lines.forEach((line, index) => {
      const start = Math.round(left + (w - type.wide(line, "panel caption")) / 2);
      placed.texts.push(type.text(line, "panel caption", start, first + index * leading(px)));
    });
    this.placeLabel(node, left, top, placed);
  }

  placeLabel(panel, left, top, placed) {
    const { type } = this;
    const { w, h } = this.extent(panel);
    const { beside, over, label } = this.labelRoom(panel);
    const px = type.px("panel label");
    label.forEach((line, index) => {
      const start = Math.round(left + (w - type.wide(line, "panel label")) / 2);
      placed.texts.push(type.text(line, "panel label", start, top - over + above(px) + index * leading(px)));
    });
    if (beside) {
      const drop = Math.round((CAPITALS * px) / 2);
      placed.texts.push(type.text(panel.label, "panel label", left - beside, Math.round(top + h / 2) + drop));
    }
  }
}

/** Storeys without a column on their right: what stood there is above the first, and below the others. */
function flattened({ planes, side }) {
  const [first, ...others] = planes;
  const captioned = others.map((plane) => (plane.cells ? { ...plane, caption: plane.label, label: "" } : plane));
  const children = [first, ...captioned, ...(side ? [side] : [])];
  return { direction: "column", children, may_turn: false, equal_widths: false, align_captions: false };
}

/** The style of a sign; some glyphs are drawn small by their font. */
function signStyle({ text }) {
  if (/^\p{L}+$/u.test(text)) return "word operator";
  return text === "⋆" ? "small operator" : "operator";
}
