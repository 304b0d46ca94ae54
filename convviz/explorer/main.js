/** The explorer: controls, keys, the pointer and the clock. The only file with listeners. */

import { pageType, partsOf, sizeLine, writeFormulas, writeFrame, writeHeader, writeLegend } from "../player/around.js";
import { layOut } from "../player/layout.js";
import { fitted } from "../player/phrases.js";
import { GeometryError, PictureError } from "./checks.js";
import { fillControls, showControls } from "./controls.js";
import { makeLayer } from "./geometry.js";
import { isLinked, linked, standing } from "./linking.js";
import { notesOf } from "./notes.js";
import { numbersOf } from "./numbers.js";
import { Painting } from "./painting.js";
import { addressOf, commandOf, layerWords, sound, stateOf } from "./state.js";
import { viewOf } from "./views.js";
import { nextCell } from "./walking.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const WRITE_AFTER = 200;
const LEAST_HEIGHT = 300;

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
    parts.command.textContent = commandOf(state);
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

  #compute() {
    const { state } = this;
    this.film = null;
    this.layer = makeLayer(state.kind, layerWords(state));
    const given = { seed: state.seed, x: state.x, w: state.w ?? (state.weights || null), visible: state.numbers };
    this.numbers = numbersOf(this.layer, given);
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
    parts.scrub.max = this.last;
    this.show(this.state.step - 1);
  }

  room(w) {
    const { page, stage, picture } = this.parts;
    picture.style.height = "0";
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
    if (this.pinned) this.fix(this.pinned);
  }

  /** Show what a cell is linked to, or the step again for null and where no cell stands; whether there is one. */
  point(cell, aloud = false) {
    const { parts, state, layer, numbers } = this;
    const found = this.film && cell && linked(state.view, layer, numbers, cell, this.moment);
    if (!found) {
      this.painting.link([]);
      if (this.film) parts.line.textContent = fitted(this.film.frameAt(state.step - 1).line, this.length);
      return false;
    }
    const { blocks, line } = found;
    this.painting.link(blocks);
    parts.line.textContent = fitted(line, this.length);
    if (aloud) parts.live.textContent = fitted(line, Infinity);
    return true;
  }

  /** The film and its present step, from 0. */
  get moment() {
    return { film: this.film, step: this.state.step - 1 };
  }

  pin(cell) {
    const same = cell && this.pinned && ["panel", "row", "col"].every((name) => cell[name] === this.pinned[name]);
    this.fix(same ? null : cell, true);
  }

  /** Pin a cell, or none, also where the place holds none at this step. */
  fix(cell, aloud = false) {
    this.pinned = this.point(cell, aloud) ? cell : null;
  }

  /** Move the pinned cell by the arrow keys, over the edge of a grid to the next one. */
  movePin(down, right) {
    const spots = standing(this.state.view, this.layer, this.moment).map((shown) => shown.spots);
    this.fix(nextCell(spots, this.sheet.grids, this.pinned, down, right), true);
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

/** Copy a text, also where the page is a file. */
async function copy(text, button) {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  button.focus();
  button.dataset.done = done ? "copied" : "press Ctrl+C";
  setTimeout(() => delete button.dataset.done, 1500);
}

/** The picture as a file of its own. */
function pictureText(explorer) {
  const { picture } = explorer.parts;
  const made = picture.cloneNode(true);
  const { width, height } = explorer.sheet;
  const look = { xmlns: "http://www.w3.org/2000/svg", width, height, style: `background: ${explorer.theme.background}` };
  for (const [name, value] of Object.entries(look)) made.setAttribute(name, value);
  made.setAttribute("font-family", "system-ui, 'DejaVu Sans', sans-serif");
  for (const text of made.querySelectorAll(".numbers text")) {
    text.setAttribute("text-anchor", "middle");
    text.setAttribute("stroke-width", 0);
  }
  return new XMLSerializer().serializeToString(made);
}

function save(href, name) {
  Object.assign(document.createElement("a"), { href, download: name }).click();
}

function dataUrl(explorer) {
  return `data:image/svg+xml,${encodeURIComponent(pictureText(explorer))}`;
}

function savePng(explorer) {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * explorer.sheet.width, 2 * explorer.sheet.height];
    const context = canvas.getContext("2d");
    context.fillStyle = explorer.theme.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    save(canvas.toDataURL("image/png"), "convviz.png");
  };
  image.src = dataUrl(explorer);
}

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Keys on the picture move from cell to cell, elsewhere from step to step; fields keep theirs. */
function onKey(explorer, event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const { picture } = explorer.parts;
  const onPicture = event.target === picture && explorer.film && isLinked(explorer.state.view);
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
  parts.svg.addEventListener("click", () => explorer.film && save(dataUrl(explorer), "convviz.svg"));
  parts.png.addEventListener("click", () => explorer.film && savePng(explorer));
  document.addEventListener("keydown", (event) => onKey(explorer, event));
  document.addEventListener("visibilitychange", () => explorer.wait());
  dark.addEventListener("change", () => {
    if (!explorer.chosen) explorer.setTheme(explorer.themes[dark.matches ? explorer.themes.length - 1 : 0]);
  });
  addEventListener("hashchange", ({ newURL }) => explorer.set(stateOf(new URL(newURL).hash, explorer.start), false));
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
