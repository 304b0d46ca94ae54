/** Playing the steps of the explorer, each for its duration. */

import { setLabel } from "../player/page_text.js";

export class Playback {
  #timer = 0;

  constructor(explorer) {
    this.explorer = explorer;
    this.isPlaying = false;
  }

  stop() {
    this.#setPlaying(false);
  }

  /** Play or pause; the last step starts again from the first. */
  toggle() {
    const { lazyScene, state } = this.explorer;
    if (!this.isPlaying && lazyScene && state.step === lazyScene.count) this.explorer.show(0);
    this.#setPlaying(!this.isPlaying && Boolean(lazyScene));
  }

  /** Stop playing, and show a step, counted from 0. */
  goTo(at) {
    const { explorer } = this;
    if (!explorer.lazyScene) return;
    this.stop();
    explorer.show(Math.min(Math.max(at, 0), explorer.lazyScene.count - 1), true);
    explorer.updateAddress();
  }

  /** Stop playing, and go some steps forward or back. */
  moveBy(steps) {
    this.goTo(this.explorer.state.step - 1 + steps);
  }

  /** Restart the timer of the present step; it does not run while the page is hidden. */
  wait() {
    clearTimeout(this.#timer);
    if (!this.isPlaying || document.hidden) return;
    const { explorer } = this;
    const { duration } = explorer.lazyScene.frameAt(explorer.state.step - 1);
    this.#timer = setTimeout(() => {
      explorer.show(explorer.state.step % explorer.lazyScene.count);
      this.wait();
    }, duration / Number(explorer.parts.speed.value));
  }

  #setPlaying(isPlaying) {
    this.isPlaying = isPlaying;
    const { play } = this.explorer.parts;
    play.classList.toggle("playing", isPlaying);
    setLabel(play, isPlaying ? "pause" : "play");
    this.wait();
  }
}
