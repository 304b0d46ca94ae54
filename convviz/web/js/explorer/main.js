/** The explorer's listeners: controls, keys, the pointer and the window. The only file that has any. */

import { copy, savePicture } from "./download.js";
import { Explorer } from "./explorer.js";
import { addressOf, stateOf } from "./state.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Keys on the picture move from cell to cell and type values, elsewhere they play; fields keep theirs. */
function onKey(explorer, event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const { key, target } = event;
  const { pin, playback, parts } = explorer;
  const onPicture = target === parts.picture && pin.isOffered;
  if (onPicture && /^[-.\d]$/.test(key)) return void pin.type();
  if (onPicture && ARROWS[key]) pin.move(...ARROWS[key]);
  else if (onPicture && key === "Enter") pin.type();
  else if (key === "Escape") leave(explorer);
  else if (target === parts.value && key === "Enter") parts.picture.focus();
  else if (target.closest("input, select, button, textarea, pre")) return;
  else if (key === " ") playback.toggle();
  else if (key === "ArrowLeft" || key === "ArrowRight") playback.move(key === "ArrowRight" ? 1 : -1);
  else return;
  event.preventDefault();
}

/** Leave the field for the picture, or the pinned cell. */
function leave({ parts, pin }) {
  if (document.activeElement === parts.value) parts.picture.focus();
  else pin.set(null);
}

function listenToControls(explorer) {
  const { parts, playback } = explorer;
  parts.controls.addEventListener("input", ({ target }) => {
    const changes = target.changes?.(explorer.state);
    if (changes) explorer.set(changes);
  });
  const others = () => ({ seed: explorer.state.seed + 1, x: null, w: null });
  parts.random.addEventListener("click", () => explorer.set(others(), false));
  parts.tabs_view.addEventListener("change", ({ target }) => explorer.set({ view: target.value }));
  parts.back.addEventListener("click", () => playback.move(-1));
  parts.forth.addEventListener("click", () => playback.move(1));
  parts.play.addEventListener("click", () => playback.toggle());
  parts.scrub.addEventListener("input", () => playback.go(Number(parts.scrub.value)));
  parts.speed.addEventListener("change", () => playback.wait());
  parts.theme.addEventListener("click", () => explorer.switchTheme());
}

function listenToPicture({ parts, pin, painting }) {
  parts.picture.addEventListener("pointermove", (event) => pin.hover(painting.at(event)));
  parts.picture.addEventListener("pointerleave", () => pin.hover(null));
  parts.picture.addEventListener("click", (event) => pin.set(painting.at(event)));
  parts.value.addEventListener("input", () => pin.take());
  parts.value.addEventListener("focus", () => parts.value.select());
  parts.value.addEventListener("blur", () => pin.editor.reset());
}

function listenToTaking(explorer) {
  const { parts } = explorer;
  const address = () => `${location.href.split("#")[0]}#${addressOf(explorer.state)}`;
  const save = (kind) => explorer.film && savePicture(parts.picture, explorer.sheet, explorer.theme, { kind });
  parts.codes.addEventListener("change", () => {
    explorer.showCode();
    parts.command.scrollIntoView({ block: "nearest" });
  });
  parts.copy.addEventListener("click", () => copy(parts.command.textContent, parts.copy));
  parts.share.addEventListener("click", () => copy(address(), parts.share));
  parts.svg.addEventListener("click", () => save("svg"));
  parts.png.addEventListener("click", () => save("png"));
}

function listenToWindow(explorer) {
  document.addEventListener("keydown", (event) => onKey(explorer, event));
  document.addEventListener("visibilitychange", () => explorer.playback.wait());
  dark.addEventListener("change", () => {
    if (!explorer.chosen) explorer.setTheme(explorer.themes[dark.matches ? explorer.themes.length - 1 : 0]);
  });
  addEventListener("hashchange", ({ newURL }) => explorer.set(stateOf(new URL(newURL).hash, explorer.start), false));
  let request = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(request);
    request = requestAnimationFrame(() => explorer.resize());
  });
}

const explorer = new Explorer(JSON.parse(document.getElementById("convviz-start").textContent), dark.matches);
for (const listen of [listenToControls, listenToPicture, listenToTaking, listenToWindow]) listen(explorer);
window.explorer = explorer;
document.documentElement.dataset.ready = "true";
