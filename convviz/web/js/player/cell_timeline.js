/** The cells of a scene at every frame, wound forth and back. Nothing here draws. */

import { panelsOf } from "../scene/model.js";

/** The cells of all panels, wound forth and back from frame to frame; a cell's id is its place in `cells`. */
export class Reel {
  constructor(scene) {
    this.frames = scene.frames;
    this.panels = panelsOf(scene.body);
    this.cells = this.panels.flatMap((panel) => panel.cells.flat());
    this.highlighted = new Set();
    this.at = -1;
    this.undo = [];
    this.starts = [];
    let start = 0;
    for (const panel of this.panels) {
      this.starts.push(start);
      start += panel.cells.length * panel.cells[0].length;
    }
  }

  /** The id of a cell. */
  id(panel, row, col) {
    return this.starts[panel] + row * this.panels[panel].cells[0].length + col;
  }

  /** Wind to frame `target`, from 0; returns the ids of the cells that may look different now. */
  wind(target) {
    const stale = new Set();
    while (this.at < target) this.#apply(stale);
    while (this.at > target) this.#revert(stale);
    const highlighted = this.#highlightedIn(this.frames[target]);
    for (const id of highlighted) if (!this.highlighted.has(id)) stale.add(id);
    for (const id of this.highlighted) if (!highlighted.has(id)) stale.add(id);
    this.highlighted = highlighted;
    return stale;
  }

  #apply(stale) {
    this.at += 1;
    this.undo[this.at] = this.frames[this.at].changes.map(({ panel, row, col, cell }) => {
      const id = this.id(panel, row, col);
      const before = this.cells[id];
      this.cells[id] = cell;
      stale.add(id);
      return [id, before];
    });
  }

  #revert(stale) {
    for (const [id, before] of this.undo[this.at].reverse()) {
      this.cells[id] = before;
      stale.add(id);
    }
    this.at -= 1;
  }

  #highlightedIn(frame) {
    const found = new Set();
    for (const { panel, rows, cols, highlighted } of frame.marks) {
      if (!highlighted) continue;
      for (const row of rows) for (const col of cols) found.add(this.id(panel, row, col));
    }
    return found;
  }
}
