/** A scene as an SVG: built once per layout, then changed where a frame differs. */

import { cellStyler } from "../style/theme.js";
import { bracketItems } from "./brackets.js";
import { cellAt } from "./cell_geometry.js";
import { cellItems } from "./cell_shapes.js";
import { chartGround, chartItems } from "./chart.js";
import { CellTimeline } from "./cell_timeline.js";
import { floatingRegion } from "./floating_cells.js";
import { hasClearGuides, lensItems } from "./lens.js";
import { markedItems } from "./last_window.js";
import { connectorItem, frameItem, guideItems } from "./mark_shapes.js";
import { ElementList, makeElement, textItems } from "./svg.js";

const GROUPS = ["grounds", "charts", "guides", "numbers", "floats", "over", "words"];
const CHANGING = ["charts", "guides", "floats", "over", "words"];

/** Draws a scene without missing fields into an SVG. */
export class SceneDrawing {
  #timeline;
  #cells = [];
  #covered = new Set();

  constructor(svg, scene) {
    this.svg = svg;
    this.scene = scene;
    this.#timeline = new CellTimeline(scene);
  }

  /** Build all elements for a layout and a theme at a frame, counted from 0. */
  build(layout, theme, at) {
    const { svg, scene } = this;
    const context = { ...layout, theme, style: cellStyler(theme) };
    this.contexts = layout.numbered.map((shown) => ({ ...context, numberPx: shown ? layout.numberPx : 0 }));
    Object.assign(this, { layout, theme });
    svg.setAttribute("viewBox", `0 0 ${layout.width} ${layout.height}`);
    this.groups = Object.fromEntries(GROUPS.map((name) => [name, makeElement(["g", { class: name }])]));
    svg.replaceChildren(...Object.values(this.groups));
    this.lists = Object.fromEntries(CHANGING.map((name) => [name, new ElementList(this.groups[name])]));
    svg.classList.toggle("crossed", scene.frames.some((frame) => frame.guides.length));
    const ground = [...lensItems(layout, theme), ...bracketItems(layout, theme), ...chartGround(layout, theme)];
    this.groups.grounds.append(...ground.map(makeElement));
    this.#timeline.seek(at);
    this.#cells = this.#timeline.panels.flatMap((panel, index) => this.#panelCells(panel, index));
    this.#timeline.cells.forEach((_, id) => this.#showCell(id));
    this.#showMarks(scene.frames[at]);
  }

  /** Show a frame, counted from 0. */
  show(at) {
    for (const id of new Set([...this.#timeline.seek(at), ...this.#covered])) this.#showCell(id);
    this.#covered.clear();
    this.#showMarks(this.scene.frames[at]);
  }

  /** Show a frame on the way from the present one to the next; its changes cover cells until it arrives. */
  showInBetween(frame) {
    for (const id of this.#timeline.highlight(frame)) this.#showCell(id);
    for (const { panel, row, col, cell } of frame.changes) {
      const id = this.#timeline.id(panel, row, col);
      if (!this.#covered.has(id)) this.#showCell(id, cell);
      this.#covered.add(id);
    }
    this.#showMarks(frame);
  }

  /** The region and the element lists of each cell of a panel. */
  #panelCells(panel, index) {
    const [grounds, numbers] = ["grounds", "numbers"].map((name) => {
      const group = makeElement(["g", { "data-panel": index, "data-name": panel.name }]);
      this.groups[name].append(group);
      return group;
    });
    if (panel.seamless) grounds.append(makeElement(frameItem(this.layout.grids[index], this.theme)));
    return panel.cells.flatMap((cells, row) => cells.map((_, col) => ({
      region: cellAt(this.layout.grids[index], row, col),
      address: `${index},${row},${col}`,
      context: this.contexts[index],
      ground: new ElementList(grounds),
      text: new ElementList(numbers),
    })));
  }

  #showCell(id, cell = this.#timeline.cells[id]) {
    const { region, address, context, ground, text } = this.#cells[id];
    const items = cellItems(region, cell, this.#timeline.highlighted.has(id), context);
    items.ground[0][1]["data-at"] = address;
    if (cell.text && items.texts.length) items.texts.at(-1)[1]["data-at"] = address;
    ground.show(items.ground);
    text.show(items.texts);
  }

  /** Show texts, guide lines, floating cells, connectors and marks. */
  #showMarks(frame) {
    const { layout, theme } = this;
    this.lists.words.show([...textItems(layout, frame, theme), ...bracketItems(layout, theme, [1, frame.tab])]);
    const clear = hasClearGuides(layout) ? frame.guides : [];
    const guides = clear.map((guide) => guideItems(guide, frame.marks, layout, theme));
    this.lists.guides.show([0, 1].flatMap((part) => guides.map((items) => items[part])));
    this.lists.floats.show(frame.floating_cells.flatMap((one) => {
      const { ground, texts } = cellItems(floatingRegion(layout, one), one.cell, false, this.contexts[one.panel]);
      return [...ground, ...texts];
    }));
    const connectors = frame.connectors.map((connector) => connectorItem(connector, layout, theme));
    this.lists.charts.show(chartItems(layout, frame, theme));
    this.lists.over.show([...connectors, ...markedItems(frame, layout, theme)]);
  }
}
