/** The layout of a scene in a given space. */

import { panelsOf } from "../scene/model.js";
import { largestFitting } from "./arrangements.js";
import { SIDES, withSides } from "./brackets.js";
import { cellAt, fitsNumber, isSum } from "./cell_geometry.js";
import { outlineWidth } from "./fitting.js";
import { lensPitches } from "./lens.js";
import { noteSizes } from "./notes.js";

/** In pixels: the least width and height to try, and the cell size from which cells are not tiny. */
const LEAST_SPACE = 64;
const SMALL_CELL = 10;
const HEIGHT_STEPS = 16;
const HEIGHT_FACTOR = 1.15;
const WIDTH_FACTOR = 1.5;
/** The least share of the cell size without brackets that a layout with brackets keeps. */
const KEPT_BY_BRACKETS = 0.9;
/** In pixels of the design. */
const HEIGHT_OF_BRACKETS = 30;

/**
 * Return {width, height, pitch, outline, lens, grids, texts, brackets, charts, arrow, numberPx, numbered, smallPx, factorsPx, notePx}
 * with the largest cells that fit in a space {width, height, maxHeight}; `numbered` says for each grid whether its numbers fit; `arrow` has the font sizes
 * of the texts of arrows, {most, least}, and the `advance` of a character in font sizes. The layout grows from
 * `height` up to `maxHeight` if that makes numbers readable or tiny cells larger, and beyond if nothing fits otherwise;
 * a layout wider than the space has to be scaled down. A space may be empty, as in a hidden frame; one that `grows`
 * has more height for brackets.
 */
export function layOutScene(scene, space, typography) {
  const panels = panelsOf(scene.body);
  const texts = panelTexts(scene, panels);
  const hasNumbers = texts.some((found) => found.size);
  const noted = (layout) => {
    return { ...layout, ...noteSizes(scene, typography, layout.grids, layout.numberPx) };
  };
  let first = null;
  for (let width = Math.max(space.width, LEAST_SPACE); ; width = Math.round(width * WIDTH_FACTOR)) {
    for (let step = 0; step < HEIGHT_STEPS; step++) {
      const height = Math.round(Math.max(space.height, LEAST_SPACE) * HEIGHT_FACTOR ** step);
      if (first?.height <= space.maxHeight && height > space.maxHeight) break;
      const layout = layoutIn(scene.body, texts, { ...space, width, height }, typography);
      const isReadable = layout?.numbered.every(Boolean) && (!layout.lens || layout.pitch >= SMALL_CELL);
      if (layout && (hasNumbers ? isReadable : layout.pitch >= SMALL_CELL)) return noted(layout);
      if (!first || (layout?.lens && layout.pitch > first.pitch)) first = layout;
    }
    if (first) return noted(first);
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

/**
 * The layout with the brackets for which there is space: they may cost a tenth of the cell size, and no number. In a
 * space that `grows`, those above grids may make it higher.
 */
function layoutIn(body, texts, { width, height, maxHeight, grows }, typography) {
  const lens = lensPitches(body, texts, typography);
  const size = { width, height };
  const higher = Math.max(height, Math.min(height + (grows ? typography.scaled(HEIGHT_OF_BRACKETS) : 0), maxHeight));
  const bare = layoutOf(withSides(body, []), texts, size, typography, lens);
  if (!bare || panelsOf(body).every(({ brackets }) => !brackets.length)) return bare;
  for (const sides of SIDES) {
    const smallest = Math.ceil(KEPT_BY_BRACKETS * bare.pitch);
    const space = sides.includes("top") ? { width, height: higher } : size;
    const layout = layoutOf(withSides(body, sides), texts, space, typography, lens, smallest);
    const isKept = ({ pitch }, panel) => pitch >= KEPT_BY_BRACKETS * bare.grids[panel].pitch;
    const isShown = (shown, panel) => shown === bare.numbered[panel];
    if (layout?.grids.every(isKept) && layout.numbered.every(isShown)) return layout;
  }
  return bare;
}

function layoutOf(body, texts, size, typography, lens, smallest = 0) {
  const best = largestFitting(body, size, typography, smallest, lens);
  if (!best) return null;
  const { fitting, block } = best;
  const placed = { grids: [], texts: [], brackets: [], charts: [] };
  const top = Math.floor((size.height - block.above - block.below) / 2);
  fitting.place(block, Math.floor((size.width - block.width) / 2), top + block.above, placed);
  const { pitch } = fitting;
  const { numberPx, numbered } = numberSize(placed.grids, texts, typography);
  const largest = Math.max(...placed.grids.filter((_, panel) => texts[panel].size).map((grid) => grid.pitch));
  const smallPx = Math.min(numberPx, Math.max(typography.least, Math.round(largest * 0.25)));
  const outline = outlineWidth(pitch, typography.unit);
  const advance = typography.width("0", "bracket", 100) / 100;
  const arrow = { most: typography.fontSize("bracket"), least: typography.least, advance };
  return { lens: null, ...placed, ...size, pitch, outline, numberPx, numbered, smallPx, arrow };
}

/** The font size of the numbers, 0 if none can be read, and for each panel whether its longest number fits. */
function numberSize(grids, texts, typography) {
  const most = grids.map(({ pitch }) => {
    return Math.max(Math.round(pitch * 0.36), Math.min(typography.least, Math.round(pitch * 0.55)));
  });
  const fits = (panel, px, tight) => {
    const cell = cellAt(grids[panel], 0, 0);
    return [...texts[panel]].every((text) => fitsNumber(cell, typography.width(text, "number", px), px, tight));
  };
  const isReadable = (panel) => most[panel] >= typography.least && fits(panel, typography.least, true);
  const numbered = grids.map((_, panel) => !texts[panel].size || isReadable(panel));
  const shown = [...grids.keys()].filter((panel) => texts[panel].size && numbered[panel]);
  for (const tight of [false, true]) {
    for (let px = Math.min(...shown.map((panel) => most[panel])); shown.length && px >= typography.least; px--) {
      if (shown.every((panel) => fits(panel, px, tight))) return { numberPx: px, numbered };
    }
  }
  return { numberPx: 0, numbered };
}
