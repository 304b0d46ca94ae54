/** The layout of a scene in a given space. */

import { panelsOf } from "../scene/model.js";
import { cellAt, fitsNumber } from "./cell_geometry.js";
import { Fitting, outlineWidth } from "./fitting.js";
import { largestThat, minimumSize } from "./minimum_size.js";

const SPACINGS = [38, 32, 26, 20, 16];
const LEAST_SPACING = 12;
const LARGEST_CELL = 72;
const CAPTION_WIDTHS = [230, 150, 88];
/** In pixels: the least width and height to try, and the cell size from which cells are not tiny. */
const LEAST_SPACE = 64;
const SMALL_CELL = 10;
/** In units of the design: the width from which a screen is not a phone. */
const PHONE_WIDTH = 840;
const HEIGHT_STEPS = 16;
const HEIGHT_FACTOR = 1.15;
const WIDTH_FACTOR = 1.5;

/**
 * Return {width, height, pitch, outline, grids, texts, numberPx, smallPx} with the largest cells that fit in a space
 * {width, height, maxHeight}. The layout grows from `height` up to `maxHeight` if that makes numbers readable or tiny
 * cells larger, and beyond if nothing fits otherwise; a layout wider than the space has to be scaled down. A space may
 * be empty, as in a hidden frame.
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
      if (layout && (hasNumbers ? layout.numberPx : layout.pitch >= SMALL_CELL)) return layout;
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
  return texts.map((found) => new Set([...found].filter(Boolean).map((text) => text.replace(/[1-9]/g, "0"))));
}

function layoutIn(body, texts, size, typography) {
  const best = largestFitting(body, size, typography);
  if (!best) return null;
  const { fitting, block } = best;
  const placed = { grids: [], texts: [] };
  const top = Math.floor((size.height - block.above - block.below) / 2);
  fitting.place(block, Math.floor((size.width - block.width) / 2), top + block.above, placed);
  const { pitch } = fitting;
  const numberPx = numberSize(placed.grids, texts, pitch, typography);
  const smallPx = Math.min(numberPx, Math.max(typography.least, Math.round(pitch * 0.25)));
  return { ...placed, ...size, pitch, outline: outlineWidth(pitch), numberPx, smallPx };
}

/** The {fitting, block} with the largest cells, and then the most spacing, or null. */
function largestFitting(body, size, typography) {
  const all = [...arrangements(body, size, size.width < PHONE_WIDTH * typography.unit)];
  const fittingOf = (arrangement, pitch, spacing) => {
    const captionWidth = Math.min(size.width, typography.scaled(arrangement.captionWidth));
    const lengths = { pitch, captionWidth, stageWidth: size.width, spacing: typography.scaled(spacing) };
    return new Fitting({ ...arrangement, ...lengths, typography });
  };
  const limits = all.map((arrangement) =>
    largestThat((pitch) => mayFit(fittingOf(arrangement, pitch, LEAST_SPACING), size), typography.scaled(LARGEST_CELL)),
  );
  for (const pitch of cellSizes(body, typography)) {
    for (const [index, arrangement] of all.entries()) {
      if (pitch > limits[index]) continue;
      const attempt = (spacing) => tryFit(fittingOf(arrangement, pitch, spacing), size);
      const tightest = attempt(LEAST_SPACING);
      if (tightest) return SPACINGS.reduce((best, spacing) => best ?? attempt(spacing), null) ?? tightest;
    }
  }
  return null;
}

/** Whether the minimum size of a body fits. */
function mayFit(fitting, size) {
  const { width, height } = minimumSize(fitting, fitting.body);
  return width <= size.width && height <= size.height;
}

function tryFit(fitting, size) {
  const block = fitting.measure(fitting.body);
  const border = 2 * outlineWidth(fitting.pitch);
  const fitsWidth = block.width + (fitting.fillsWidth ? 0 : border) <= size.width;
  return fitsWidth && block.above + block.below + border <= size.height ? { fitting, block } : null;
}

/**
 * The arrangements of a body, better ones first: as it is, in two rows, or turned; with captions of several widths.
 * The narrowest on a phone is `compact`: labels above their grids, small text blocks.
 */
function* arrangements(body, { width }, isPhone) {
  const shapes = [{ body, turned: false, fillsWidth: body.equal_widths }];
  if (isPhone && body.equal_widths && body.children.length > 2) shapes.push({ ...shapes[0], body: inTwoRows(body) });
  if (body.may_turn || (isPhone && body.equal_widths)) shapes.push({ body, turned: true, fillsWidth: false });
  for (const shape of shapes) {
    for (const captionWidth of shape.turned ? [width, ...CAPTION_WIDTHS] : CAPTION_WIDTHS) {
      yield { ...shape, captionWidth, compact: isPhone && captionWidth === CAPTION_WIDTHS.at(-1) };
    }
  }
}

function inTwoRows(body) {
  const half = Math.ceil(body.children.length / 2);
  const rows = [body.children.slice(0, half), body.children.slice(half)];
  const children = rows.map((row) => ({ ...body, children: row }));
  return { ...body, direction: "column", equal_widths: false, children };
}

/** The cell sizes to try, largest first; large ones are even. */
function* cellSizes(body, typography) {
  const least = panelsOf(body).some((panel) => panel.oblique) ? 4 : 2;
  for (let pitch = typography.scaled(LARGEST_CELL); pitch >= least; pitch--) {
    if (pitch < 16 || pitch % 2 === 0) yield pitch;
  }
}

/** The font size at which the longest number fits its cell, or 0 if it is too small to read. */
function numberSize(grids, texts, pitch, typography) {
  const tests = grids.flatMap((grid, index) => [...texts[index]].map((text) => [cellAt(grid, 0, 0), text]));
  if (!tests.length) return 0;
  const most = Math.max(Math.round(pitch * 0.36), Math.min(typography.least, Math.round(pitch * 0.55)));
  for (const tight of [false, true]) {
    for (let px = most; px >= typography.least; px--) {
      const fits = ([region, text]) => fitsNumber(region, typography.width(text, "number", px), px, tight);
      if (tests.every(fits)) return px;
    }
  }
  return 0;
}
