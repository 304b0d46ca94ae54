/** Scenes whose frames are built on demand. */

import { range } from "../itertools.js";

/** Milliseconds of a step, and of the hold on the last frame; the first frame is held half as long. */
export const TIMING = { step: 600, hold: 2000 };

/**
 * A scene built from a plan: the fields of a scene, but instead of `frames` the number of frames `count`, and the
 * functions `changes(index)` and `details(index)`, which returns caption, marks and other fields of a frame that are
 * not empty. A plan is `textless` if its changes never write a text.
 */
export class LazyScene {
  #pastChanges = [];
  #ends = [];

  constructor({ count, changes, details, textless = false, ...scene }, timing = TIMING) {
    Object.assign(this, { count, changes, details, textless, timing });
    this.scene = { tabs: [], coarse: false, moments: [], math_title: "", without: [], ...scene, steps: count };
  }

  /** Build one frame, counted from 0, with the changes since the frame before. */
  frameAt(index) {
    const duration = this.#duration(index);
    const marks = { marks: [], connectors: [], guides: [], floating_cells: [], arrows: [] };
    const empty = { ...marks, tab: 0, moment: null, motion: 0, turned: null, duration };
    return { ...empty, number: index + 1, changes: this.changes(index), ...this.details(index) };
  }

  /** Build a scene with this frame alone, whose changes include all earlier ones. */
  sceneAt(index) {
    while (this.#ends.length <= index) {
      for (const change of this.changes(this.#ends.length)) this.#pastChanges.push(change);
      this.#ends.push(this.#pastChanges.length);
    }
    const changes = this.#pastChanges.slice(0, this.#ends[index]);
    return { ...this.scene, frames: [{ ...this.frameAt(index), changes }] };
  }

  /** Build a scene with the last frame, which holds every text of the scene. */
  lastScene() {
    const last = this.count - 1;
    return this.textless ? { ...this.scene, frames: [{ ...this.frameAt(last), changes: [] }] } : this.sceneAt(last);
  }

  /** Build the whole scene, equal to Python's `scene.to_dict()`. */
  whole() {
    return { ...this.scene, frames: range(this.count).map((index) => this.frameAt(index)) };
  }

  #duration(index) {
    const { step, hold } = this.timing;
    if (index === this.count - 1) return Math.max(hold, step);
    return index ? step : Math.max(Math.floor(hold / 2), step);
  }
}
