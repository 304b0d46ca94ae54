/** Elements of an SVG, changed only where they differ. */

const SVG = "http://www.w3.org/2000/svg";

/** An element that shows `item`; every item is [tag, attributes, text]. */
export function element([tag, attributes, text]) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Elements in one parent that follow a list of items: those that stay the same are not touched. */
export class Layer {
  constructor(parent) {
    this.parent = parent;
    this.shown = [];
  }

  /** Show exactly these items. */
  show(items) {
    items.forEach((item, index) => this.#set(index, item));
    for (const { made } of this.shown.splice(items.length)) made.remove();
  }

  #set(index, item) {
    const held = this.shown[index];
    if (!held || held.item[0] !== item[0]) {
      const made = element(item);
      if (held) held.made.replaceWith(made);
      else this.parent.append(made);
      this.shown[index] = { made, item };
      return;
    }
    for (const [name, value] of Object.entries(item[1])) {
      if (held.item[1][name] !== value) held.made.setAttribute(name, value);
    }
    for (const name of Object.keys(held.item[1])) {
      if (!(name in item[1])) held.made.removeAttribute(name);
    }
    if (held.item[2] !== item[2]) held.made.textContent = item[2];
    held.item = item;
  }
}

/** A text between the panels. */
export function wordsItem({ text, style, face, ink, x, baseline, px }, theme) {
  const fill = { text: theme.text, muted: theme.muted }[ink] ?? theme.badges[ink] ?? theme.text;
  const weight = face.endsWith("bold") ? 700 : 400;
  const look = { "font-size": px, "font-weight": weight, fill, class: style.replace(" ", "-") };
  return ["text", { x, y: baseline, ...look }, text];
}
