/** The player page: a scene in a theme, laid out for the window. */

import { withoutProducts } from "../scene/left_out.js";
import { withDefaults } from "../scene/model.js";
import { glideBetween } from "../scene/motion.js";
import { updateLegend, writeLegend } from "./legend.js";
import {
  pageTypography, partsOf, setLabel, sizeCaption, writeFormulas, writeFrame, writeHeader,
} from "./page_text.js";
import { Playback } from "./playback.js";
import { SceneDrawing } from "./scene_drawing.js";
import { layOutWithProducts } from "./with_products.js";

/** The window height below which the page does not scroll. */
const LOW_WINDOW = 480;
const LEAST_STAGE = 72;
const BOTTOM_MARGIN = 16;

export class Player {
  /** `prefersDark` and `prefersReducedMotion` are media queries. */
  constructor({ scene, themes, texts, loop }, { prefersDark, prefersReducedMotion }) {
    Object.assign(this, { scene: withDefaults(scene), themes, texts, prefersDark, prefersReducedMotion });
    this.parts = partsOf(document);
    this.drawing = new SceneDrawing(this.parts.picture, this.scene);
    this.playback = new Playback(this, loop);
    this.last = this.scene.frames.length - 1;
    this.at = 0;
    writeHeader(this.parts, this.scene);
    this.parts.scrub.max = this.last;
    this.parts.theme.hidden = themes.length < 2;
    this.isThemeChosen = false;
    this.followSystemTheme();
  }

  /** Show the theme that the system prefers, unless the reader has chosen one. */
  followSystemTheme() {
    if (!this.isThemeChosen) this.#setTheme(this.themes[this.prefersDark.matches ? this.themes.length - 1 : 0]);
  }

  /** Show the other theme from now on. */
  switchTheme() {
    this.isThemeChosen = true;
    this.#setTheme(this.themes.find((one) => one !== this.theme));
  }

  #setTheme(theme) {
    this.theme = theme;
    document.documentElement.dataset.theme = this.themes.indexOf(theme);
    const other = this.themes.find((one) => one !== theme);
    if (other) setLabel(this.parts.theme, `${other.name} theme`);
    writeLegend(this.parts, this.scene, theme);
    this.fit();
  }

  /** Lay out the page for the window; twice if a scroll bar appears or disappears. */
  fit(isFirst = true) {
    const { parts, scene } = this;
    const typography = pageTypography(this.texts);
    const width = parts.stage.clientWidth;
    this.captionLength = sizeCaption(parts, scene, width, typography);
    writeFormulas(parts, scene, width, typography);
    writeFrame(parts, scene, scene.frames[this.at], this.captionLength);
    const scenes = { body: scene.body, full: () => scene, sparse: () => (this.sparse ??= withoutProducts(scene)) };
    const { scene: shown, layout } = layOutWithProducts(scenes, this.#stageSpace(width), typography);
    if (shown !== this.drawing.scene) this.drawing = new SceneDrawing(parts.picture, shown);
    updateLegend(parts, layout);
    parts.picture.style.height = `${Math.round((layout.height * width) / layout.width)}px`;
    this.drawing.build(layout, this.theme, this.at);
    this.show(this.at);
    if (isFirst && parts.stage.clientWidth !== width) this.fit(false);
  }

  /** The space for the stage: what the other parts leave of the window, or more if the page may scroll. */
  #stageSpace(width) {
    const { page, stage, playback, picture } = this.parts;
    picture.style.height = "0";
    const free = innerHeight - (page.offsetHeight - stage.offsetHeight);
    if (innerHeight < LOW_WINDOW) {
      const height = Math.max(free, LEAST_STAGE);
      return { width, height, maxHeight: height };
    }
    const height = Math.max(free, Math.round(innerHeight * 0.5));
    return { width, height, maxHeight: Math.max(height, innerHeight - playback.offsetHeight - BOTTOM_MARGIN) };
  }

  /** Show a frame, counted from 0; `announce` it to screen readers. */
  show(at, announce = false) {
    const { parts, scene } = this;
    const frame = scene.frames[at];
    this.at = at;
    this.drawing.show(at);
    const text = this.#writeFrame(frame);
    parts.picture.dataset.frame = at;
    parts.scrub.value = at;
    parts.scrub.style.setProperty("--done", this.last ? at / this.last : 1);
    parts.scrub.setAttribute("aria-valuetext", `step ${frame.number} of ${scene.steps}`);
    if (announce) parts.live.textContent = `Step ${frame.number} of ${scene.steps}: ${text}`;
  }

  /** The duration of a frame. */
  durationAt(at) {
    return this.scene.frames[at].duration;
  }

  /** The way from a frame to the next one; null where nothing moves, or where motion is not welcome. */
  glideFrom(at) {
    if (this.prefersReducedMotion.matches) return null;
    const { frames, moments } = this.drawing.scene;
    return glideBetween(frames[at], frames[at + 1], moments.length);
  }

  /** Show a share of a way; everything but the picture stays as it is, or changes with the moment. */
  showInBetween(glide, progress) {
    const frame = glide.at(progress, this.scene.coarse);
    if (frame.moment !== this.moment) this.#writeFrame(frame);
    this.drawing.showInBetween(frame);
  }

  #writeFrame(frame) {
    this.moment = frame.moment;
    return writeFrame(this.parts, this.scene, frame, this.captionLength);
  }

  /** Stop playing, and show a frame. */
  goTo(at) {
    this.playback.stop();
    this.show(Math.min(Math.max(at, 0), this.last), true);
  }

  /** Show the step of an address such as `#step=7`, or the last one before it; returns whether there is one. */
  followAddress() {
    const [, step] = /^#step=(\d+)$/.exec(location.hash) ?? [];
    if (!step) return false;
    this.goTo(this.scene.frames.filter((frame) => frame.number <= Number(step)).length - 1);
    return true;
  }

  /** Show the step of the address, or play if motion is welcome. */
  start() {
    if (!this.followAddress() && !this.prefersReducedMotion.matches) this.playback.play();
  }
}
