/** The views of the explorer by name, as scenes built frame by frame. */

import { PictureError } from "../errors.js";
import { FrameByFrame, TIMING } from "../scene/lazy_scene.js";
import { represented } from "../text/python_repr.js";
import { matrix } from "./matrix.js";
import { overlap } from "./overlap.js";
import { pair } from "./pair.js";
import { scatter } from "./scatter.js";
import { slide } from "./slide.js";
import { steps } from "./steps.js";

/** Name → (layer, numbers) → the plan of a scene. */
export const VIEWS = { slide, steps, scatter, matrix, overlap, pair };

/** The view of a layer; `numbers` may be null. Throws a PictureError for a view that does not show this layer. */
export function viewOf(view, layer, numbers = null, timing = TIMING) {
  if (!Object.hasOwn(VIEWS, view)) {
    throw new PictureError(`there is no view ${represented(view)}; use ${Object.keys(VIEWS).join(", ")}`);
  }
  return new FrameByFrame(VIEWS[view](layer, numbers), timing);
}

/** The whole scene as plain data: what Python's `scene.to_dict()` holds. */
export function sceneOf(view, layer, numbers = null, timing = TIMING) {
  return viewOf(view, layer, numbers, timing).whole();
}
