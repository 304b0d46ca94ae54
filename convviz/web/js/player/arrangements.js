/** The arrangements of a body: groups turned, in two lines, planes side by side; and the one with the largest cells. */

import { nodeKind, panelsOf } from "../scene/model.js";
import { boundingBox, wholeGrid } from "./cell_geometry.js";
import { Fitting, outlineWidth } from "./fitting.js";
import { largestThat, minimumSize } from "./minimum_size.js";
import { variants } from "./variants.js";

const SPACINGS = [38, 32, 26, 20, 16];
const LEAST_SPACING = 12;
/** The largest cells, and the largest ones of a body that covers less than a third of the space. */
const LARGE_CELL = 72;
const LARGEST_CELL = 216;
const LEAST_SHARE = 1 / 3;
const CAPTION_WIDTHS = [230, 150, 88];
/** In units of the design: the width from which a screen is not a phone. */
const PHONE_WIDTH = 840;

/**
 * Return the {fitting, block} with the largest cells, not below `smallest`, and then the most spacing; or null. The cells
 * of a lens have the first of `lensPitches` that makes the others no smaller.
 */
export function largestFitting(body, size, typography, smallest = 0, lensPitches = []) {
  const all = [...arrangements(body, size, size.width < PHONE_WIDTH * typography.unit)];
  const large = typography.scaled(LARGE_CELL);
  const least = panelsOf(body).some((panel) => panel.oblique) ? 4 : 2;
  let best = largestOf(all, size, typography, cellSizes(large, Math.max(least, smallest)), lensPitches.at(-1));
  if (best && lensPitches.length) {
    const { pitch } = best.fitting;
    for (const one of lensPitches) {
      const found = largestOf(all, size, typography, [pitch], one);
      if (found) return found;
    }
  }
  for (let pitch = large; best && best.fitting.pitch + 4 > pitch && share(best, size) < LEAST_SHARE; ) {
    pitch += 4;
    const larger = pitch <= typography.scaled(LARGEST_CELL) && largestOf(all, size, typography, [pitch]);
    if (!larger) break;
    best = larger;
  }
  return best;
}

function largestOf(all, size, typography, pitches, lensPitch = 0) {
  const fittingOf = (arrangement, pitch, spacing) => {
    const captionWidth = Math.min(size.width, typography.scaled(arrangement.captionWidth));
    const lengths = { pitch, captionWidth, stageWidth: size.width, spacing: typography.scaled(spacing) };
    return new Fitting({ ...arrangement, ...lengths, lensPitch: lensPitch && Math.max(lensPitch, pitch), typography });
  };
  const limits = all.map((arrangement) =>
    largestThat((pitch) => mayFit(fittingOf(arrangement, pitch, LEAST_SPACING), size), Math.max(...pitches)),
  );
  for (const pitch of pitches) {
    for (const [index, arrangement] of all.entries()) {
      if (pitch > limits[index]) continue;
      const attempt = (spacing) => tryFit(fittingOf(arrangement, pitch, spacing), size);
      const tightest = attempt(LEAST_SPACING);
      if (tightest) return SPACINGS.reduce((best, spacing) => best ?? attempt(spacing), null) ?? tightest;
    }
  }
  return null;
}

/** The share of the space that the grids and texts of a body cover. */
function share({ fitting, block }, { width, height }) {
  const placed = { grids: [], texts: [], brackets: [], charts: [] };
  fitting.place(block, 0, block.above, placed);
  const grids = placed.grids.map((grid) => boundingBox(wholeGrid(grid)));
  const texts = placed.texts.map((text) => ({ x: text.x, y: text.baseline - text.px, w: text.width, h: text.px }));
  const boxes = [...grids, ...texts];
  const extent = (start, length) =>
    Math.max(...boxes.map((box) => box[start] + box[length])) - Math.min(...boxes.map((box) => box[start]));
  return (extent("x", "w") * extent("y", "h")) / (width * height);
}

/** Whether the minimum size of a body fits. */
function mayFit(fitting, size) {
  const { width, height } = minimumSize(fitting, fitting.body);
  return width <= size.width && height <= size.height;
}

function tryFit(fitting, size) {
  const block = fitting.measure(fitting.body);
  const border = 2 * outlineWidth(fitting.pitch, fitting.typography.unit);
  const fitsWidth = block.width + (fitting.fillsWidth ? 0 : border) <= size.width;
  return fitsWidth && block.above + block.below + border <= size.height ? { fitting, block } : null;
}

/**
 * The arrangements of a body, better ones first: as it is, in two rows, or turned; with captions of several widths.
 * The narrowest on a phone is `compact`: labels above their grids, small text blocks.
 */
function* arrangements(body, { width }, isPhone) {
  const shapes = [...variants(body)].map((variant) => ({ body: variant, fillsWidth: variant.equal_widths }));
  if (isPhone && body.equal_widths && body.children.length > 2) shapes.push({ ...shapes[0], body: inTwoRows(body) });
  const column = { ...body, direction: "column", table: false };
  if (isPhone && body.equal_widths) shapes.push({ body: column, fillsWidth: false });
  if (mostPlanes(body) > 2) shapes.push(...shapes.map((shape) => ({ ...shape, flatStacks: true })));
  for (const shape of shapes) {
    const isTurned = shape.body.direction !== body.direction;
    for (const captionWidth of isTurned ? [width, ...CAPTION_WIDTHS] : CAPTION_WIDTHS) {
      yield { ...shape, captionWidth, compact: isPhone && captionWidth === CAPTION_WIDTHS.at(-1) };
    }
  }
}

function mostPlanes(node) {
  if (nodeKind(node) === "planeStack") return node.planes.length;
  return nodeKind(node) === "group" ? Math.max(0, ...node.children.map(mostPlanes)) : 0;
}

function inTwoRows(body) {
  const half = Math.ceil(body.children.length / 2);
  const rows = [body.children.slice(0, half), body.children.slice(half)];
  const children = rows.map((row) => ({ ...body, children: row }));
  return { ...body, direction: "column", equal_widths: false, table: false, children };
}

/** The cell sizes to try, largest first; large ones are even. */
function cellSizes(largest, least) {
  const sizes = Array.from({ length: Math.max(0, largest - least + 1) }, (_, index) => largest - index);
  return sizes.filter((pitch) => pitch < 16 || pitch % 2 === 0);
}
