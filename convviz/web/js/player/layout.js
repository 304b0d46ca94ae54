/**
 * Layout: a scene and the room for it → a sheet {width, height, pitch, outline, grids, texts, numberPx, smallPx}, all
 * in one system of coordinates. Pure; widths of texts come from a `Type`. All panels have cells of one size.
 */

import { panelsOf } from "../scene/model.js";
import { cellAt, holds } from "./cell_boxes.js";
import { Fitting, outlineOf } from "./fitting.js";
import { largestThat, leastSides } from "./minimum_size.js";

const AIRS = [38, 32, 26, 20, 16];
const LEAST_AIR = 12;
const LARGEST = 72;
const CAPTIONS = [230, 150, 88];
/** In pixels: the least room worth a try, the least cells that are not tiny, and (by unit) the least width of a screen. */
const LEAST_ROOM = 64;
const SMALL = 10;
const PHONE = 840;

/**
 * The sheet for a room {w, h, tall}: as large cells as fit. It grows from `h` up to `tall` where that makes numbers
 * readable or tiny cells larger, and further where nothing fits otherwise; a sheet wider than the room has to be drawn
 * smaller. A room may have no size at all, as in a frame that is not shown.
 */
export function layOut(scene, room, type) {
  const panels = panelsOf(scene.body);
  const shapes = textsOf(scene, panels);
  const numbered = shapes.some((found) => found.size);
  let first = null;
  for (let width = Math.max(room.w, LEAST_ROOM); ; width = Math.round(width * 1.5)) {
    for (let step = 0; step < 16; step++) {
      const height = Math.round(Math.max(room.h, LEAST_ROOM) * 1.15 ** step);
      if (first?.height <= room.tall && height > room.tall) break;
      const sheet = sheetIn(scene.body, panels, shapes, { w: width, h: height }, type);
      if (sheet && (numbered ? sheet.numberPx : sheet.pitch >= SMALL)) return sheet;
      first ??= sheet;
    }
    if (first) return first;
  }
}

/** The texts that each panel ever shows; all digits are as wide as 0. */
function textsOf(scene, panels) {
  const found = panels.map(() => new Set());
  panels.forEach(({ cells }, index) => {
    for (const row of new Set(cells)) for (const { text } of row) found[index].add(text);
  });
  for (const { changes, floating_cells: floats } of scene.frames) {
    for (const { panel, cell } of changes) found[panel].add(cell.text);
    for (const { panel, cell } of floats) found[panel].add(cell.text);
  }
  const shapes = (texts) => new Set([...texts].filter(Boolean).map((text) => text.replace(/[1-9]/g, "0")));
  return found.map(shapes);
}

function sheetIn(stage, panels, shapes, room, type) {
  const found = largest(stage, room, type);
  if (!found) return null;
  const { fitting, block } = found;
  const placed = { grids: [], texts: [] };
  const top = Math.floor((room.h - block.rise - block.fall) / 2);
  fitting.place(block, Math.floor((room.w - block.wide) / 2), top + block.rise, placed);
  const numberPx = numberSize(placed.grids, shapes, fitting.pitch, type);
  return {
    ...placed,
    width: room.w,
    height: room.h,
    pitch: fitting.pitch,
    outline: outlineOf(fitting.pitch),
    numberPx,
    smallPx: Math.min(numberPx, Math.max(type.least, Math.round(fitting.pitch * 0.25))),
  };
}

/** The attempt with the largest cells, and then the most air, that fits: {fitting, block}, or null. */
function largest(stage, room, type) {
  const ways = [...arrangements(stage, room, room.w < PHONE * type.unit)];
  const fittingOf = (way, pitch, air) => {
    const narrow = Math.min(room.w, type.scaled(way.narrow));
    return new Fitting({ ...way, type, pitch, room: room.w, narrow, air: type.scaled(air) });
  };
  const limits = ways.map((way) =>
    largestThat((pitch) => mayFit(fittingOf(way, pitch, LEAST_AIR), way.stage, room), type.scaled(LARGEST)),
  );
  for (const pitch of pitches(stage, type)) {
    for (const [index, way] of ways.entries()) {
      if (pitch > limits[index]) continue;
      const attempt = (air) => tried(fittingOf(way, pitch, air), way.stage, room);
      const found = attempt(LEAST_AIR);
      if (found) return AIRS.reduce((best, air) => best ?? attempt(air), null) ?? found;
    }
  }
  return null;
}

/** Whether a stage does not need more room than there is even without what can be wrapped. */
function mayFit(fitting, stage, room) {
  const { wide, high } = leastSides(fitting, stage);
  return wide <= room.w && high <= room.h;
}

/**
 * The ways to arrange a stage, the better ones first: as it is, in two rows, or turned; with captions of several
 * widths, and the narrowest `tight`: labels above their grids, and small notes. `slots` leave air on their sides.
 */
function* arrangements(stage, room, phone) {
  const whole = [{ stage, turned: false, slots: stage.equal_widths }];
  if (phone && stage.equal_widths && stage.children.length > 2) whole.push({ ...whole[0], stage: folded(stage) });
  if (stage.may_turn || (phone && stage.equal_widths)) whole.push({ stage, turned: true, slots: false });
  for (const way of whole) {
    for (const narrow of way.turned ? [room.w, ...CAPTIONS] : CAPTIONS) {
      yield { ...way, narrow, tight: phone && narrow === CAPTIONS.at(-1) };
    }
  }
}

/** The children of a row in two rows. */
function folded(stage) {
  const half = Math.ceil(stage.children.length / 2);
  const rows = [stage.children.slice(0, half), stage.children.slice(half)];
  return { ...stage, direction: "column", equal_widths: false, children: rows.map((children) => ({ ...stage, children })) };
}

function tried(fitting, stage, room) {
  const block = fitting.measure(stage);
  const border = 2 * outlineOf(fitting.pitch);
  const fits = block.wide + (fitting.slots ? 0 : border) <= room.w && block.rise + block.fall + border <= room.h;
  return fits ? { fitting, block } : null;
}

/** Cell sizes worth trying, largest first, even ones while they are large. */
function* pitches(stage, type) {
  const least = panelsOf(stage).some((panel) => panel.oblique) ? 4 : 2;
  for (let pitch = type.scaled(LARGEST); pitch >= least; pitch--) {
    if (pitch < 16 || pitch % 2 === 0) yield pitch;
  }
}

/** The size at which the longest number fits its cell; 0 when that is too small to read, or there are none. */
function numberSize(grids, shapes, pitch, type) {
  const tests = grids.flatMap((grid, index) => [...shapes[index]].map((text) => [cellAt(grid, 0, 0), text]));
  if (!tests.length) return 0;
  const most = Math.max(Math.round(pitch * 0.36), Math.min(type.least, Math.round(pitch * 0.55)));
  for (const tight of [false, true]) {
    for (let px = most; px >= type.least; px--) {
      if (tests.every(([place, text]) => holds(place, type.wide(text, "number", px), px, tight))) return px;
    }
  }
  return 0;
}
