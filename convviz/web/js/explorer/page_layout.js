/** The layout of the picture and of the texts around it, for the space in the window. */

import { updateLegend } from "../player/legend.js";
import { pageTypography, sizeCaption, writeFormulas } from "../player/page_text.js";
import { layOutWithProducts } from "../player/with_products.js";

const LEAST_HEIGHT = 300;
const MOST_HEIGHT_SHARE = 0.9;
/** Shares of the window's height, for a picture above the controls: its height, and up to which it stays in sight. */
const HEIGHT_SHARE = 0.4;
const STICKY_SHARE = 0.65;

export class PageLayout {
  #typography = null;
  #width = null;

  constructor(parts, texts) {
    Object.assign(this, { parts, texts });
  }

  /** Measure fonts again, for a window of another size. */
  reset() {
    this.#typography = null;
  }

  /** Lay out the first that fits of two LazyScenes; returns it, its layout and the number of characters of captions. */
  fit({ full, sparse }) {
    const { parts } = this;
    this.#typography ??= pageTypography(this.texts);
    this.#width ??= parts.stage.clientWidth;
    const lines = { ...full.scene, frames: [full.frameAt(full.count - 1)] };
    let captionLength = this.#writeLines(lines);
    const space = this.#stageSpace();
    if (space.width !== this.#width) {
      this.#width = space.width;
      captionLength = this.#writeLines(lines);
    }
    const scenes = { body: full.scene.body, full: () => full.lastScene(), sparse: () => sparse().lastScene() };
    const { scene, layout } = layOutWithProducts(scenes, space, this.#typography);
    updateLegend(parts, layout);
    const height = Math.round((layout.height * space.width) / layout.width);
    parts.picture.style.height = `${height}px`;
    document.documentElement.classList.toggle("sticks", height < innerHeight * STICKY_SHARE);
    return { lazyScene: scene.body === full.scene.body ? full : sparse(), layout, captionLength };
  }

  /** Write the texts that depend on the width. */
  #writeLines(scene) {
    writeFormulas(this.parts, scene, this.#width, this.#typography);
    return sizeCaption(this.parts, scene, this.#width, this.#typography);
  }

  /** The space of the picture: beside the controls it fills the window, above them it leaves them in sight. */
  #stageSpace() {
    const { page, stage, picture } = this.parts;
    picture.style.height = "0";
    const width = stage.clientWidth;
    const mostHeight = innerHeight * MOST_HEIGHT_SHARE;
    if (!page.offsetHeight) return { width, height: innerHeight * HEIGHT_SHARE, maxHeight: mostHeight, grows: true };
    const height = Math.max(innerHeight - (page.offsetHeight - stage.offsetHeight), LEAST_HEIGHT);
    return { width, height, maxHeight: Math.max(height, mostHeight), grows: true };
  }
}
