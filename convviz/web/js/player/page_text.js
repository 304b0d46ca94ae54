/** The texts around the stage as HTML: title, badges, tabs, caption, legend and formulas. */

import { formulaVariants, lineRuns, symbolInk, UNKNOWN } from "../text/lines.js";
import { lineSize } from "./line_size.js";
import { Typography } from "./typography.js";

const LEAST_FONT = 11;
/** Formulas mix upright and italic letters, so that their width is an estimate. */
const FORMULA_MARGIN = 1.04;
const CAPTION_LINE_HEIGHT = 1.35;

/** Return the elements with a `data-part` attribute by its value. */
export function partsOf(root) {
  return Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
}

/** Set the accessible name and the tooltip of a button. */
export function setLabel(button, text) {
  button.setAttribute("aria-label", text);
  button.title = text;
}

/** Return the typography of this page; the font size of its root element gives the scale. */
export function pageTypography(texts) {
  const style = getComputedStyle(document.documentElement);
  const [sans, mono] = ["--sans", "--mono"].map((name) => style.getPropertyValue(name));
  const context = document.createElement("canvas").getContext("2d");
  const measure = (text, face) => {
    context.font = `${face.endsWith("bold") ? 700 : 400} 100px ${face.startsWith("mono") ? mono : sans}`;
    return context.measureText(text).width / 100;
  };
  return new Typography({ unit: parseFloat(style.fontSize) / 16, least: LEAST_FONT, texts, measure });
}

/** Write the texts that are the same in all frames, and hide the parts that the scene does not want. */
export function writeHeader(parts, scene) {
  const { title, sizes, head, badges, tabs, legend, formulas, caption, counter } = parts;
  title.textContent = scene.title;
  sizes.textContent = scene.sizes;
  badges.replaceChildren(...scene.badges.map(({ text, role }) => makeHtml("li", text, role)));
  tabs.replaceChildren(...scene.tabs.map((name) => makeHtml("li", name)));
  tabs.hidden = !scene.tabs.length;
  const hide = (name, ...elements) => elements.forEach((one) => (one.hidden = scene.without.includes(name)));
  if (parts.moments) writeMoments(parts.moments, scene);
  hide("header", head, badges);
  hide("legend", legend);
  hide("formulas", formulas);
  hide("caption", caption);
  hide("counter", counter);
}

/** Write the names of the moments of a step, if a scene has any. */
function writeMoments(list, { moments, without }) {
  list.replaceChildren(...moments.map((name) => makeHtml("li", name)));
  list.hidden = !moments.length || without.includes("header");
}

/** Write the longest variant of each formula that fits in `width`. */
export function writeFormulas(parts, scene, width, typography) {
  const items = scene.formulas.map((formula) => {
    const variants = formulaVariants(formula);
    const fits = (text) => typography.width(text, "formula") * FORMULA_MARGIN <= width;
    const item = makeHtml("li");
    item.append(...withItalicSymbols(variants.find(fits) ?? variants.at(-1)));
    return item;
  });
  parts.formulas.replaceChildren(...items);
}

/** Set the font size of the caption for all frames; returns the number of characters that fit. */
export function sizeCaption(parts, scene, width, typography) {
  const captions = scene.frames.map((frame) => frame.caption);
  const advance = typography.measure("0", "mono");
  const largest = typography.fontSize("caption");
  const { px, length, rows } = lineSize(captions, width, largest, LEAST_FONT, (size) => advance * size);
  parts.caption.style.fontSize = `${px}px`;
  parts.caption.style.minHeight = `${Math.ceil(px * CAPTION_LINE_HEIGHT * rows)}px`;
  parts.caption.dataset.lead = Math.max(0, ...captions.map(({ left = "" }) => left.length));
  return length;
}

/** Write a caption; the relation sign of an equation stays where it is in other frames. Returns its text. */
export function writeCaption(parts, caption, length) {
  const indent = caption.left ? Math.max(0, parts.caption.dataset.lead - caption.left.length) : 0;
  const runs = lineRuns(caption, length - indent);
  const line = makeHtml("span");
  line.append(...runs.map(runElement));
  parts.caption.replaceChildren(line);
  parts.caption.style.textIndent = `${indent}ch`;
  return runs.map(({ text }) => text).join("");
}

function runElement({ text, ink, bold }) {
  return makeHtml(bold ? "b" : "span", text, text === UNKNOWN ? `${ink} unknown` : ink);
}

/** Write the caption, the counter and the tabs of a frame; returns the text of the caption. */
export function writeFrame(parts, scene, frame, length) {
  const text = writeCaption(parts, frame.caption, length);
  parts.counter.textContent = `${frame.number} / ${scene.steps}`;
  [...parts.tabs.children].forEach((tab, index) => {
    tab.className = index < frame.tab ? "done" : index === frame.tab ? "present" : "";
  });
  [...(parts.moments?.children ?? [])].forEach((name, index) => {
    name.className = index === frame.moment ? "present" : "";
    name.setAttribute("aria-current", index === frame.moment ? "step" : "false");
  });
  return text;
}

/** Split a formula into nodes; single letters are symbols, which are italic and have the inks of their badges. */
function withItalicSymbols(text) {
  const node = (part) => (/^[A-Za-z]$/.test(part) ? makeHtml("i", part, symbolInk(part)) : part);
  return text.match(/[A-Za-z]+|[^A-Za-z]+/g).map(node);
}

/** Make an HTML element with a text. */
export function makeHtml(tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}
