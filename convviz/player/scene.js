/** A scene as plain data, and the state of its cells at every frame. Nothing here draws. */

const DEFAULTS = {
  cell: { text: "", faded: false, level: 100 },
  panel: { caption: "", label: "", shrink: 1, seamless: false, slanted: false },
  group: { turns: false, equal: false, level: false },
  storeys: { side: null },
  key: { faded: false },
  mark: { lit: false, role: "window" },
  formula: { note: "" },
  equation: { relation: "=", joint: " + ", opening: "", closing: "" },
  frame: { number: 0, duration: 0, links: [], rays: [], floats: [], tab: 0 },
  scene: { tabs: [], without: [] },
};

/** A scene in which every field is there; those left out have their defaults. */
export function filled(scene) {
  return {
    ...DEFAULTS.scene,
    ...scene,
    stage: filledNode(scene.stage),
    legend: scene.legend.map((key) => ({ ...DEFAULTS.key, ...key })),
    formulas: scene.formulas.map((formula) => ({ ...DEFAULTS.formula, ...formula })),
    frames: scene.frames.map(filledFrame),
  };
}

function filledNode(node) {
  switch (kind(node)) {
    case "panel":
      return { ...DEFAULTS.panel, ...node, cells: node.cells.map((row) => row.map(filledCell)) };
    case "group":
      return { ...DEFAULTS.group, ...node, children: node.children.map(filledNode) };
    case "storeys":
      return { planes: node.planes.map(filledNode), side: node.side ? filledNode(node.side) : null };
    default:
      return node;
  }
}

function filledCell(cell) {
  return { ...DEFAULTS.cell, ...cell };
}

function filledFrame(frame) {
  const whole = { ...DEFAULTS.frame, ...frame };
  return {
    ...whole,
    changes: whole.changes.map((change) => ({ ...change, cell: filledCell(change.cell) })),
    marks: whole.marks.map((mark) => ({ ...DEFAULTS.mark, ...mark })),
    floats: whole.floats.map((one) => ({ ...one, cell: filledCell(one.cell) })),
    line: whole.line.variants ? whole.line : { ...DEFAULTS.equation, ...whole.line },
  };
}

/** What a node of the stage is: panel, group, storeys, note or sign. */
export function kind(node) {
  if (node.cells) return "panel";
  if (node.children) return "group";
  if (node.planes) return "storeys";
  return node.lines ? "note" : "sign";
}

/** All panels of a node in reading order, in which changes and marks count them. */
export function panelsOf(node) {
  switch (kind(node)) {
    case "panel":
      return [node];
    case "group":
      return node.children.flatMap(panelsOf);
    case "storeys":
      return [...node.planes, ...(node.side ? [node.side] : [])].flatMap(panelsOf);
    default:
      return [];
  }
}

/** The cells of all panels, wound forth and back from frame to frame; a cell's id is its place in `cells`. */
export class Reel {
  constructor(scene) {
    this.frames = scene.frames;
    this.panels = panelsOf(scene.stage);
    this.cells = this.panels.flatMap((panel) => panel.cells.flat());
    this.lit = new Set();
    this.at = -1;
    this.undo = [];
    this.starts = [];
    let start = 0;
    for (const panel of this.panels) {
      this.starts.push(start);
      start += panel.cells.length * panel.cells[0].length;
    }
  }

  /** The id of a cell. */
  id(panel, row, col) {
    return this.starts[panel] + row * this.panels[panel].cells[0].length + col;
  }

  /** Wind to frame `target`, from 0; returns the ids of the cells that may look different now. */
  wind(target) {
    const stale = new Set();
    while (this.at < target) this.#apply(stale);
    while (this.at > target) this.#revert(stale);
    const lit = this.#litIn(this.frames[target]);
    for (const id of lit) if (!this.lit.has(id)) stale.add(id);
    for (const id of this.lit) if (!lit.has(id)) stale.add(id);
    this.lit = lit;
    return stale;
  }

  #apply(stale) {
    this.at += 1;
    this.undo[this.at] = this.frames[this.at].changes.map(({ panel, row, col, cell }) => {
      const id = this.id(panel, row, col);
      const before = this.cells[id];
      this.cells[id] = cell;
      stale.add(id);
      return [id, before];
    });
  }

  #revert(stale) {
    for (const [id, before] of this.undo[this.at].reverse()) {
      this.cells[id] = before;
      stale.add(id);
    }
    this.at -= 1;
  }

  #litIn(frame) {
    const found = new Set();
    for (const { panel, rows, cols, lit } of frame.marks) {
      if (!lit) continue;
      for (const row of rows) for (const col of cols) found.add(this.id(panel, row, col));
    }
    return found;
  }
}
