/** Lines of text that can say the same in less room: the twin of convviz/phrases.py. */

const FEW = 48;

/** A formula from the whole line to its bare result; a rule is only itself. */
export function variants({ label, symbols, filled, value, note }) {
  if (!value) return [symbols];
  const tail = note ? `${value} (${note})` : value;
  return [
    `${label} = ${symbols} = ${filled} = ${tail}`,
    `${label} = ${symbols} = ${tail}`,
    `${label} = ${symbols} = ${value}`,
    `${label} = ${tail}`,
    `${label} = ${value}`,
  ];
}

/** An equation or a sentence in at most `length` characters where possible. */
export function fitted(line, length) {
  const fits = (text) => characters(text) <= length;
  if (line.variants) return line.variants.find(fits) ?? line.variants.at(-1);
  for (let kept = line.terms.length; kept >= 0; kept--) {
    const text = equation(line, kept);
    if (fits(text)) return text;
  }
  return bare(line);
}

/** Characters of the shortest way to say a line. */
export function shortest(line) {
  if (!line.variants) return characters(bare(line));
  return Math.min(...line.variants.map(characters));
}

/** Characters of a line in full. */
function longest(line) {
  return characters(line.variants ? line.variants[0] : equation(line, line.terms.length));
}

/**
 * How large the lines of all frames can be set: {px, length, rows}; `advance(px)` is the width of a character.
 * A smaller size comes before another row, but no size below three quarters of `largest` where rows can help. Where a
 * row holds few characters there are two for lines that would have to be shortened.
 */
export function lineSize(lines, width, largest, least, advance) {
  const most = (count) => lines.reduce((found, line) => Math.max(found, count(line)), 0);
  const needed = most(shortest);
  const held = (px, rows) => Math.max(1, Math.floor(width / advance(px)) * rows - (rows - 1) * 8);
  const few = held(largest, 1) < FEW && most(longest) > held(largest, 1);
  for (let rows = few ? 2 : 1; rows <= 3; rows++) {
    for (let px = largest; px >= Math.max(least, Math.floor(largest * 0.75)); px--) {
      if (held(px, rows) >= needed) return { px, length: held(px, rows), rows };
    }
  }
  return { px: least, length: held(least, 4), rows: 4 };
}

function equation({ left, terms, right, relation, joint, opening, closing }, kept) {
  let shown = terms;
  if (kept < terms.length) {
    shown = [...terms.slice(0, Math.max(kept - 1, 0)), "…", ...terms.slice(terms.length - Math.min(kept, 1))];
  }
  const start = shown.length ? `${left} = ${opening}${shown.join(joint)}${closing}` : left;
  return `${start} ${relation} ${right}`;
}

function bare({ left, relation, right }) {
  return `${left} ${relation} ${right}`;
}

function characters(text) {
  return [...text].length;
}
