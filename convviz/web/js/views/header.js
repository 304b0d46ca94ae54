/** What stands around the grids of every view: title, sizes, badges and legend; twin of convviz/views/header.py. */

import { makeKey } from "../scene/builder.js";
import { short, shortSides, sizesText } from "../text/formatting.js";

const KEY_WORDS = { input: "input", inserted: "inserted zero", padding: "padding" };

/** The name of the operation. */
export function titleOf(layer) {
  return layer.transposed ? "Transposed convolution" : "Convolution";
}

/** `input 3×3 → output 5×5`. */
export function sizesLine(layer) {
  return `input ${sizesText(layer.input)} → output ${sizesText(layer.output)}`;
}

/** Whether the kernel is dilated along any axis. */
export function isDilated(layer) {
  return layer.dilation.some((dilation) => dilation !== 1);
}

/** The parameters, given and derived; dilation, output padding and modes only where they do something. */
export function badgesOf(layer) {
  const badge = (role, text) => ({ text, role });
  const name = layer.namedPadding ? ` (${layer.namedPadding})` : "";
  const mode = layer.mode === "zeros" ? "" : `, ${layer.mode}`;
  const shown = [
    badge("input", `i = ${short(layer.input)}`),
    badge("kernel", `k = ${short(layer.kernel)}`),
    badge("plain", `s = ${short(layer.stride)}`),
    badge("plain", `p = ${shortSides(layer.padding)}${name}${mode}`),
  ];
  if (isDilated(layer)) shown.push(badge("plain", `d = ${short(layer.dilation)}`));
  if (layer.outputPadding.some(Boolean)) shown.push(badge("plain", `a = ${short(layer.outputPadding)}`));
  if (layer.transposed) {
    const border = isDilated(layer) ? "d(k−1)−p" : "k−p−1";
    shown.push(badge("derived", `z = s−1 = ${short(layer.axes.map((axis) => axis.inserted))}`));
    shown.push(badge("derived", `p′ = ${border} = ${shortSides(layer.axes.map((axis) => axis.borders))}`));
  }
  return [...shown, badge("output", `o = ${short(layer.output)}`)];
}

/** Names for the roles that occur in `panels`, the window and the output, and for the faded cells. */
export function legendOf(panels, layer) {
  const roles = Object.keys(KEY_WORDS);
  const rows = new Set(panels.flatMap((panel) => panel.cells));
  const cells = new Set([...rows].flat());
  const seen = new Set([...cells].map((cell) => `${cell.role} ${cell.faded}`));
  const keys = roles.filter((role) => seen.has(`${role} false`)).map((role) => makeKey(role, KEY_WORDS[role]));
  const moving = panels.some((panel) => panel.name === "kernel" && panel.label);
  if (moving) keys.push(makeKey("kernel", "kernel"));
  keys.push(makeKey("window", moving ? "window" : "kernel window"));
  if (layer.mode !== "zeros" && layer.padding.flat().some(Boolean)) keys.push(makeKey("source", "borrowed from"));
  keys.push(makeKey("output", "output"));
  const faded = roles.find((role) => seen.has(`${role} true`));
  return faded ? [...keys, makeKey(faded, fadedWords(layer), true)] : keys;
}

/** Why cells are faded: cropped by a negative border, or read by no window. */
export function fadedWords(layer) {
  const cells = layer.tracks.flatMap((track) => track.cells);
  const reasons = [];
  if (cells.some((cell) => cell.cropped)) reasons.push("cropped");
  if (cells.some((cell) => !cell.read && !cell.cropped)) reasons.push("never read");
  return reasons.join(" or ");
}
