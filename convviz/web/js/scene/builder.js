/** The parts of a scene as plain data in which no field is missing; see convviz/scene/model.py. */

import { range } from "../itertools.js";
import { CELL_ROLES } from "./model.js";

const LEVELS = 101;
/** Cells without text, shared so that their drawing is prepared once: role → faded → level → cell. */
const TEXTLESS = Object.fromEntries(
  CELL_ROLES.map((role) => [
    role,
    [false, true].map((faded) => range(LEVELS).map((level) => ({ role, text: "", faded, level, note: "" }))),
  ]),
);

/** Make a cell of a grid. */
export function makeCell(role, text = "", faded = false, level = 100, note = "") {
  return text || note ? { role, text, faded, level, note } : TEXTLESS[role][Number(faded)][level];
}

/** A cell without a value yet. */
export const EMPTY = makeCell("empty");
/** A place without a cell. */
export const BLANK = makeCell("blank");

/** Make a panel: a grid with a caption below it or a label on its left. */
export function makePanel(name, cells, caption = "", label = "") {
  const fixed = { seamless: false, oblique: false, caption_tab: 0, moment_captions: [], brackets: [] };
  return { name, cells, caption, label, ...fixed };
}

/** Make a row or a column of nodes. */
export function makeGroup(direction, children, { mayTurn = false, equalWidths = false, table = false } = {}) {
  const others = { align_captions: false, table, magnified: false, middle_below: false };
  return { direction, children, may_turn: mayTurn, equal_widths: equalWidths, ...others };
}

/** Make a row of nodes that becomes a column in a tall picture. */
export function turningRow(...children) {
  return makeGroup("row", children, { mayTurn: true });
}

/** Make a mathematical operator between panels. */
export function makeOperator(text) {
  return { text };
}

/** Make an entry of the legend. */
export function makeLegendEntry(role, text, faded = false) {
  return { role, text, faded, scale: [] };
}

/** Make a change: from its frame on, a cell of a panel looks like this. */
export function makeChange(panel, [row, col], cell) {
  return { panel, row, col, cell };
}

/** Make a cell at a place in thousandths of a cell, or a share of the way from there to the sign of the sum. */
export function makeFloatingCell(panel, [row, col], cell, share = 0) {
  return { panel, row, col, cell, share };
}

/** Make an outline around rows × cols of a panel in one frame. */
export function makeMark(panel, [rows, cols], highlighted = false, role = "window") {
  return { panel, rows, cols, highlighted, role, shift: [0, 0] };
}

/** Return a grid of one repeated cell; all rows are the same array. */
export function filledGrid(rows, cols, cell) {
  return Array(rows).fill(Array(cols).fill(cell));
}
