import assert from "node:assert/strict";
import { test } from "node:test";

import { boundingBox, cellAt, isSum, wholeGrid } from "../../../convviz/web/js/player/cell_geometry.js";
import { magnifiedPanels } from "../../../convviz/web/js/player/lens.js";
import { layOutScene } from "../../../convviz/web/js/player/layout.js";
import { ascent, lineHeight, Typography } from "../../../convviz/web/js/player/typography.js";
import { panelsOf } from "../../../convviz/web/js/scene/model.js";
import { data } from "./player_data.mjs";

const WIDTHS = [320, 390, 540, 680, 768, 1024, 1280, 1920, 2560];
const HEIGHTS = [110, 260, 420, 900, 1500];
const LEAST = 11;
const ALL = process.env.CONVVIZ_TESTS === "all";

/** Widths of texts as of a common font: letters are 0.6 wide, bold ones wider. */
function measure(text, face) {
  return [...text].length * (face.endsWith("bold") ? 0.7 : 0.6);
}

function typeFor(width) {
  return new Typography({ unit: Math.min(2, Math.max(0.875, width / 1280)), least: LEAST, texts: data.texts, measure });
}

function textBox({ x, baseline, px, width }) {
  return { x, y: baseline - ascent(px), w: width, h: lineHeight(px) };
}

function grown({ x, y, w, h }, by) {
  return { x: x - by, y: y - by, w: w + 2 * by, h: h + 2 * by };
}

function overlap(one, two) {
  return one.x < two.x + two.w && two.x < one.x + one.w && one.y < two.y + two.h && two.y < one.y + one.h;
}

/** Everything that is wrong with a sheet, in words. */
function faults(scene, layout) {
  const panels = panelsOf(scene.body);
  const found = [];
  if (layout.grids.length !== panels.length) return ["there are not as many grids as panels"];
  layout.grids.forEach((grid, index) => {
    const panel = panels[index];
    const isInLens = magnifiedPanels(scene.body)[index];
    if (isInLens ? grid.pitch < layout.pitch : grid.pitch !== layout.pitch) found.push(`grid ${index} has other cells`);
    if (isInLens && !isInside(boundingBox(wholeGrid(grid)), layout.lens)) found.push(`grid ${index} leaves the lens`);
    if (grid.rows !== panel.cells.length || grid.cols !== panel.cells[0].length) found.push(`grid ${index} has other sides`);
    if (panel.seamless && grid.gap) found.push(`grid ${index} has seams`);
  });
  const boxes = layout.grids.map((grid, index) => [`grid ${index}`, grown(boundingBox(wholeGrid(grid)), layout.outline)]);
  boxes.push(...layout.texts.map((text) => [text.text, textBox(text)]));
  boxes.forEach(([name, box], index) => {
    for (const [other, its] of boxes.slice(index + 1)) if (overlap(box, its)) found.push(`${name} overlaps ${other}`);
    const inside = box.x >= 0 && box.y >= 0 && box.x + box.w <= layout.width && box.y + box.h <= layout.height;
    if (!inside) found.push(`${name} leaves the sheet`);
  });
  for (const { text, px } of layout.texts) if (px < LEAST) found.push(`${text} is ${px} px`);
  return [...found, ...numberFaults(scene, panels, layout)];
}

const textsOf = new WeakMap();

/** Of each panel of a scene, the different texts that its cells show in any frame. */
function shownTexts(scene, panels) {
  if (!textsOf.has(scene)) {
    const texts = panels.map((panel) => new Set(panel.cells.flat().map(({ text }) => text)));
    for (const { changes } of scene.frames) for (const { panel, cell } of changes) texts[panel].add(cell.text);
    textsOf.set(scene, texts);
  }
  return textsOf.get(scene);
}

function numberFaults(scene, panels, layout) {
  if (!layout.numberPx) return [];
  const found = Math.min(layout.numberPx, layout.smallPx) < LEAST ? ["numbers are too small"] : [];
  shownTexts(scene, panels).forEach((texts, index) => {
    if (!layout.numbered[index]) return;
    const { w, h } = boundingBox(cellAt(layout.grids[index], 0, 0));
    for (const text of texts) {
      const number = isSum(text) ? text.split(" ")[0] : text; // drawn whole, smaller, only where it fits
      const wide = measure(number, "bold") * layout.numberPx;
      if (text && (wide > w || layout.numberPx > h)) found.push(`${text} leaves its cell of panel ${index}`);
    }
  });
  return found;
}

function isInside(box, { x, y, w, h }) {
  return box.x > x && box.y > y && box.x + box.w < x + w && box.y + box.h < y + h;
}

const sheets = new Map();

function sheetOf(name, w, h) {
  const key = `${name} ${w} ${h}`;
  if (!sheets.has(key)) sheets.set(key, layOutScene(data.scenes[name].whole, { width: w, height: h, maxHeight: 1.6 * h }, typeFor(w)));
  return sheets.get(key);
}

/** All heights in the complete run, else one: each scene has each height, and each height occurs with each width. */
function heightsFor(place) {
  return ALL ? HEIGHTS : [HEIGHTS[place % HEIGHTS.length]];
}

for (const [at, width] of WIDTHS.entries()) {
  test(`nothing overlaps or leaves a sheet ${width} wide`, () => {
    for (const [place, [name, { whole: scene }]] of Object.entries(data.scenes).entries()) {
      for (const height of heightsFor(place + at)) {
        const layout = sheetOf(name, width, height);
        assert.deepEqual(faults(scene, layout), [], `${name} at ${width}×${height}`);
        assert.ok(layout.height >= height, name);
      }
    }
  });
}

test("no scene has to be drawn smaller from 320 pixels on", () => {
  for (const name of Object.keys(data.scenes)) for (const width of WIDTHS) assert.equal(sheetOf(name, width, 420).width, width, name);
});

test("cells grow with the room", () => {
  for (const name of Object.keys(data.scenes)) {
    const pitches = [[1280, 420], [1920, 900], [2560, 1500]].map(([w, h]) => sheetOf(name, w, h).pitch);
    assert.ok(pitches[0] <= pitches[1] && pitches[1] <= pitches[2], `${name}: ${pitches}`);
  }
});

test("numbers are readable on a phone, which turns rows into columns", () => {
  const layout = sheetOf("slide", 366, 420);
  assert.ok(layout.numberPx >= LEAST);
  const [first, second] = layout.grids;
  assert.ok(first.y + first.rows * first.pitch <= second.y);
});

test("a scene wider than any cell could be is drawn smaller", () => {
  const cells = [Array.from({ length: 900 }, () => ({ role: "input", text: "", faded: false, level: 100 }))];
  const bare = { caption: "", label: "", seamless: false, oblique: false, moment_captions: [], brackets: [] };
  const panel = { name: "x", cells, ...bare };
  const body = { direction: "row", children: [panel], may_turn: false, equal_widths: false, align_captions: false, table: false };
  const scene = { body, frames: [] };
  const layout = layOutScene(scene, { width: 320, height: 200, maxHeight: 400 }, typeFor(320));
  assert.ok(layout.width > 900);
  assert.deepEqual(faults(scene, layout), []);
});

test("a room without size has a sheet", () => {
  const layout = layOutScene(data.scenes.slide.whole, { width: 0, height: 0, maxHeight: 0 }, typeFor(320));
  assert.deepEqual(faults(data.scenes.slide.whole, layout), []);
});

test("a wrong sheet is seen", () => {
  const scene = data.scenes.slide.whole;
  const layout = () => structuredClone(sheetOf("slide", 1280, 420));
  const wrong = [
    (one) => (one.grids[1].pitch += 1),
    (one) => (one.grids[1].x = one.grids[0].x),
    (one) => (one.texts[0].baseline += one.height),
    (one) => (one.texts[0].px = 9),
    (one) => one.grids.pop(),
    (one) => (one.numberPx *= 3),
  ];
  assert.deepEqual(faults(scene, layout()), []);
  for (const spoil of wrong) {
    const spoilt = layout();
    spoil(spoilt);
    assert.notDeepEqual(faults(scene, spoilt), [], String(spoil));
  }
});
