/** The cells of a scene at every frame. */

import { panelsOf } from "../scene/model.js";

/** The cells of all panels at the present frame; the id of a cell is its index in `cells`. */
export class CellTimeline {
  #frames;
  #present = -1;
  #undo = [];
  #firstIds = [];

  constructor(scene) {
    this.#frames = scene.frames;
    this.panels = panelsOf(scene.body);
    this.cells = this.panels.flatMap((panel) => panel.cells.flat());
    this.highlighted = new Set();
    let count = 0;
    for (const { cells } of this.panels) {
      this.#firstIds.push(count);
      count += cells.length * cells[0].length;
    }
  }

  /** Return the id of a cell. */
  id(panel, row, col) {
    return this.#firstIds[panel] + row * this.panels[panel].cells[0].length + col;
  }

  /** Go forward or back to a frame, counted from 0; returns the ids of cells that may look different. */
  seek(target) {
    const changed = new Set();
    while (this.#present < target) this.#goForward(changed);
    while (this.#present > target) this.#goBack(changed);
    return this.highlight(this.#frames[target], changed);
  }

  /** Highlight what the marks of a frame cover; adds the ids of cells that look different to `changed`. */
  highlight(frame, changed = new Set()) {
    const highlighted = this.#highlightedIn(frame);
    for (const id of highlighted) if (!this.highlighted.has(id)) changed.add(id);
    for (const id of this.highlighted) if (!highlighted.has(id)) changed.add(id);
    this.highlighted = highlighted;
    return changed;
  }

  /** The number of the present frame, from 0, or −1 before the first `seek`. */
  get present() {
    return this.#present;
  }

  #goForward(changed) {
    this.#present += 1;
    this.#undo[this.#present] = this.#frames[this.#present].changes.map(({ panel, row, col, cell }) => {
      const id = this.id(panel, row, col);
      const before = this.cells[id];
      this.cells[id] = cell;
      changed.add(id);
      return [id, before];
    });
  }

  #goBack(changed) {
    for (const [id, before] of this.#undo[this.#present].reverse()) {
      this.cells[id] = before;
      changed.add(id);
    }
    this.#present -= 1;
  }

  #highlightedIn(frame) {
    const ids = new Set();
    for (const { panel, rows, cols, highlighted } of frame.marks) {
      if (!highlighted) continue;
      for (const row of rows) for (const col of cols) ids.add(this.id(panel, row, col));
    }
    return ids;
  }
}
