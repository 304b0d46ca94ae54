/** SVG elements from items [tag, attributes, text]; the text may be a list of parts [text, fill]. */

const SVG = "http://www.w3.org/2000/svg";
/** The halo, with its colour, of texts that lines may pass below. */
const HALO = { "stroke-width": "0.3em", "paint-order": "stroke" };

/** Create the element of an item. */
export function makeElement([tag, attributes, text]) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) write(element, text);
  return element;
}

function write(element, text) {
  if (Array.isArray(text)) element.replaceChildren(...text.map(([part, fill]) => makeElement(["tspan", { fill }, part])));
  else element.textContent = text;
}

/** The elements of a list of items in one parent; only what differs from the list before is changed. */
export class ElementList {
  #shown = [];

  constructor(parent) {
    this.parent = parent;
  }

  /** Show exactly these items. */
  show(items) {
    items.forEach((item, index) => this.#set(index, item));
    for (const { element } of this.#shown.splice(items.length)) element.remove();
  }

  #set(index, item) {
    const shown = this.#shown[index];
    if (!shown || shown.item[0] !== item[0]) {
      const element = makeElement(item);
      if (shown) shown.element.replaceWith(element);
      else this.parent.append(element);
      this.#shown[index] = { element, item };
      return;
    }
    for (const [name, value] of Object.entries(item[1])) {
      if (shown.item[1][name] !== value) shown.element.setAttribute(name, value);
    }
    for (const name of Object.keys(shown.item[1])) {
      if (!(name in item[1])) shown.element.removeAttribute(name);
    }
    if (String(shown.item[2]) !== String(item[2])) write(shown.element, item[2] ?? "");
    shown.item = item;
  }
}

/** Return the items of the placed texts that a frame shows: those of its tab and of tabs before, and of its moment. */
export function textItems(layout, frame, theme) {
  const shown = layout.texts.filter(({ tab = 0 }) => tab <= frame.tab);
  const isCrossed = ({ style }) => style === "bracket" && frame.guides.length;
  const halo = (text) => (isCrossed(text) ? { stroke: theme.background, ...HALO } : {});
  return shown.map((text) => textItem(text.inMoments?.[frame.moment] ?? text, theme, halo(text)));
}

function textItem({ text, style, face, ink, x, baseline, px }, theme, halo) {
  const fill = { text: theme.text, muted: theme.muted }[ink] ?? theme.badges[ink] ?? theme.text;
  const font = { "font-size": px, "font-weight": face.endsWith("bold") ? 700 : 400 };
  return ["text", { x, y: baseline, ...font, ...halo, fill, class: style.replace(" ", "-") }, text];
}
