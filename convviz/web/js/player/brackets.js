/** Brackets beside a grid: the space they need, their lines and their texts; as in convviz/layout/brackets.py. */

import { nodeKind } from "../scene/model.js";
import { rect } from "./shapes.js";
import { ascent, CAP_HEIGHT, lineHeight } from "./typography.js";

const STYLE = "bracket";
/** In pixels of the design: the width of a text on the left. */
const WIDEST_LEFT = 110;
/** Distance of texts above a grid, in font sizes. */
const BETWEEN = 1.2;

/** The choices of sides with brackets, the best first. */
export const SIDES = [["top", "left"], ["top"], ["left"]];

/** Sets the brackets of grids with one cell size, `distance` pixels or more away from them. */
export class BracketSetter {
  constructor(typography, pitch, distance) {
    Object.assign(this, { typography, pitch, distance });
    this.px = typography.fontSize(STYLE);
    this.tick = Math.max(3, typography.scaled(5));
    this.line = Math.max(1, typography.scaled(1.4));
    this.depth = distance + this.tick + Math.max(2, typography.scaled(3));
  }

  /**
   * Return the space of all brackets of a panel {left, top, right, bottom, beside}, beside whose grid `free` pixels are
   * free in any case; `beside` is that of brackets on the left, without the ends of texts above.
   */
  room(panel, free) {
    const above = this.#texts(panel, "top", free).some(({ text }) => text);
    const widest = Math.max(0, ...this.#texts(panel, "left", 0).map(({ text }) => (text ? this.#width(text) : 0)));
    const [ends, sides] = [widest, above].map((shown) => (shown ? this.distance : 0));
    const [left, top] = [widest && this.depth + widest, above ? this.depth + lineHeight(this.px) : 0];
    return { left: Math.max(left, sides), top: Math.max(top, ends), right: sides, bottom: ends, beside: left };
  }

  /** Add the brackets of a placed grid, {bars, ink, tab}, and their texts to `placed`. */
  place(panel, grid, placed, free) {
    const tab = panel.caption_tab;
    for (const side of SIDES[0]) {
      const chosen = this.#texts(panel, side, side === "top" ? free : 0);
      if (!chosen.some(({ text }) => text)) continue;
      for (const { bracket, text } of chosen) {
        if (bracket.texts.length && !text) continue;
        placed.brackets.push({ bars: this.#bars(bracket, grid), ink: bracket.role, tab });
        if (text) placed.texts.push({ ...this.#placedText(bracket, text, grid), tab });
      }
    }
  }

  /** The brackets of a side with the texts that fit, the longest bracket first: [{bracket, text}]. */
  #texts(panel, side, free) {
    const cells = side === "top" ? panel.cells[0].length : panel.cells.length;
    const own = panel.brackets.filter((bracket) => bracket.side === side);
    if (!own.length) return [];
    const slack = own.length === 1 ? Math.max(this.distance, free) : this.distance;
    const [first, ...others] = own.sort((one, other) => one.start - one.end - (other.start - other.end));
    const choices = [...first.texts.map((text) => ({ ...first, texts: [text] })), first];
    const chosen = choices.map((one) => this.#fitting([one, ...others], cells, slack));
    const score = (texts) => (texts[0] ? texts.length * 2 : 0) + sum(texts.map(information));
    const best = chosen.reduce((one, other) => (score(other) > score(one) ? other : one));
    return [first, ...others].map((bracket, index) => ({ bracket, text: best[index] }));
  }

  /** The longest text of each bracket that fits beside those before it, or an empty one. */
  #fitting(brackets, cells, slack) {
    const taken = [];
    const ends = [-slack, cells * this.pitch + slack];
    return brackets.map((bracket) => {
      const text = bracket.texts.find((one) => this.#fits(bracket, one, ends, taken)) ?? "";
      if (text) taken.push(this.#span(bracket, text));
      return text;
    });
  }

  /** Where a text begins and ends along its side, from the first cell. */
  #span({ side, start, end }, text) {
    const half = (side === "top" ? this.#width(text) : lineHeight(this.px)) / 2;
    const middle = ((start + end) * this.pitch) / 2;
    return [middle - half, middle + half];
  }

  #fits(bracket, text, ends, taken) {
    const isTop = bracket.side === "top";
    if (!isTop && this.#width(text) > this.typography.scaled(WIDEST_LEFT)) return false;
    const [start, stop] = this.#span(bracket, text);
    const between = isTop ? BETWEEN * this.px : 0;
    const isClear = ([first, last]) => stop + between <= first || last + between <= start;
    return start >= ends[0] && stop <= ends[1] && taken.every(isClear);
  }

  #width(text) {
    return this.typography.width(text, STYLE);
  }

  /** The line and both ticks; a single input row has a mark instead. */
  #bars({ side, start, end, role }, { x, y, pitch, gap }) {
    const { tick, line, distance } = this;
    const inset = pitch >= 6 ? Math.max(0, Math.floor((3 - gap) / 2)) : 0;
    const length = (end - start) * pitch - gap - 2 * inset;
    if (side === "top") {
      const [left, top] = [x + start * pitch + inset, y - distance - tick];
      const ticks = [left, left + length - line].map((at) => ({ x: at, y: top + line, w: line, h: tick - line }));
      return [{ x: left, y: top, w: length, h: line }, ...ticks];
    }
    const [left, top] = [x - distance - tick, y + start * pitch + inset];
    if (role === "input" && end - start === 1) {
      const h = Math.min(length, 2 * tick - 2);
      return [{ x: left, y: top + Math.floor((length - h) / 2), w: tick, h }];
    }
    const ticks = [top, top + length - line].map((at) => ({ x: left + line, y: at, w: tick - line, h: line }));
    return [{ x: left, y: top, w: line, h: length }, ...ticks];
  }

  #placedText(bracket, text, { x, y, gap }) {
    const { px, depth, pitch } = this;
    let [left, baseline] = [x + Math.round(this.#span(bracket, text)[0]), y - depth - lineHeight(px) + ascent(px)];
    if (bracket.side === "left") {
      left = x - depth - this.#width(text);
      const middle = y + Math.floor(((bracket.start + bracket.end) * pitch) / 2) - Math.floor(gap / 2);
      baseline = middle + Math.round((CAP_HEIGHT * px) / 2);
    }
    return this.typography.placedText(text, STYLE, left, baseline, { ink: bracket.role });
  }
}

/** 2 for a text with a symbol or a sum, 1 for a bare number, 0 for none. */
function information(text) {
  if (!text) return 0;
  return /^−?\d+$/.test(text) ? 1 : 2;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Return a node in which only the brackets on `sides` are left. */
export function withSides(node, sides) {
  const kind = nodeKind(node);
  if (kind === "panel") return { ...node, brackets: node.brackets.filter(({ side }) => sides.includes(side)) };
  return kind === "group" ? { ...node, children: node.children.map((child) => withSides(child, sides)) } : node;
}

/** Return the items of the lines of brackets that are shown from the first of these tabs or a later one of them on. */
export function bracketItems({ brackets }, theme, [first, last] = [0, 0]) {
  const shown = brackets.filter(({ tab }) => first <= tab && tab <= last);
  return shown.flatMap(({ bars, ink }) => bars.map((bar) => rect(bar, theme.badges[ink])));
}
