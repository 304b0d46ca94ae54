/** The cell under the pointer or pinned by a click: its links, its caption, and the field for its value. */

import { cellAt } from "../player/cell_geometry.js";
import { writeCaption } from "../player/page_text.js";
import { fitLine } from "../text/lines.js";
import { nextCell } from "./keyboard_nav.js";
import { linkedBlocks, linkPanels } from "./links.js";
import { editableValue, valueChanges, ValueEditor } from "./value_editor.js";

export class PinnedCell {
  #cell = null;

  constructor(explorer) {
    this.explorer = explorer;
    this.editor = new ValueEditor(explorer.parts.value);
  }

  /** Unpin the cell without drawing. */
  clear() {
    this.#cell = null;
    this.editor.show(null);
  }

  /** Show the pinned cell again, in a new picture. */
  refresh() {
    if (this.#cell) this.#pin(this.#cell);
  }

  /** Show the links of the cell under the pointer, or none for null, unless a cell is pinned. */
  hover(cell) {
    if (!this.#cell) this.#showLinks(cell);
  }

  /** Pin a cell; null, or the cell that is pinned, unpins. */
  set(cell) {
    const pinned = this.#cell;
    const isSame = cell && pinned && ["panel", "row", "col"].every((name) => cell[name] === pinned[name]);
    this.#pin(isSame ? null : cell, true);
  }

  /** Pin the next cell in a direction, also in the next panel. */
  move(down, right) {
    const cells = this.#panels.map((panel) => panel.cells);
    this.#pin(nextCell(cells, this.explorer.layout.grids, this.#cell, down, right), true);
  }

  /** Focus the field of the pinned cell, if its value can be edited. */
  edit() {
    if (this.editor.edited) this.editor.focus();
  }

  /** Apply the value that was typed so far. */
  applyTyped() {
    const { explorer, editor } = this;
    const number = editor.typedNumber();
    if (number === null) return;
    const { layer, values } = explorer;
    explorer.setValues(valueChanges(layer, values, editor.edited, number));
  }

  /** Pin a cell and show its field; unpin if there is no cell. */
  #pin(cell, announce = false) {
    this.#cell = this.#showLinks(cell, announce) ? cell : null;
    const edited = this.#cell && this.#editableValue(this.#cell);
    this.editor.show(edited, edited && this.#boxOf(this.#cell));
  }

  /** Show links and caption of a cell, or the caption of the step for null; returns whether there is a cell. */
  #showLinks(cell, announce = false) {
    const { parts, painter, state, layer, values, lazyScene, frame, captionLength } = this.explorer;
    if (!lazyScene) return false;
    const linked = cell && linkedBlocks(state.view, layer, values, cell, this.#moment);
    painter.showLinks(linked ? linked.blocks : []);
    writeCaption(parts, linked ? linked.caption : frame.caption, captionLength);
    if (announce && linked) parts.live.textContent = fitLine(linked.caption, Infinity);
    return Boolean(linked);
  }

  get #moment() {
    const { lazyScene, state } = this.explorer;
    return { lazyScene, step: state.step - 1 };
  }

  get #panels() {
    return linkPanels(this.explorer.state.view, this.explorer.layer, this.#moment);
  }

  #editableValue({ panel, row, col }) {
    const { layer, values } = this.explorer;
    const shown = this.#panels[panel];
    const index = shown.indexAt(row, col);
    return index && editableValue(layer, values, shown.grid, index);
  }

  /** The box of a cell in CSS pixels of the stage. */
  #boxOf({ panel, row, col }) {
    const { parts, layout } = this.explorer;
    const [stage, picture] = [parts.stage, parts.picture].map((part) => part.getBoundingClientRect());
    const scale = picture.width / layout.width;
    const { x, y, w, h } = cellAt(layout.grids[panel], row, col);
    const [left, top] = [picture.left - stage.left, picture.top - stage.top];
    return { x: left + x * scale, y: top + y * scale, w: w * scale, h: h * scale };
  }
}
