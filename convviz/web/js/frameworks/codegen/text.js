/** Python literals and padding for the code of all frameworks; twin of convviz/frameworks/codegen/text.py. */

import { PADDING_RULES, transposedPadding } from "../../geometry/padding.js";

/** Format a tuple: `(1, 2)` or `(1,)`. */
export function tupleText(values) {
  return `(${values.join(", ")}${values.length === 1 ? "," : ""})`;
}

/** Format a number per axis: `3` if all axes are equal, else `(3, 4)`. */
export function numberText(values) {
  return new Set(values).size === 1 ? String(values[0]) : tupleText(values);
}

/** Format pairs: `((1, 1), (0, 1))`. */
export function pairsText(sides) {
  return tupleText(sides.map(tupleText));
}

/** Format the arguments [name, values, default] that differ from their defaults: `, stride=2, dilation=(1, 2)`. */
export function argumentsText(...all) {
  const changed = all.filter(([, values, byDefault]) => values.some((value) => value !== byDefault));
  return changed.map(([name, values]) => `, ${name}=${numberText(values)}`).join("");
}

/** Format a shape with the channels first: `(1, 1, 5, 5)`. */
export function channelsFirst(shape) {
  return tupleText([1, 1, ...shape]);
}

/** Format a shape with the channels last: `(1, 5, 5, 1)`. */
export function channelsLast(shape) {
  return tupleText([1, ...shape, 1]);
}

/** Name the axes in a comment. */
export function axesText(layer) {
  return layer.axes.length === 2 ? "rows, columns" : "cells";
}

/** Return [before, after] per axis that is cropped off the full output; a negative crop appends zeros. */
export function outputCrops(layer) {
  return layer.axes.map(({ padding: [before, after], outputPadding }) => [before, after - outputPadding]);
}

/** Whether any side of any axis is not 0. */
export function anyNonZero(sides) {
  return sides.flat().some(Boolean);
}

/** Return `valid` or `same` if TensorFlow's padding of that name gives this layer, else an empty string. */
export function paddingName(layer) {
  const names = ["valid", "same"].filter((name) => isNamed(layer, name));
  return layer.namedPadding === "same" && names.includes("same") ? "same" : (names[0] ?? "");
}

function isNamed(layer, name) {
  const sides = layer.transposed ? outputCrops(layer) : layer.padding;
  return layer.axes.every(({ input, effectiveKernel, stride }, axis) => {
    if (!layer.transposed) return String(PADDING_RULES[name](input, effectiveKernel, stride)) === String(sides[axis]);
    const [[before, after], extra] = transposedPadding(name, input, effectiveKernel, stride, null);
    return String([before, after - extra]) === String(sides[axis]);
  });
}
