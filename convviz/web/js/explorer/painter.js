/** A scene at one frame as an SVG: one path for all that looks alike, so that large grids cost little. */

import { cellAt } from "../player/cell_boxes.js";
import { linkItem, markItem, guideItem } from "../player/mark_shapes.js";
import { element, Layer, wordsItem } from "../player/svg.js";
import { panelsOf } from "../scene/model.js";
import { stylist } from "../style/theme.js";
import { outlineItems } from "./link_outlines.js";
import { Paths, Stamps } from "./path_batch.js";

const GROUPS = ["grounds", "guides", "numbers", "over", "linked", "words"];
/** Opacity of a step's marks while the links of a cell are shown. */
const BEHIND = 0.4;
/** More than any panel has. */
const ROWS = 1e6;
/** Rows that are drawn together: a step changes few of them. */
const BAND = 8;

/** Draws into one SVG. */
export class Painting {
  constructor(svg) {
    this.svg = svg;
    this.groups = Object.fromEntries(GROUPS.map((name) => [name, element(["g", { class: name }])]));
    svg.replaceChildren(...GROUPS.map((name) => this.groups[name]));
    this.layers = Object.fromEntries(GROUPS.map((name) => [name, new Layer(this.groups[name])]));
    this.bands = [];
  }

  /** Show `scene`, which has one frame, on `sheet`, in the colours of `theme`. */
  show(scene, sheet, theme) {
    const isNew = sheet !== this.sheet || theme !== this.theme || scene.body !== this.scene.body;
    Object.assign(this, { scene, sheet, theme });
    if (isNew) this.#begin();
    const [frame] = scene.frames;
    this.#showCells(frame);
    this.layers.guides.show(frame.guides.map((guide) => guideItem(guide, frame.marks, sheet, theme)));
    const links = frame.connectors.map((link) => linkItem(link, sheet, theme));
    this.layers.over.show([...links, ...frame.marks.map((mark) => markItem(mark, sheet, theme))]);
    this.link([]);
  }

  /** What no step of a scene changes. */
  #begin() {
    const { svg, scene, sheet, theme } = this;
    svg.setAttribute("viewBox", `0 0 ${sheet.width} ${sheet.height}`);
    this.layers.words.show(sheet.texts.map((text) => wordsItem(text, theme)));
    const look = { ...sheet, theme, style: stylist(theme) };
    this.stamps = sheet.grids.map((grid) => new Stamps(grid, look));
    this.panels = panelsOf(scene.body).map(({ cells }) => cells);
    const count = this.panels.reduce((sum, cells) => sum + Math.ceil(cells.length / BAND), 1);
    for (const { parent } of this.bands.splice(count)) parent.remove();
    while (this.bands.length < count) this.bands.push(new Layer(this.groups.grounds.appendChild(element(["g", {}]))));
  }

  /** Every cell as it is in this frame, also those on their way. */
  #showCells(frame) {
    const changed = byRow(frame.changes.map((change) => [change, change.cell]));
    const highlighted = byRow(highlightedIn(frame));
    const texts = [];
    let band = 0;
    this.panels.forEach((rows, panel) => {
      for (let from = 0; from < rows.length; from += BAND) {
        const paths = new Paths();
        for (let row = from; row < Math.min(from + BAND, rows.length); row++) {
          this.#row(panel, row, changed.get(panel * ROWS + row), highlighted.get(panel * ROWS + row), { paths, texts });
        }
        this.bands[band++].show(paths.items);
      }
    });
    this.bands[band].show(this.#floats(frame, texts));
    this.layers.numbers.show(texts);
  }

  #row(panel, row, changed, highlighted, { paths, texts }) {
    const stamps = this.stamps[panel];
    const cells = this.panels[panel][row];
    const runs = changed || highlighted ? null : stamps.runs(cells);
    if (runs) {
      for (const { stamp, col, wide } of runs) stamps.put(paths, stamp, row, col, wide);
      return;
    }
    const cellOf = (col) => changed?.get(col) ?? cells[col];
    const stampOf = (col) => stamps.of(cellOf(col), highlighted?.has(col));
    for (let col = 0, wide = 1; col < cells.length; col += wide, wide = 1) {
      const stamp = stampOf(col);
      if (stamp) {
        while (stamp.joins && col + wide < cells.length && stampOf(col + wide) === stamp) wide += 1;
        stamps.put(paths, stamp, row, col, wide);
      } else {
        const { ground, text } = stamps.items(cellOf(col), row, col, highlighted?.has(col));
        for (const item of ground) paths.putItem(item);
        if (text) texts.push(text);
      }
    }
  }

  /** Cells on their way, which stand between places. */
  #floats({ floating_cells: floats }, texts) {
    const paths = new Paths();
    for (const { panel, row, col, cell } of floats) {
      const { ground, text } = this.stamps[panel].items(cell, row / 1000, col / 1000, false);
      for (const item of ground) paths.putItem(item);
      if (text) texts.push(text);
    }
    return paths.items;
  }

  /** Outline blocks of cells, [{panel, rows, cols, own}], the own cell last, to which the others are linked. */
  link(blocks) {
    this.layers.linked.show(outlineItems(blocks, this.sheet, this.theme));
    this.groups.over.setAttribute("opacity", blocks.length ? BEHIND : 1);
  }

  /** The cell at a point of the window, or null. */
  at({ clientX, clientY }) {
    const box = this.svg.getBoundingClientRect();
    const scale = this.sheet.width / box.width;
    const [x, y] = [(clientX - box.left) * scale, (clientY - box.top) * scale];
    const isOn = ({ panel, row, col }) => {
      const place = cellAt(this.sheet.grids[panel], row / 1000, col / 1000);
      return x >= place.x && y >= place.y && x < place.x + place.w && y < place.y + place.h;
    };
    const float = this.scene.frames[0].floating_cells.find(isOn);
    if (float) return { panel: float.panel, row: float.row / 1000, col: float.col / 1000 };
    for (const [panel, grid] of this.sheet.grids.entries()) {
      const [row, col] = [Math.floor((y - grid.y) / grid.pitch), Math.floor((x - grid.x) / grid.pitch)];
      if (row >= 0 && col >= 0 && row < grid.rows && col < grid.cols) return { panel, row, col };
    }
    return null;
  }
}

/** Entries [{panel, row, col}, value] as maps of columns, by panel and row. */
function byRow(entries) {
  const rows = new Map();
  for (const [{ panel, row, col }, value] of entries) {
    const key = panel * ROWS + row;
    if (!rows.has(key)) rows.set(key, new Map());
    rows.get(key).set(col, value);
  }
  return rows;
}

function highlightedIn(frame) {
  const marks = frame.marks.filter(({ highlighted }) => highlighted);
  return marks.flatMap(({ panel, rows, cols }) => rows.flatMap((row) => cols.map((col) => [{ panel, row, col }, true])));
}
