/** Playing the frames of a scene, each for its duration. */

import { setLabel } from "./page_text.js";

export class Playback {
  #timer = 0;
  #loops = 0;
  #speed = 1;

  /** `loop` is the number of loops, 0 for endless. */
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
    if (!this.isPlaying || document.hidden) return;
    const { scene, at } = this.player;
    this.#timer = setTimeout(() => this.#advance(), scene.frames[at].duration / this.#speed);
  }

  #advance() {
    const { player } = this;
    if (player.at === player.last) {
      this.#loops += 1;
      if (this.loop && this.#loops >= this.loop) return this.stop();
    }
    player.show(player.at === player.last ? 0 : player.at + 1);
    return this.wait();
  }

  #setPlaying(isPlaying) {
    this.isPlaying = isPlaying;
    const { play } = this.player.parts;
    play.classList.toggle("playing", isPlaying);
    setLabel(play, isPlaying ? "pause" : "play");
    this.wait();
  }
}
