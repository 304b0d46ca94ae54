/** Values that are typed into their cells: a field that stands over a cell of the input or of the kernel. */

import { flatIndex } from "../layers/ops.js";
import { shapeOf } from "./state.js";

const GRIDS = { x: "input", w: "kernel" };
/** In rem: the field is no smaller than this, however small its cell is. */
const FIELD = { width: 3.2, height: 1.6 };

/** The value that the cell `index` of the grid `name` shows: {name: "x" or "w", index, value}, or null. */
export function heldAt(layer, numbers, name, index) {
  if (!numbers.visible) return null;
  if (name === "kernel") return heldIn("w", layer.kernel, numbers, index);
  const source = sourceOf(layer, name, index);
  return source && heldIn("x", layer.input, numbers, source);
}

/** The input cell that a grid shows at an index; null where it shows none. */
function sourceOf(layer, name, index) {
  if (name === "input") return index;
  if (name === "xLine") return unflattened(layer.input, index[1]);
  if (name !== "padded") return null;
  const cells = index.map((place, axis) => layer.tracks[axis].cells[place]);
  return cells.every(({ kind }) => kind === "input") ? cells.map(({ source }) => source) : null;
}

function unflattened(shape, place) {
  return shape.length === 1 ? [place] : [Math.floor(place / shape[1]), place % shape[1]];
}

function heldIn(name, shape, numbers, index) {
  return { name, index, value: numbers[name][flatIndex(shape, index)] };
}

/** What changes in a state when a held value becomes another one: all values of that grid are the reader's own then. */
export function changedValue(state, layer, numbers, { name, index }, value) {
  const [, wide] = shapeOf(state, GRIDS[name]);
  const values = [...numbers[name]];
  values[flatIndex(layer[GRIDS[name]], index)] = value;
  const rows = Array.from({ length: values.length / wide }, (_, row) => values.slice(row * wide, (row + 1) * wide));
  return { [name]: rows };
}

/** The number that a text says, or null. */
function typedNumber(text) {
  const tidy = text.trim().replace(",", ".").replace("−", "-");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,2})?$/i.test(tidy) ? Number(tidy) : null;
}

/** The field itself. */
export class Editor {
  constructor(field) {
    this.field = field;
    this.held = null;
  }

  /** Stand over `box`, in CSS pixels from the corner of the stage, with what is held there; hide for null. */
  show(held, box) {
    const { field } = this;
    const same = held && this.held && held.name === this.held.name && held.index.join() === this.held.index.join();
    this.held = held;
    field.hidden = !held;
    if (!held) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const [wide, high] = [Math.max(box.w, FIELD.width * rem), Math.max(box.h, FIELD.height * rem)];
    const place = { left: box.x + (box.w - wide) / 2, top: box.y + (box.h - high) / 2, width: wide, height: high };
    for (const [name, length] of Object.entries(place)) field.style[name] = `${length}px`;
    field.setAttribute("aria-label", `value of ${held.name}[${held.index.join()}]`);
    if (!same || document.activeElement !== field) this.reset();
  }

  /** Show the value that is there. */
  reset() {
    if (!this.held) return;
    this.field.value = String(this.held.value);
    this.field.removeAttribute("aria-invalid");
  }

  /** The number that was typed, or null, which the field shows. */
  typed() {
    const number = typedNumber(this.field.value);
    this.field.setAttribute("aria-invalid", number === null);
    return number;
  }

  /** Begin to type, in place of what is there. */
  begin() {
    this.field.focus();
    this.field.select();
  }
}
