/** What stands around the stage, as HTML: title, parameters, tabs, the step's line, legend and formulas. */

import { stylist } from "../style/theme.js";
import { fitted, variants } from "../text/lines.js";
import { keyItems } from "./cell_shapes.js";
import { lineSize } from "./line_size.js";
import { element } from "./svg.js";
import { Type } from "./typography.js";

const LEAST = 11;
const KEY = 16;

/** The elements that have a `data-part`, by its name. */
export function partsOf(root) {
  return Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
}

/** The fonts of this page; the size of its root element says how large everything is. */
export function pageType(texts) {
  const style = getComputedStyle(document.documentElement);
  const [sans, mono] = ["--sans", "--mono"].map((name) => style.getPropertyValue(name));
  const context = document.createElement("canvas").getContext("2d");
  const measure = (text, face) => {
    context.font = `${face.endsWith("bold") ? 700 : 400} 100px ${face.startsWith("mono") ? mono : sans}`;
    return context.measureText(text).width / 100;
  };
  return new Type({ unit: parseFloat(style.fontSize) / 16, least: LEAST, texts, measure });
}

/** Write what no frame changes. */
export function writeHeader(parts, scene) {
  parts.title.textContent = scene.title;
  parts.sizes.textContent = scene.sizes;
  parts.badges.replaceChildren(...scene.badges.map(({ text, role }) => html("li", text, role)));
  parts.tabs.replaceChildren(...scene.tabs.map((name) => html("li", name)));
  parts.tabs.hidden = !scene.tabs.length;
  const { head, badges, legend, formulas, caption, counter } = parts;
  const shown = { header: [head, badges], legend: [legend], formulas: [formulas], caption: [caption], counter: [counter] };
  for (const [name, elements] of Object.entries(shown)) {
    for (const one of elements) one.hidden = scene.without.includes(name);
  }
}

/** Write the legend in the colours of a theme. */
export function writeLegend(parts, scene, theme) {
  const look = { theme, style: stylist(theme), numberPx: 0, smallPx: 0 };
  const place = { x: 1, y: 1, w: KEY, h: KEY };
  const entries = scene.legend.map((key) => {
    const picture = element(["svg", { viewBox: `0 0 ${KEY + 2} ${KEY + 2}`, "aria-hidden": "true" }]);
    picture.append(...keyItems(key, place, look).map(element));
    const entry = html("li");
    entry.append(picture, key.text);
    return entry;
  });
  parts.legend.replaceChildren(...entries);
}

/** Write each formula in the longest way that fits into `width`. */
export function writeFormulas(parts, scene, width, type) {
  const lines = scene.formulas.map((formula) => {
    const ways = variants(formula);
    const text = ways.find((way) => type.wide(way, "formula") * 1.04 <= width) ?? ways.at(-1);
    const entry = html("li");
    entry.append(...symbols(text));
    return entry;
  });
  parts.formulas.replaceChildren(...lines);
}

/** Set the size of the step's line for all frames; returns how many characters it holds. */
export function sizeLine(parts, scene, width, type) {
  const lines = scene.frames.map((frame) => frame.caption);
  const advance = type.measure("0", "mono");
  const { px, length, rows } = lineSize(lines, width, type.px("caption"), LEAST, (size) => advance * size);
  parts.caption.style.fontSize = `${px}px`;
  parts.caption.style.minHeight = `${Math.ceil(px * 1.35 * rows)}px`;
  return length;
}

/** Write what a frame says; returns the text of its line. */
export function writeFrame(parts, scene, frame, length) {
  const text = fitted(frame.caption, length);
  parts.caption.textContent = text;
  parts.counter.textContent = `${frame.number} / ${scene.steps}`;
  [...parts.tabs.children].forEach((tab, index) => {
    tab.className = index < frame.tab ? "done" : index === frame.tab ? "present" : "";
  });
  return text;
}

/** Single letters are symbols and lean. */
function symbols(text) {
  return text.match(/[A-Za-z]+|[^A-Za-z]+/g).map((part) => (/^[A-Za-z]$/.test(part) ? html("i", part) : part));
}

function html(tag, text = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
