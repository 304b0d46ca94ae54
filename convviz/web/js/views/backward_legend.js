/** The legend of the backward pass: what is seen in an animation, and nothing else.
 * Twin of convviz/views/backward_legend.py. */

import { makeLegendEntry } from "../scene/builder.js";
import { movingAxis } from "./backward_slide.js";
import { fadedReason } from "./header.js";
import { lastWindowEntry } from "./last_window.js";

/** Name the roles of cells and marks that are seen; `other` is the layer of the sliding form, or null. */
export function backwardLegend(back, panels, other) {
  const { layer, isPadded } = back;
  const seen = rolesIn(panels);
  if (!layer.transposed && back.crops) seen.add("input true");
  const entries = [["input", "x and dL/dx"], ["kernel", "w, dL/dw, dL/db"], ["output", "dL/dy"]];
  if (seen.has("inserted false")) entries.push(["inserted", "zero"]);
  if (seen.has("padding false")) entries.push(["padding", "padding"]);
  entries.push(["window", "this step"]);
  if (movesOn(layer, other)) entries.push(["last", "last window"]);
  if (isPadded) entries.push(["source", "inside of dL/dx"]);
  const faded = ["input", "output", "padding", "inserted", "empty"].find((role) => seen.has(`${role} true`));
  if (faded) entries.push([faded, fadedReasons(back, other), true]);
  return entries.map((entry) => makeLegendEntry(...entry));
}

/** The roles of all cells, with whether they are faded. */
function rolesIn(panels) {
  const cells = new Set([...new Set(panels.flatMap((panel) => panel.cells))].flat());
  return new Set([...cells].map((cell) => `${cell.role} ${cell.faded}`));
}

/** Whether a step shows the window of the step before. */
function movesOn(layer, other) {
  if (layer.transposed) return layer.input[movingAxis(layer)] > 1;
  return [layer, other].some((one) => one && lastWindowEntry(one).length);
}

/** Say why cells are faded: those of the padding of dL/dx, of dL/dy that is cropped, of x that no window reads. */
function fadedReasons({ layer, isPadded, crops }, other) {
  const reasons = [];
  const lost = layer.paddingMode === "zeros" ? "cropped" : "added to what it repeats";
  if (isPadded) reasons.push(crops ? lost : "receives nothing");
  const told = layer.transposed ? [] : [other, layer].filter(Boolean);
  reasons.push(...told.flatMap((one) => fadedReason(one).split(" or ")));
  return [...new Set(reasons)].filter(Boolean).join(" or ");
}
