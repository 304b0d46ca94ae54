/** Typing values into cells: a field over a cell of the input or of the kernel. */

import { flatIndex } from "../layers/ops.js";
import { gradientCell } from "./link_backward.js";

const SIZE_NAMES = { x: "input", w: "kernel", dy: "output" };
/** Smallest size of the field in rem. */
const LEAST_SIZE = { width: 3.2, height: 1.6 };

/** Return the editable value at an index of a grid, {name: "x", "w" or "dy", index, value}, or null. */
export function editableValue(layer, values, grid, index) {
  if (!values.visible) return null;
  if (grid === "kernel" || grid === "w") return { name: "w", index, value: values.w[flatIndex(layer.kernel, index)] };
  if (grid === "dy") {
    const cell = gradientCell(layer, index);
    return cell && { name: "dy", index: cell, value: values.dy[flatIndex(layer.output, cell)] };
  }
  const source = inputIndex(layer, grid, index);
  return source && { name: "x", index: source, value: values.x[flatIndex(layer.input, source)] };
}

/** The input cell that a grid shows at an index, or null. */
function inputIndex(layer, grid, index) {
  if (grid === "input" || (grid === "x" && layer.transposed)) return index;
  if (grid === "xRow") return unflattened(layer.input, index[1]);
  if (grid !== "padded" && grid !== "x") return null;
  const cells = index.map((position, axis) => layer.slidingWindows[axis].cells[position]);
  return cells.every(({ kind }) => kind === "input") ? cells.map(({ source }) => source) : null;
}

function unflattened(shape, flat) {
  return shape.length === 1 ? [flat] : [Math.floor(flat / shape[1]), flat % shape[1]];
}

/** Return the changes of a state for another value in a cell; all values of its tensor are the reader's then. */
export function valueChanges(layer, values, { name, index }, value) {
  const shape = layer[SIZE_NAMES[name]];
  const [height, width] = [1, ...shape].slice(-2);
  const flat = [...values[name]];
  flat[flatIndex(shape, index)] = value;
  return { [name]: Array.from({ length: height }, (_, row) => flat.slice(row * width, (row + 1) * width)) };
}

/** The number in a text, or null. */
function parsedNumber(text) {
  const ascii = text.trim().replace(",", ".").replace("−", "-");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,2})?$/i.test(ascii) ? Number(ascii) : null;
}

export class ValueEditor {
  constructor(field) {
    this.field = field;
    this.edited = null;
  }

  /** Show the field with an editable value over `box`, in CSS pixels of the stage; hide it for null. */
  show(edited, box) {
    const { field } = this;
    const isSame = edited && this.edited && addressOf(edited) === addressOf(this.edited);
    this.edited = edited;
    field.hidden = !edited;
    if (!edited) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const [width, height] = [Math.max(box.w, LEAST_SIZE.width * rem), Math.max(box.h, LEAST_SIZE.height * rem)];
    const lengths = { left: box.x + (box.w - width) / 2, top: box.y + (box.h - height) / 2, width, height };
    for (const [name, length] of Object.entries(lengths)) field.style[name] = `${length}px`;
    field.setAttribute("aria-label", `value of ${addressOf(edited)}`);
    if (!isSame || document.activeElement !== field) this.reset();
  }

  /** Show the value of the cell. */
  reset() {
    if (!this.edited) return;
    this.field.value = String(this.edited.value);
    this.field.removeAttribute("aria-invalid");
  }

  /** Return the typed number, or null, which marks the field as invalid. */
  typedNumber() {
    const number = parsedNumber(this.field.value);
    this.field.setAttribute("aria-invalid", number === null);
    return number;
  }

  /** Focus the field, ready to replace its value. */
  focus() {
    this.field.focus();
    this.field.select();
  }
}

function addressOf({ name, index }) {
  return `${name === "dy" ? "dL/dy" : name}[${index.join()}]`;
}
