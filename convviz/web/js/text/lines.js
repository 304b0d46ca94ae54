/** Lines of text that can say the same in less room: the twin of convviz/phrases.py. */

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
export function longest(line) {
  return characters(line.variants ? line.variants[0] : equation(line, line.terms.length));
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
