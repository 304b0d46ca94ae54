/** Answers cases from standard input, one line of JSON each, with what the explorer's modules make of them. */

import { createInterface } from "node:readline";

import { diagnostics } from "../../../convviz/web/js/analysis/diagnostics.js";
import { linkedBlocks, linkPanels } from "../../../convviz/web/js/explorer/links.js";
import { code, FRAMEWORKS } from "../../../convviz/web/js/frameworks/codegen/generate.js";
import { makeLayer } from "../../../convviz/web/js/layers/convolution.js";
import { exampleInput, exampleKernel } from "../../../convviz/web/js/layers/examples.js";
import { namedKernel } from "../../../convviz/web/js/layers/kernels.js";
import { namedInput } from "../../../convviz/web/js/layers/patterns.js";
import { layerValues } from "../../../convviz/web/js/layers/ops.js";
import { schedule } from "../../../convviz/web/js/scene/pace.js";
import { formatValue, isShownExactly } from "../../../convviz/web/js/text/formatting.js";
import { fitLine, lineRuns } from "../../../convviz/web/js/text/lines.js";
import { formulas } from "../../../convviz/web/js/text/formulas.js";
import { lazySceneOf } from "../../../convviz/web/js/views/registry.js";
import { linkedCells, sceneOf } from "./whole.mjs";

const ANSWERS = {
  /** Everything about a layer but its pictures. */
  layer({ kind, given, slidingWindows }) {
    const layer = makeLayer(kind, given);
    const { output, padding, outputPadding } = layer;
    const found = { output, padding, outputPadding, formulas: formulas(layer), notes: diagnostics(layer) };
    return slidingWindows ? { ...found, slidingWindows: layer.slidingWindows.map(walked) } : found;
  },

  /** The layer back, as its sizes. */
  back({ kind, given }) {
    const { kind: other, input, output, outputPadding } = makeLayer(kind, given).transpose();
    return { kind: other, input, output, outputPadding };
  },

  /** A whole scene. */
  scene({ kind, given, view, numbers, timing }) {
    const layer = makeLayer(kind, given);
    return sceneOf(view, layer, numbers && layerValues(layer, numbers), timing);
  },

  /** A single frame of a scene. */
  frame({ kind, given, view, numbers, timing, index }) {
    const layer = makeLayer(kind, given);
    return lazySceneOf(view, layer, numbers && layerValues(layer, numbers), timing).sceneAt(index);
  },

  /** The key frames of a story. */
  pace({ special, step, ...facts }) {
    const beats = schedule({ ...facts, special: new Set(special) }, step, 2000);
    return beats.map(({ step: at, duration, moment, isBefore }) => [at, duration, moment, isBefore]);
  },

  /** For each cell of a panel, the cells of the other panels. */
  links({ kind, given, panel, indices }) {
    const layer = makeLayer(kind, given);
    return indices.map((index) => linkedCells(layer, panel, index));
  },

  /** For each cell of a view, all that it is linked to, and itself. */
  linked({ kind, given, view, numbers, step, cells }) {
    const layer = makeLayer(kind, given);
    const values = layerValues(layer, numbers);
    const moment = { lazyScene: lazySceneOf(view, layer, values), step };
    return cells.map(([panel, row, col]) => {
      const found = linkedBlocks(view, layer, values, { panel, row, col }, moment);
      return found && cachedSequence(found.blocks);
    });
  },

  /** For each cell of a view, what its caption says, in all its lengths: [grid, index, lines]. */
  captions({ kind, given, view, numbers, step, lengths }) {
    const layer = makeLayer(kind, given);
    const values = layerValues(layer, numbers);
    const moment = { lazyScene: lazySceneOf(view, layer, values), step };
    return linkPanels(view, layer, moment).flatMap((panel, number) => {
      const [rows, cols] = panel.cells;
      return rows.flatMap((row) => cols.flatMap((col) => {
        const found = linkedBlocks(view, layer, values, { panel: number, row, col }, moment);
        if (!found?.caption) return [];
        const lines = found.caption.variants ?? lengths.map((length) => fitLine(found.caption, length));
        return [[panel.grid, panel.indexAt(row, col), lines]];
      }));
    });
  },

  /** The layer as code, framework by framework. */
  code({ kind, given }) {
    const layer = makeLayer(kind, given);
    return Object.fromEntries(Object.keys(FRAMEWORKS).map((name) => [name, code(name, layer)]));
  },

  runs: ({ line, length }) => lineRuns(line, length).map(({ text, ink, bold }) => [text, ink, bold]),
  values: ({ values }) => values.map((value) => [formatValue(value), isShownExactly(value)]),
  input: ({ shape, seed }) => exampleInput(shape, seed),
  kernel: ({ shape, seed }) => exampleKernel(shape, seed),
  pattern: ({ name, shape }) => namedInput(name, shape),
  named: ({ name, shape }) => namedKernel(name, shape),
};

/** The cells of blocks, each once. */
function cachedSequence(blocks) {
  const cells = blocks.flatMap(({ panel, rows, cols }) => rows.flatMap((row) => cols.map((col) => [panel, row, col])));
  const once = new Map(cells.map((cell) => [cell.join(), cell]));
  return [...once.values()].sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
}

/** The cells of an axis, the positions under each window, and the weights at its taps. */
function walked(slidingWindow) {
  const counted = (count, make) => Array.from({ length: count }, (_, index) => make(index));
  const windows = counted(slidingWindow.outputs, (output) => slidingWindow.taps(output));
  return [slidingWindow.cells, windows, counted(slidingWindow.kernel, (tap) => slidingWindow.kernelIndex(tap))];
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
