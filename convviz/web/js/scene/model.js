/** A scene as plain data; twin of convviz/scene/model.py. */

/** All roles of cells. */
export const CELL_ROLES = [
  "input", "inserted", "padding", "zero", "kernel", "product", "output", "empty", "blank", "bar", "pixel",
  "shade", "positive", "negative", "exact zero", "pending",
];
const DEFAULTS = {
  cell: { text: "", faded: false, level: 100, note: "" },
  bracket: { role: "derived" },
  panel: { caption: "", label: "", seamless: false, oblique: false, caption_tab: 0, moment_captions: [], brackets: [] },
  group: {
    may_turn: false, equal_widths: false, align_captions: false, table: false, magnified: false, middle_below: false,
  },
  legendEntry: { faded: false, scale: [] },
  scalePart: { cells: [] },
  mark: { highlighted: false, role: "window", shift: [0, 0] },
  formula: { note: "" },
  equation: { relation: "=", joint: " + ", opening: "", closing: "", inks: ["input", "kernel"] },
  frame: {
    number: 0, duration: 0, connectors: [], guides: [], floating_cells: [], tab: 0, arrows: [], moment: null, motion: 0,
    turned: null,
  },
  connector: { shift: 0 },
  floatingCell: { share: 0 },
  scene: { tabs: [], coarse: false, moments: [], math_title: "", without: [] },
};

/** Return a scene with defaults for all missing fields. */
export function withDefaults(scene) {
  return {
    ...DEFAULTS.scene,
    ...scene,
    body: nodeWithDefaults(scene.body),
    legend: scene.legend.map(entryWithDefaults),
    formulas: scene.formulas.map((formula) => ({ ...DEFAULTS.formula, ...formula })),
    frames: scene.frames.map(frameWithDefaults),
  };
}

function entryWithDefaults(entry) {
  const scale = (entry.scale ?? []).map((part) => ({ ...DEFAULTS.scalePart, ...part }));
  const withCells = scale.map((part) => ({ ...part, cells: part.cells.map(cellWithDefaults) }));
  return { ...DEFAULTS.legendEntry, ...entry, scale: withCells };
}

function nodeWithDefaults(node) {
  switch (nodeKind(node)) {
    case "panel":
      return panelWithDefaults({ ...DEFAULTS.panel, ...node });
    case "group":
      return { ...DEFAULTS.group, ...node, children: node.children.map(nodeWithDefaults) };
    case "planeStack":
      return { planes: node.planes.map(nodeWithDefaults), side: node.side ? nodeWithDefaults(node.side) : null };
    default:
      return node;
  }
}

function panelWithDefaults(panel) {
  const brackets = panel.brackets.map((bracket) => ({ ...DEFAULTS.bracket, ...bracket }));
  return { ...panel, cells: panel.cells.map((row) => row.map(cellWithDefaults)), brackets };
}

function cellWithDefaults(cell) {
  return { ...DEFAULTS.cell, ...cell };
}

function frameWithDefaults(frame) {
  const whole = { ...DEFAULTS.frame, ...frame };
  return {
    ...whole,
    changes: whole.changes.map((change) => ({ ...change, cell: cellWithDefaults(change.cell) })),
    marks: whole.marks.map((mark) => ({ ...DEFAULTS.mark, ...mark })),
    connectors: whole.connectors.map((one) => ({ ...DEFAULTS.connector, ...one })),
    floating_cells: whole.floating_cells.map((one) => {
      return { ...DEFAULTS.floatingCell, ...one, cell: cellWithDefaults(one.cell) };
    }),
    caption: whole.caption.variants ? whole.caption : { ...DEFAULTS.equation, ...whole.caption },
  };
}

/** Return the kind of a node of the body: panel, group, planeStack, chart, textBlock or operator. */
export function nodeKind(node) {
  if (node.cells) return "panel";
  if (node.points) return "chart";
  if (node.children) return "group";
  if (node.planes) return "planeStack";
  return node.lines ? "textBlock" : "operator";
}

/** List the panels of a node in reading order, the order in which changes and marks count them. */
export function panelsOf(node) {
  switch (nodeKind(node)) {
    case "panel":
      return [node];
    case "group":
      return node.children.flatMap(panelsOf);
    case "planeStack":
      return [...node.planes, ...(node.side ? [node.side] : [])].flatMap(panelsOf);
    default:
      return [];
  }
}
