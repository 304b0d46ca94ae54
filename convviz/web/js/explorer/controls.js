/** The controls: a slider and a number field for each axis of each parameter, and choices. */

import { PADDING_NAMES } from "../geometry/padding.js";
import { KERNELS } from "../layers/kernels.js";
import { VIEWS } from "../views/registry.js";
import { CODES } from "./code_tabs.js";
import { KINDS, SLIDERS } from "./state.js";

/** What kernel values are called that are the reader's own. */
const OWN = "custom";
const AXES = ["rows", "columns"];

/** Make all controls; each has `changes(state)`, what it changes when its value does. */
export function fillControls(parts) {
  parts.kinds.replaceChildren(...Object.entries(KINDS).map(([kind, name]) => choice("kind", kind, name)));
  parts.tabs_view.replaceChildren(...Object.keys(VIEWS).map((view) => choice("view", view, view)));
  parts.codes.replaceChildren(...Object.keys(CODES).map((name) => choice("code", name, name)));
  parts.codes.querySelector("input").checked = true;
  parts.sliders.replaceChildren(...Object.keys(SLIDERS).map(slider));
  fillSelect(parts.preset, [["", "by number"], ...PADDING_NAMES.map((name) => [name, name])]);
  fillSelect(parts.weights, [["", "examples"], ...KERNELS.map((name) => [name, name]), [OWN, OWN]]);
  parts.preset.changes = () => ({ preset: parts.preset.value });
  parts.weights.changes = () => ({ weights: parts.weights.value, w: null });
  parts.single.changes = () => ({ axes: parts.single.checked ? 1 : 2, x: null, w: null });
  parts.numbers.changes = () => ({ numbers: parts.numbers.checked });
  parts.square.changes = () => {
    parts.controls.classList.toggle("per-axis", !parts.square.checked);
    return null;
  };
}

/** Show a state in the controls. */
export function showControls(parts, state) {
  for (const input of parts.controls.querySelectorAll("input[type=radio]")) input.checked = state.kind === input.value;
  for (const input of parts.tabs_view.querySelectorAll("input")) input.checked = state.view === input.value;
  for (const input of parts.sliders.querySelectorAll("input")) {
    const { name, axis } = input.dataset;
    if (document.activeElement !== input || input.type === "range") input.value = state[name][axis];
    const { least, most } = SLIDERS[name];
    input.style.setProperty("--done", (state[name][axis] - least) / (most - least));
    const without = { output_padding: state.kind === "conv", padding: state.preset !== "" };
    input.disabled = without[name] ?? false;
  }
  parts.preset.value = state.preset;
  parts.weights.value = state.w ? OWN : state.weights;
  parts.weights.lastChild.hidden = !state.w;
  parts.numbers.checked = state.numbers;
  parts.single.checked = state.axes === 1;
  parts.square.disabled = state.axes === 1;
  parts.controls.classList.toggle("single", state.axes === 1);
  const differs = Object.keys(SLIDERS).some((name) => state[name][0] !== state[name][1]);
  if (differs) parts.square.checked = false;
  parts.controls.classList.toggle("per-axis", !parts.square.checked);
}

function slider(name) {
  const { symbol, least, most } = SLIDERS[name];
  const words = name.replace("_", " ");
  const box = made("div", { className: "slider" });
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", words);
  AXES.forEach((axisName, axis) => {
    const row = made("div", { className: axis ? "axis second" : "axis" });
    const text = made("span", { textContent: `${words} ` });
    text.append(made("b", { textContent: symbol }), made("small", { textContent: ` ${axisName}` }));
    row.append(text);
    for (const type of ["number", "range"]) {
      const input = made("input", { type, min: least, max: most, step: 1 });
      input.setAttribute("aria-label", `${words} ${symbol}, ${axisName}`);
      Object.assign(input.dataset, { name, axis });
      input.changes = (state) => changed(input, state, name, axis);
      row.append(input);
    }
    box.append(row);
  });
  return box;
}

/** A value for one axis, or for both while they are square. */
function changed(input, state, name, axis) {
  if (input.value === "") return null;
  const value = Number(input.value);
  const square = !input.closest(".per-axis");
  const pair = square ? [value, value] : state[name].map((old, at) => (at === axis ? value : old));
  const also = { input: { x: null }, kernel: { w: null } }[name] ?? {};
  return { [name]: pair, ...also };
}

function choice(name, value, text) {
  const label = made("label");
  const input = made("input", { type: "radio", name, value });
  if (name === "kind") input.changes = () => ({ kind: value });
  label.append(input, made("span", { textContent: text }));
  return label;
}

function fillSelect(select, options) {
  select.replaceChildren(...options.map(([value, textContent]) => made("option", { value, textContent })));
}

function made(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}
