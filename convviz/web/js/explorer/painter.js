/** A scene with one frame as an SVG; equal cells share one path, so that large grids are fast. */

import { bracketItems } from "../player/brackets.js";
import { cellAt } from "../player/cell_geometry.js";
import { cellItems } from "../player/cell_shapes.js";
import { floatingRegion } from "../player/floating_cells.js";
import { markedItems } from "../player/last_window.js";
import { connectorItem, guideItems } from "../player/mark_shapes.js";
import { ElementList, makeElement, textItems } from "../player/svg.js";
import { panelsOf } from "../scene/model.js";
import { cellStyler } from "../style/theme.js";
import { byRow, CellTemplates, highlightedCells, PathBatch, rowKey } from "./cell_templates.js";
import { outlineItems } from "./link_outlines.js";

const GROUPS = ["grounds", "guides", "numbers", "floats", "over", "linked", "words"];
const DIMMED = 0.4; // opacity of the marks of a step while links are shown
const BAND = 8; // rows that are drawn together; a step changes few of these bands

/** Draws into one SVG. */
export class Painter {
  #bands = [];
  #look = "";

  constructor(svg) {
    this.svg = svg;
    this.groups = Object.fromEntries(GROUPS.map((name) => [name, makeElement(["g", { class: name }])]));
    svg.replaceChildren(...Object.values(this.groups));
    this.lists = Object.fromEntries(GROUPS.map((name) => [name, new ElementList(this.groups[name])]));
  }

  /** Show a scene with one frame in a layout and a theme. */
  show(scene, layout, theme) {
    const isNew = layout !== this.layout || theme !== this.theme || scene.body !== this.scene.body;
    Object.assign(this, { scene, layout, theme });
    if (isNew) this.#prepare();
    const [frame] = scene.frames;
    this.#showCells(frame);
    this.#look = lookOf({ ...frame, changes: [] });
    this.lists.words.show([...bracketItems(layout, theme, [0, frame.tab]), ...textItems(layout, frame, theme)]);
    this.#showMarks(frame);
    this.showLinks([]);
  }

  /** Show a frame on the way to the next one; cells are drawn again if some of them look different. */
  showInBetween(frame) {
    const look = lookOf(frame);
    if (look !== this.#look) this.#showCells({ ...frame, changes: [...this.scene.frames[0].changes, ...frame.changes] });
    this.#look = look;
    this.#showMarks(frame);
  }

  /** Show guide lines, floating cells, connectors and marks. */
  #showMarks(frame) {
    const { layout, theme } = this;
    this.lists.guides.show(frame.guides.flatMap((guide) => guideItems(guide, frame.marks, layout, theme)));
    this.lists.floats.show(frame.floating_cells.flatMap((one) => {
      const items = cellItems(floatingRegion(layout, one), one.cell, false, this.templates[one.panel].context);
      return [...items.ground, ...items.texts];
    }));
    const connectors = frame.connectors.map((connector) => connectorItem(connector, layout, theme));
    this.lists.over.show([...connectors, ...markedItems(frame, layout, theme)]);
  }

  /** Build what all steps of a scene share. */
  #prepare() {
    const { svg, scene, layout, theme } = this;
    svg.setAttribute("viewBox", `0 0 ${layout.width} ${layout.height}`);
    const context = { ...layout, theme, style: cellStyler(theme) };
    const contextOf = (panel) => (layout.numbered[panel] ? context : { ...context, numberPx: 0 });
    this.templates = layout.grids.map((grid, panel) => new CellTemplates(grid, contextOf(panel)));
    this.panels = panelsOf(scene.body).map(({ cells }) => cells);
    const count = this.panels.reduce((sum, cells) => sum + Math.ceil(cells.length / BAND), 0);
    for (const { parent } of this.#bands.splice(count)) parent.remove();
    while (this.#bands.length < count) {
      this.#bands.push(new ElementList(this.groups.grounds.appendChild(makeElement(["g", {}]))));
    }
  }

  /** Show all cells of a frame. */
  #showCells(frame) {
    const changed = byRow(frame.changes.map((change) => [change, change.cell]));
    const highlighted = byRow(highlightedCells(frame));
    const texts = [];
    let band = 0;
    this.panels.forEach((rows, panel) => {
      for (let first = 0; first < rows.length; first += BAND) {
        const batch = new PathBatch();
        for (let row = first; row < Math.min(first + BAND, rows.length); row++) {
          const key = rowKey(panel, row);
          this.#addRow({ panel, row, changed: changed.get(key), highlighted: highlighted.get(key) }, batch, texts);
        }
        this.#bands[band++].show(batch.items);
      }
    });
    this.lists.numbers.show(texts);
  }

  /** Add a row of cells to a batch of paths and a list of text items. */
  #addRow({ panel, row, changed, highlighted }, batch, texts) {
    const templates = this.templates[panel];
    const cells = this.panels[panel][row];
    const runs = changed || highlighted ? null : templates.runs(cells);
    if (runs) {
      for (const { template, col, count } of runs) templates.add(batch, template, row, col, count);
      return;
    }
    const cellOf = (col) => changed?.get(col) ?? cells[col];
    const templateOf = (col) => templates.of(cellOf(col), highlighted?.has(col));
    for (let col = 0, count = 1; col < cells.length; col += count, count = 1) {
      const template = templateOf(col);
      if (template) {
        while (template.joins && col + count < cells.length && templateOf(col + count) === template) count += 1;
        templates.add(batch, template, row, col, count);
      } else {
        const { ground, texts: items } = templates.items(cellOf(col), row, col, highlighted?.has(col));
        for (const item of ground) batch.addItem(item);
        texts.push(...items);
      }
    }
  }

  /** Outline linked blocks {panel, rows, cols, own}, the cell itself last; an empty list removes all outlines. */
  showLinks(blocks) {
    this.lists.linked.show(outlineItems(blocks, this.layout, this.theme));
    this.groups.over.setAttribute("opacity", blocks.length ? DIMMED : 1);
  }

  /** Return the cell {panel, row, col} at a point of the window, or null. */
  cellAt({ clientX, clientY }) {
    const box = this.svg.getBoundingClientRect();
    const scale = this.layout.width / box.width;
    const [x, y] = [(clientX - box.left) * scale, (clientY - box.top) * scale];
    const isUnder = ({ panel, row, col }) => {
      const region = cellAt(this.layout.grids[panel], row / 1000, col / 1000);
      return x >= region.x && y >= region.y && x < region.x + region.w && y < region.y + region.h;
    };
    const floating = this.scene.frames[0].floating_cells.find(isUnder);
    if (floating) return { panel: floating.panel, row: floating.row / 1000, col: floating.col / 1000 };
    for (const [panel, grid] of this.layout.grids.entries()) {
      const [row, col] = [Math.floor((y - grid.y) / grid.pitch), Math.floor((x - grid.x) / grid.pitch)];
      if (row >= 0 && col >= 0 && row < grid.rows && col < grid.cols) return { panel, row, col };
    }
    return null;
  }
}

/** What decides how the cells of an in-between frame look. */
function lookOf({ marks, changes }) {
  return JSON.stringify([changes.length, marks.flatMap((one) => (one.highlighted ? [one.panel, one.rows, one.cols] : []))]);
}
