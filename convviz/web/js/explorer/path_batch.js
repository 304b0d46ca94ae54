/** Cells that look alike, drawn as one path: what a cell looks like is found once, and then only shifted. */

import { cellAt } from "../player/cell_boxes.js";
import { cellItems } from "../player/cell_shapes.js";

/** Paths by their looks, which grow as cells are put to them. */
export class Paths {
  constructor() {
    this.found = new Map();
  }

  /** Put a piece of a path to those of the look with this key. */
  put(key, look, d) {
    const held = this.found.get(key);
    if (held) held.d += d;
    else this.found.set(key, { look, d });
  }

  /** Put an item of a cell's ground. */
  putItem(item) {
    const { key, look, at, tail } = shaped(item);
    this.put(key, look, at ? `M${at.x} ${at.y}${tail}` : tail);
  }

  get items() {
    return [...this.found.values()].map(({ look, d }) => ["path", { ...look, d }]);
  }
}

/** What the cells of one grid look like that show no number. */
export class Stamps {
  constructor(grid, look) {
    Object.assign(this, { grid, look });
    this.plain = [new Map(), new Map()];
    this.rows = new Map();
  }

  /** The stamp of a cell; null where it cannot be shifted. */
  of(cell, highlighted) {
    const known = this.plain[highlighted ? 1 : 0];
    let stamp = known.get(cell);
    if (stamp === undefined) known.set(cell, (stamp = this.#made(cell, Boolean(highlighted))));
    return stamp;
  }

  /** A row as runs of cells that look alike, [{stamp, col, wide}]; null where a cell has no stamp. */
  runs(cells) {
    if (!this.rows.has(cells)) this.rows.set(cells, this.#found(cells));
    return this.rows.get(cells);
  }

  #found(cells) {
    const runs = [];
    for (const [col, cell] of cells.entries()) {
      const stamp = this.of(cell, false);
      if (!stamp) return null;
      if (runs.at(-1)?.stamp === stamp && stamp.joins) runs.at(-1).wide += 1;
      else runs.push({ stamp, col, wide: 1 });
    }
    return runs;
  }

  /** Put `wide` neighbours from a column on; they are one rectangle where there is no space between cells. */
  put(paths, stamp, row, col, wide) {
    const { x, y, pitch } = this.grid;
    for (const { key, look, at, tail, size } of stamp.shapes) {
      const start = `M${x + col * pitch + at.x} ${y + row * pitch + at.y}`;
      paths.put(key, look, start + (wide === 1 ? tail : rectangle(size.width + (wide - 1) * pitch, size.height)));
    }
  }

  /** All that a cell shows, where no stamp does: {ground, text}. */
  items(cell, row, col, highlighted) {
    return cellItems(cellAt(this.grid, row, col), cell, Boolean(highlighted), this.look);
  }

  #made(cell, highlighted) {
    const { w, h } = cellAt(this.grid, 0, 0);
    const { ground, text } = cellItems({ x: 0, y: 0, w, h }, cell, highlighted, this.look);
    const shapes = ground.map(shaped);
    if (text || !shapes.every(({ at }) => at)) return null;
    const joins = !this.grid.gap && shapes.length === 1 && !shapes[0].look.stroke && shapes[0].size.width === w;
    return { shapes, joins };
  }
}

/** An item as a look, and as a shape that may stand anywhere where it is a rectangle. */
function shaped([tag, { x, y, width, height, d, ...look }]) {
  const key = JSON.stringify(look);
  if (tag !== "rect") return { key, look, tail: d };
  return { key, look, at: { x, y }, size: { width, height }, tail: rectangle(width, height) };
}

function rectangle(width, height) {
  return `h${width}v${height}h${-width}z`;
}
