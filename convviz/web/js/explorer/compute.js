/** From a state of the explorer to what it shows. */

import { makeLayer } from "../layers/convolution.js";
import { layerValues } from "../layers/ops.js";
import { hasProducts } from "../scene/left_out.js";
import { STORY } from "../scene/timing.js";
import { layerParameters } from "../text/notation.js";
import { lazySceneOf } from "../views/registry.js";
import { valueOptions } from "./state.js";

/** The largest number of cells with room for their values. */
const MOST_VALUES = 3000;

/**
 * Return {layer, values, full, sparse}: the last are LazyScenes with and without the products of each window. Throws a
 * GeometryError or a PictureError for a state that cannot be shown.
 */
export function compute(state) {
  const layer = makeLayer(state.kind, layerParameters(state));
  const options = valueOptions(state);
  const values = layerValues(layer, options);
  const cells = layer.input.reduce((total, size) => total * size) + layer.outputCount;
  const shown = cells > MOST_VALUES ? layerValues(layer, { ...options, visible: false }) : values;
  const full = lazySceneOf(state.view, layer, shown, STORY);
  const sparse = hasProducts(full.scene) ? lazySceneOf(state.view, layer, shown, STORY, false) : full;
  return { layer, values, full, sparse };
}
