/** The explorer page: a state, and the picture of its layer. It has no listeners. */

import { diagnostics } from "../analysis/diagnostics.js";
import { GeometryError, PictureError } from "../errors.js";
import { writeLegend } from "../player/legend.js";
import { partsOf, writeFrame, writeHeader } from "../player/page_text.js";
import { CODE_TABS } from "./code_tabs.js";
import { compute } from "./compute.js";
import { fillControls, showControls } from "./controls.js";
import { hasAddress } from "./download.js";
import { PageLayout } from "./page_layout.js";
import { Painter } from "./painter.js";
import { PinnedCell } from "./pinned_cell.js";
import { addressOf, stateOf, validState } from "./state.js";
import { Story } from "./story.js";

const ADDRESS_DELAY = 200;

export class Explorer {
  #addressTimer = 0;

  /** `prefersDark` and `prefersReducedMotion` are media queries. */
  constructor({ themes, texts, start }, { prefersDark, prefersReducedMotion }) {
    Object.assign(this, { themes, prefersDark, prefersReducedMotion, parts: partsOf(document), isThemeChosen: false });
    this.pageLayout = new PageLayout(this.parts, texts);
    this.painter = new Painter(this.parts.picture);
    this.story = new Story(this);
    this.pinnedCell = new PinnedCell(this);
    this.start = validState(start);
    fillControls(this.parts);
    this.#setTheme(this.#systemTheme);
    this.set(stateOf(location.hash, this.start), false);
  }

  get #systemTheme() {
    return this.themes[this.prefersDark.matches ? this.themes.length - 1 : 0];
  }

  /** Show the theme that the system prefers, unless the reader has chosen one. */
  followSystemTheme() {
    if (this.isThemeChosen) return;
    this.#setTheme(this.#systemTheme);
    this.rebuild();
  }

  /** Show the other theme from now on. */
  switchTheme() {
    this.isThemeChosen = true;
    this.#setTheme(this.themes.find((one) => one !== this.theme) ?? this.theme);
    this.rebuild();
  }

  #setTheme(theme) {
    this.theme = theme;
    document.documentElement.dataset.theme = this.themes.indexOf(theme);
  }

  /** Change the state; `restart` goes to the first step. */
  set(changes, restart = true) {
    this.state = validState({ ...this.state, ...changes, ...(restart ? { step: 1 } : {}) });
    this.pinnedCell.clear();
    this.story.clear();
    this.rebuild();
  }

  /** Change values of cells; the pinned cell stays. */
  setValues(changes) {
    this.state = validState({ ...this.state, ...changes });
    this.rebuild();
  }

  /** Compute and show the state, or why it is refused. */
  rebuild() {
    const { parts, state } = this;
    showControls(parts, state);
    this.lazyScene = null;
    parts.refusal.hidden = true;
    try {
      Object.assign(this, compute(state));
      this.lazyScene = this.full;
      state.step = Math.min(state.step, this.lazyScene.count);
    } catch (error) {
      if (!(error instanceof GeometryError) && !(error instanceof PictureError)) throw error;
      this.pinnedCell.clear();
      parts.refusal.textContent = error.message;
      parts.refusal.hidden = false;
    }
    this.story.resume();
    parts.shown.hidden = !this.lazyScene;
    parts.notes.replaceChildren(...(this.lazyScene ? diagnostics(this.layer) : []).map(listItem));
    this.showCode();
    this.fit();
    this.story.playback.wait();
    this.updateAddress();
  }

  /** Show the text of the chosen code tab. */
  showCode() {
    const { parts, state, lazyScene, layer } = this;
    const tab = parts.codes.querySelector(":checked").value;
    parts.command.textContent = CODE_TABS[tab](state, lazyScene && layer);
  }

  /** Lay out the picture for a window of another size. */
  resize() {
    this.pageLayout.reset();
    this.fit();
  }

  /** Lay out the picture for the space that there is. */
  fit() {
    const { parts, lazyScene } = this;
    if (!lazyScene) return;
    writeHeader(parts, lazyScene.scene);
    writeLegend(parts, lazyScene.scene, this.theme);
    Object.assign(this, this.pageLayout.fit(this));
    parts.scrub.max = lazyScene.count - 1;
    this.draw();
  }

  /** Draw the present step, or moment of a step; `announce` it to screen readers. */
  draw(announce = false) {
    const { parts, lazyScene, story: { scene } } = this;
    const [at, last] = [this.state.step - 1, lazyScene.count - 1];
    [this.frame] = scene.frames;
    this.painter.show(scene, this.layout, this.theme);
    const text = writeFrame(parts, scene, this.frame, this.captionLength);
    parts.scrub.value = at;
    parts.scrub.style.setProperty("--done", last ? at / last : 1);
    parts.scrub.setAttribute("aria-valuetext", `step ${at + 1} of ${lazyScene.count}`);
    parts.picture.setAttribute("aria-label", `${scene.title}, ${scene.sizes}: ${text}`);
    if (announce) parts.live.textContent = `Step ${at + 1} of ${lazyScene.count}: ${text}`;
    this.pinnedCell.refresh();
  }

  /** Write the state into the address once it has not changed for a moment. */
  updateAddress() {
    if (!hasAddress()) return;
    clearTimeout(this.#addressTimer);
    this.#addressTimer = setTimeout(() => {
      const address = `#${addressOf(this.state)}`;
      if (location.hash !== address) history.replaceState(null, "", address);
    }, ADDRESS_DELAY);
  }
}

function listItem(text) {
  return Object.assign(document.createElement("li"), { textContent: text });
}
