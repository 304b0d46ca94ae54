/** What the explorer shows, and the address that says it. Whatever an address holds, a state comes out that can be. */

import { PADDING_NAMES } from "../geometry/padding.js";
import { KERNELS } from "../layers/kernels.js";
import { rowsText, sides } from "../text/notation.js";
import { VIEWS } from "../views/registry.js";

/** Name → symbol, smallest and largest value of the parameters that have a slider. */
export const SLIDERS = {
  input: { symbol: "i", least: 1, most: 64 },
  kernel: { symbol: "k", least: 1, most: 11 },
  stride: { symbol: "s", least: 1, most: 8 },
  padding: { symbol: "p", least: 0, most: 10 },
  dilation: { symbol: "d", least: 1, most: 5 },
  output_padding: { symbol: "a", least: 0, most: 7 },
};

export const KINDS = { conv: "Convolution", transposed: "Transposed" };
const LARGEST_SEED = 9999;
const LONGEST_ADDRESS = 20_000;

/** The state of a page that says nothing else. */
const START = {
  kind: "transposed",
  axes: 2,
  input: [3, 3],
  kernel: [3, 3],
  stride: [2, 2],
  padding: [1, 1],
  dilation: [1, 1],
  output_padding: [0, 0],
  preset: "",
  weights: "",
  view: "slide",
  step: 1,
  seed: 0,
  numbers: true,
  x: null,
  w: null,
};

/** A state in which every value is one that the page has; what is missing or odd comes from `START`. */
export function sound(given) {
  const state = { ...START, ...given };
  for (const [name, { least, most }] of Object.entries(SLIDERS)) {
    state[name] = [0, 1].map((axis) => clamped(state[name]?.[axis], least, most, START[name][axis]));
  }
  state.axes = Number(state.axes) === 1 ? 1 : 2;
  state.step = clamped(state.step, 1, 1e6, 1);
  state.seed = clamped(state.seed, 0, LARGEST_SEED, 0);
  const known = { kind: KINDS, view: VIEWS };
  for (const [name, table] of Object.entries(known)) if (!Object.hasOwn(table, state[name])) state[name] = START[name];
  if (!PADDING_NAMES.includes(state.preset)) state.preset = "";
  if (!KERNELS.includes(state.weights)) state.weights = "";
  state.x = fittingValues(state.x, shapeOf(state, "input"));
  state.w = fittingValues(state.w, shapeOf(state, "kernel"));
  return state;
}

/** Rows and columns of the values of input or kernel: one row where there is one axis. */
export function shapeOf({ axes, ...sizes }, name) {
  return axes === 1 ? [1, sizes[name][0]] : sizes[name];
}

function clamped(value, least, most, otherwise) {
  const number = Math.round(Number(value));
  return Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : otherwise;
}

/** Values with this shape, or null. */
function fittingValues(values, [rows, cols]) {
  const fits = Array.isArray(values) && values.length === rows && values.every((row) => row.length === cols);
  return fits && values.flat().every(Number.isFinite) ? values : null;
}

/** The address of a state, without its #: what differs from a bare page, and always the kind. */
export function addressOf(state) {
  const parts = state.axes === 1 ? [state.kind, "1d"] : [state.kind];
  for (const [name, { symbol }] of Object.entries(SLIDERS)) parts.push(`${symbol}=${sides(state, name)}`);
  for (const name of ["preset", "weights", "view", "step", "seed"]) {
    if (state[name] !== START[name]) parts.push(`${name}=${state[name]}`);
  }
  if (!state.numbers) parts.push("numbers=0");
  for (const name of ["x", "w"]) if (state[name]) parts.push(`${name}=${rowsText(state[name])}`);
  return parts.join("&");
}

/** The state that an address says, over `otherwise`. */
export function stateOf(address, otherwise = START) {
  const given = { ...otherwise };
  const symbols = Object.fromEntries(Object.entries(SLIDERS).map(([name, { symbol }]) => [symbol, name]));
  for (const part of address.replace(/^#/, "").slice(0, LONGEST_ADDRESS).split("&")) {
    const [key, ...rest] = part.split("=");
    const value = decoded(rest.join("="));
    if (Object.hasOwn(KINDS, part)) [given.kind, given.axes] = [part, 2];
    else if (part === "1d") given.axes = 1;
    else if (Object.hasOwn(symbols, key)) given[symbols[key]] = pairOf(value);
    else if (key === "numbers") given.numbers = value !== "0";
    else if (key === "x" || key === "w") given[key] = value.split(";").map((row) => row.split(",").map(Number));
    else if (Object.hasOwn(START, key)) given[key] = value;
  }
  return sound(given);
}

function pairOf(value) {
  const [rows, cols = rows] = value.split("x");
  return [rows, cols].map((side) => (/^\d{1,6}$/.test(side) ? Number(side) : NaN));
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** The values of input and kernel as `numbersOf` takes them: null for examples. */
export function valuesOf({ axes, seed, x, w, weights, numbers }) {
  const [input, kernel] = [x, w].map((values) => (values && axes === 1 ? values[0] : values));
  return { seed, x: input, w: kernel ?? (weights || null), visible: numbers };
}
