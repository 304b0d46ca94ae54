/** The views of the explorer by name; twin of convviz/views/registry.py. */

import { PictureError } from "../errors.js";
import { LazyScene } from "../scene/lazy_scene.js";
import { tells, TIMING } from "../scene/timing.js";
import { pythonRepr } from "../text/python_repr.js";
import { backward } from "./backward.js";
import { matrix } from "./matrix.js";
import { overlap } from "./overlap.js";
import { pair } from "./pair.js";
import { scatter } from "./scatter.js";
import { slide } from "./slide.js";
import { steps } from "./steps.js";

/** View name → (layer, values, timing, hasProducts) → plan of a LazyScene. */
export const VIEWS = { slide, steps, scatter, matrix, overlap, pair, backward };

/**
 * Return the LazyScene of a layer; `values` may be null. A story may show the products of each window. Throws a
 * PictureError if the view cannot show the layer.
 */
export function lazySceneOf(view, layer, values = null, timing = TIMING, hasProducts = true) {
  if (!Object.hasOwn(VIEWS, view)) {
    throw new PictureError(`there is no view ${pythonRepr(view)}; use ${Object.keys(VIEWS).join(", ")}`);
  }
  return new LazyScene(VIEWS[view](layer, values, timing, hasProducts && tells(timing)), timing);
}
