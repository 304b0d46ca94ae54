/** Values as Python's repr writes them, for sentences of errors. */

/** A value as Python's repr writes it: numbers, strings, lists, True, False and None. */
export function represented(value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(value);
  return Array.isArray(value) ? `[${value.map(represented).join(", ")}]` : quoted(String(value));
}

/** Values as Python's repr writes a tuple. */
export function tupled(values) {
  return `(${values.map(represented).join(", ")}${values.length === 1 ? "," : ""})`;
}

function quoted(text) {
  const safe = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r");
  return safe.includes("'") && !safe.includes('"') ? `"${safe}"` : `'${safe.replaceAll("'", "\\'")}'`;
}

function numberText(number) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
  if (number === 0 || Math.abs(number) >= 1e-4) return String(number);
  return number.toExponential().replace(/e-(\d)$/, "e-0$1");
}
