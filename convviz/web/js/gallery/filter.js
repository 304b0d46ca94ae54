/** The filter of a gallery, {kind, view, q}, and its address. */

const LONGEST_QUERY = 80;

/** Return the filter of an address; values that are not `known` are empty, which matches everything. */
export function filterOf(address, known) {
  const parameters = new URLSearchParams(address);
  const knownValue = (name) => (known[name].has(parameters.get(name)) ? parameters.get(name) : "");
  const query = (parameters.get("q") ?? "").slice(0, LONGEST_QUERY);
  return { kind: knownValue("kind"), view: knownValue("view"), q: query };
}

/** Return the address of a filter without its #. */
export function addressOf(filter) {
  return new URLSearchParams(Object.entries(filter).filter(([, value]) => value)).toString();
}

/** Whether a card matches: its kind, its view, and every word of the query. */
export function matches(card, { kind, view, q }) {
  const words = q.toLowerCase().split(/\s+/);
  const isChosen = (!kind || card.kind === kind) && (!view || card.view === view);
  return isChosen && words.every((word) => card.text.includes(word));
}
