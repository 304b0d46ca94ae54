/** The parts of a scene as plain data with every field there, and scenes built frame by frame; see convviz/scene.py. */

import { range } from "./track.js";

/** Milliseconds of a step, and of the hold on the last frame; the first frame gets half the hold. */
export const TIMING = { step: 600, hold: 2000 };

const wordless = new Map();

/** One cell of a grid; those without a text are one object, so that what they look like is found once. */
export function makeCell(role, text = "", faded = false, level = 100) {
  if (text) return { role, text, faded, level };
  const key = `${role} ${faded} ${level}`;
  if (!wordless.has(key)) wordless.set(key, { role, text, faded, level });
  return wordless.get(key);
}

/** A cell in which nothing is written yet, and the place of a cell that is not there. */
export const EMPTY = makeCell("empty");
export const BLANK = makeCell("blank");

/** A grid with a caption below it, or a label on its left. */
export function makePanel(name, cells, caption = "", label = "", shrink = 1) {
  return { name, cells, caption, label, shrink, seamless: false, slanted: false };
}

/** Nodes side by side or one below the other. */
export function makeGroup(direction, children, { turns = false, equal = false } = {}) {
  return { direction, children, turns, equal, level: false };
}

/** Nodes in a row that a tall picture turns. */
export function turningRow(...children) {
  return makeGroup("row", children, { turns: true });
}

/** A mathematical sign between panels. */
export function makeSign(text) {
  return { text };
}

/** An entry of the legend. */
export function makeKey(role, text, faded = false) {
  return { role, text, faded };
}

/** From a frame on, a cell of a panel looks like this. */
export function makeChange(panel, [row, col], cell) {
  return { panel, row, col, cell };
}

/** In one frame only: an outline around rows × cols of a panel. */
export function makeMark(panel, [rows, cols], lit = false, role = "window") {
  return { panel, rows, cols, lit, role };
}

/** A line in words, with shorter ways to say it. */
export function sentence(...ways) {
  return { variants: ways };
}

/** `count` cells beside each other, `rows` times; rows that look alike are one. */
export function filledGrid(rows, cols, cell) {
  return Array(rows).fill(Array(cols).fill(cell));
}

/** What `make(index)` says, made in order and each once: for frames that go on from those before. */
export function inOrder(make) {
  const done = [];
  return (index) => {
    while (done.length <= index) done.push(make(done.length));
    return done[index];
  };
}

/** A scene whose frames are built when asked for. `plan` holds what a scene holds, but instead of frames: `count`,
 * `changes(index)`, and `rest(index)`, which gives line, marks and whatever else differs from nothing; it is `wordless`
 * where no change writes a text. */
export class FrameByFrame {
  constructor({ count, changes, rest, wordless = false, ...scene }, timing = TIMING) {
    Object.assign(this, { count, changes, rest, wordless, timing, before: [], ends: [] });
    this.scene = { tabs: [], without: [], ...scene, steps: count };
  }

  /** One frame, from 0; its changes are those since the frame before. */
  frameAt(index) {
    const empty = { marks: [], links: [], rays: [], floats: [], tab: 0, duration: this.#duration(index) };
    return { ...empty, number: index + 1, changes: this.changes(index), ...this.rest(index) };
  }

  /** The scene with this frame alone, in which all that happened before has happened. */
  sceneAt(index) {
    while (this.ends.length <= index) {
      for (const change of this.changes(this.ends.length)) this.before.push(change);
      this.ends.push(this.before.length);
    }
    return { ...this.scene, frames: [{ ...this.frameAt(index), changes: this.before.slice(0, this.ends[index]) }] };
  }

  /** The scene with its last frame, and with all texts that it ever shows. */
  lastScene() {
    const last = this.count - 1;
    return this.wordless ? { ...this.scene, frames: [{ ...this.frameAt(last), changes: [] }] } : this.sceneAt(last);
  }

  /** The whole scene, as Python's `scene.to_dict()`. */
  whole() {
    return { ...this.scene, frames: range(this.count).map((index) => this.frameAt(index)) };
  }

  #duration(index) {
    const { step, hold } = this.timing;
    if (index === this.count - 1) return Math.max(hold, step);
    return index ? step : Math.max(Math.floor(hold / 2), step);
  }
}
