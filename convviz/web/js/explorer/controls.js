/** The controls: a slider and a number field per axis of each parameter, and choices. */

import { PARAMETERS } from "../geometry/parameters.js";
import { PADDING_NAMES } from "../geometry/padding.js";
import { KERNELS } from "../layers/kernels.js";
import { PATTERN_NAMES } from "../layers/patterns.js";
import { VIEWS } from "../views/registry.js";
import { CODE_TABS } from "./code_tabs.js";
import { KINDS, LARGEST } from "./state.js";

/** The choice for values that the reader typed. */
const CUSTOM = "custom";
const AXES = ["rows", "columns"];

/** Make all controls. Each has `changes(state)`, which returns the changes of the state for its value. */
export function fillControls(parts) {
  parts.kinds.replaceChildren(...Object.entries(KINDS).map(([kind, label]) => radio("kind", kind, label)));
  parts.views.replaceChildren(...Object.keys(VIEWS).map((view) => radio("view", view, view)));
  parts.codes.replaceChildren(...Object.keys(CODE_TABS).map((name) => radio("code", name, name)));
  parts.codes.querySelector("input").checked = true;
  parts.sliders.replaceChildren(...Object.keys(LARGEST).map(slider));
  fillSelect(parts.preset, [["", "by number"], ...PADDING_NAMES.map((name) => [name, name])]);
  fillSelect(parts.pattern, valueChoices(PATTERN_NAMES));
  fillSelect(parts.weights, valueChoices(KERNELS));
  parts.preset.changes = () => ({ preset: parts.preset.value });
  parts.pattern.changes = () => ({ pattern: parts.pattern.value, x: null });
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
  for (const input of parts.views.querySelectorAll("input")) input.checked = state.view === input.value;
  for (const input of parts.sliders.querySelectorAll("input")) showSize(input, state);
  parts.preset.value = state.preset;
  showChoice(parts.pattern, state.x, state.pattern);
  showChoice(parts.weights, state.w, state.weights);
  parts.numbers.checked = state.numbers;
  parts.single.checked = state.axes === 1;
  parts.square.disabled = state.axes === 1;
  parts.controls.classList.toggle("single", state.axes === 1);
  if (Object.keys(LARGEST).some((name) => state[name][0] !== state[name][1])) parts.square.checked = false;
  parts.controls.classList.toggle("per-axis", !parts.square.checked);
}

/** Show a size in its slider or number field; a field that has the focus keeps its text. */
function showSize(input, state) {
  const { name, axis } = input.dataset;
  const size = state[name][axis];
  const { minimum } = PARAMETERS[name];
  if (document.activeElement !== input || input.type === "range") input.value = size;
  input.style.setProperty("--done", (size - minimum) / (LARGEST[name] - minimum));
  const unused = { output_padding: state.kind === "conv", padding: state.preset !== "" };
  input.disabled = unused[name] ?? false;
}

function slider(name) {
  const { symbol, minimum } = PARAMETERS[name];
  const label = name.replace("_", " ");
  const group = make("div", { className: "slider" });
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  AXES.forEach((axisName, axis) => {
    const row = make("div", { className: axis ? "axis second" : "axis" });
    const text = make("span", { textContent: `${label} ` });
    text.append(make("b", { textContent: symbol }), make("small", { textContent: ` ${axisName}` }));
    row.append(text);
    for (const type of ["number", "range"]) {
      const input = make("input", { type, min: minimum, max: LARGEST[name], step: 1 });
      input.setAttribute("aria-label", `${label} ${symbol}, ${axisName}`);
      Object.assign(input.dataset, { name, axis });
      input.changes = (state) => sizeChanges(input, state, name, axis);
      row.append(input);
    }
    group.append(row);
  });
  return group;
}

/** The changes for a size; values that no longer fit are dropped. Both axes change if they are linked. */
function sizeChanges(input, state, name, axis) {
  if (input.value === "") return null;
  const value = Number(input.value);
  const isSquare = !input.closest(".per-axis");
  const sizes = isSquare ? [value, value] : state[name].map((size, index) => (index === axis ? value : size));
  const dropped = { input: { x: null }, kernel: { w: null } }[name] ?? {};
  return { [name]: sizes, ...dropped };
}

function radio(name, value, label) {
  const element = make("label");
  const input = make("input", { type: "radio", name, value });
  if (name === "kind") input.changes = () => ({ kind: value });
  element.append(input, make("span", { textContent: label }));
  return element;
}

function valueChoices(names) {
  return [["", "examples"], ...names.map((name) => [name, name]), [CUSTOM, CUSTOM]];
}

/** Show the name of values in a select, or that the reader typed them. */
function showChoice(select, typed, name) {
  select.value = typed ? CUSTOM : name;
  select.lastChild.hidden = !typed;
}

function fillSelect(select, options) {
  select.replaceChildren(...options.map(([value, textContent]) => make("option", { value, textContent })));
}

function make(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}
