/** Formulas of sizes, exactly as Python says them; twin of convviz/text/formulas.py. */

import { paddingSum } from "../geometry/axis.js";
import { axisNames } from "../geometry/per_axis.js";
import { MINUS } from "./formatting.js";

/** A formula as data: label = symbols = filled = value (note). */
export function formulaOf(label, symbols, filled = "", value = "", note = "") {
  return { label, symbols, filled, value, note };
}

/** The output size per axis with the numbers filled in; one formula where the axes agree. */
export function formulas(layer) {
  const made = layer.axes.map(layer.transposed ? transposedFormula : forwardFormula);
  if (made.every((one) => JSON.stringify(one) === JSON.stringify(made[0]))) return [made[0]];
  return made.map((one, axis) => ({ ...one, label: `${axisNames(made.length)[axis]}: o` }));
}

function forwardFormula(axis) {
  const [reach, filledReach] = reachTexts(axis, MINUS);
  const symbols = axis.padding[0] === axis.padding[1] ? "i + 2p" : "i + p₁ + p₂";
  const filled = `⌊(${paddingSum(axis.input, axis.padding)} ${filledReach})/${axis.stride}⌋ + 1`;
  const note = axis.leftOver ? `${axis.leftOver} left over` : "";
  return formulaOf("o", `⌊(${symbols} ${reach})/s⌋ + 1`, filled, String(axis.output), note);
}

function transposedFormula(axis) {
  const [reach, filledReach] = reachTexts(axis, "+");
  const one = axis.dilation > 1 ? " + 1" : "";
  const [extra, filledExtra] = axis.outputPadding ? [" + a", ` + ${axis.outputPadding}`] : ["", ""];
  const [before, after] = axis.padding;
  const [crop, filledCrop] = before === after ? ["2p", `2·${before}`] : ["p₁ − p₂", `${before} − ${after}`];
  const filled = `(${axis.input} − 1)·${axis.stride} ${filledReach}${one} − ${filledCrop}${filledExtra}`;
  return formulaOf("o", `(i − 1)·s ${reach}${one} − ${crop}${extra}`, filled, String(axis.output));
}

/** The kernel's part of a size, in symbols and in numbers; the dilation only where there is one. */
function reachTexts({ kernel, dilation }, sign) {
  if (dilation === 1) return [`${sign} k`, `${sign} ${kernel}`];
  const one = sign === MINUS ? ` ${MINUS} 1` : "";
  return [`${sign} d·(k − 1)${one}`, `${sign} ${dilation}·(${kernel} − 1)${one}`];
}
