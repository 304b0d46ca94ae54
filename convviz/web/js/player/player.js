/** The player: controls and the clock. */

import { filled } from "../scene/model.js";
import { layOut } from "./layout.js";
import { pageType, partsOf, sizeLine, writeFormulas, writeFrame, writeHeader, writeLegend } from "./page_text.js";
import { Drawing } from "./scene_drawing.js";

const LOW = 480;
export const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Player {
  constructor({ scene, themes, texts, loop }) {
    Object.assign(this, { scene: filled(scene), themes, texts, loop });
    this.parts = partsOf(document);
    this.drawing = new Drawing(this.parts.picture, this.scene);
    this.last = this.scene.frames.length - 1;
    this.at = 0;
    this.speed = 1;
    this.passes = 0;
    this.playing = false;
    writeHeader(this.parts, this.scene);
    this.parts.scrub.max = this.last;
    this.parts.theme.hidden = themes.length < 2;
    this.setTheme(this.preferred());
    this.chosen = false;
  }

  /** The theme that the system asks for, where there are two. */
  preferred() {
    return this.themes[dark.matches ? this.themes.length - 1 : 0];
  }

  /** The other theme, whatever the system asks for from now on. */
  switchTheme() {
    this.chosen = true;
    this.setTheme(this.themes.find((one) => one !== this.theme));
  }

  setTheme(theme) {
    this.theme = theme;
    document.documentElement.dataset.theme = this.themes.indexOf(theme);
    const other = this.themes.find((one) => one !== theme);
    if (other) rename(this.parts.theme, `${other.name} theme`);
    writeLegend(this.parts, this.scene, theme);
    this.fit();
  }

  /** Lay the page out anew for the room that there is; twice where a scroll bar comes or goes. */
  fit(again = true) {
    const { parts, scene } = this;
    const type = pageType(this.texts);
    const width = parts.stage.clientWidth;
    this.length = sizeLine(parts, scene, width, type);
    writeFormulas(parts, scene, width, type);
    writeFrame(parts, scene, scene.frames[this.at], this.length);
    const sheet = layOut(scene, this.room(width), type);
    parts.picture.style.height = `${Math.round((sheet.height * width) / sheet.width)}px`;
    this.drawing.build(sheet, this.theme, this.at);
    this.show(this.at);
    if (again && parts.stage.clientWidth !== width) this.fit(false);
  }

  /** The room of the stage: what the rest leaves of the window; more where the page may be scrolled. */
  room(w) {
    const { page, stage, deck, picture } = this.parts;
    picture.style.height = "0";
    const free = innerHeight - (page.offsetHeight - stage.offsetHeight);
    if (innerHeight < LOW) return { w, h: Math.max(free, 72), tall: Math.max(free, 72) };
    const h = Math.max(free, Math.round(innerHeight * 0.5));
    return { w, h, tall: Math.max(h, innerHeight - deck.offsetHeight - 16) };
  }

  /** Show a frame, from 0; `aloud` for those who listen. */
  show(at, aloud = false) {
    const { parts, scene } = this;
    const frame = scene.frames[at];
    this.at = at;
    this.drawing.show(at);
    const text = writeFrame(parts, scene, frame, this.length);
    parts.picture.dataset.frame = at;
    parts.scrub.value = at;
    parts.scrub.style.setProperty("--done", this.last ? at / this.last : 1);
    parts.scrub.setAttribute("aria-valuetext", `step ${frame.number} of ${scene.steps}`);
    if (aloud) parts.live.textContent = `Step ${frame.number} of ${scene.steps}: ${text}`;
  }

  play() {
    if (this.at === this.last) this.show(0);
    this.passes = 0;
    this.setPlaying(true);
  }

  setPlaying(playing) {
    this.playing = playing;
    this.parts.play.classList.toggle("playing", playing);
    rename(this.parts.play, playing ? "pause" : "play");
    this.wait();
  }

  toggle() {
    if (this.playing) this.setPlaying(false);
    else this.play();
  }

  /** Wait for as long as the present frame stays; not while nobody looks. */
  wait() {
    clearTimeout(this.timer);
    if (!this.playing || document.hidden) return;
    this.timer = setTimeout(() => this.advance(), this.scene.frames[this.at].duration / this.speed);
  }

  advance() {
    if (this.at < this.last) this.show(this.at + 1);
    else if (this.loop && ++this.passes >= this.loop) return this.setPlaying(false);
    else this.show(0);
    return this.wait();
  }

  /** Go to a frame by hand. */
  go(at) {
    this.setPlaying(false);
    this.show(Math.min(Math.max(at, 0), this.last), true);
  }

  setSpeed(speed) {
    this.speed = speed;
    this.wait();
  }

  /** The frame of `#step=7`, or of the last step before it; null where the address names none. */
  asked() {
    const [, step] = /^#step=(\d+)$/.exec(location.hash) ?? [];
    if (!step) return null;
    return Math.max(0, this.scene.frames.filter((frame) => frame.number <= Number(step)).length - 1);
  }

  start() {
    const asked = this.asked();
    if (asked !== null) this.go(asked);
    else this.setPlaying(!still.matches);
  }
}

function rename(button, text) {
  button.setAttribute("aria-label", text);
  button.title = text;
}
