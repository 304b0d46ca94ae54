/** A scene at one frame as an SVG: one path for all that looks alike, so that large grids cost little. */

import { Layer, element, wordsItem } from "../player/draw.js";
import { cellItems, linkItem, markItem, rayItem } from "../player/items.js";
import { outlineItems } from "./outlines.js";
import { cellAt } from "../player/places.js";
import { panelsOf } from "../player/scene.js";
import { stylist } from "../player/theme.js";

const GROUPS = ["grounds", "rays", "numbers", "over", "linked", "words"];
/** Opacity of a step's marks while the links of a cell are shown. */
const BEHIND = 0.4;

/** Draws into one SVG. */
export class Painting {
  constructor(svg) {
    this.svg = svg;
    this.groups = Object.fromEntries(GROUPS.map((name) => [name, element(["g", { class: name }])]));
    svg.replaceChildren(...GROUPS.map((name) => this.groups[name]));
    this.layers = Object.fromEntries(GROUPS.map((name) => [name, new Layer(this.groups[name])]));
  }

  /** Show `scene`, which has one frame, on `sheet`, in the colours of `theme`. */
  show(scene, sheet, theme) {
    Object.assign(this, { scene, sheet, theme });
    this.svg.setAttribute("viewBox", `0 0 ${sheet.width} ${sheet.height}`);
    const [frame] = scene.frames;
    const look = { ...sheet, theme, style: stylist(theme) };
    const buckets = new Map();
    const texts = [];
    for (const { cell, place, lit } of this.#cells(frame)) {
      const { ground, text } = cellItems(place, cell, lit, look);
      for (const item of ground) addTo(buckets, item);
      if (text) texts.push(text);
    }
    this.layers.grounds.show([...buckets.values()].map(([look, d]) => ["path", { ...look, d: d.join("") }]));
    this.layers.numbers.show(texts);
    this.layers.rays.show(frame.rays.map((ray) => rayItem(ray, frame.marks, sheet, theme)));
    const links = frame.links.map((link) => linkItem(link, sheet, theme));
    this.layers.over.show([...links, ...frame.marks.map((mark) => markItem(mark, sheet, theme))]);
    this.layers.words.show(sheet.texts.map((text) => wordsItem(text, theme)));
    this.link([]);
  }

  /** Every cell as it is in this frame, also those on their way. */
  *#cells(frame) {
    const panels = panelsOf(this.scene.stage);
    const changed = new Map(frame.changes.map(({ panel, row, col, cell }) => [`${panel},${row},${col}`, cell]));
    const lit = litIn(frame);
    for (const [index, panel] of panels.entries()) {
      const grid = this.sheet.grids[index];
      for (const [row, cells] of panel.cells.entries()) {
        for (const [col, first] of cells.entries()) {
          const key = `${index},${row},${col}`;
          yield { cell: changed.get(key) ?? first, place: cellAt(grid, row, col), lit: lit.has(key) };
        }
      }
    }
    for (const { panel, row, col, cell } of frame.floats) {
      yield { cell, place: cellAt(this.sheet.grids[panel], row / 1000, col / 1000), lit: false };
    }
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
    const float = this.scene.frames[0].floats.find(isOn);
    if (float) return { panel: float.panel, row: float.row / 1000, col: float.col / 1000 };
    for (const [panel, grid] of this.sheet.grids.entries()) {
      const [row, col] = [Math.floor((y - grid.y) / grid.pitch), Math.floor((x - grid.x) / grid.pitch)];
      if (row >= 0 && col >= 0 && row < grid.rows && col < grid.cols) return { panel, row, col };
    }
    return null;
  }
}

function litIn(frame) {
  const found = new Set();
  for (const { panel, rows, cols, lit } of frame.marks) {
    if (lit) for (const row of rows) for (const col of cols) found.add(`${panel},${row},${col}`);
  }
  return found;
}

/** Put an item of a cell's ground to those that look like it. */
function addTo(buckets, [tag, { x, y, width, height, d, ...look }]) {
  const key = JSON.stringify(look);
  if (!buckets.has(key)) buckets.set(key, [look, []]);
  buckets.get(key)[1].push(tag === "rect" ? `M${x} ${y}h${width}v${height}h${-width}z` : d);
}
