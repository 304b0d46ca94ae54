/** The parts of a scene as plain data with every field there, and scenes built frame by frame; see convviz/scene.py. */

export const wordless = new Map();

/** One cell of a grid; those without a text are one object, so that what they look like is found once. */
export function makeCell(role, text = "", faded = false, level = 100) {
  if (text) return { role, text, faded, level };
  const key = `${role} ${faded} ${level}`;
  if (!wordless.has(key)) wordless.set(key, { role, text, faded, level });
  return wordless.get(key);
}

/** A cell in which nothing is written yet, and the place of a cell that is not there. */
export const EMPTY = makeCell("empty");
export const BLANK = makeCell("blank");

/** A grid with a caption below it, or a label on its left. */
export function makePanel(name, cells, caption = "", label = "", shrink = 1) {
  return { name, cells, caption, label, shrink, seamless: false, oblique: false };
}

/** Nodes side by side or one below the other. */
export function makeGroup(direction, children, { may_turn = false, equal_widths = false } = {}) {
  return { direction, children, may_turn, equal_widths, align_captions: false };
}

/** Nodes in a row that a tall picture turns. */
export function turningRow(...children) {
  return makeGroup("row", children, { may_turn: true });
}

/** A mathematical sign between panels. */
export function makeSign(text) {
  return { text };
}

/** An entry of the legend. */
export function makeKey(role, text, faded = false) {
  return { role, text, faded };
}

/** From a frame on, a cell of a panel looks like this. */
export function makeChange(panel, [row, col], cell) {
  return { panel, row, col, cell };
}

/** In one frame only: an outline around rows × cols of a panel. */
export function makeMark(panel, [rows, cols], highlighted = false, role = "window") {
  return { panel, rows, cols, highlighted, role };
}

/** A line in words, with shorter ways to say it. */
export function sentence(...ways) {
  return { variants: ways };
}

/** `count` cells beside each other, `rows` times; rows that look alike are one. */
export function filledGrid(rows, cols, cell) {
  return Array(rows).fill(Array(cols).fill(cell));
}
