/** Values as Python's repr writes them, for error messages. */

/** Format a number, string, list, boolean or null. */
export function pythonRepr(value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberRepr(value);
  return Array.isArray(value) ? `[${value.map(pythonRepr).join(", ")}]` : stringRepr(String(value));
}

/** Format values as a tuple. */
export function tupleRepr(values) {
  return `(${values.map(pythonRepr).join(", ")}${values.length === 1 ? "," : ""})`;
}

function stringRepr(text) {
  const safe = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r");
  return safe.includes("'") && !safe.includes('"') ? `"${safe}"` : `'${safe.replaceAll("'", "\\'")}'`;
}

function numberRepr(number) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
  if (number === 0 || Math.abs(number) >= 1e-4) return String(number);
  return number.toExponential().replace(/e-(\d)$/, "e-0$1");
}
