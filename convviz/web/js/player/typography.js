/** Font sizes, text widths and line breaks of a page. */

const ASCENT = 0.93;
const DESCENT = 0.24;
/** Height of capital letters and digits as a share of the font size. */
export const CAP_HEIGHT = 0.73;
/** Return the height of a text above its baseline. */
export const ascent = (px) => Math.ceil(ASCENT * px);
/** Return the distance from one baseline to the next. */
export const lineHeight = (px) => ascent(px) + Math.ceil(DESCENT * px);

/** The text styles of a page in pixels. */
export class Typography {
  #widths = new Map();
  #lines = new Map();

  /**
   * `unit` is 1 for the 1280×720 design, `least` the smallest font size in pixels. `texts` holds styles by name,
   * {face, size, ink}; `measure(text, face)` is the width of a text with font size 1.
   */
  constructor({ unit, least, texts, measure }) {
    Object.assign(this, { unit, least, texts, measure });
  }

  /** Convert a length of the design to pixels. */
  scaled(length) {
    return Math.round(length * this.unit);
  }

  /** Return the font size of a text style. */
  fontSize(style) {
    return Math.max(this.least, this.scaled(this.texts[style].size));
  }

  /** Return the width of a text in whole pixels. */
  width(text, style, px = this.fontSize(style)) {
    const { face } = this.texts[style];
    return Math.ceil(cached(this.#widths, `${face} ${text}`, () => this.measure(text, face)) * px);
  }

  /** Return a text placed with its left edge at `x`. */
  placedText(text, style, x, baseline, { ink = this.texts[style].ink, px = this.fontSize(style) } = {}) {
    const { face } = this.texts[style];
    return { text, style, face, ink, x, baseline, px, width: this.width(text, style, px) };
  }

  /** Break a text into lines of at most `limit` pixels; a longer word has a line of its own. */
  wrap(text, style, limit) {
    return cached(this.#lines, `${style} ${limit} ${text}`, () => this.#wrap(text, style, limit));
  }

  #wrap(text, style, limit) {
    const lines = [];
    for (const word of text.split(" ")) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && this.width(longer, style) <= limit) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }
}

function cached(results, key, compute) {
  let result = results.get(key);
  if (result === undefined) results.set(key, (result = compute()));
  return result;
}
