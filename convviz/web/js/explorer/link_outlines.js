/** How linked cells are shown: outlined, and everything else under a veil. */

import { span, whole } from "../player/cell_boxes.js";
import { grown } from "../player/shapes.js";

const VEIL = 0.6;
/** Cells below so many pixels are shown by the veil alone where many outlines would be needed. */
const CLEAR = 6;

/** Items for blocks {panel, rows, cols, own} of cells, the own cell last; neighbours get one outline in common. */
export function outlineItems(blocks, sheet, theme) {
  if (!blocks.length) return [];
  const inner = Math.max(1, Math.round(sheet.outline / 2));
  const boxes = blocks.map(({ panel, rows, cols }) => boxesOf(sheet.grids[panel], rows, cols));
  const holes = blocks.slice(0, -1).some((block) => covers(block, blocks.at(-1))) ? boxes.slice(0, -1) : boxes;
  const veil = { d: pathOf([...sheet.grids.map((grid) => grown(whole(grid), sheet.outline * 2)), ...holes.flat()]) };
  const outline = (found, look) => ["path", { d: pathOf(found), fill: "none", "stroke-linejoin": "miter", ...look }];
  const other = { class: "other", stroke: theme.text, "stroke-width": inner };
  const own = boxes.at(-1);
  return [
    ["path", { ...veil, class: "veil", fill: theme.background, "fill-opacity": VEIL, "fill-rule": "evenodd" }],
    ...boxes.slice(0, -1).filter(areClear).map((found) => outline(found, other)),
    outline(own, { class: "own", stroke: theme.text, "stroke-width": 3 * inner }),
    outline(own, { stroke: theme.window, "stroke-width": Math.max(1, 3 * inner - 2) }),
  ];
}

function areClear(boxes) {
  return boxes.length === 1 || boxes.every(({ w, h }) => Math.min(w, h) >= CLEAR);
}

function covers(block, { panel, rows: [row], cols: [col] }) {
  return block.panel === panel && block.rows.includes(row) && block.cols.includes(col);
}

/** A box for each run of neighbouring rows and columns. */
function boxesOf(grid, rows, cols) {
  const across = runsOf(cols);
  return runsOf(rows).flatMap((down) => across.map((over) => grown(span(grid, down, over), grid.gap / 2)));
}

/** Numbers in runs of neighbours. */
function runsOf(places) {
  const found = [];
  for (const place of places) {
    if (found.length && place - found.at(-1).at(-1) < 1.001) found.at(-1).push(place);
    else found.push([place]);
  }
  return found;
}

function pathOf(boxes) {
  return boxes.map(({ x, y, w, h }) => `M${x} ${y}h${w}v${h}h${-w}z`).join("");
}
