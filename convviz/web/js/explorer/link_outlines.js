/** The drawing of links: linked cells are outlined, everything else is dimmed by a veil. */

import { gridRegion, wholeGrid } from "../player/cell_geometry.js";
import { grown } from "../player/shapes.js";

const VEIL_OPACITY = 0.6;
/** Cells with fewer pixels are not outlined one by one; the veil alone shows them. */
const LEAST_OUTLINED = 6;

/** Return SVG items for blocks {panel, rows, cols, own}, the cell itself last; neighbours share one outline. */
export function outlineItems(blocks, layout, theme) {
  if (!blocks.length) return [];
  const width = Math.max(1, Math.round(layout.outline / 2));
  const boxes = blocks.map(({ panel, rows, cols }) => blockBoxes(layout.grids[panel], rows, cols));
  const own = boxes.at(-1);
  const isInside = blocks.slice(0, -1).some((block) => covers(block, blocks.at(-1)));
  const holes = isInside ? boxes.slice(0, -1) : boxes;
  const grids = layout.grids.map((grid) => grown(wholeGrid(grid), layout.outline * 2));
  const veil = { class: "veil", fill: theme.background, "fill-opacity": VEIL_OPACITY, "fill-rule": "evenodd" };
  const outline = (found, look) => ["path", { d: pathOf(found), fill: "none", "stroke-linejoin": "miter", ...look }];
  const other = { class: "other", stroke: theme.text, "stroke-width": width };
  return [
    ["path", { d: pathOf([...grids, ...holes.flat()]), ...veil }],
    ...boxes.slice(0, -1).filter(isOutlined).map((found) => outline(found, other)),
    outline(own, { class: "own", stroke: theme.text, "stroke-width": 3 * width }),
    outline(own, { stroke: theme.accent, "stroke-width": Math.max(1, 3 * width - 2) }),
  ];
}

function isOutlined(boxes) {
  return boxes.length === 1 || boxes.every(({ w, h }) => Math.min(w, h) >= LEAST_OUTLINED);
}

function covers(block, { panel, rows: [row], cols: [col] }) {
  return block.panel === panel && block.rows.includes(row) && block.cols.includes(col);
}

/** One box for each run of neighbouring rows and columns. */
function blockBoxes(grid, rows, cols) {
  const colRuns = runs(cols);
  return runs(rows).flatMap((rowRun) => colRuns.map((colRun) => grown(gridRegion(grid, rowRun, colRun), grid.gap / 2)));
}

/** Split ascending positions into runs of neighbours. */
function runs(positions) {
  const found = [];
  for (const position of positions) {
    if (found.length && position - found.at(-1).at(-1) < 1.001) found.at(-1).push(position);
    else found.push([position]);
  }
  return found;
}

function pathOf(boxes) {
  return boxes.map(({ x, y, w, h }) => `M${x} ${y}h${w}v${h}h${-w}z`).join("");
}
