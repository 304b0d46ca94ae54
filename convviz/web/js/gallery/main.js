/** The gallery page: filter, playback and address, and its listeners. */

import { copy } from "../explorer/download.js";
import { addressOf, filterOf, matches } from "./filter.js";
import { HoverPlayback } from "./hover_playback.js";

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const form = part("filters");
const cards = [...document.querySelectorAll(".card")].map((element) => ({
  element,
  kind: element.dataset.kind,
  view: element.dataset.view,
  text: `${element.id} ${element.dataset.kind} ${element.textContent}`.toLowerCase(),
}));
const known = { kind: new Set(cards.map(({ kind }) => kind)), view: new Set(cards.map(({ view }) => view)) };
const playback = new HoverPlayback();

/** Show the cards that match a filter. */
function show(filter) {
  let count = 0;
  for (const card of cards) {
    const isShown = matches(card, filter);
    card.element.hidden = !isShown;
    count += isShown;
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector(".card:not([hidden])");
  }
  part("nothing").hidden = count > 0;
  part("reset").hidden = count === cards.length;
  part("found").textContent = count === cards.length ? `${count} in all` : `${count} of ${cards.length}`;
}

/** Apply the filter of the address, or scroll to the card that it names. */
function followAddress() {
  const filter = filterOf(location.hash.slice(1), known);
  form.elements.q.value = filter.q;
  form.elements.view.value = filter.view;
  form.elements.kind.value = filter.kind;
  show(filter);
  const named = cards.find(({ element }) => `#${element.id}` === location.hash);
  named?.element.scrollIntoView(); // some browsers scroll before the card is shown
}

/** Apply the filter of the form. */
function applyForm() {
  const filter = filterOf(new URLSearchParams(new FormData(form)).toString(), known);
  const address = addressOf(filter);
  history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search);
  show(filter);
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "1" : prefersDark.matches;
}

function listen() {
  form.addEventListener("input", applyForm);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    setTimeout(applyForm);
    form.elements.q.focus();
  });
  addEventListener("hashchange", followAddress);
  part("theme").addEventListener("click", () => (document.documentElement.dataset.theme = isDark() ? 0 : 1));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && playback.stopAll());
  for (const { element } of cards) {
    const button = element.querySelector(".copy");
    button.addEventListener("click", async () => {
      await copy(element.querySelector("code").textContent, button);
      part("live").textContent = button.dataset.done;
    });
    for (const hidden of element.querySelectorAll("button[hidden]")) hidden.hidden = false;
    playback.listen(element);
  }
}

listen();
form.hidden = false;
part("theme").hidden = false;
followAddress();
document.documentElement.dataset.ready = "true";
