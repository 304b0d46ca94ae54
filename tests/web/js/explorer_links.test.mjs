import assert from "node:assert/strict";
import { test } from "node:test";

import { nextCell } from "../../../convviz/web/js/explorer/keyboard_nav.js";
import { outlineItems } from "../../../convviz/web/js/explorer/link_outlines.js";
import { linkedBlocks, linkPanels } from "../../../convviz/web/js/explorer/links.js";
import { makeLayer } from "../../../convviz/web/js/layers/convolution.js";
import { layerValues } from "../../../convviz/web/js/layers/ops.js";
import { fitLine } from "../../../convviz/web/js/text/lines.js";
import { lazySceneOf, VIEWS } from "../../../convviz/web/js/views/registry.js";

const GIVEN = { x: [[1, 2, 3], [4, 1, 2], [3, 4, 1]], w: [[1, 2, 3], [1, 1, 2], [2, 3, 1]] };
const STRIDED = makeLayer("transposed", { input: 3, kernel: 3, stride: 2, padding: 1 });
const DROPPING = makeLayer("conv", { input: 4, kernel: 3, stride: 2 });
const CROPPING = makeLayer("transposed", { input: 3, kernel: 2, stride: 2, padding: 2 });

/** What the page says about a cell, [panel, row, col], at the last step. */
function said(layer, view, [panel, row, col], values = {}) {
  const numbers = layerValues(layer, { ...(layer === STRIDED ? GIVEN : {}), ...values });
  const lazyScene = lazySceneOf(view, layer, numbers);
  const found = linkedBlocks(view, layer, numbers, { panel, row, col }, { lazyScene, step: lazyScene.count - 1 });
  return found && fitLine(found.caption, 1000);
}

test("an output says its sum wherever it is shown", () => {
  for (const [view, cell] of [["slide", [2, 1, 1]], ["steps", [3, 1, 1]], ["scatter", [3, 2, 2]], ["pair", [1, 1, 1]]]) {
    assert.equal(said(STRIDED, view, cell), "y[1,1] = 1·1 + 2·2 + 4·3 + 1·1 = 18");
  }
});

test("what padding crops says so, with its sum", () => {
  assert.equal(said(STRIDED, "scatter", [3, 0, 2]), "cropped: y[−1,1] = 1·3 + 2·1 = 5");
  const bare = said(STRIDED, "scatter", [2, 0, 2], { visible: false });
  assert.equal(bare, "cropped: y[−1,1] is not kept");
  const line = "x[0,0] is read by no output: padding crops all its contributions";
  for (const [view, cell] of [["scatter", [0, 0, 0]], ["pair", [0, 0, 0]], ["slide", [0, 0, 0]]]) {
    assert.equal(said(CROPPING, view, cell, { visible: false }), line);
  }
});

test("a place of the full output that no stamp reaches says so", () => {
  const layer = makeLayer("transposed", { input: 3, kernel: 1, stride: 3, padding: 2 });
  assert.equal(said(layer, "scatter", [3, 0, 1]), "cropped: y[−2,−1] = 0: no stamp reaches it");
});

test("a cell of the stamp is linked to nothing", () => {
  assert.equal(said(STRIDED, "scatter", [2, 0, 0]), null);
});

test("zeros say which zeros they are", () => {
  assert.equal(said(STRIDED, "slide", [0, 0, 0]), "a zero of the padding is read by row 0, column 0 of the output");
  assert.equal(said(STRIDED, "steps", [1, 0, 1]), "an inserted zero is read by rows 0–1, columns 0–2 of the output");
  assert.equal(said(CROPPING, "slide", [0, 0, 1]), "an inserted zero is cropped, and read by no output");
  assert.equal(said(DROPPING, "slide", [0, 3, 3], { visible: false }), "x[3,3] is read by no output");
});

test("padding that repeats the input says what it repeats", () => {
  const layer = makeLayer("conv", { input: 3, kernel: 2, padding: [[1, 0], [1, 0]], padding_mode: "circular" });
  const values = { x: GIVEN.x };
  const line = "padding that repeats x[2,2] = 1 is read by row 0, column 0 of the output";
  assert.equal(said(layer, "slide", [0, 0, 0], values), line);
  assert.equal(said(layer, "slide", [0, 3, 3], values), "x[2,2] = 1 feeds rows 0, 2, columns 0, 2 of the output");
});

test("an entry of the matrix says which weight it is, or that it is none", () => {
  assert.equal(said(STRIDED, "matrix", [1, 6, 4]), "Cᵀ[6,4] = w[0,0] = 1 multiplies x[1,1] for y[1,1]");
  assert.equal(said(STRIDED, "matrix", [1, 6, 4], { visible: false }), "Cᵀ[6,4] = w[0,0] multiplies x[1,1] for y[1,1]");
  assert.equal(said(STRIDED, "matrix", [4, 4, 6]), "C[4,6] = w[0,0] = 1 sends y[1,1] back to x[1,1]");
  assert.equal(said(STRIDED, "matrix", [1, 0, 2]), "x[0,2] is not read by y[0,0]: Cᵀ[0,2] = 0");
  assert.equal(said(STRIDED, "matrix", [2, 0, 0]), null);
  const copied = makeLayer("conv", { input: [1], kernel: [2], padding: [[1, 0]], padding_mode: "replicate" });
  const line = said(copied, "matrix", [1, 0, 0], { w: [3, 4] });
  assert.equal(line, "C[0,0] = w[0] + w[1] = 7 multiplies x[0] for y[0]");
});

test("a count says from where, with numbers as a product of its axes", () => {
  const says = (cell, values) => said(STRIDED, "overlap", cell, values).replace("k = 3: ", "");
  assert.equal(says([3, 1, 0]), "y[1,0] gets 2·1 = 2 contributions, from rows 0–1, column 0 of the input");
  assert.equal(says([3, 0, 0], { visible: false }), "y[0,0] gets contributions, from row 0, column 0 of the input");
  assert.equal(says([2, 0, 1]), "column 1, along its axis, gets 2 contributions, from columns 0–1 of the input");
  assert.equal(said(DROPPING, "overlap", [3, 3, 3]), "k = 3: x[3,3] is read by no output");
  const holes = makeLayer("transposed", { input: 2, kernel: 1, stride: 2 });
  assert.equal(said(holes, "overlap", [1, 0, 1]), "k = 1: y[0,1] gets no contribution");
});

test("what is sent back is a sum over the outputs that read the cell", () => {
  const layer = makeLayer("conv", { input: 3, kernel: 2, stride: 1 });
  const values = { x: GIVEN.x, w: [[1, 2], [0, 3]] };
  const sums = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([r, c]) =>
    values.x[r][c] + 2 * values.x[r][c + 1] + 3 * values.x[r + 1][c + 1]);
  const line = `(Cᵀ y)[1,1] = ${sums[0]}·3 + ${sums[2]}·2 + ${sums[3]}·1 = ${3 * sums[0] + 2 * sums[2] + sums[3]}`;
  assert.equal(said(layer, "pair", [2, 1, 1], values), line);
  assert.equal(said(DROPPING, "pair", [2, 3, 3]), "(Cᵀ y)[3,3] = 0: nothing is sent back, x[3,3] is read by no output");
});

test("every cell that a view can show has its line, at every step", () => {
  const line = makeLayer("transposed", { input: [4], kernel: [3], stride: [2], dilation: [2] });
  for (const layer of [STRIDED, DROPPING, CROPPING, line]) {
    for (const view of Object.keys(VIEWS)) {
      const numbers = layerValues(layer);
      const lazyScene = lazySceneOf(view, layer, numbers);
      for (let step = 0; step < lazyScene.count; step += 3) {
        linkPanels(view, layer, { lazyScene, step }).forEach(({ cells: [rows, cols] }, panel) => {
          for (const row of rows) for (const col of cols) {
            const found = linkedBlocks(view, layer, numbers, { panel, row, col }, { lazyScene, step });
            assert.match(fitLine(found.caption, 1000), /\S/);
            assert.deepEqual(found.blocks.at(-1), { panel, rows: [row], cols: [col], own: true });
          }
        });
      }
    }
  }
});

const grid = (x, y, rows, cols) => ({ x, y, rows, cols, pitch: 10, gap: 1 });
const whole = (rows, cols) => [Array.from({ length: rows }, (_, at) => at), Array.from({ length: cols }, (_, at) => at)];

test("arrow keys lead through every cell of every panel, forward and back", () => {
  const spots = [whole(2, 3), [[], []], whole(1, 2), [[0.5], [1.5, 2.5]]];
  const grids = [grid(0, 0, 2, 3), grid(40, 0, 1, 1), grid(0, 40, 1, 2), grid(60, 0, 2, 4)];
  const seen = [];
  for (let cell = null; seen.length < 8; ) {
    cell = nextCell(spots, grids, cell, 0, 1);
    seen.push(`${cell.panel},${cell.row},${cell.col}`);
  }
  assert.deepEqual(seen, ["0,0,0", "0,0,1", "0,0,2", "2,0,0", "2,0,1", "3,0.5,1.5", "3,0.5,2.5", "3,0.5,2.5"]);
  assert.deepEqual(nextCell(spots, grids, { panel: 2, row: 0, col: 0 }, 0, -1), { panel: 0, row: 0, col: 2 });
});

test("up and down lead to the panel above or below, and stay where there is none", () => {
  const spots = [whole(2, 3), whole(1, 2), whole(2, 2)];
  const grids = [grid(0, 0, 2, 3), grid(10, 40, 1, 2), grid(60, 0, 2, 2)];
  assert.deepEqual(nextCell(spots, grids, { panel: 0, row: 1, col: 2 }, 1, 0), { panel: 1, row: 0, col: 1 });
  assert.deepEqual(nextCell(spots, grids, { panel: 1, row: 0, col: 0 }, -1, 0), { panel: 0, row: 1, col: 1 });
  assert.deepEqual(nextCell(spots, grids, { panel: 1, row: 0, col: 0 }, 1, 0), { panel: 1, row: 0, col: 0 });
});

test("of two panels below the one that is right below comes first, even if it is further down", () => {
  const spots = [whole(2, 2), whole(2, 2), whole(2, 2)];
  const grids = [grid(100, 0, 2, 2), grid(0, 30, 2, 2), grid(100, 45, 2, 2)];
  assert.deepEqual(nextCell(spots, grids, { panel: 0, row: 1, col: 0 }, 1, 0), { panel: 2, row: 0, col: 0 });
  assert.deepEqual(nextCell(spots, grids, { panel: 1, row: 0, col: 0 }, -1, 0), { panel: 0, row: 1, col: 0 });
});

test("one outline goes around neighbours, and the veil leaves out what is linked", () => {
  const layout = { grids: [grid(0, 0, 4, 4), grid(60, 0, 2, 2)], pitch: 10, outline: 2 };
  const theme = { background: "#fff", text: "#000", window: "#fa0" };
  const blocks = [
    { panel: 0, rows: [0, 1, 3], cols: [0, 1], own: false },
    { panel: 1, rows: [0], cols: [1], own: true },
  ];
  const [veil, others, ...own] = outlineItems(blocks, layout, theme);
  assert.equal(veil[1].d.match(/M/g).length, 2 + 3);
  assert.equal(others[1].d, "M-0.5 -0.5h20v20h-20zM-0.5 29.5h20v10h-20z");
  assert.deepEqual(own.map(([, { d }]) => d), Array(2).fill("M69.5 -0.5h10v10h-10z"));
  const same = [{ panel: 0, rows: [0, 2], cols: [0], own: false }, { panel: 0, rows: [0], cols: [0], own: true }];
  assert.equal(outlineItems(same, layout, theme)[0][1].d.match(/M/g).length, 2 + 2, "the own cell is left out once");
  assert.deepEqual(outlineItems([], layout, theme), []);
});

test("where there is little room a line says the same in fewer words", () => {
  const layer = makeLayer("conv", { input: 4, kernel: 3, padding: 1, stride: 2 });
  const numbers = layerValues(layer);
  const lazyScene = lazySceneOf("slide", layer, numbers);
  const says = (panel, row, col, length) =>
    fitLine(linkedBlocks("slide", layer, numbers, { panel, row, col }, { lazyScene, step: 0 }).caption, length);
  assert.match(says(0, 2, 2, 40), /^x\[1,1\] = \d feeds rows 0–1, columns 0–1$/);
  assert.match(says(0, 2, 2, 30), /^x\[1,1\] = \d → y\[0–1 × 0–1\]$/);
  assert.match(says(1, 0, 1, 30), /^w\[0,1\] = \d · x\[1 × 0, 2\]$/);
  assert.equal(says(0, 0, 1, 36), "a zero of the padding → y[0 × 0]");
  assert.equal(says(0, 5, 5, 20), "read by no output");
});

test("a multitude of tiny cells is shown by the veil alone", () => {
  const tiny = { ...grid(0, 0, 9, 9), pitch: 4, gap: 0 };
  const layout = { grids: [tiny], pitch: 4, outline: 1 };
  const own = { panel: 0, rows: [8], cols: [8], own: true };
  const shown = (rows) =>
    outlineItems([{ panel: 0, rows, cols: [0, 1], own: false }, own], layout, { background: "", text: "", window: "" });
  assert.equal(shown([0, 2, 4]).length, 3);
  assert.equal(shown([0, 1, 2]).length, 4);
  assert.equal(shown([0, 2, 4])[0][1].d.match(/M/g).length, 1 + 3 + 1);
});
