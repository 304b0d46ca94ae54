/** Scenes whose frames are built when asked for. */

import { range } from "../itertools.js";
import { wordless } from "./builder.js";

/** Milliseconds of a step, and of the hold on the last frame; the first frame gets half the hold. */
export const TIMING = { step: 600, hold: 2000 };

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
    const duration = this.#duration(index);
    const empty = { marks: [], connectors: [], guides: [], floating_cells: [], tab: 0, duration };
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
