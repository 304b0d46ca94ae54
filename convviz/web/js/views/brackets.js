/** Brackets beside the padded, zero-inserted input: how its rows and columns add up.
 * Twin of convviz/views/brackets.py. */

import { range } from "../itertools.js";
import { MINUS, signed } from "../text/formatting.js";

const SPREAD = "i + (i−1)·z";
const MOST_NAMED_ROWS = 3;

/**
 * Return the brackets above the padded, zero-inserted input, and on the left of a 2-D one. A side on which nothing is
 * added to the input has none.
 */
export function inputBrackets(layer) {
  const axes = layer.axes.map((axis, index) => ({ axis, slidingWindow: layer.slidingWindows[index] }));
  const sides = [columns(axes.at(-1)), ...(axes.length === 2 ? [rows(axes[0])] : [])];
  return sides.filter((side) => side.some(({ role }) => role !== "input")).flat();
}

/** Return the brackets beside the zero-inserted input without borders; a side without inserted zeros has none. */
export function spreadBrackets({ slidingWindows }) {
  const sides = [[spreadColumns(slidingWindows.at(-1), 0)]];
  if (slidingWindows.length === 2) sides.push(inputRows(slidingWindows[0], 0));
  return sides.filter((side) => side.some(({ role }) => role !== "input")).flat();
}

/** Return the bracket above a dilated kernel, which says how far it reaches; one on the left if that differs. */
export function kernelBrackets({ axes }) {
  if (axes.every((axis) => axis.dilation === 1)) return [];
  const [left, top] = [axes[0], axes.at(-1)].map(reachTexts);
  const brackets = [bracket("top", 0, axes.at(-1).kernel, top, "kernel")];
  if (left.join() !== top.join()) brackets.push(bracket("left", 0, axes[0].kernel, left.slice(1), "kernel"));
  return brackets;
}

function reachTexts({ kernel, dilation, effectiveKernel: reach }) {
  const short = `k = ${kernel}`;
  if (dilation === 1) return [short, `${kernel}`];
  const long = `${short}, d(k−1) + 1 =`;
  return [`${long} ${dilation}·${kernel - 1} + 1 = ${reach}`, `${long} ${reach}`, `${short}, reach ${reach}`];
}

/** Make a bracket beside a grid, with its texts from the longest to the shortest. */
export function bracket(side, start, end, texts, role = "derived") {
  return { side, start, end, texts, role };
}

/** Padding, input, padding, and what follows it; or what a negative p′ crops, and what it keeps. */
function columns({ axis, slidingWindow }) {
  if (crops(slidingWindow)) return cropped(axis, slidingWindow, "top");
  const middle = spreadColumns(slidingWindow, slidingWindow.offset);
  return [...before(axis, slidingWindow, "top"), middle, ...after(axis, slidingWindow, "top")];
}

function spreadColumns({ zeroInsertedSize: size, gap, input }, start) {
  const end = start + size;
  if (!gap || input === 1) return bracket("top", start, end, [`i = ${input}`, `${input}`], "input");
  const numbers = `${input} + ${input - 1}·${gap}`;
  return bracket("top", start, end, [
    `${SPREAD} = ${numbers} = ${size}`, `${SPREAD} = ${size}`, `${numbers} = ${size}`, `${size}`,
  ]);
}

/** Padding, each input row and each run of inserted zeros, padding, and what follows it; or as `columns`. */
function rows({ axis, slidingWindow }) {
  if (crops(slidingWindow)) return cropped(axis, slidingWindow, "left");
  const around = [before, after].map((part) => part(axis, slidingWindow, "left"));
  return [...around[0], ...inputRows(slidingWindow, slidingWindow.offset), ...around[1]];
}

function inputRows({ gap, input }, first) {
  if (!gap || input === 1) return [bracket("left", first, first + input, [`i = ${input}`, `${input}`], "input")];
  const named = new Map([[0, ["first"]], [input - 1, ["last"]]]);
  if (input > named.size) named.set(Math.floor(input / 2), [`i = ${input}`]);
  return range(input).flatMap((index) => {
    const start = first + index * (gap + 1);
    const isNamed = index === 1 || input <= MOST_NAMED_ROWS;
    const zeros = bracket("left", start - gap, start, isNamed ? [`z = ${gap}`, `${gap}`] : []);
    return [...(index ? [zeros] : []), bracket("left", start, start + 1, named.get(index) ?? [], "input")];
  });
}

function crops(slidingWindow) {
  return Math.min(slidingWindow.before, slidingWindow.after) < 0;
}

/** The cells that a negative p′ crops, and those that it keeps between them; none if it keeps no input. */
function cropped(axis, slidingWindow, side) {
  const { offset, origin, zeroInsertedSize, paddedSize, after: last } = slidingWindow;
  const [start, end] = [Math.max(offset, origin), Math.min(offset + zeroInsertedSize, origin + paddedSize)];
  if (start >= end) return [];
  const isEven = slidingWindow.before === last && !axis.outputPadding;
  const extended = axis.outputPadding ? [`p′ + a = ${signed(last)}`, signed(last)] : paddingTexts(axis, 1);
  return [
    ...before(axis, slidingWindow, side),
    ...(offset < start ? [bracket(side, offset, start, croppingTexts(paddingTexts(axis, 0)))] : []),
    bracket(side, start, end, keptTexts(slidingWindow, end - start, isEven)),
    ...(end < offset + zeroInsertedSize
      ? [bracket(side, end, offset + zeroInsertedSize, croppingTexts(extended))]
      : after(axis, slidingWindow, side)),
  ];
}

/** The texts of cropped cells, from those of a negative padding: `1 cropped, p′ = −1`. */
function croppingTexts(texts) {
  const count = texts.at(-1).split(MINUS).at(-1);
  return [`${count} cropped, ${texts[0]}`, ...texts];
}

/** The texts of what is left of the zero-inserted input: `i + (i−1)·z + 2p′ = 5 − 2 = 3`. */
function keptTexts({ zeroInsertedSize: size, input }, kept, isEven) {
  const numbers = `${size} − ${size - kept} = ${kept}`;
  const symbols = `${size > input ? SPREAD : "i"} + 2p′ = ${numbers}`;
  return [...(isEven ? [symbols] : []), numbers, `${kept}`];
}

function before(axis, slidingWindow, side) {
  return slidingWindow.before > 0 ? [bracket(side, 0, slidingWindow.before, paddingTexts(axis, 0))] : [];
}

/** The padding after the input, and output padding. */
function after(axis, { offset, zeroInsertedSize, after: size }, side) {
  const [start, extra] = [offset + zeroInsertedSize, axis.outputPadding ?? 0];
  const padding = size - extra;
  if (padding < 0) return size > 0 ? [bracket(side, start, start + size, [`p′ + a = ${size}`, `${size}`])] : [];
  return [
    ...(padding ? [bracket(side, start, start + padding, paddingTexts(axis, 1))] : []),
    ...(extra ? [bracket(side, start + padding, start + size, [`a = ${extra}`, `${extra}`])] : []),
  ];
}

/** The texts of the padding on one side, 0 or 1; the longest says which if the sides differ. */
function paddingTexts({ implicitPadding, padding }, end) {
  const [name, pair] = implicitPadding ? ["p′", implicitPadding] : ["p", padding];
  const size = signed(pair[end]);
  const texts = [`${name} = ${size}`, size];
  return pair[0] === pair[1] ? texts : [`${name} ${["before", "after"][end]} = ${size}`, ...texts];
}
