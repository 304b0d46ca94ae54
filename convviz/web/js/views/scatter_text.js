/** The texts of the scatter view; twin of convviz/views/scatter_text.py. */

import { sortedUnique } from "../itertools.js";
import { flatIndex } from "../layers/ops.js";
import { formatAxisIndices, formatPerAxis, formatValue, isShownExactly } from "../text/formatting.js";
import { makeFormula, makeSentence } from "../text/lines.js";
import { visibleValues } from "./cell_grids.js";
import { biasText } from "./header.js";

/** List for each axis the places of the full output that an input cell stamps. */
export function stampSpans(full, cell) {
  return full.map((axis, index) => sortedUnique(axis.arrivals[cell[index]].map(({ place }) => place)));
}

/** Return `x[1,1] = 1 stamps rows 1–3, columns 1–3`; rows and columns are those of the output. */
export function stampCaption(layer, values, full, cell) {
  const shown = visibleValues(values);
  const name = `x[${cell.join()}]`;
  const value = shown ? valueText(shown.x[flatIndex(layer.input, cell)], shown.xNotation) : "";
  const spans = stampSpans(full, cell);
  if (!spans.every((span) => span.length)) {
    return makeSentence(`${name}${value} is read by no output`, `${name} feeds nothing`, name);
  }
  const kept = spans.map((span, axis) => keptPlaces(full[axis], span));
  if (!kept.every((span) => span.length)) {
    return makeSentence(`${name}${value} stamps only cells that are cropped`, `${name} is cropped`, name);
  }
  const stamps = `${layer.transposed ? "stamps" : "feeds"} ${formatAxisIndices(kept)}`;
  const isCropped = kept.some((span, axis) => span.length < spans[axis].length);
  const stride = layer.transposed ? formatPerAxis(layer.stride) : "1";
  const moved = stride === "1" ? " of the output" : `: a stride of ${stride} moves the stamp, not a window`;
  const tail = isCropped ? " of the output; the rest of the stamp is cropped" : moved;
  return makeSentence(`${name}${value} ${stamps}${tail}`, `${name}${value} ${stamps}`, `${name} ${stamps}`, name);
}

/** Return ` = 3`, or ` ≈ 0.333` if the value is rounded. */
export function valueText(value, notation) {
  return ` ${isShownExactly(value, notation) ? "=" : "≈"} ${formatValue(value, notation)}`;
}

/** The output indices of those places of the full output that are kept. */
function keptPlaces({ first, kept }, places) {
  return places.map((place) => place - first).filter((output) => output >= 0 && output < kept);
}

/** The rule by which an input cell contributes, and the bias; a tap lands at `s·m − p + u`. */
export function scatterRules(layer, values) {
  const cells = ["m", "n"].slice(0, layer.axes.length);
  const taps = ["u", "v"].slice(0, layer.axes.length);
  const places = layer.axes.map((axis, at) => cellPlace(axis, cells[at], taps[at]));
  const [from, to] = layer.transposed ? [cells, places] : [places, cells];
  const adds = makeFormula("", `y[${to.join(", ")}] += x[${from.join(", ")}]·w[${taps.join(", ")}]`);
  return biasText(values) ? [adds, makeFormula("", "y = b, the bias, at first")] : [adds];
}

/** Return where a tap lands, counted in output cells of a transposed layer: `s·m − p + u`. */
export function cellPlace({ padding: [before, after], dilation }, cell, tap) {
  const padding = before ? ` − ${before === after ? "p" : "p₁"}` : "";
  return `s·${cell}${padding} + ${dilation > 1 ? "d·" : ""}${tap}`;
}
