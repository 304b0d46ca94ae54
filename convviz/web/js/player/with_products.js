/** Lay out a scene with its panel of products, or without it where cells would become too small.
 * See convviz/layout/with_products.py. */

import { hasProducts } from "../scene/left_out.js";
import { panelsOf } from "../scene/model.js";
import { layOutScene } from "./layout.js";

/** In units of the design: the distance from cell to cell of a picture with products, at least. */
const LEAST_PITCH = 30;

/**
 * Return {scene, layout} of the scene that is shown. `full()` builds the scene with products, if the `body` has any
 * and they may fit; `sparse()` builds the one without.
 */
export function layOutWithProducts({ body, full, sparse }, space, typography) {
  const least = typography.scaled(LEAST_PITCH);
  if (hasProducts({ body }) && mayFit(body, space, least)) {
    const scene = full();
    const layout = layOutScene(scene, space, typography);
    const isLarge = layout.pitch >= least && layout.width <= space.width && layout.height <= space.maxHeight;
    if (isLarge && layout.factorsPx && layout.numbered.every(Boolean)) return { scene, layout };
  }
  const scene = sparse();
  return { scene, layout: layOutScene(scene, space, typography) };
}

/** Whether all cells of a body have room in a space; a layout that is higher has smaller cells. */
function mayFit(body, { width, height }, pitch) {
  const shapes = panelsOf(body).map(({ cells }) => [cells.length, cells[0].length]);
  const isFull = shapes.some(([rows, cols]) => rows * pitch > height || cols * pitch > width);
  return !isFull && shapes.reduce((sum, [rows, cols]) => sum + rows * cols, 0) * pitch ** 2 <= width * height;
}
