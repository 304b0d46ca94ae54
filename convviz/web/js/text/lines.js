/** Lines of text with shorter variants, and the inks of their parts; twin of convviz/text/lines.py. */

/** The result of an equation that is not known yet. */
export const UNKNOWN = "?";
const BIAS = " (bias)";
const INK_OF_LETTER = { x: "input", w: "kernel", y: "output" };
const INK_OF_GRADIENT = { dx: "input", dw: "kernel", db: "kernel", dy: "output" };
const INK_OF_SYMBOL = { ...INK_OF_LETTER, i: "input", k: "kernel", b: "kernel", o: "output", ...INK_OF_GRADIENT };
const NAMED_CELL = /\b(?:dL\/d)?([xwy])\[[^\]]*\](?:( [=≈] )([−\d][^\s,;:]*))?/g;

/** Make a formula: label = symbols = filled = value (note); a rule has symbols alone. */
export function makeFormula(label, symbols, filled = "", value = "", note = "") {
  return { label, symbols, filled, value, note };
}

/** Make a sum: left = term + term + … relation right; `inks` are those of the factors of each term. */
export function makeEquation(left, terms, right, relation, inks = ["input", "kernel"]) {
  return { left, terms, right, relation, joint: " + ", opening: "", closing: "", inks };
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
  if (!line.variants) return equationText(line, fittingTerms(line, length));
  return line.variants.find((text) => characterCount(text) <= length) ?? line.variants.at(-1);
}

/** Return the line of `fitLine` in parts {text, ink, bold}: values and cells have the ink of the array they are in. */
export function lineRuns(line, length) {
  const runs = line.variants ? sentenceRuns(fitLine(line, length)) : equationRuns(line, fittingTerms(line, length));
  return runs.map(([text, ink = "text", bold = false]) => ({ text, ink, bold })).filter(({ text }) => text);
}

/** Return the ink of a symbol of a formula, or undefined for that of the formula. */
export function symbolInk(symbol) {
  return INK_OF_SYMBOL[symbol];
}

function sentenceRuns(text) {
  const runs = [];
  let done = 0;
  for (const { 0: cell, 1: letter, 3: value = "", index } of text.matchAll(NAMED_CELL)) {
    const name = cell.slice(0, cell.length - value.length);
    runs.push([text.slice(done, index)], [name, INK_OF_LETTER[letter]], [value, INK_OF_LETTER[letter], true]);
    done = index + cell.length;
  }
  return [...runs, [text.slice(done)]];
}

function equationRuns({ left, right, relation, joint, opening, closing, inks }, terms) {
  const [, letter] = [...left.matchAll(NAMED_CELL)][0] ?? [];
  const ink = INK_OF_LETTER[letter] ?? INK_OF_GRADIENT[left.replace("dL/", "")];
  const result = [right, ink, true];
  if (!terms.length) return [[`${left} ${relation} `, ink], result];
  const summands = terms.flatMap((term, index) => [[index ? joint : opening], ...termRuns(term, inks)]);
  return [[`${left} = `, ink], ...summands, [`${closing} ${relation} `], result];
}

function termRuns(term, inks) {
  if (term.endsWith(BIAS)) return [[term.slice(0, -BIAS.length), "kernel", true], [BIAS, "kernel"]];
  if (term === "…" || !inks.length) return [[term]];
  return term.split("·").flatMap((factor, index) => [[index ? "·" : ""], [factor, inks[index], true]]);
}

/** Count the characters of the shortest variant. */
export function shortestLength(line) {
  if (!line.variants) return characterCount(resultText(line));
  return Math.min(...line.variants.map(characterCount));
}

/** Count the characters of the whole line. */
export function fullLength(line) {
  return characterCount(line.variants ? line.variants[0] : equationText(line, line.terms));
}

/** The terms of the longest variant of an equation of at most `length` characters; none if none is so short. */
function fittingTerms(line, length) {
  for (let count = line.terms.length; count >= 0; count--) {
    const terms = shownTerms(line.terms, count);
    if (characterCount(equationText(line, terms)) <= length) return terms;
  }
  return [];
}

/** `count` of the terms; an ellipsis replaces the others. */
function shownTerms(terms, count) {
  if (count === terms.length) return terms;
  return [...terms.slice(0, Math.max(count - 1, 0)), "…", ...terms.slice(terms.length - Math.min(count, 1))];
}

function equationText({ left, right, relation, joint, opening, closing }, terms) {
  const start = terms.length ? `${left} = ${opening}${terms.join(joint)}${closing}` : left;
  return `${start} ${relation} ${right}`;
}

function resultText({ left, relation, right }) {
  return `${left} ${relation} ${right}`;
}

function characterCount(text) {
  return [...text].length;
}
