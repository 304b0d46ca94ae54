/** The stage as an SVG, built once per sheet and then changed only where a frame differs from what is there. */

import { cellItems, linkItem, markItem, rayItem } from "./items.js";
import { cellAt } from "./places.js";
import { Reel } from "./scene.js";
import { stylist } from "./theme.js";

const SVG = "http://www.w3.org/2000/svg";

/** An element that shows `item`; every item is [tag, attributes, text]. */
export function element([tag, attributes, text]) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Elements in one parent that follow a list of items: those that stay the same are not touched. */
export class Layer {
  constructor(parent) {
    this.parent = parent;
    this.shown = [];
  }

  /** Show exactly these items. */
  show(items) {
    items.forEach((item, index) => this.#set(index, item));
    for (const { made } of this.shown.splice(items.length)) made.remove();
  }

  #set(index, item) {
    const held = this.shown[index];
    if (!held || held.item[0] !== item[0]) {
      const made = element(item);
      if (held) held.made.replaceWith(made);
      else this.parent.append(made);
      this.shown[index] = { made, item };
      return;
    }
    for (const [name, value] of Object.entries(item[1])) {
      if (held.item[1][name] !== value) held.made.setAttribute(name, value);
    }
    for (const name of Object.keys(held.item[1])) {
      if (!(name in item[1])) held.made.removeAttribute(name);
    }
    if (held.item[2] !== item[2]) held.made.textContent = item[2];
    held.item = item;
  }
}

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
    const names = ["grounds", "rays", "numbers", "floats", "over", "words"];
    const groups = names.map((name) => element(["g", { class: name }]));
    this.svg.replaceChildren(...groups);
    this.groups = Object.fromEntries(names.map((name, index) => [name, groups[index]]));
    this.groups.words.append(...sheet.texts.map((text) => element(wordsItem(text, theme))));
    this.layers = Object.fromEntries(["rays", "floats", "over"].map((name) => [name, new Layer(this.groups[name])]));
    this.svg.classList.toggle("crossed", this.scene.frames.some((frame) => frame.rays.length));
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
    const items = cellItems(place, cell, this.reel.lit.has(id), this.look);
    items.ground[0][1]["data-at"] = at;
    if (items.text) items.text[1]["data-at"] = at;
    ground.show(items.ground);
    text.show(items.text ? [items.text] : []);
  }

  /** What lies over the cells in one frame. */
  #cover(frame) {
    const { sheet, theme, look } = this;
    this.layers.rays.show(frame.rays.map((ray) => rayItem(ray, frame.marks, sheet, theme)));
    this.layers.floats.show(frame.floats.flatMap(({ panel, row, col, cell }) => {
      const place = cellAt(sheet.grids[panel], row / 1000, col / 1000);
      const { ground, text } = cellItems(place, cell, false, look);
      return text ? [...ground, text] : ground;
    }));
    const links = frame.links.map((link) => linkItem(link, sheet, theme));
    this.layers.over.show([...links, ...frame.marks.map((mark) => markItem(mark, sheet, theme))]);
  }
}

/** A text between the panels. */
export function wordsItem({ text, style, face, ink, x, baseline, px }, theme) {
  const fill = { text: theme.text, muted: theme.muted }[ink] ?? theme.chips[ink] ?? theme.text;
  const weight = face.endsWith("bold") ? 700 : 400;
  const look = { "font-size": px, "font-weight": weight, fill, class: style.replace(" ", "-") };
  return ["text", { x, y: baseline, ...look }, text];
}
