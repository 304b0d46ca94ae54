"""The player glides from step to step where motion is welcome, and jumps where it is not."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from convviz import Conv, animate
from convviz.style.theme import LIGHT
from convviz.web.pages import player
from tests.web.browser import visit

WATCH = """() => new Promise((done) => {
  const seen = [];
  const look = () => {
    const { dataset } = document.querySelector("[data-part=picture]");
    const windows = [...document.querySelectorAll('.over rect[stroke="WINDOW"]')];
    const x = Math.min(...windows.map((one) => Number(one.getAttribute("x"))));
    seen.push([Number(dataset.frame), x]);
    if (Number(dataset.frame) === 3) done(seen);
    else requestAnimationFrame(look);
  };
  document.querySelector("[data-part=first]").click();
  document.querySelector("[data-part=play]").click();
  look();
})""".replace("WINDOW", LIGHT.window)


@pytest.mark.parametrize("less_motion", [False, True])
def test_the_window_glides_unless_less_motion_is_preferred(
    less_motion: bool, chromium: Browser, tmp_path: Path
) -> None:
    scene = animate(Conv((3, 6), 3), pace="even", motion="smooth", step=0.6, hold=0).scene
    path = tmp_path / "page.html"
    path.write_text(player(scene, (LIGHT,), title="A page", alt="what it shows"), encoding="utf-8")
    with visit(chromium, path, reduced_motion="reduce" if less_motion else "no-preference") as found:
        seen = found.page.evaluate(WATCH)
        places = [x for _, x in seen]
        assert all(before <= after for before, after in pairwise(places))
        assert len(set(places)) == 4 if less_motion else len(set(places)) >= 4 + 3 * 2
        found.page.get_by_role("button", name="previous step").click()
        back = found.page.evaluate(f"document.querySelector('.over rect[stroke=\"{LIGHT.window}\"]').getAttribute('x')")
        assert float(back) in places, "stepping back is no glide"
