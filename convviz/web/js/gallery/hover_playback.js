/** Which pictures move. Pointer and focus start one where motion is welcome, a tap as well, and the button always. */

const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Stage {
  constructor() {
    /** Card → whether it goes on when one looks away. */
    this.playing = new Map();
    still.addEventListener("change", () => this.stopAll());
  }

  /** Let a card play: its animation is loaded only now, and takes the place of the still when it is there. */
  play(card, kept) {
    this.playing.set(card, kept);
    const image = card.querySelector("img");
    const moving = new Image();
    const ready = (loaded) => {
      card.classList.remove("loading");
      if (!loaded) this.stop(card);
      else if (this.playing.has(card)) image.src = moving.src;
    };
    image.dataset.still ??= image.getAttribute("src");
    card.classList.add("loading");
    this.#mark(card, true);
    moving.onload = () => ready(true);
    moving.onerror = () => ready(false);
    moving.src = image.dataset.moving;
  }

  stop(card) {
    if (!this.playing.delete(card)) return;
    const image = card.querySelector("img");
    image.src = image.dataset.still;
    card.classList.remove("loading");
    this.#mark(card, false);
  }

  stopAll() {
    for (const card of [...this.playing.keys()]) this.stop(card);
  }

  toggle(card) {
    if (this.playing.has(card)) this.stop(card);
    else this.play(card, true);
  }

  #mark(card, playing) {
    card.classList.toggle("playing", playing);
    card.querySelector(".play").setAttribute("aria-pressed", playing);
  }

  #look(card) {
    if (!still.matches && !this.playing.has(card)) this.play(card, false);
  }

  #leave(card) {
    if (!this.playing.get(card)) this.stop(card);
  }

  listen(card) {
    const picture = card.querySelector(".picture");
    picture.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && this.#look(card));
    picture.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.#leave(card));
    picture.addEventListener("click", () => still.matches || this.toggle(card));
    card.querySelector(".play").addEventListener("click", () => this.toggle(card));
    card.addEventListener("focusin", ({ target }) => target.matches(":focus-visible") && this.#look(card));
    card.addEventListener("focusout", ({ relatedTarget }) => card.contains(relatedTarget) || this.#leave(card));
  }
}
