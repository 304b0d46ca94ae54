/** The stage as an SVG, built once per sheet and then changed only where a frame differs from what is there. */

import { stylist } from "../style/theme.js";
import { cellAt } from "./cell_boxes.js";
import { cellItems } from "./cell_shapes.js";
import { Reel } from "./cell_timeline.js";
import { linkItem, markItem, guideItem } from "./mark_shapes.js";
import { element, Layer, wordsItem } from "./svg.js";

/** A scene (with all its fields) in an SVG. */
export class Drawing {
  constructor(svg, scene) {
    this.svg = svg;
    this.scene = scene;
    this.reel = new Reel(scene);
  }

  /** Build everything for a sheet and a theme, at frame `at`, from 0. */
  build(sheet, theme, at) {
    Object.assign(this, { sheet, theme, look: { ...sheet, theme, style: stylist(theme) } });
    this.svg.setAttribute("viewBox", `0 0 ${sheet.width} ${sheet.height}`);
    const names = ["grounds", "guides", "numbers", "floats", "over", "words"];
    const groups = names.map((name) => element(["g", { class: name }]));
    this.svg.replaceChildren(...groups);
    this.groups = Object.fromEntries(names.map((name, index) => [name, groups[index]]));
    this.groups.words.append(...sheet.texts.map((text) => element(wordsItem(text, theme))));
    this.layers = Object.fromEntries(["guides", "floats", "over"].map((name) => [name, new Layer(this.groups[name])]));
    this.svg.classList.toggle("crossed", this.scene.frames.some((frame) => frame.guides.length));
    this.reel.wind(at);
    this.cells = this.reel.panels.flatMap((panel, index) => this.#panel(panel, index));
    this.reel.cells.forEach((_, id) => this.#cell(id));
    this.#cover(this.scene.frames[at]);
  }

  /** Show frame `at`, from 0. */
  show(at) {
    for (const id of this.reel.wind(at)) this.#cell(id);
    this.#cover(this.scene.frames[at]);
  }

  /** Place and layers of every cell of a panel. */
  #panel(panel, index) {
    const [grounds, numbers] = ["grounds", "numbers"].map((name) => {
      const group = element(["g", { "data-panel": index, "data-name": panel.name }]);
      this.groups[name].append(group);
      return group;
    });
    return panel.cells.flatMap((cells, row) => cells.map((_, col) => ({
      place: cellAt(this.sheet.grids[index], row, col),
      at: `${index},${row},${col}`,
      ground: new Layer(grounds),
      text: new Layer(numbers),
    })));
  }

  #cell(id) {
    const { place, at, ground, text } = this.cells[id];
    const cell = this.reel.cells[id];
    const items = cellItems(place, cell, this.reel.highlighted.has(id), this.look);
    items.ground[0][1]["data-at"] = at;
    if (items.text) items.text[1]["data-at"] = at;
    ground.show(items.ground);
    text.show(items.text ? [items.text] : []);
  }

  /** What lies over the cells in one frame. */
  #cover(frame) {
    const { sheet, theme, look } = this;
    this.layers.guides.show(frame.guides.map((guide) => guideItem(guide, frame.marks, sheet, theme)));
    this.layers.floats.show(frame.floating_cells.flatMap(({ panel, row, col, cell }) => {
      const place = cellAt(sheet.grids[panel], row / 1000, col / 1000);
      const { ground, text } = cellItems(place, cell, false, look);
      return text ? [...ground, text] : ground;
    }));
    const links = frame.connectors.map((link) => linkItem(link, sheet, theme));
    this.layers.over.show([...links, ...frame.marks.map((mark) => markItem(mark, sheet, theme))]);
  }
}
