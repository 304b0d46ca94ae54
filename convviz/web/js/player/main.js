/** The listeners of the player page. */

import { Player } from "./player.js";

/** Handle a key; form fields and focused buttons keep theirs. */
function handleKey(player, event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  const field = event.target.closest("input, select, textarea, [contenteditable]");
  if (field && !(field.type === "range" && event.key === " ")) return;
  if (event.key === " " && event.target.closest("button")) return;
  const { at, last } = player;
  const targets = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
  if (event.key === " ") player.playback.toggle();
  else if (event.key in targets) player.goTo(targets[event.key]);
  else return;
  event.preventDefault();
}

function listen(player) {
  const { parts, playback } = player;
  parts.first.addEventListener("click", () => player.goTo(0));
  parts.previous.addEventListener("click", () => player.goTo(player.at - 1));
  parts.play.addEventListener("click", () => playback.toggle());
  parts.next.addEventListener("click", () => player.goTo(player.at + 1));
  parts.last.addEventListener("click", () => player.goTo(player.last));
  parts.scrub.addEventListener("input", () => player.goTo(Number(parts.scrub.value)));
  parts.speed.addEventListener("change", () => playback.setSpeed(Number(parts.speed.value)));
  parts.theme.addEventListener("click", () => player.switchTheme());
  document.addEventListener("keydown", (event) => handleKey(player, event));
  document.addEventListener("visibilitychange", () => playback.wait());
  player.prefersDark.addEventListener("change", () => player.followSystemTheme());
  addEventListener("hashchange", () => player.followAddress());
  let request = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(request);
    request = requestAnimationFrame(() => player.fit());
  });
}

const player = new Player(JSON.parse(document.getElementById("convviz-scene").textContent), {
  prefersDark: matchMedia("(prefers-color-scheme: dark)"),
  prefersReducedMotion: matchMedia("(prefers-reduced-motion: reduce)"),
});
listen(player);
player.start();
