/** The layout of a scene in a given space. */

import { panelsOf } from "../scene/model.js";
import { largestFitting } from "./arrangements.js";
import { cellAt, fitsNumber, isSum } from "./cell_geometry.js";
import { outlineWidth } from "./fitting.js";

/** In pixels: the least width and height to try, and the cell size from which cells are not tiny. */
const LEAST_SPACE = 64;
const SMALL_CELL = 10;
const HEIGHT_STEPS = 16;
const HEIGHT_FACTOR = 1.15;
const WIDTH_FACTOR = 1.5;

/**
 * Return {width, height, pitch, outline, grids, texts, numberPx, numbered, smallPx} with the largest cells that fit in
 * a space {width, height, maxHeight}; `numbered` says for each grid whether its numbers fit. The layout grows from
 * `height` up to `maxHeight` if that makes numbers readable or tiny cells larger, and beyond if nothing fits otherwise;
 * a layout wider than the space has to be scaled down. A space may be empty, as in a hidden frame.
 */
export function layOutScene(scene, space, typography) {
  const panels = panelsOf(scene.body);
  const texts = panelTexts(scene, panels);
  const hasNumbers = texts.some((found) => found.size);
  let first = null;
  for (let width = Math.max(space.width, LEAST_SPACE); ; width = Math.round(width * WIDTH_FACTOR)) {
    for (let step = 0; step < HEIGHT_STEPS; step++) {
      const height = Math.round(Math.max(space.height, LEAST_SPACE) * HEIGHT_FACTOR ** step);
      if (first?.height <= space.maxHeight && height > space.maxHeight) break;
      const layout = layoutIn(scene.body, texts, { width, height }, typography);
      if (layout && (hasNumbers ? layout.numbered.every(Boolean) : layout.pitch >= SMALL_CELL)) return layout;
      first ??= layout;
    }
    if (first) return first;
  }
}

/** The texts that each panel ever shows, with all digits as 0, since digits are equally wide. */
function panelTexts(scene, panels) {
  const texts = panels.map(() => new Set());
  panels.forEach(({ cells }, index) => {
    for (const row of new Set(cells)) for (const { text } of row) texts[index].add(text);
  });
  for (const { changes, floating_cells: floatingCells } of scene.frames) {
    for (const { panel, cell } of changes) texts[panel].add(cell.text);
    for (const { panel, cell } of floatingCells) texts[panel].add(cell.text);
  }
  const isNumber = (text) => text && !isSum(text);
  return texts.map((found) => new Set([...found].filter(isNumber).map((text) => text.replace(/[1-9]/g, "0"))));
}

function layoutIn(body, texts, size, typography) {
  const best = largestFitting(body, size, typography);
  if (!best) return null;
  const { fitting, block } = best;
  const placed = { grids: [], texts: [] };
  const top = Math.floor((size.height - block.above - block.below) / 2);
  fitting.place(block, Math.floor((size.width - block.width) / 2), top + block.above, placed);
  const { pitch } = fitting;
  const { numberPx, numbered } = numberSize(placed.grids, texts, pitch, typography);
  const smallPx = Math.min(numberPx, Math.max(typography.least, Math.round(pitch * 0.25)));
  return { ...placed, ...size, pitch, outline: outlineWidth(pitch, typography.unit), numberPx, numbered, smallPx };
}

/** The font size of the numbers, 0 if none can be read, and for each panel whether its longest number fits. */
function numberSize(grids, texts, pitch, typography) {
  const most = Math.max(Math.round(pitch * 0.36), Math.min(typography.least, Math.round(pitch * 0.55)));
  const fits = (panel, px, tight) => {
    const cell = cellAt(grids[panel], 0, 0);
    return [...texts[panel]].every((text) => fitsNumber(cell, typography.width(text, "number", px), px, tight));
  };
  const numbered = grids.map((_, panel) => most >= typography.least && fits(panel, typography.least, true));
  const shown = [...grids.keys()].filter((panel) => texts[panel].size && numbered[panel]);
  for (const tight of [false, true]) {
    for (let px = most; shown.length && px >= typography.least; px--) {
      if (shown.every((panel) => fits(panel, px, tight))) return { numberPx: px, numbered };
    }
  }
  return { numberPx: 0, numbered };
}
