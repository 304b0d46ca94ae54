/** Formulas of the output size; twin of convviz/text/formulas.py. */

import { paddingSum } from "../geometry/padding.js";
import { axisNames } from "../geometry/per_axis.js";
import { MINUS } from "./formatting.js";
import { makeFormula } from "./lines.js";

/** Return the output size per axis with the numbers filled in; one formula if the axes are equal. */
export function formulas(layer) {
  const each = layer.axes.map(layer.transposed ? transposedFormula : convFormula);
  if (each.every((formula) => JSON.stringify(formula) === JSON.stringify(each[0]))) return [each[0]];
  return each.map((formula, axis) => ({ ...formula, label: `${axisNames(each.length)[axis]}: o` }));
}

function convFormula(axis) {
  const [kernel, filledKernel] = kernelTerms(axis, MINUS);
  const symbols = axis.padding[0] === axis.padding[1] ? "i + 2p" : "i + p₁ + p₂";
  const filled = `⌊(${paddingSum(axis.input, axis.padding)} ${filledKernel})/${axis.stride}⌋ + 1`;
  const note = axis.remainder ? `${axis.remainder} left over` : "";
  return makeFormula("o", `⌊(${symbols} ${kernel})/s⌋ + 1`, filled, String(axis.output), note);
}

function transposedFormula(axis) {
  const [kernel, filledKernel] = kernelTerms(axis, "+");
  const one = axis.dilation > 1 ? " + 1" : "";
  const [extra, filledExtra] = axis.outputPadding ? [" + a", ` + ${axis.outputPadding}`] : ["", ""];
  const [before, after] = axis.padding;
  const [crop, filledCrop] = before === after ? ["2p", `2·${before}`] : ["p₁ − p₂", `${before} − ${after}`];
  const filled = `(${axis.input} − 1)·${axis.stride} ${filledKernel}${one} − ${filledCrop}${filledExtra}`;
  return makeFormula("o", `(i − 1)·s ${kernel}${one} − ${crop}${extra}`, filled, String(axis.output));
}

/** The term of the kernel, in symbols and in numbers; with the dilation only if it is not 1. */
function kernelTerms({ kernel, dilation }, sign) {
  if (dilation === 1) return [`${sign} k`, `${sign} ${kernel}`];
  const one = sign === MINUS ? ` ${MINUS} 1` : "";
  return [`${sign} d·(k − 1)${one}`, `${sign} ${dilation}·(${kernel} − 1)${one}`];
}
