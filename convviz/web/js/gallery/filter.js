/** What a gallery is asked for, {kind, view, q}, and the address that says it. */

const LONGEST = 80;

/** The state that an address says; what it does not say, or says wrongly, asks for all. */
export function stateOf(address, known) {
  const said = new URLSearchParams(address);
  const one = (name) => (known[name].has(said.get(name)) ? said.get(name) : "");
  return { kind: one("kind"), view: one("view"), q: (said.get("q") ?? "").slice(0, LONGEST) };
}

/** The address of a state, without its #. */
export function addressOf(state) {
  return new URLSearchParams(Object.entries(state).filter(([, value]) => value)).toString();
}

/** Whether a card is asked for: its kind, its view, and every word. */
export function matches(card, { kind, view, q }) {
  const words = q.toLowerCase().split(/\s+/);
  return (!kind || card.kind === kind) && (!view || card.view === view) && words.every((word) => card.words.includes(word));
}
