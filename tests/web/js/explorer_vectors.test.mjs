import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { diagnostics } from "../../../convviz/web/js/analysis/diagnostics.js";
import { makeLayer } from "../../../convviz/web/js/layers/convolution.js";
import { layerValues } from "../../../convviz/web/js/layers/ops.js";
import { formatValue } from "../../../convviz/web/js/text/formatting.js";
import { formulas } from "../../../convviz/web/js/text/formulas.js";
import { fitLine, formulaVariants } from "../../../convviz/web/js/text/lines.js";
import { sceneOf } from "./whole.mjs";

const VECTORS = JSON.parse(readFileSync(new URL("../../vectors/explorer.json", import.meta.url), "utf-8"));

/** What the modules say about a case, in the fields of the vectors. */
function said({ kind, given, numbers = null, view, step }) {
  try {
    const layer = makeLayer(kind, given);
    const lines = formulas(layer).map((one) => formulaVariants(one)[0]);
    const found = { output: layer.output, formulas: lines, notes: diagnostics(layer) };
    if (!view) return found;
    const scene = sceneOf(view, layer, numbers && layerValues(layer, numbers));
    return { ...found, steps: scene.steps, line: fitLine(scene.frames[step - 1].caption, 10_000) };
  } catch (error) {
    if (!["GeometryError", "PictureError"].includes(error.name)) throw error;
    return { error: [error.name, error.message] };
  }
}

test("there are cases of every sort, each with a reason", () => {
  assert.ok(VECTORS.layers.length >= 40);
  assert.ok(VECTORS.layers.filter((one) => one.error).length >= 10);
  assert.ok(VECTORS.values.length >= 10);
  for (const { why } of [...VECTORS.layers, ...VECTORS.values]) assert.ok(why);
});

for (const { why, kind, given, numbers, view, step, ...expected } of VECTORS.layers) {
  test(why, () => assert.deepEqual(said({ kind, given, numbers, view, step }), expected));
}

test("values are written as Python writes them", () => {
  for (const { why, value, text } of VECTORS.values) assert.equal(formatValue(value), text, why);
});
