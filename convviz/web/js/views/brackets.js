/** Brackets beside the padded, zero-inserted input: how its rows and columns add up.
 * Twin of convviz/views/brackets.py. */

import { range } from "../itertools.js";

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

/** Return the bracket above a dilated kernel, which says how far it reaches; one on the left if that differs. */
export function kernelBrackets({ axes }) {
  if (axes.length === 1 || axes.every((axis) => axis.dilation === 1)) return [];
  const [left, top] = axes.map(reachTexts);
  const brackets = [bracket("top", 0, axes[1].kernel, top, "kernel")];
  if (left.join() !== top.join()) brackets.push(bracket("left", 0, axes[0].kernel, left.slice(1), "kernel"));
  return brackets;
}

function reachTexts({ kernel, dilation, effectiveKernel: reach }) {
  const short = `k = ${kernel}`;
  if (dilation === 1) return [short, `${kernel}`];
  const long = `${short}, d(k−1) + 1 =`;
  return [`${long} ${dilation}·${kernel - 1} + 1 = ${reach}`, `${long} ${reach}`, `${short}, reach ${reach}`];
}

function bracket(side, start, end, texts, role = "derived") {
  return { side, start, end, texts, role };
}

/** Padding, input, padding, and what follows it. */
function columns({ axis, slidingWindow }) {
  const { offset, zeroInsertedSize: size, gap, input } = slidingWindow;
  const end = offset + size;
  let middle = bracket("top", offset, end, [`i = ${input}`, `${input}`], "input");
  if (gap && input > 1) {
    const [symbols, numbers] = ["i + (i−1)·z", `${input} + ${input - 1}·${gap}`];
    const texts = [`${symbols} = ${numbers} = ${size}`, `${symbols} = ${size}`, `${numbers} = ${size}`, `${size}`];
    middle = bracket("top", offset, end, texts);
  }
  return [...before(axis, slidingWindow, "top"), middle, ...after(axis, slidingWindow, "top")];
}

/** Padding, each input row and each run of inserted zeros, padding, and what follows it. */
function rows({ axis, slidingWindow }) {
  const around = [before, after].map((part) => part(axis, slidingWindow, "left"));
  return [...around[0], ...inputRows(slidingWindow), ...around[1]];
}

function inputRows({ offset, gap, input }) {
  if (!gap || input === 1) return [bracket("left", offset, offset + input, [`i = ${input}`, `${input}`], "input")];
  const named = new Map([[0, ["first"]], [input - 1, ["last"]]]);
  if (input > named.size) named.set(Math.floor(input / 2), [`i = ${input}`]);
  return range(input).flatMap((index) => {
    const start = offset + index * (gap + 1);
    const isNamed = index === 1 || input <= MOST_NAMED_ROWS;
    const zeros = bracket("left", start - gap, start, isNamed ? [`z = ${gap}`, `${gap}`] : []);
    return [...(index ? [zeros] : []), bracket("left", start, start + 1, named.get(index) ?? [], "input")];
  });
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
  const texts = [`${name} = ${pair[end]}`, `${pair[end]}`];
  return pair[0] === pair[1] ? texts : [`${name} ${["before", "after"][end]} = ${pair[end]}`, ...texts];
}
