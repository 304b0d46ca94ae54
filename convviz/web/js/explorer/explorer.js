/** The explorer as a whole: a state, and the picture of it. Whoever listens calls it; nothing here listens. */

import { notesOf } from "../analysis/diagnostics.js";
import { GeometryError, PictureError } from "../errors.js";
import { makeLayer } from "../layers/convolution.js";
import { numbersOf } from "../layers/ops.js";
import { layOut } from "../player/layout.js";
import {
  pageType, partsOf, sizeLine, writeFormulas, writeFrame, writeHeader, writeLegend,
} from "../player/page_text.js";
import { layerWords } from "../text/notation.js";
import { viewOf } from "../views/registry.js";
import { CODES } from "./code_tabs.js";
import { fillControls, showControls } from "./controls.js";
import { Painting } from "./painter.js";
import { Pin } from "./pinned_cell.js";
import { Playback } from "./playback.js";
import { addressOf, sound, stateOf, valuesOf } from "./state.js";

const WRITE_AFTER = 200;
const LEAST_HEIGHT = 300;
/** Cells of more are too small for numbers, which are told of the cell that one points at. */
const MOST_NUMBERS = 3000;
/** Of the window's height: what a picture above the controls aims for, and up to which it stays in sight. */
const LOW = 0.4;
const STICKS = 0.65;

export class Explorer {
  constructor({ themes, texts, start }, isDark) {
    this.parts = partsOf(document);
    this.themes = themes;
    this.texts = texts;
    this.painting = new Painting(this.parts.picture);
    this.playback = new Playback(this);
    this.pin = new Pin(this);
    this.start = sound(start);
    fillControls(this.parts);
    this.setTheme(themes[isDark ? themes.length - 1 : 0], false);
    this.set(stateOf(location.hash, this.start), false);
  }

  setTheme(theme, draw = true) {
    this.theme = theme;
    document.documentElement.dataset.theme = this.themes.indexOf(theme);
    if (draw) this.rebuild();
  }

  switchTheme() {
    this.chosen = true;
    this.setTheme(this.themes.find((one) => one !== this.theme) ?? this.theme);
  }

  /** Change the state; another layer begins `again` at its first step. */
  set(changes, again = true) {
    this.state = sound({ ...this.state, ...changes, ...(again ? { step: 1 } : {}) });
    this.pin.forget();
    this.rebuild();
  }

  /** Change values alone; what is pinned stays. */
  setValues(changes) {
    this.state = sound({ ...this.state, ...changes });
    this.rebuild();
  }

  /** Compute and lay out everything for the state; what cannot be is said, and no older picture stays. */
  rebuild() {
    const { parts, state } = this;
    showControls(parts, state);
    try {
      this.#compute();
      parts.refusal.hidden = true;
    } catch (error) {
      if (!(error instanceof GeometryError) && !(error instanceof PictureError)) throw error;
      this.film = null;
      this.playback.stop();
      this.pin.forget();
      parts.refusal.textContent = error.message;
      parts.refusal.hidden = false;
    }
    parts.shown.hidden = !this.film;
    parts.notes.replaceChildren(...(this.film ? notesOf(this.layer) : []).map(entry));
    this.showCode();
    if (this.film) this.fit();
    this.remember();
  }

  /** The text that is copied, in the language that was chosen. */
  showCode() {
    const { parts, state, film, layer } = this;
    const chosen = parts.codes.querySelector(":checked").value;
    parts.command.textContent = CODES[chosen](state, film && layer);
  }

  #compute() {
    const { state } = this;
    this.film = null;
    this.layer = makeLayer(state.kind, layerWords(state));
    const given = valuesOf(state);
    this.numbers = numbersOf(this.layer, given);
    const many = this.layer.input.reduce((all, size) => all * size) + this.layer.outputCount > MOST_NUMBERS;
    this.film = viewOf(state.view, this.layer, many ? numbersOf(this.layer, { ...given, visible: false }) : this.numbers);
    this.last = this.film.count - 1;
    this.state.step = Math.min(state.step, this.film.count);
  }

  /** The window is another one: fonts and widths are measured anew. */
  resize() {
    this.type = null;
    this.fit();
  }

  /** Lay the picture out anew for the room that there is. */
  fit() {
    if (!this.film) return;
    const { parts, film } = this;
    const whole = film.lastScene();
    this.type ??= pageType(this.texts);
    writeHeader(parts, whole);
    writeLegend(parts, whole, this.theme);
    this.width ??= parts.stage.clientWidth;
    this.#writeLines(whole);
    const room = this.#room();
    if (room.w !== this.width) {
      this.width = room.w;
      this.#writeLines(whole);
    }
    this.sheet = layOut(whole, room, this.type);
    const height = Math.round((this.sheet.height * room.w) / this.sheet.width);
    parts.picture.style.height = `${height}px`;
    document.documentElement.classList.toggle("sticks", height < innerHeight * STICKS);
    parts.scrub.max = this.last;
    this.show(this.state.step - 1);
  }

  /** What is as long as there is room for. */
  #writeLines(scene) {
    writeFormulas(this.parts, scene, this.width, this.type);
    this.length = sizeLine(this.parts, scene, this.width, this.type);
  }

  /** Beside the controls the picture fills the window; above them it leaves them in sight where it can. */
  #room() {
    const { page, stage, picture } = this.parts;
    picture.style.height = "0";
    const [w, high] = [stage.clientWidth, page.offsetHeight];
    if (!high) return { w, h: innerHeight * LOW, tall: innerHeight * 0.9 };
    const h = Math.max(innerHeight - (high - stage.offsetHeight), LEAST_HEIGHT);
    return { w, h, tall: Math.max(h, innerHeight * 0.9) };
  }

  /** Show a step, from 0; `aloud` for those who listen. */
  show(at, aloud = false) {
    const { parts, film } = this;
    const scene = film.sceneAt(at);
    const [frame] = scene.frames;
    this.state.step = at + 1;
    this.painting.show(scene, this.sheet, this.theme);
    const text = writeFrame(parts, scene, frame, this.length);
    parts.scrub.value = at;
    parts.scrub.style.setProperty("--done", this.last ? at / this.last : 1);
    parts.scrub.setAttribute("aria-valuetext", `step ${at + 1} of ${film.count}`);
    parts.picture.setAttribute("aria-label", `${scene.title}, ${scene.sizes}: ${text}`);
    if (aloud) parts.live.textContent = `Step ${at + 1} of ${film.count}: ${text}`;
    this.pin.showAgain();
  }

  /** Write the state into the address, when it has been still for a while. */
  remember() {
    clearTimeout(this.writing);
    this.writing = setTimeout(() => {
      const address = `#${addressOf(this.state)}`;
      if (location.hash !== address) history.replaceState(null, "", address);
    }, WRITE_AFTER);
  }
}

function entry(text) {
  const made = document.createElement("li");
  made.textContent = text;
  return made;
}
