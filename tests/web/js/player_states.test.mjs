import assert from "node:assert/strict";
import { test } from "node:test";

import { CellTimeline } from "../../../convviz/web/js/player/cell_timeline.js";
import { Glide } from "../../../convviz/web/js/scene/motion.js";
import { panelsOf, withDefaults } from "../../../convviz/web/js/scene/model.js";
import { data } from "./player_data.mjs";

const SCENES = Object.entries(data.scenes);

test("a compact scene has its defaults filled in, and nothing else", () => {
  for (const [name, { whole, compact }] of SCENES) {
    assert.deepEqual(withDefaults(compact), whole, name);
    assert.deepEqual(withDefaults(whole), whole, name);
  }
});

/** A pseudorandom walk over `count` frames (an LCG), its steps back and forth, near and far. */
function* walk(count, steps) {
  for (let seed = 1; steps; steps--) {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    yield (seed >> 8) % count;
  }
}

/** All cells of a scene in frame `at`, as its changes say. */
function expected(scene, at) {
  const panels = panelsOf(scene.body).map((panel) => panel.cells.map((row) => [...row]));
  for (const frame of scene.frames.slice(0, at + 1)) {
    for (const { panel, row, col, cell } of frame.changes) panels[panel][row][col] = cell;
  }
  return panels.flat(2);
}

/** What differs between a reel on a walk and what must be there. */
function faults(scene, makeReel) {
  const timeline = makeReel(scene);
  const shown = [...timeline.cells];
  const found = [];
  for (const at of walk(scene.frames.length, 25)) {
    const before = timeline.highlighted;
    const stale = timeline.seek(at);
    for (const id of stale) shown[id] = timeline.cells[id];
    expected(scene, at).forEach((cell, id) => {
      if (JSON.stringify(cell) !== JSON.stringify(shown[id])) found.push(`frame ${at}, cell ${id}`);
    });
    for (const id of new Set([...before, ...timeline.highlighted])) {
      if (before.has(id) !== timeline.highlighted.has(id) && !stale.has(id)) found.push(`frame ${at}: the light on ${id}`);
    }
  }
  return found;
}

test("a frame is the same however it was reached", () => {
  for (const [name, { whole }] of SCENES) assert.deepEqual(faults(whole, (scene) => new CellTimeline(scene)), [], name);
});

test("a reel that forgets to wind back is seen", () => {
  class Forgetful extends CellTimeline {
    seek(at) {
      return at < this.present ? new Set() : super.seek(at);
    }
  }
  assert.notDeepEqual(faults(data.scenes.slide.whole, (scene) => new Forgetful(scene)), []);
});

test("highlighted cells are those under the highlighted marks", () => {
  const { whole } = data.scenes.slide;
  const timeline = new CellTimeline(whole);
  timeline.seek(7);
  const highlighted = whole.frames[7].marks.filter((mark) => mark.highlighted);
  const count = highlighted.reduce((sum, { rows, cols }) => sum + rows.length * cols.length, 0);
  assert.ok(count >= 9);
  assert.equal(timeline.highlighted.size, count);
  for (const { panel, rows, cols } of highlighted) assert.ok(timeline.highlighted.has(timeline.id(panel, rows[0], cols[0])));
});

test("marks, lines and floating cells glide through the same places", () => {
  assert.ok(data.glides.filter(([, , , , moves]) => moves).length >= 200);
  for (const [before, after, moments, progress, moves, expected] of data.glides) {
    const glide = new Glide(before, after, moments);
    assert.equal(glide.moves, moves);
    assert.deepEqual(glide.at(progress), expected, `${before.number} ${progress}`);
  }
});

test("a coarse glide stops at two places", () => {
  const [before, after, moments] = data.glides.find(([, , , , moves]) => moves);
  const glide = new Glide(before, after, moments);
  const places = [0.01, 0.3, 0.49, 0.51, 0.99].map((progress) => JSON.stringify(glide.at(progress, true)));
  const [first, second] = [1 / 3, 2 / 3].map((progress) => JSON.stringify(glide.at(progress)));
  assert.deepEqual(places, [first, first, first, second, second]);
});
