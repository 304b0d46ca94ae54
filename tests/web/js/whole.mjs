/** Whole scenes and single linked cells, which the explorer needs in parts only. */

import { linkedSpans } from "../../../convviz/web/js/explorer/link_scatter.js";
import { product } from "../../../convviz/web/js/itertools.js";
import { lazySceneOf } from "../../../convviz/web/js/views/registry.js";

/** Return the whole scene, equal to Python's `scene.to_dict()`. */
export function sceneOf(view, layer, values = null, timing = undefined) {
  return lazySceneOf(view, layer, values, timing).whole();
}

/** Return the cells of the other window grids that are linked to a cell: grid → indices in row-major order. */
export function linkedCells(layer, grid, index) {
  const { [grid]: _own, ...others } = linkedSpans(layer, grid, index);
  return Object.fromEntries(Object.entries(others).map(([name, spans]) => [name, product(spans)]));
}
