/** The steps of a layer, one by one by hand, or as the story that an animation tells. */

import { writeFrame } from "../player/page_text.js";
import { Playback } from "../player/playback.js";
import { glideBetween } from "../scene/motion.js";

/** What the playback plays: the key frames of the story, counted from 0. */
export class Story {
  #keyFrame = null;

  constructor(explorer) {
    this.explorer = explorer;
    this.parts = explorer.parts;
    this.playback = new Playback(this, 0);
  }

  /** The scene of what is shown: a key frame, or a step as it ends. */
  get scene() {
    const { lazyScene, state } = this.explorer;
    return this.#keyFrame === null ? lazyScene.sceneAt(state.step - 1) : lazyScene.keySceneAt(this.#keyFrame);
  }

  /** The key frame that is shown, or the one in which the present step ends; null if there is no scene. */
  get at() {
    const { lazyScene, state } = this.explorer;
    const isEnd = ({ step, isBefore }) => !isBefore && step >= state.step - 1;
    return this.#keyFrame ?? lazyScene?.beats.findIndex(isEnd) ?? null;
  }

  get last() {
    return this.explorer.lazyScene.beats.length - 1;
  }

  /** The duration of a key frame. */
  durationAt(at) {
    return this.explorer.lazyScene.beats[at].duration;
  }

  /** Show a key frame. */
  show(at) {
    const { explorer } = this;
    if (!explorer.lazyScene) return;
    this.#keyFrame = at;
    explorer.state.step = explorer.lazyScene.beats[at].step + 1;
    explorer.draw();
  }

  /** The way from a key frame to the next one; null where nothing moves, or where motion is not welcome. */
  glideFrom(at) {
    const { lazyScene, prefersReducedMotion } = this.explorer;
    if (prefersReducedMotion.matches) return null;
    return glideBetween(lazyScene.keyFrameAt(at), lazyScene.keyFrameAt(at + 1), lazyScene.scene.moments.length);
  }

  /** Show a share of a way. */
  showInBetween(glide, progress) {
    const { painter, lazyScene, frame, captionLength } = this.explorer;
    const between = glide.at(progress);
    if (between.moment !== frame.moment) writeFrame(this.parts, lazyScene.scene, between, captionLength);
    painter.showInBetween(between);
  }

  /** Play or pause; the first step starts at the beginning of the story, with an empty output. */
  toggle() {
    const { lazyScene, state } = this.explorer;
    if (!lazyScene) return;
    if (!this.playback.isPlaying && this.#keyFrame === null && state.step === 1) this.show(0);
    this.playback.setSpeed(Number(this.parts.speed.value)); // a browser may restore another one
    this.playback.toggle();
  }

  /** Stop playing, and show a step as it ends, counted from 0. */
  goTo(at) {
    const { explorer } = this;
    if (!explorer.lazyScene) return;
    this.playback.stop();
    this.#keyFrame = null;
    explorer.state.step = Math.min(Math.max(at, 0), explorer.lazyScene.count - 1) + 1;
    explorer.draw(true);
    explorer.updateAddress();
  }

  /** Stop playing, and go some steps forward or back; forward from the middle of a step, to its end. */
  moveBy(steps) {
    const { lazyScene, state } = this.explorer;
    const isBefore = this.#keyFrame !== null && lazyScene?.beats[this.#keyFrame].isBefore;
    this.goTo(state.step - 1 + steps - Number(isBefore && steps > 0));
  }

  /** Forget the key frame, before another scene begins. */
  clear() {
    this.#keyFrame = null;
  }

  /** Go on with the present step in another scene, at the same key frame if it has one; stop if there is no scene. */
  resume() {
    const { lazyScene, state } = this.explorer;
    const isSame = lazyScene?.beats[this.#keyFrame]?.step === state.step - 1;
    if (!isSame) this.#keyFrame = null;
    if (!lazyScene) this.playback.stop();
    else if (!isSame && this.playback.isPlaying) this.#keyFrame = state.step === 1 ? 0 : this.at;
  }
}
