/** Playing: a clock that shows one step after the other for as long as each stays. */

export class Playback {
  constructor(explorer) {
    this.explorer = explorer;
    this.playing = false;
  }

  stop() {
    this.#set(false);
  }

  toggle() {
    const { film, state } = this.explorer;
    if (!this.playing && film && state.step === film.count) this.explorer.show(0);
    this.#set(!this.playing && Boolean(film));
  }

  /** Go to a step by hand, from 0. */
  go(at) {
    const { explorer } = this;
    if (!explorer.film) return;
    this.stop();
    explorer.show(Math.min(Math.max(at, 0), explorer.last), true);
    explorer.remember();
  }

  /** Go so many steps forth, or back. */
  move(by) {
    this.go(this.explorer.state.step - 1 + by);
  }

  /** Wait for as long as the present step stays; not while nobody looks. */
  wait() {
    clearTimeout(this.timer);
    if (!this.playing || document.hidden) return;
    const { explorer } = this;
    const { duration } = explorer.film.frameAt(explorer.state.step - 1);
    this.timer = setTimeout(() => {
      explorer.show(explorer.state.step % explorer.film.count);
      this.wait();
    }, duration / Number(explorer.parts.speed.value));
  }

  #set(playing) {
    this.playing = playing;
    const { play } = this.explorer.parts;
    play.classList.toggle("playing", playing);
    play.setAttribute("aria-label", playing ? "pause" : "play");
    this.wait();
  }
}
