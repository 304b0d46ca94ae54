/** Which pictures of a gallery play: by pointer, focus or tap if motion is welcome, and by button always. */

const prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

export class HoverPlayback {
  /** Playing card → whether it keeps playing without pointer and focus. */
  #playing = new Map();

  constructor() {
    prefersReducedMotion.addEventListener("change", () => this.stopAll());
  }

  stopAll() {
    for (const card of [...this.#playing.keys()]) this.#stop(card);
  }

  /** Listen to pointer, focus and button of a card. */
  listen(card) {
    const picture = card.querySelector(".picture");
    picture.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && this.#enter(card));
    picture.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.#leave(card));
    picture.addEventListener("click", () => prefersReducedMotion.matches || this.#toggle(card));
    card.querySelector(".play").addEventListener("click", () => this.#toggle(card));
    card.addEventListener("focusin", ({ target }) => target.matches(":focus-visible") && this.#enter(card));
    card.addEventListener("focusout", ({ relatedTarget }) => card.contains(relatedTarget) || this.#leave(card));
  }

  #enter(card) {
    if (!prefersReducedMotion.matches && !this.#playing.has(card)) this.#play(card, false);
  }

  #leave(card) {
    if (!this.#playing.get(card)) this.#stop(card);
  }

  #toggle(card) {
    if (this.#playing.has(card)) this.#stop(card);
    else this.#play(card, true);
  }

  /** Load the animation of a card, and show it in place of the still once it is there. */
  #play(card, isKept) {
    this.#playing.set(card, isKept);
    const image = card.querySelector("img");
    const animation = new Image();
    const finish = (isLoaded) => {
      card.classList.remove("loading");
      if (!isLoaded) this.#stop(card);
      else if (this.#playing.has(card)) image.src = animation.src;
    };
    image.dataset.still ??= image.getAttribute("src");
    card.classList.add("loading");
    this.#mark(card, true);
    animation.onload = () => finish(true);
    animation.onerror = () => finish(false);
    animation.src = image.dataset.moving;
  }

  #stop(card) {
    if (!this.#playing.delete(card)) return;
    const image = card.querySelector("img");
    image.src = image.dataset.still;
    card.classList.remove("loading");
    this.#mark(card, false);
  }

  #mark(card, isPlaying) {
    card.classList.toggle("playing", isPlaying);
    card.querySelector(".play").setAttribute("aria-pressed", isPlaying);
  }
}
