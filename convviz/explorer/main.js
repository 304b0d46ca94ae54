/** The explorer: controls, keys, the pointer and the clock. The only file with listeners. */

import { pageType, partsOf, sizeLine, writeFormulas, writeFrame, writeHeader, writeLegend } from "../player/around.js";
import { layOut } from "../player/layout.js";
import { fitted } from "../player/phrases.js";
import { panelsOf } from "../player/scene.js";
import { GeometryError, PictureError } from "./checks.js";
import { CODES } from "./codes.js";
import { fillControls, showControls } from "./controls.js";
import { makeLayer } from "./geometry.js";
import { isLinked, linked } from "./linking.js";
import { notesOf } from "./notes.js";
import { numbersOf } from "./numbers.js";
import { Painting } from "./painting.js";
import { addressOf, commandOf, layerWords, sound, stateOf, valuesOf } from "./state.js";
import { copy, savePicture } from "./taking.js";
import { viewOf } from "./views.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const WRITE_AFTER = 200;
const LEAST_HEIGHT = 300;
/** Of the window's height: what a picture above the controls aims for, and up to which it stays in sight. */
const LOW = 0.4;
const STICKS = 0.65;

class Explorer {
  constructor({ themes, texts, start }) {
    this.parts = partsOf(document);
    this.themes = themes;
    this.texts = texts;
    this.painting = new Painting(this.parts.picture);
    this.playing = false;
    this.pinned = null;
    this.start = sound(start);
    fillControls(this.parts);
    this.setTheme(themes[dark.matches ? themes.length - 1 : 0], false);
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

  /** Change the state; another layer begins again at its first step. */
  set(changes, again = true) {
    this.state = sound({ ...this.state, ...changes, ...(again ? { step: 1 } : {}) });
    this.rebuild();
  }

  /** Compute and lay out everything for the state; what cannot be is said, and no older picture stays. */
  rebuild() {
    const { parts, state } = this;
    showControls(parts, state);
    this.showCode();
    this.pinned = null;
    try {
      this.#compute();
      parts.refusal.hidden = true;
    } catch (error) {
      if (!(error instanceof GeometryError) && !(error instanceof PictureError)) throw error;
      this.film = null;
      this.setPlaying(false);
      parts.refusal.textContent = error.message;
      parts.refusal.hidden = false;
    }
    parts.shown.hidden = !this.film;
    parts.notes.replaceChildren(...(this.film ? notesOf(this.layer) : []).map(entry));
    if (this.film) this.fit();
    this.#remember();
  }

  /** The text that is copied, in the language that was chosen. */
  showCode() {
    const { parts, state } = this;
    const chosen = parts.codes.querySelector(":checked").value;
    parts.command.textContent = CODES[chosen](state, this.layer);
  }

  #compute() {
    const { state } = this;
    this.film = null;
    this.layer = makeLayer(state.kind, layerWords(state));
    this.numbers = numbersOf(this.layer, valuesOf(state));
    this.film = viewOf(state.view, this.layer, this.numbers);
    this.last = this.film.count - 1;
    this.state.step = Math.min(state.step, this.film.count);
  }

  /** Lay the picture out anew for the room that there is. */
  fit() {
    if (!this.film) return;
    const { parts, film } = this;
    const whole = film.sceneAt(this.last);
    const type = pageType(this.texts);
    const width = parts.stage.clientWidth;
    writeHeader(parts, whole);
    writeLegend(parts, whole, this.theme);
    writeFormulas(parts, whole, width, type);
    this.length = sizeLine(parts, whole, width, type);
    this.sheet = layOut(whole, this.room(width), type);
    parts.picture.style.height = `${Math.round((this.sheet.height * width) / this.sheet.width)}px`;
    document.documentElement.classList.toggle("sticks", parts.stage.offsetHeight < innerHeight * STICKS);
    parts.scrub.max = this.last;
    this.show(this.state.step - 1);
  }

  /** Beside the controls the picture fills the window; above them it leaves them in sight where it can. */
  room(w) {
    const { page, stage, picture } = this.parts;
    picture.style.height = "0";
    if (!page.offsetHeight) return { w, h: innerHeight * LOW, tall: innerHeight * 0.9 };
    const free = innerHeight - (page.offsetHeight - stage.offsetHeight);
    const h = Math.max(free, LEAST_HEIGHT);
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
    if (this.pinned) this.point(this.pinned);
  }

  /** Show what a cell is linked to, or the step again for null. */
  point(cell, aloud = false) {
    const { parts, state, layer, numbers } = this;
    if (!this.film || !cell || !isLinked(state.view, layer)) {
      this.painting.link([]);
      if (this.film) parts.line.textContent = fitted(this.film.frameAt(state.step - 1).line, this.length);
      return;
    }
    const { cells, line } = linked(state.view, layer, numbers, cell);
    this.painting.link(cells);
    const text = fitted(line, this.length);
    parts.line.textContent = text;
    if (aloud) parts.live.textContent = text;
  }

  pin(cell) {
    const same = cell && this.pinned && ["panel", "row", "col"].every((name) => cell[name] === this.pinned[name]);
    this.pinned = same ? null : cell;
    this.point(this.pinned, true);
  }

  /** Move the pinned cell by the arrow keys, over the edge of a grid to the next one. */
  movePin(down, right) {
    const panels = panelsOf(this.film.scene.stage).map(({ cells }) => [cells.length, cells[0].length]);
    let { panel, row, col } = this.pinned ?? { panel: 0, row: 0, col: -right };
    [row, col] = [row + down, col + right];
    if (col < 0 || col >= panels[panel][1]) {
      const next = panel + Math.sign(right);
      if (!panels[next]) return;
      col = right > 0 ? 0 : panels[next][1] - 1;
      row = Math.min(row, panels[next][0] - 1);
      panel = next;
    }
    this.pinned = { panel, row: Math.min(Math.max(row, 0), panels[panel][0] - 1), col };
    this.point(this.pinned, true);
  }

  setPlaying(playing) {
    this.playing = playing;
    const { play } = this.parts;
    play.classList.toggle("playing", playing);
    play.setAttribute("aria-label", playing ? "pause" : "play");
    this.wait();
  }

  toggle() {
    if (!this.playing && this.film && this.state.step === this.film.count) this.show(0);
    this.setPlaying(!this.playing && Boolean(this.film));
  }

  /** Wait for as long as the present step stays; not while nobody looks. */
  wait() {
    clearTimeout(this.timer);
    if (!this.playing || document.hidden) return;
    const { duration } = this.film.frameAt(this.state.step - 1);
    this.timer = setTimeout(() => {
      this.show(this.state.step % this.film.count);
      this.wait();
    }, duration / Number(this.parts.speed.value));
  }

  /** Go to a step by hand, from 0. */
  go(at) {
    if (!this.film) return;
    this.setPlaying(false);
    this.show(Math.min(Math.max(at, 0), this.last), true);
    this.#remember();
  }

  /** Save the picture as it is. */
  save(kind) {
    if (this.film) savePicture(this.parts.picture, this.sheet, this.theme, { kind });
  }

  /** Write the state into the address, when it has been still for a while. */
  #remember() {
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

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Keys on the picture move from cell to cell, elsewhere from step to step; fields keep theirs. */
function onKey(explorer, event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const { picture } = explorer.parts;
  const onPicture = event.target === picture && explorer.film && isLinked(explorer.state.view, explorer.layer);
  if (onPicture && ARROWS[event.key]) explorer.movePin(...ARROWS[event.key]);
  else if (event.key === "Escape") explorer.pin(null);
  else if (event.target.closest("input, select, button, textarea")) return;
  else if (event.key === " ") explorer.toggle();
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    explorer.go(explorer.state.step - 1 + (event.key === "ArrowRight" ? 1 : -1));
  } else return;
  event.preventDefault();
}

function listen(explorer) {
  const { parts } = explorer;
  parts.controls.addEventListener("input", ({ target }) => {
    const changes = target.changes?.(explorer.state);
    if (changes) explorer.set(changes);
  });
  parts.random.addEventListener("click", () => explorer.set({ seed: explorer.state.seed + 1, x: null, w: null }, false));
  parts.codes.addEventListener("change", () => explorer.showCode());
  parts.tabs_view.addEventListener("change", ({ target }) => explorer.set({ view: target.value }));
  parts.picture.addEventListener("pointermove", (event) => explorer.pinned || explorer.point(explorer.painting.at(event)));
  parts.picture.addEventListener("pointerleave", () => explorer.pinned || explorer.point(null));
  parts.picture.addEventListener("click", (event) => explorer.pin(explorer.painting.at(event)));
  parts.back.addEventListener("click", () => explorer.go(explorer.state.step - 2));
  parts.forth.addEventListener("click", () => explorer.go(explorer.state.step));
  parts.play.addEventListener("click", () => explorer.toggle());
  parts.scrub.addEventListener("input", () => explorer.go(Number(parts.scrub.value)));
  parts.speed.addEventListener("change", () => explorer.wait());
  parts.theme.addEventListener("click", () => explorer.switchTheme());
  parts.copy.addEventListener("click", () => copy(parts.command.textContent, parts.copy));
  parts.share.addEventListener("click", () => copy(`${location.href.split("#")[0]}#${addressOf(explorer.state)}`, parts.share));
  parts.svg.addEventListener("click", () => explorer.save("svg"));
  parts.png.addEventListener("click", () => explorer.save("png"));
  document.addEventListener("keydown", (event) => onKey(explorer, event));
  document.addEventListener("visibilitychange", () => explorer.wait());
  dark.addEventListener("change", () => {
    if (!explorer.chosen) explorer.setTheme(explorer.themes[dark.matches ? explorer.themes.length - 1 : 0]);
  });
  addEventListener("hashchange", () => explorer.set(stateOf(location.hash, explorer.start), false));
  let request = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(request);
    request = requestAnimationFrame(() => explorer.fit());
  });
}

const explorer = new Explorer(JSON.parse(document.getElementById("convviz-start").textContent));
listen(explorer);
window.explorer = explorer;
document.documentElement.dataset.ready = "true";
