/** Title, sizes, badges and legend; twin of convviz/views/header.py. */

import { makeLegendEntry } from "../scene/builder.js";
import { formatPadding, formatPerAxis, formatSizes, formatValue } from "../text/formatting.js";
import { visibleValues } from "./cell_grids.js";
import { lastWindowEntry } from "./last_window.js";

const LEGEND_TEXTS = { input: "input", inserted: "inserted zero", padding: "padding" };

/** Return the name of the operation. */
export function layerTitle(layer) {
  return layer.transposed ? "Transposed convolution" : "Convolution";
}

/** Format the sizes: `input 3×3 → output 5×5`. */
export function sizesSummary(layer) {
  return `input ${formatSizes(layer.input)} → output ${formatSizes(layer.output)}`;
}

/** Name the bias: `bias 5`, without its value if values are hidden, or nothing if there is none. */
export function biasText(values) {
  if ((values?.bias ?? null) === null) return "";
  return visibleValues(values) ? `bias ${formatValue(values.bias, values.yNotation)}` : "bias";
}

/** Whether the kernel is dilated along any axis. */
export function isDilated(layer) {
  return layer.dilation.some((dilation) => dilation !== 1);
}

/** List the badges of the given and derived parameters; dilation and output padding only if they have an effect. */
export function layerBadges(layer) {
  const badge = (role, text) => ({ text, role });
  const name = layer.namedPadding ? ` (${layer.namedPadding})` : "";
  const mode = layer.paddingMode === "zeros" ? "" : `, ${layer.paddingMode}`;
  const badges = [
    badge("input", `i = ${formatPerAxis(layer.input)}`),
    badge("kernel", `k = ${formatPerAxis(layer.kernel)}`),
    badge("plain", `s = ${formatPerAxis(layer.stride)}`),
    badge("plain", `p = ${formatPadding(layer.padding)}${name}${mode}`),
  ];
  if (isDilated(layer)) badges.push(badge("plain", `d = ${formatPerAxis(layer.dilation)}`));
  if (layer.outputPadding.some(Boolean)) badges.push(badge("plain", `a = ${formatPerAxis(layer.outputPadding)}`));
  if (layer.transposed) {
    const symbols = isDilated(layer) ? "d(k−1)−p" : "k−p−1";
    badges.push(badge("derived", `z = s−1 = ${formatPerAxis(layer.axes.map((axis) => axis.insertedZeros))}`));
    badges.push(badge("derived", `p′ = ${symbols} = ${formatPadding(layer.axes.map((axis) => axis.implicitPadding))}`));
  }
  return [...badges, badge("output", `o = ${formatPerAxis(layer.output)}`)];
}

/** List the legend entries of the roles in `panels`, of the window, the output and the faded cells. */
export function layerLegend(panels, layer) {
  const roles = Object.keys(LEGEND_TEXTS);
  const rows = new Set(panels.flatMap((panel) => panel.cells));
  const cells = new Set([...rows].flat());
  const seen = new Set([...cells].map((cell) => `${cell.role} ${cell.faded}`));
  const present = roles.filter((role) => seen.has(`${role} false`));
  const entries = present.map((role) => makeLegendEntry(role, LEGEND_TEXTS[role]));
  const kernelMoves = panels.some((panel) => panel.name === "kernel" && panel.label);
  if (kernelMoves) entries.push(makeLegendEntry("kernel", "kernel"));
  entries.push(makeLegendEntry("window", kernelMoves ? "window" : "kernel window"));
  entries.push(...lastWindowEntry(layer));
  if (borrows(layer)) entries.push(makeLegendEntry("source", "borrowed from"));
  entries.push(makeLegendEntry("output", "output"));
  const faded = roles.find((role) => seen.has(`${role} true`));
  return faded ? [...entries, makeLegendEntry(faded, fadedReason(layer), true)] : entries;
}

/** Whether a window reads padding that repeats an input cell. */
function borrows({ slidingWindows }) {
  const isCopy = ({ kind, read, source }) => kind === "padding" && read && source !== null;
  return slidingWindows.some(({ cells }) => cells.some(isCopy));
}

/** Explain why cells are faded: cropped by negative padding, or read by no window. */
export function fadedReason(layer) {
  const cells = layer.slidingWindows.flatMap((slidingWindow) => slidingWindow.cells);
  const reasons = [];
  if (cells.some((cell) => cell.cropped)) reasons.push("cropped");
  if (cells.some((cell) => !cell.read && !cell.cropped)) reasons.push("never read");
  return reasons.join(" or ");
}
