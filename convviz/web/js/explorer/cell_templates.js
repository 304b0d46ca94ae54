/** Drawing of many equal cells: the shapes of a cell are computed once and then shifted, one path per look. */

import { cellAt } from "../player/cell_geometry.js";
import { cellItems } from "../player/cell_shapes.js";

const MOST_ROWS = 1e6; // more rows than any panel has

/** Path data collected by look, the attributes of a path. */
export class PathBatch {
  #paths = new Map();

  /** Add path data to the path with the look of this key. */
  add(key, look, data) {
    const path = this.#paths.get(key);
    if (path) path.data += data;
    else this.#paths.set(key, { look, data });
  }

  /** Add an item of the ground of a cell. */
  addItem(item) {
    const { key, look, position, data } = shapeOf(item);
    this.add(key, look, position ? `M${position.x} ${position.y}${data}` : data);
  }

  /** One path item per look. */
  get items() {
    return [...this.#paths.values()].map(({ look, data }) => ["path", { ...look, d: data }]);
  }
}

/** The templates of the cells of one grid. A template is the shapes of a cell that shows no number. */
export class CellTemplates {
  #plain = new WeakMap();
  #highlighted = new WeakMap();
  #rows = new WeakMap();

  constructor(grid, context) {
    Object.assign(this, { grid, context });
  }

  /** Return the template of a cell, or null if the cell needs its own items. */
  of(cell, highlighted) {
    const templates = highlighted ? this.#highlighted : this.#plain;
    if (!templates.has(cell)) templates.set(cell, this.#template(cell, Boolean(highlighted)));
    return templates.get(cell);
  }

  /** Return a row as runs of equal cells, [{template, col, count}], or null if a cell has no template. */
  runs(cells) {
    if (!this.#rows.has(cells)) this.#rows.set(cells, this.#runs(cells));
    return this.#rows.get(cells);
  }

  #runs(cells) {
    const runs = [];
    for (const [col, cell] of cells.entries()) {
      const template = this.of(cell, false);
      if (!template) return null;
      if (runs.at(-1)?.template === template && template.joins) runs.at(-1).count += 1;
      else runs.push({ template, col, count: 1 });
    }
    return runs;
  }

  /** Add `count` cells from a column on to a batch; a template that `joins` becomes one rectangle. */
  add(batch, template, row, col, count) {
    const { x, y, pitch } = this.grid;
    for (const { key, look, position, data, size } of template.shapes) {
      const start = `M${x + col * pitch + position.x} ${y + row * pitch + position.y}`;
      batch.add(key, look, start + (count === 1 ? data : rectangle(size.width + (count - 1) * pitch, size.height)));
    }
  }

  /** Return the {ground, texts} items of a cell without a template. */
  items(cell, row, col, highlighted) {
    return cellItems(cellAt(this.grid, row, col), cell, Boolean(highlighted), this.context);
  }

  #template(cell, highlighted) {
    const { w, h } = cellAt(this.grid, 0, 0);
    const { ground, texts } = cellItems({ x: 0, y: 0, w, h }, cell, highlighted, this.context);
    const shapes = ground.map(shapeOf);
    if (texts.length || !shapes.every(({ position }) => position)) return null;
    const [{ look, size }] = shapes;
    const joins = !this.grid.gap && shapes.length === 1 && !look.stroke && size.width === w;
    return { shapes, joins };
  }
}

/** Split an item into its look and its shape; a rectangle can be shifted, since its path data is relative. */
function shapeOf([tag, { x, y, width, height, d, ...look }]) {
  const key = JSON.stringify(look);
  if (tag !== "rect") return { key, look, data: d };
  return { key, look, position: { x, y }, size: { width, height }, data: rectangle(width, height) };
}

function rectangle(width, height) {
  return `h${width}v${height}h${-width}z`;
}

/** List the highlighted cells of a frame as [{panel, row, col}, true]. */
export function highlightedCells({ marks }) {
  const cells = ({ panel, rows, cols }) => rows.flatMap((row) => cols.map((col) => [{ panel, row, col }, true]));
  return marks.filter(({ highlighted }) => highlighted).flatMap(cells);
}

/** The key of a row of a panel. */
export function rowKey(panel, row) {
  return panel * MOST_ROWS + row;
}

/** Group entries [{panel, row, col}, value] by panel and row, as maps from column to value. */
export function byRow(entries) {
  const rows = new Map();
  for (const [{ panel, row, col }, value] of entries) {
    const key = rowKey(panel, row);
    if (!rows.has(key)) rows.set(key, new Map());
    rows.get(key).set(col, value);
  }
  return rows;
}
