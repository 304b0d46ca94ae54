import assert from "node:assert/strict";
import { test } from "node:test";

import { cellCaption } from "../../../convviz/web/js/explorer/link_text.js";
import { makeLayer } from "../../../convviz/web/js/layers/convolution.js";
import { layerValues } from "../../../convviz/web/js/layers/ops.js";
import { fitLine } from "../../../convviz/web/js/text/lines.js";
import { linkedCells } from "./whole.mjs";

const outputsReading = (layer, cell) => linkedCells(layer, "input", cell).output;
const inputsOf = (layer, output) => linkedCells(layer, "output", output).input;

const LAYERS = [
  ["conv", { input: 5, kernel: 3 }],
  ["conv", { input: [6, 5], kernel: [3, 2], stride: 2, padding: [[1, 0], [0, 1]] }],
  ["conv", { input: 4, kernel: 3, padding: 2, padding_mode: "reflect" }],
  ["conv", { input: [4], kernel: [3], padding: [[2, 3]], padding_mode: "circular" }],
  ["conv", { input: 7, kernel: 2, stride: 3, dilation: 2 }],
  ["transposed", { input: 3, kernel: 3, stride: 2, padding: 1, output_padding: 1 }],
  ["transposed", { input: 4, kernel: 2, stride: 3, padding: 2 }],
  ["transposed", { input: [3], kernel: [3], stride: [2], dilation: [3], output_padding: [2] }],
];

/** All indices of a shape. */
function indices(shape) {
  const longer = (head, size) => Array.from({ length: size }, (_, at) => [...head, at]);
  return shape.reduce((found, size) => found.flatMap((head) => longer(head, size)), [[]]);
}

/** Zeros of a shape, but for a 1 at an index. */
function impulse(shape, index) {
  const flat = indices(shape).map((at) => Number(at.join() === index.join()));
  if (shape.length === 1) return flat;
  return Array.from({ length: shape[0] }, (_, row) => flat.slice(row * shape[1], (row + 1) * shape[1]));
}

function ones(shape) {
  return shape.length === 1 ? Array(shape[0]).fill(1) : Array.from({ length: shape[0] }, () => Array(shape[1]).fill(1));
}

/** The outputs that are not 0 for these values. */
function reached(layer, x, w) {
  const { y } = layerValues(layer, { x, w });
  return indices(layer.output).filter((_, place) => y[place] !== 0);
}

for (const [kind, given] of LAYERS) {
  const layer = makeLayer(kind, given);
  const name = `${kind} ${JSON.stringify(given)}`;
  const feeds = (cell) => reached(layer, impulse(layer.input, cell), ones(layer.kernel));
  const reads = indices(layer.input).map((cell) => [cell, feeds(cell)]);

  test(`an impulse reaches just the outputs that read its cell: ${name}`, () => {
    for (const [cell, outputs] of reads) assert.deepEqual(outputsReading(layer, cell), outputs, cell.join());
  });

  test(`an output depends on just the cells whose impulses reach it: ${name}`, () => {
    for (const output of indices(layer.output)) {
      const fed = reads.filter(([, outputs]) => outputs.some((one) => one.join() === output.join()));
      assert.deepEqual(inputsOf(layer, output), fed.map(([cell]) => cell), output.join());
    }
  });

  test(`a single weight joins just what it joins: ${name}`, () => {
    for (const weight of indices(layer.kernel)) {
      for (const [cell] of reads) {
        const outputs = reached(layer, impulse(layer.input, cell), impulse(layer.kernel, weight));
        const isLinked = linkedCells(layer, "input", cell).kernel.some((one) => one.join() === weight.join());
        assert.equal(isLinked, outputs.length > 0, `${weight} ${cell}`);
      }
    }
  });
}

test("the centre of a 5×5 input feeds nine outputs", () => {
  assert.equal(outputsReading(makeLayer("conv", { input: 5, kernel: 3 }), [2, 2]).length, 9);
});

test("a cell that the floor drops says so", () => {
  const layer = makeLayer("conv", { input: 6, kernel: 3, stride: 2 });
  assert.deepEqual(linkedCells(layer, "input", [5, 0]), { padded: [[5, 0]], kernel: [], output: [] });
  const said = (panel, index) => fitLine(cellCaption(layer, layerValues(layer), panel, index), 1000);
  assert.match(said("input", [5, 0]), /^x\[5,0\] = \d is read by no output$/);
  assert.match(said("padded", [5, 0]), /^x\[5,0\] = \d is read by no output$/);
});

test("every cell has its line", () => {
  const layer = makeLayer("transposed", { input: 3, kernel: 3, stride: 2, padding: 1 });
  const numbers = layerValues(layer, { w: [[1, 2, 3], [1, 1, 2], [2, 3, 1]], x: [[1, 2, 3], [4, 1, 2], [3, 4, 1]] });
  const said = (panel, index) => fitLine(cellCaption(layer, numbers, panel, index), 1000);
  assert.equal(said("output", [0, 0]), "y[0,0] = 1·1 = 1");
  assert.equal(said("input", [0, 1]), "x[0,1] = 2 feeds rows 0–1, columns 1–3 of the output");
  assert.equal(said("kernel", [0, 2]), "w[0,2] = 3 multiplies rows 1–2, columns 0–1 of the input");
  assert.equal(said("padded", [1, 2]), "an inserted zero is read by rows 0–1, columns 0–2 of the output");
  assert.equal(said("padded", [0, 0]), "a zero of the padding is read by row 0, column 0 of the output");
});
