/** Brackets that name the size of a grid with nothing added. Twin of convviz/views/size_brackets.py. */

import { bracket } from "./brackets.js";

/** Return the bracket above a grid, `i = 5`, and on the left of a 2-D one. */
export function sizeBrackets(sizes, symbol, role) {
  return sidesOf(sizes).map(([side, size]) => bracket(side, 0, size, [`${symbol} = ${size}`, `${size}`], role));
}

/** Return the bracket along a flattened grid: `i² = 16`, or `i·i = 3·5 = 15` of a rectangle, or `i = 7`. */
export function flatBracket(side, shape, symbol, role) {
  const size = shape.reduce((total, one) => total * one, 1);
  const factors = `${shape.join("·")} = ${size}`;
  let texts = [`${symbol}${shape.length === 2 ? "²" : ""} = ${size}`];
  if (shape.length === 2 && shape[0] !== shape[1]) texts = [`${symbol}·${symbol} = ${factors}`, factors];
  return bracket(side, 0, size, [...texts, `${size}`], role);
}

/** Return the brackets beside what a transpose sends back: i, of which output padding adds the last cells, a. */
export function returnedBrackets({ output, outputPadding }) {
  const added = [...outputPadding].reverse();
  return sidesOf(output).flatMap(([side, size], index) => {
    const [start, extra] = [size - added[index], added[index]];
    const first = bracket(side, 0, start, [`${extra ? "i − a" : "i"} = ${start}`, `${start}`], "input");
    const last = bracket(side, start, size, [`a = ${extra}`, `${extra}`]);
    return [...(start > 0 ? [first] : []), ...(extra && start >= 0 ? [last] : [])];
  });
}

/** Return the brackets beside a full output: p cropped cells, o kept ones, p − a cropped ones; none if all are kept. */
export function keptBrackets(layer, full) {
  const axes = [...layer.axes].reverse();
  const kept = [...full].reverse();
  return sidesOf(full.map(({ size }) => size)).flatMap(([side], index) =>
    kept[index].size > kept[index].kept ? keptOn(side, axes[index], kept[index]) : [],
  );
}

function keptOn(side, { padding, outputPadding }, { size, first, kept }) {
  const [before, after] = padding[0] === padding[1] ? ["p", "p"] : ["p before", "p after"];
  const [end, rest] = [first + kept, size - first - kept];
  const cropped = (start, stop, name) => bracket(side, start, stop, [`${name} = ${stop - start}`, `${stop - start}`]);
  return [
    ...(first ? [cropped(0, first, before)] : []),
    bracket(side, first, end, [`o = ${kept}`, `${kept}`], "output"),
    ...(rest > 0 ? [cropped(end, size, outputPadding ? `${after} − a` : after)] : []),
  ];
}

/** The sides beside the axes, with their sizes: the last above, the first of two on the left. */
function sidesOf(sizes) {
  return [["top", sizes.at(-1)], ...(sizes.length === 2 ? [["left", sizes[0]]] : [])];
}
