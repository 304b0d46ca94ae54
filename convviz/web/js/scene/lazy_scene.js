/** Scenes whose frames are built on demand. */

import { range } from "../itertools.js";
import { asked, beatsOf, evenDuration, glideOf, TIMING } from "./timing.js";

/**
 * A scene built from a plan: the fields of a scene, but instead of `frames` the number of steps `count`, and the
 * functions `changes(index)` and `details(index)`, which returns caption, marks and other fields of a frame that are
 * not empty. A plan is `textless` if its changes never write a text. Its `story` is told at the pace "story"; see
 * `beatsOf`. A frame is a step as it ends, a key frame is a beat of the story: both are counted from 0.
 */
export class LazyScene {
  #pastChanges = [];
  #ends = [];
  #beats = null;

  constructor({ count, changes, details, textless = false, story = {}, ...scene }, timing = TIMING) {
    Object.assign(this, { count, changes, details, textless, story, timing });
    this.scene = { tabs: [], coarse: false, moments: [], math_title: "", without: [], ...scene, steps: count };
  }

  /** Build the frame of one step, with the changes since the step before. */
  frameAt(index) {
    const details = { changes: this.changes(index), ...this.details(index) };
    return this.#frame(index, evenDuration(index, this.count, this.timing), details);
  }

  /** Build a scene with the frame of one step alone, whose changes include all earlier ones. */
  sceneAt(index) {
    return this.#alone(this.frameAt(index), this.#changesUntil(index));
  }

  /** Build a scene with the last frame, which holds every text of the scene. */
  lastScene() {
    const last = this.count - 1;
    return this.textless ? this.#alone(this.frameAt(last), []) : this.sceneAt(last);
  }

  /** The beats of the story. */
  get beats() {
    return (this.#beats ??= beatsOf(this.count, { ...this.story, opens: this.changes(0).length > 0 }, this.timing));
  }

  /** Build one key frame, with the changes since the one before. */
  keyFrameAt(at) {
    const { step, duration, moment, isBefore } = this.beats[at];
    const details = this.details(step);
    const build = (more) => this.#frame(step, duration, { ...details, ...more, moment });
    if (isBefore && moment === null) return build({ changes: [], caption: asked(details.caption) });
    if (isBefore) return build(this.story.moments(step)[moment]);
    const before = at ? this.beats[at - 1] : { step: -1 };
    const first = before.isBefore ? before.step : before.step + 1;
    return build({ changes: range(step - first + 1, first).flatMap((index) => this.changes(index)) });
  }

  /** Build a scene with one key frame alone, whose changes include all earlier ones. */
  keySceneAt(at) {
    const { step, moment, isBefore } = this.beats[at];
    const told = isBefore && moment !== null ? this.story.moments(step).slice(0, moment + 1) : [];
    const changes = [...this.#changesUntil(isBefore ? step - 1 : step), ...told.flatMap((one) => one.changes)];
    return this.#alone(this.keyFrameAt(at), changes);
  }

  /** Build the whole scene, equal to Python's `scene.to_dict()`. */
  whole() {
    return { ...this.scene, frames: this.beats.map((_, at) => this.keyFrameAt(at)) };
  }

  #frame(step, duration, details) {
    const marks = { marks: [], connectors: [], guides: [], floating_cells: [], arrows: [] };
    const frame = { ...marks, tab: 0, moment: null, motion: 0, turned: null, ...details, number: step + 1, duration };
    return { ...frame, motion: glideOf(frame, this.timing) };
  }

  #alone(frame, changes) {
    return { ...this.scene, frames: [{ ...frame, changes }] };
  }

  /** List the changes of all steps up to one; none for −1. */
  #changesUntil(index) {
    while (this.#ends.length <= index) {
      for (const change of this.changes(this.#ends.length)) this.#pastChanges.push(change);
      this.#ends.push(this.#pastChanges.length);
    }
    return this.#pastChanges.slice(0, this.#ends[index] ?? 0);
  }
}
