/** From a state of the explorer to what it shows. */

import { makeLayer } from "../layers/convolution.js";
import { layerValues } from "../layers/ops.js";
import { memoizeInOrder } from "../memoize.js";
import { hasProducts } from "../scene/left_out.js";
import { STORY } from "../scene/timing.js";
import { layerParameters } from "../text/notation.js";
import { lazySceneOf } from "../views/registry.js";
import { valueOptions } from "./state.js";

/** The largest number of cells with room for their values. */
const MOST_VALUES = 3000;

/**
 * Return {layer, values, full, sparse}: a LazyScene with the products of each window, and a function that builds the
 * one without. Throws a GeometryError or a PictureError for a state that cannot be shown.
 */
export function compute(state) {
  const layer = makeLayer(state.kind, layerParameters(state));
  const options = valueOptions(state);
  const values = layerValues(layer, options);
  const cells = layer.input.reduce((total, size) => total * size) + layer.outputCount;
  const shown = cells > MOST_VALUES ? layerValues(layer, { ...options, visible: false }) : values;
  const full = lazySceneOf(state.view, layer, shown, STORY);
  if (!hasProducts(full.scene)) return { layer, values, full, sparse: () => full };
  const sparse = memoizeInOrder(() => lazySceneOf(state.view, layer, shown, STORY, false));
  return { layer, values, full, sparse: () => sparse(0) };
}
