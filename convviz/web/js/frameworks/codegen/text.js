/** What the snippets of all frameworks share; twin of convviz/frameworks/writing/text.py. */

import { NAMED_SIDES, namedCrop } from "../../geometry/padding.js";

/** `(1, 2)`; `(1,)` for a single one. */
export function pyTuple(values) {
  return `(${values.join(", ")}${values.length === 1 ? "," : ""})`;
}

/** `3` where all axes agree, else `(3, 4)`. */
export function pyNumber(values) {
  return new Set(values).size === 1 ? String(values[0]) : pyTuple(values);
}

/** `((1, 1), (0, 1))`. */
export function pyPairs(sides) {
  return pyTuple(sides.map(pyTuple));
}

/** `, stride=2, dilation=(1, 2)`: what differs from its default, each with a comma before it. */
export function pyArguments(...given) {
  const told = given.filter(([, values, plain]) => values.some((value) => value !== plain));
  return told.map(([name, values]) => `, ${name}=${pyNumber(values)}`).join("");
}

/** A shape with the channels in front: `(1, 1, 5, 5)`. */
export function channelsFirst(shape) {
  return pyTuple([1, 1, ...shape]);
}

/** A shape with the channels at the end: `(1, 5, 5, 1)`. */
export function channelsLast(shape) {
  return pyTuple([1, ...shape, 1]);
}

/** What the axes are called in a comment. */
export function axesWords(layer) {
  return layer.axes.length === 2 ? "rows, columns" : "cells";
}

/** For each axis what is cropped off the full scatter, before and after; below 0 zeros are appended. */
export function cropsOf(layer) {
  return layer.axes.map(({ padding: [before, after], outputPadding }) => [before, after - outputPadding]);
}

/** Whether any side of any axis is not 0. */
export function anySide(sides) {
  return sides.flat().some(Boolean);
}

/** `valid` or `same` where TensorFlow's rule of that name gives this layer, else nothing. */
export function paddingWord(layer) {
  const words = ["valid", "same"].filter((word) => isNamed(layer, word));
  return layer.namedPadding === "same" && words.includes("same") ? "same" : (words[0] ?? "");
}

function isNamed(layer, word) {
  const sides = layer.transposed ? cropsOf(layer) : layer.padding;
  return layer.axes.every(({ input, reach, stride }, axis) => {
    if (!layer.transposed) return String(NAMED_SIDES[word](input, reach, stride)) === String(sides[axis]);
    const [[before, after], extra] = namedCrop(word, input, reach, stride, null);
    return String([before, after - extra]) === String(sides[axis]);
  });
}
