/** The player's listeners and keys. */

import { dark, Player } from "./player.js";

/** What a key does; form fields and focused buttons keep theirs. */
function onKey(player, event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  const field = event.target.closest("input, select, textarea, [contenteditable]");
  if (field && !(field.type === "range" && event.key === " ")) return;
  if (event.key === " " && event.target.closest("button")) return;
  const { at, last } = player;
  const moves = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
  if (event.key === " ") player.toggle();
  else if (event.key in moves) player.go(moves[event.key]);
  else return;
  event.preventDefault();
}

function listen(player) {
  const { first, back, play, forth, end, scrub, speed, theme } = player.parts;
  first.addEventListener("click", () => player.go(0));
  back.addEventListener("click", () => player.go(player.at - 1));
  play.addEventListener("click", () => player.toggle());
  forth.addEventListener("click", () => player.go(player.at + 1));
  end.addEventListener("click", () => player.go(player.last));
  scrub.addEventListener("input", () => player.go(Number(scrub.value)));
  speed.addEventListener("change", () => player.setSpeed(Number(speed.value)));
  theme.addEventListener("click", () => player.switchTheme());
  document.addEventListener("keydown", (event) => onKey(player, event));
  document.addEventListener("visibilitychange", () => player.wait());
  dark.addEventListener("change", () => player.chosen || player.setTheme(player.preferred()));
  addEventListener("hashchange", () => player.asked() !== null && player.go(player.asked()));
  let request = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(request);
    request = requestAnimationFrame(() => player.fit());
  });
}

const player = new Player(JSON.parse(document.getElementById("convviz-scene").textContent));
listen(player);
player.start();
