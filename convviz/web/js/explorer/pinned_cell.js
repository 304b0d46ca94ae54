/** The cell that is pointed at or pinned: what it is linked to, what it says, and the field to type its value in. */

import { cellAt } from "../player/cell_boxes.js";
import { fitted } from "../text/lines.js";
import { nextCell } from "./keyboard_nav.js";
import { isLinked, linked, standing } from "./links.js";
import { changedValue, Editor, heldAt } from "./value_editor.js";

export class Pin {
  constructor(explorer) {
    this.explorer = explorer;
    this.editor = new Editor(explorer.parts.value);
    this.pinned = null;
  }

  /** Whether the picture has cells to point at. */
  get isOffered() {
    const { film, state } = this.explorer;
    return Boolean(film) && isLinked(state.view);
  }

  forget() {
    this.pinned = null;
    this.editor.show(null);
  }

  showAgain() {
    if (this.pinned) this.#fix(this.pinned);
  }

  /** Show what a cell is linked to, or the step again for null and where no cell stands; whether there is one. */
  point(cell, aloud = false) {
    const { parts, painting, state, layer, numbers, film, length } = this.explorer;
    const found = cell && this.isOffered ? linked(state.view, layer, numbers, cell, this.#moment) : null;
    painting.link(found ? found.blocks : []);
    if (film) parts.caption.textContent = fitted(found ? found.line : film.frameAt(state.step - 1).caption, length);
    if (aloud && found) parts.live.textContent = fitted(found.line, Infinity);
    return Boolean(found);
  }

  /** Point at what is under the pointer, where nothing is pinned. */
  hover(cell) {
    if (!this.pinned) this.point(cell);
  }

  /** Pin a cell; null, or the cell that is pinned, unpins. */
  set(cell) {
    const { pinned } = this;
    const same = cell && pinned && ["panel", "row", "col"].every((name) => cell[name] === pinned[name]);
    this.#fix(same ? null : cell, true);
  }

  /** Move by the arrow keys, over the edge of a grid to the next one. */
  move(down, right) {
    const spots = this.#standing.map((shown) => shown.spots);
    this.#fix(nextCell(spots, this.explorer.sheet.grids, this.pinned, down, right), true);
  }

  /** Begin to type the value of the pinned cell; false where it holds none. */
  type() {
    if (this.editor.held) this.editor.begin();
    return Boolean(this.editor.held);
  }

  /** Take what was typed so far. */
  take() {
    const { explorer, editor } = this;
    const number = editor.typed();
    if (number === null) return;
    explorer.setValues(changedValue(explorer.state, explorer.layer, explorer.numbers, editor.held, number));
  }

  /** Pin a cell, or none where none stands at this step. */
  #fix(cell, aloud = false) {
    this.pinned = this.point(cell, aloud) ? cell : null;
    this.#edit();
  }

  get #moment() {
    const { film, state } = this.explorer;
    return { film, step: state.step - 1 };
  }

  /** What each panel shows at this step. */
  get #standing() {
    return standing(this.explorer.state.view, this.explorer.layer, this.#moment);
  }

  /** A field over the pinned cell, where that holds a value. */
  #edit() {
    const { pinned, explorer } = this;
    const { layer, numbers } = explorer;
    const shown = pinned && this.isOffered ? this.#standing[pinned.panel] : null;
    const index = shown?.indexAt(pinned.row, pinned.col);
    const held = index ? heldAt(layer, numbers, shown.name, index) : null;
    this.editor.show(held, held && this.#boxOf(pinned));
  }

  /** Where a cell is, in CSS pixels from the corner of the stage. */
  #boxOf({ panel, row, col }) {
    const { parts, sheet } = this.explorer;
    const [stage, picture] = [parts.stage, parts.picture].map((part) => part.getBoundingClientRect());
    const scale = picture.width / sheet.width;
    const { x, y, w, h } = cellAt(sheet.grids[panel], row, col);
    const [left, top] = [picture.left - stage.left, picture.top - stage.top];
    return { x: left + x * scale, y: top + y * scale, w: w * scale, h: h * scale };
  }
}
