/** Lines of text with shorter variants: formulas, equations and sentences; twin of convviz/text/lines.py. */

/** Make a formula: label = symbols = filled = value (note); a rule has symbols alone. */
export function makeFormula(label, symbols, filled = "", value = "", note = "") {
  return { label, symbols, filled, value, note };
}

/** Make a sum: left = term + term + … relation right. */
export function makeEquation(left, terms, right, relation) {
  return { left, terms, right, relation, joint: " + ", opening: "", closing: "" };
}

/** Make a sentence from its variants, longest first. */
export function makeSentence(...variants) {
  return { variants };
}

/** List the variants of a formula, from the whole line to the value alone. */
export function formulaVariants({ label, symbols, filled, value, note }) {
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

/** Return the longest variant of an equation or a sentence with at most `length` characters, or the shortest one. */
export function fitLine(line, length) {
  const fits = (text) => characterCount(text) <= length;
  if (line.variants) return line.variants.find(fits) ?? line.variants.at(-1);
  for (let count = line.terms.length; count >= 0; count--) {
    const text = equationText(line, count);
    if (fits(text)) return text;
  }
  return resultText(line);
}

/** Count the characters of the shortest variant. */
export function shortestLength(line) {
  if (!line.variants) return characterCount(resultText(line));
  return Math.min(...line.variants.map(characterCount));
}

/** Count the characters of the whole line. */
export function fullLength(line) {
  return characterCount(line.variants ? line.variants[0] : equationText(line, line.terms.length));
}

/** An equation with `count` of its terms; an ellipsis replaces the others. */
function equationText({ left, terms, right, relation, joint, opening, closing }, count) {
  let shown = terms;
  if (count < terms.length) {
    shown = [...terms.slice(0, Math.max(count - 1, 0)), "…", ...terms.slice(terms.length - Math.min(count, 1))];
  }
  const start = shown.length ? `${left} = ${opening}${shown.join(joint)}${closing}` : left;
  return `${start} ${relation} ${right}`;
}

function resultText({ left, relation, right }) {
  return `${left} ${relation} ${right}`;
}

function characterCount(text) {
  return [...text].length;
}
