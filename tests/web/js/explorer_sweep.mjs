/** Answers cases from standard input, one line of JSON each, with what the explorer's modules make of them. */

import { createInterface } from "node:readline";

import { notesOf } from "../../../convviz/web/js/analysis/diagnostics.js";
import { linkedCells } from "../../../convviz/web/js/explorer/link_scatter.js";
import { linked } from "../../../convviz/web/js/explorer/links.js";
import { codeOf, FRAMEWORKS } from "../../../convviz/web/js/frameworks/codegen/generate.js";
import { makeLayer } from "../../../convviz/web/js/layers/convolution.js";
import { exampleInput, exampleKernel, namedKernel } from "../../../convviz/web/js/layers/kernels.js";
import { numbersOf } from "../../../convviz/web/js/layers/ops.js";
import { isShownExactly, valueText } from "../../../convviz/web/js/text/formatting.js";
import { formulas } from "../../../convviz/web/js/text/formulas.js";
import { sceneOf, viewOf } from "../../../convviz/web/js/views/registry.js";

const ANSWERS = {
  /** Everything about a layer but its pictures. */
  layer({ kind, given, tracks }) {
    const layer = makeLayer(kind, given);
    const { output, padding, outputPadding } = layer;
    const found = { output, padding, outputPadding, formulas: formulas(layer), notes: notesOf(layer) };
    return tracks ? { ...found, tracks: layer.tracks.map(walked) } : found;
  },

  /** The layer back, as its sizes. */
  back({ kind, given }) {
    const { kind: other, input, output, outputPadding } = makeLayer(kind, given).transpose();
    return { kind: other, input, output, outputPadding };
  },

  /** A whole scene. */
  scene({ kind, given, view, numbers, timing }) {
    const layer = makeLayer(kind, given);
    return sceneOf(view, layer, numbers && numbersOf(layer, numbers), timing);
  },

  /** A single frame of a scene. */
  frame({ kind, given, view, numbers, timing, index }) {
    const layer = makeLayer(kind, given);
    return viewOf(view, layer, numbers && numbersOf(layer, numbers), timing).sceneAt(index);
  },

  /** For each cell of a panel, the cells of the other panels. */
  links({ kind, given, panel, indices }) {
    const layer = makeLayer(kind, given);
    return indices.map((index) => linkedCells(layer, panel, index));
  },

  /** For each cell of a view, all that it is linked to, and itself. */
  linked({ kind, given, view, numbers, step, cells }) {
    const layer = makeLayer(kind, given);
    const values = numbersOf(layer, numbers);
    const moment = { film: viewOf(view, layer, values), step };
    return cells.map(([panel, row, col]) => {
      const found = linked(view, layer, values, { panel, row, col }, moment);
      return found && inOrder(found.blocks);
    });
  },

  /** The layer as code, framework by framework. */
  code({ kind, given }) {
    const layer = makeLayer(kind, given);
    return Object.fromEntries(Object.keys(FRAMEWORKS).map((name) => [name, codeOf(name, layer)]));
  },

  values: ({ values }) => values.map((value) => [valueText(value), isShownExactly(value)]),
  input: ({ shape, seed }) => exampleInput(shape, seed),
  kernel: ({ shape, seed }) => exampleKernel(shape, seed),
  named: ({ name, shape }) => namedKernel(name, shape),
};

/** The cells of blocks, each once. */
function inOrder(blocks) {
  const cells = blocks.flatMap(({ panel, rows, cols }) => rows.flatMap((row) => cols.map((col) => [panel, row, col])));
  const once = new Map(cells.map((cell) => [cell.join(), cell]));
  return [...once.values()].sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
}

/** What stands at each position of a line, the positions under each window, and the weights that lie on its taps. */
function walked(track) {
  const counted = (count, make) => Array.from({ length: count }, (_, index) => make(index));
  const windows = counted(track.outputs, (output) => track.taps(output));
  return [track.cells, windows, counted(track.kernel, (tap) => track.weight(tap))];
}

function answer(asked) {
  try {
    return { value: ANSWERS[asked.ask](asked) };
  } catch (error) {
    if (!["GeometryError", "PictureError"].includes(error.name)) throw error;
    return { error: [error.name, error.message] };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
