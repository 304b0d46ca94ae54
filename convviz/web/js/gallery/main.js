/** The gallery: what is shown, what plays, and what the address says. The only file of the page with listeners. */

import { copy } from "../explorer/download.js";
import { addressOf, matches, stateOf } from "./filter.js";
import { Stage } from "./hover_playback.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const form = part("filters");

const cards = [...document.querySelectorAll(".card")].map((element) => ({
  element,
  kind: element.dataset.kind,
  view: element.dataset.view,
  words: `${element.id} ${element.dataset.kind} ${element.textContent}`.toLowerCase(),
}));

const known = { kind: new Set(cards.map(({ kind }) => kind)), view: new Set(cards.map(({ view }) => view)) };
const stage = new Stage();

/** Show the cards that a state asks for. */
function show(state) {
  let count = 0;
  for (const card of cards) {
    const fits = matches(card, state);
    card.element.hidden = !fits;
    count += fits;
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector(".card:not([hidden])");
  }
  part("nothing").hidden = count > 0;
  part("reset").hidden = count === cards.length;
  part("found").textContent = count === cards.length ? `${count} in all` : `${count} of ${cards.length}`;
}

function asked() {
  return stateOf(new URLSearchParams(new FormData(form)).toString(), known);
}

/** Show what the address says: a filter, or a card by its name. */
function follow() {
  const state = stateOf(location.hash.slice(1), known);
  form.elements.q.value = state.q;
  form.elements.view.value = state.view;
  form.elements.kind.value = state.kind;
  show(state);
  const named = cards.find(({ element }) => `#${element.id}` === location.hash);
  named?.element.scrollIntoView(); // some browsers look for it while it is still hidden
}

function choose() {
  const state = asked();
  const address = addressOf(state);
  history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search);
  show(state);
}

function setTheme(number) {
  document.documentElement.dataset.theme = number;
}

function listen() {
  form.addEventListener("input", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    setTimeout(choose);
    form.elements.q.focus();
  });
  addEventListener("hashchange", follow);
  part("theme").addEventListener("click", () => setTheme(isDark() ? 0 : 1));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && stage.stopAll());
  for (const { element } of cards) {
    const button = element.querySelector(".copy");
    button.addEventListener("click", async () => {
      await copy(element.querySelector("code").textContent, button);
      part("live").textContent = button.dataset.done;
    });
    for (const hidden of element.querySelectorAll("button[hidden]")) hidden.hidden = false;
    stage.listen(element);
  }
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "1" : dark.matches;
}

listen();
form.hidden = false;
part("theme").hidden = false;
follow();
document.documentElement.dataset.ready = "true";
