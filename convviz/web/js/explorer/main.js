/** The listeners of the explorer page: controls, keys, the pointer and the window. */

import { copy, hasAddress, savePicture } from "./download.js";
import { Explorer } from "./explorer.js";
import { addressOf, stateOf } from "./state.js";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Handle a key: on the picture it moves between cells or types a value, elsewhere it plays; fields keep theirs. */
function handleKey(explorer, event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const { key, target } = event;
  const { pinnedCell, story, parts } = explorer;
  const isOnPicture = target === parts.picture && explorer.lazyScene;
  if (isOnPicture && /^[-.\d]$/.test(key)) return void pinnedCell.edit();
  if (isOnPicture && ARROWS[key]) pinnedCell.move(...ARROWS[key]);
  else if (isOnPicture && key === "Enter") pinnedCell.edit();
  else if (key === "Escape") leave(explorer);
  else if (target === parts.value && key === "Enter") parts.picture.focus();
  else if (target.closest("input, select, button, textarea, pre")) return;
  else if (key === " ") story.toggle();
  else if (key === "ArrowLeft" || key === "ArrowRight") story.moveBy(key === "ArrowRight" ? 1 : -1);
  else return;
  event.preventDefault();
}

/** Leave the field for the picture, or unpin the cell. */
function leave({ parts, pinnedCell }) {
  if (document.activeElement === parts.value) parts.picture.focus();
  else pinnedCell.set(null);
}

function listenToControls(explorer) {
  const { parts, story } = explorer;
  parts.controls.addEventListener("input", ({ target }) => {
    const changes = target.changes?.(explorer.state);
    if (changes) explorer.set(changes);
  });
  const newValues = () => ({ seed: explorer.state.seed + 1, x: null, w: null, dy: null });
  parts.random.addEventListener("click", () => explorer.set(newValues(), false));
  parts.views.addEventListener("change", ({ target }) => explorer.set({ view: target.value }));
  parts.previous.addEventListener("click", () => story.moveBy(-1));
  parts.next.addEventListener("click", () => story.moveBy(1));
  parts.play.addEventListener("click", () => story.toggle());
  parts.scrub.addEventListener("input", () => story.goTo(Number(parts.scrub.value)));
  parts.speed.addEventListener("change", () => story.playback.setSpeed(Number(parts.speed.value)));
  parts.theme.addEventListener("click", () => explorer.switchTheme());
}

function listenToPicture({ parts, pinnedCell, painter }) {
  parts.picture.addEventListener("pointermove", (event) => pinnedCell.hover(painter.cellAt(event)));
  parts.picture.addEventListener("pointerleave", () => pinnedCell.hover(null));
  parts.picture.addEventListener("click", (event) => pinnedCell.set(painter.cellAt(event)));
  parts.value.addEventListener("input", () => pinnedCell.applyTyped());
  parts.value.addEventListener("focus", () => parts.value.select());
  parts.value.addEventListener("blur", () => pinnedCell.editor.reset());
}

function listenToDownloads(explorer) {
  const { parts } = explorer;
  const address = () => `${location.href.split("#")[0]}#${addressOf(explorer.state)}`;
  const save = (kind) => explorer.lazyScene && savePicture(parts.picture, explorer.layout, explorer.theme, { kind });
  parts.codes.addEventListener("change", () => {
    explorer.showCode();
    parts.command.scrollIntoView({ block: "nearest" });
  });
  parts.copy.addEventListener("click", () => copy(parts.command.textContent, parts.copy));
  parts.share.hidden = !hasAddress();
  parts.share.addEventListener("click", () => copy(address(), parts.share));
  parts.svg.addEventListener("click", () => save("svg"));
  parts.png.addEventListener("click", () => save("png"));
}

function listenToWindow(explorer) {
  document.addEventListener("keydown", (event) => handleKey(explorer, event));
  document.addEventListener("visibilitychange", () => explorer.story.playback.wait());
  explorer.prefersDark.addEventListener("change", () => explorer.followSystemTheme());
  addEventListener("hashchange", ({ newURL }) => explorer.set(stateOf(new URL(newURL).hash, explorer.start), false));
  let request = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(request);
    request = requestAnimationFrame(() => explorer.resize());
  });
}

const data = JSON.parse(document.getElementById("convviz-start").textContent);
const explorer = new Explorer(data, {
  prefersDark: matchMedia("(prefers-color-scheme: dark)"),
  prefersReducedMotion: matchMedia("(prefers-reduced-motion: reduce)"),
});
for (const listen of [listenToControls, listenToPicture, listenToDownloads, listenToWindow]) listen(explorer);
window.explorer = explorer;
document.documentElement.dataset.ready = "true";
