/** Playing the frames of a scene, each for its duration. */

import { setLabel } from "./page_text.js";

export class Playback {
  #timer = 0;
  #request = 0;
  #loops = 0;
  #speed = 1;

  /**
   * `player` has the present frame `at`, the `last` one, and show(at), durationAt(at), glideFrom(at) and
   * showInBetween(glide, progress); `loop` is the number of loops, 0 for endless.
   */
  constructor(player, loop) {
    Object.assign(this, { player, loop, isPlaying: false });
  }

  /** Play from the present frame, or from the first if the last is shown. */
  play() {
    const { player } = this;
    if (player.at === player.last) player.show(0);
    this.#loops = 0;
    this.#setPlaying(true);
  }

  stop() {
    this.#setPlaying(false);
  }

  toggle() {
    if (this.isPlaying) this.stop();
    else this.play();
  }

  setSpeed(speed) {
    this.#speed = speed;
    this.wait();
  }

  /** Restart the timer of the present frame; it does not run while the page is hidden. */
  wait() {
    clearTimeout(this.#timer);
    this.#settle();
    if (!this.isPlaying || document.hidden) return;
    const { player } = this;
    this.#timer = setTimeout(() => this.#advance(), player.durationAt(player.at) / this.#speed);
  }

  /** Glide to the next frame, and then wait for the rest of its duration. */
  #glide() {
    const { player } = this;
    const glide = player.glideFrom(player.at);
    if (!glide) {
      player.show(player.at + 1);
      return this.wait();
    }
    const { motion, duration } = glide.after;
    const start = performance.now();
    const draw = (now) => {
      const progress = Math.max(0, (this.#speed * (now - start)) / motion);
      if (progress < 1) {
        if (progress > 0) player.showInBetween(glide, progress);
        this.#request = requestAnimationFrame(draw);
        return;
      }
      this.#request = 0;
      player.show(player.at + 1);
      this.#timer = setTimeout(() => this.#advance(), (duration - motion) / this.#speed);
    };
    this.#request = requestAnimationFrame(draw);
    return undefined;
  }

  #advance() {
    const { player } = this;
    if (player.at === player.last) {
      this.#loops += 1;
      if (this.loop && this.#loops >= this.loop) return this.stop();
    }
    if (player.at < player.last) return this.#glide();
    player.show(0);
    return this.wait();
  }

  /** Go back to the present frame where a glide is broken off. */
  #settle() {
    if (!this.#request) return;
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    this.player.show(this.player.at);
  }

  #setPlaying(isPlaying) {
    this.isPlaying = isPlaying;
    const { play } = this.player.parts;
    play.classList.toggle("playing", isPlaying);
    setLabel(play, isPlaying ? "pause" : "play");
    this.wait();
  }
}
