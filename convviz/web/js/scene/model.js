/** A scene as plain data; twin of convviz/scene/model.py. Nothing here draws. */

const DEFAULTS = {
  cell: { text: "", faded: false, level: 100 },
  panel: { caption: "", label: "", shrink: 1, seamless: false, oblique: false },
  group: { may_turn: false, equal_widths: false, align_captions: false },
  storeys: { side: null },
  key: { faded: false },
  mark: { highlighted: false, role: "window" },
  formula: { note: "" },
  equation: { relation: "=", joint: " + ", opening: "", closing: "" },
  frame: { number: 0, duration: 0, connectors: [], guides: [], floating_cells: [], tab: 0 },
  scene: { tabs: [], without: [] },
};

/** A scene in which every field is there; those left out have their defaults. */
export function filled(scene) {
  return {
    ...DEFAULTS.scene,
    ...scene,
    body: filledNode(scene.body),
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
    floating_cells: whole.floating_cells.map((one) => ({ ...one, cell: filledCell(one.cell) })),
    caption: whole.caption.variants ? whole.caption : { ...DEFAULTS.equation, ...whole.caption },
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
