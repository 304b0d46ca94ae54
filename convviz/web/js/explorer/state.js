/** The state of the explorer and its address; any address gives a valid state. */

import { PARAMETERS } from "../geometry/parameters.js";
import { PADDING_NAMES } from "../geometry/padding.js";
import { makeLayer } from "../layers/convolution.js";
import { KERNELS } from "../layers/kernels.js";
import { PATTERN_NAMES } from "../layers/patterns.js";
import { layerParameters, parameterText, rowsText } from "../text/notation.js";
import { VIEWS } from "../views/registry.js";

/** Parameter → largest value of its slider. */
export const LARGEST = { input: 64, kernel: 11, stride: 8, padding: 10, dilation: 5, output_padding: 7 };
/** Kind of layer → label of its control. */
export const KINDS = { conv: "Convolution", transposed: "Transposed" };
const LARGEST_SEED = 9999;
const LARGEST_STEP = 1e6;
const LONGEST_ADDRESS = 20_000;

const DEFAULT_STATE = {
  kind: "transposed",
  axes: 2,
  input: [3, 3],
  kernel: [3, 3],
  stride: [2, 2],
  padding: [1, 1],
  dilation: [1, 1],
  output_padding: [0, 0],
  preset: "", // name of the padding
  pattern: "", // name of the input
  weights: "", // name of the kernel
  view: "slide",
  step: 1,
  seed: 0,
  numbers: true, // whether values are visible
  x: null,
  w: null,
  dy: null, // dL/dy
};

/** Return a valid state; missing or invalid values are replaced by defaults. */
export function validState(values) {
  const state = { ...DEFAULT_STATE, ...values };
  for (const [name, largest] of Object.entries(LARGEST)) {
    const { minimum } = PARAMETERS[name];
    const side = (axis) => clamped(state[name]?.[axis], minimum, largest, DEFAULT_STATE[name][axis]);
    state[name] = [0, 1].map(side);
  }
  state.axes = Number(state.axes) === 1 ? 1 : 2;
  state.step = clamped(state.step, 1, LARGEST_STEP, 1);
  state.seed = clamped(state.seed, 0, LARGEST_SEED, 0);
  if (!Object.hasOwn(KINDS, state.kind)) state.kind = DEFAULT_STATE.kind;
  if (!Object.hasOwn(VIEWS, state.view)) state.view = DEFAULT_STATE.view;
  if (!PADDING_NAMES.includes(state.preset)) state.preset = "";
  if (!PATTERN_NAMES.includes(state.pattern)) state.pattern = "";
  if (!KERNELS.includes(state.weights)) state.weights = "";
  state.x = validRows(state.x, gridShape(state, "input"));
  state.w = validRows(state.w, gridShape(state, "kernel"));
  state.dy = state.dy && validRows(state.dy, outputShape(state));
  return state;
}

/** Return the [rows, columns] of the values of `input` or `kernel`; a 1-D layer has one row. */
function gridShape({ axes, ...sizes }, name) {
  return axes === 1 ? [1, sizes[name][0]] : sizes[name];
}

/** The [rows, columns] of the output; [] for a layer that is refused. */
function outputShape(state) {
  try {
    return [1, ...makeLayer(state.kind, layerParameters(state)).output].slice(-2);
  } catch {
    return [];
  }
}

function clamped(value, least, most, byDefault) {
  const number = Math.round(Number(value));
  return Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : byDefault;
}

/** Rows of values if they have this shape, else null. */
function validRows(rows, [height, width]) {
  const fits = Array.isArray(rows) && rows.length === height && rows.every((row) => row.length === width);
  return fits && rows.flat().every(Number.isFinite) ? rows : null;
}

/** Return the address of a state without its #: kind, sizes, and whatever differs from the default. */
export function addressOf(state) {
  const parts = state.axes === 1 ? [state.kind, "1d"] : [state.kind];
  for (const [name, { symbol }] of Object.entries(PARAMETERS)) parts.push(`${symbol}=${parameterText(state, name)}`);
  for (const name of ["preset", "pattern", "weights", "view", "step", "seed"]) {
    if (state[name] !== DEFAULT_STATE[name]) parts.push(`${name}=${state[name]}`);
  }
  if (!state.numbers) parts.push("numbers=0");
  for (const name of ["x", "w", "dy"]) if (state[name]) parts.push(`${name}=${rowsText(state[name])}`);
  return parts.join("&");
}

/** Return the state of an address; `byDefault` holds the values that it does not name. */
export function stateOf(address, byDefault = DEFAULT_STATE) {
  const state = { ...byDefault };
  const names = Object.fromEntries(Object.entries(PARAMETERS).map(([name, { symbol }]) => [symbol, name]));
  for (const part of address.replace(/^#/, "").slice(0, LONGEST_ADDRESS).split("&")) {
    const [key, ...rest] = part.split("=");
    const value = decoded(rest.join("="));
    if (Object.hasOwn(KINDS, part)) [state.kind, state.axes] = [part, 2];
    else if (part === "1d") state.axes = 1;
    else if (Object.hasOwn(names, key)) state[names[key]] = parsedSizes(value);
    else if (key === "numbers") state.numbers = value !== "0";
    else if (["x", "w", "dy"].includes(key)) state[key] = value.split(";").map((row) => row.split(",").map(Number));
    else if (Object.hasOwn(DEFAULT_STATE, key)) state[key] = value;
  }
  return validState(state);
}

function parsedSizes(text) {
  const [rows, cols = rows] = text.split("x");
  return [rows, cols].map((side) => (/^\d{1,6}$/.test(side) ? Number(side) : NaN));
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** Return the options of `layerValues`: values, or null for examples; ones to show an overlap. */
export function valueOptions({ axes, seed, x, w, dy, pattern, weights, numbers, view, kind }) {
  const [input, kernel, gradient] = [x, w, dy].map((rows) => (rows && axes === 1 ? rows[0] : rows));
  const [constant, ones] = view === "overlap" && kind === "transposed" ? ["constant", "ones"] : [null, null];
  return { seed, x: input ?? (pattern || constant), w: kernel ?? (weights || ones), dy: gradient, visible: numbers };
}
