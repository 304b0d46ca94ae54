/** Setting type: sizes of text styles for a page, widths, and wrapping. */

const ASCENT = 0.93;
const DESCENT = 0.24;
export const CAPITALS = 0.73;
/** Height of a text above its baseline, and from one baseline to the next. */
export const above = (px) => Math.ceil(ASCENT * px);
export const leading = (px) => above(px) + Math.ceil(DESCENT * px);

/** Fonts at the sizes of one page. */
export class Type {
  /**
   * `unit` is 1 for the 1280×720 design and `least` the smallest size of a text; `texts` are styles by name,
   * {face, size, ink}; `measure(text, face)` is the width of a text whose size is 1.
   */
  constructor({ unit, least, texts, measure }) {
    Object.assign(this, { unit, least, texts });
    this.known = new Map();
    this.broken = new Map();
    this.measure = measure;
  }

  /** A length of the design on this page. */
  scaled(length) {
    return Math.round(length * this.unit);
  }

  /** Size of a text style in pixels. */
  px(style) {
    return Math.max(this.least, this.scaled(this.texts[style].size));
  }

  /** Width of a text in whole pixels. */
  wide(text, style, px = this.px(style)) {
    const { face } = this.texts[style];
    const widths = remembered(this.known, face, () => new Map());
    return Math.ceil(remembered(widths, text, () => this.measure(text, face)) * px);
  }

  /** A placed text with its left edge at `x`. */
  text(text, style, x, baseline, { ink = this.texts[style].ink, px = this.px(style) } = {}) {
    const { face } = this.texts[style];
    return { text, style, face, ink, x, baseline, px, width: this.wide(text, style, px) };
  }

  /** `text` in lines of at most `limit` pixels; a longer word keeps a line of its own. */
  wrapped(text, style, limit) {
    return remembered(this.broken, `${style} ${limit} ${text}`, () => this.#broken(text, style, limit));
  }

  #broken(text, style, limit) {
    const lines = [];
    for (const word of text.split(" ")) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && this.wide(longer, style) <= limit) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }
}

/** What `known` holds for a key, made when first asked for. */
function remembered(known, key, make) {
  let found = known.get(key);
  if (found === undefined) known.set(key, (found = make()));
  return found;
}
