"""Pages without a fault that axe-core can find: explorer and player, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from convviz import ConvTranspose, explore
from convviz.web.explorer import VIEWS
from tests.at_rest import animate
from tests.profile import ALL
from tests.web.axe import violations
from tests.web.browser import visit

SIZES = [(1280, 800), (390, 844)]


@pytest.fixture(scope="module")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return explore().save(tmp_path_factory.mktemp("accessible") / "explorer.html")


@pytest.mark.parametrize(("number", "size", "scheme"), [(n, SIZES[n // 2], ("light", "dark")[n % 2]) for n in range(4)])
def test_the_explorer(number: int, size: tuple[int, int], scheme: Any, chromium: Browser, explorer: Path) -> None:
    with visit(chromium, explorer, size, color_scheme=scheme) as found:
        assert violations(found.page) == []
        for view in VIEWS[1:] if ALL else VIEWS[1 + number :: 4]:
            found.page.get_by_label(view, exact=True).check()
            assert violations(found.page) == [], view


@pytest.mark.parametrize("state", ["conv&i=2&k=5&s=1&p=0", "conv&1d&i=9", "conv&i=5x6&preset=same&w=1,2,3;4,5,6;7,8,9"])
def test_the_explorer_in_other_states(state: str, chromium: Browser, explorer: Path) -> None:
    with visit(chromium, explorer, SIZES[0], f"#{state}") as found:
        assert violations(found.page) == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_player(size: tuple[int, int], chromium: Browser, tmp_path: Path) -> None:
    with visit(chromium, animate(ConvTranspose(3, 3, 2, 1)).save(tmp_path / "a.html"), size) as found:
        assert violations(found.page) == []


def test_a_fault_is_found(chromium: Browser, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    text = explore().html.replace('aria-label="previous step"', "").replace("--muted: #", "--muted: #ddd; --before: #")
    page.write_text(text, encoding="utf-8")
    with visit(chromium, page, bypass_csp=True) as found:
        rules = {one.split(":")[0] for one in violations(found.page)}
    assert {"button-name", "color-contrast"} <= rules


def targets(page: Page) -> list[str]:
    """Controls that are smaller than a finger, or than a pointer where there is one."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
          const least = matchMedia("(pointer: coarse)").matches ? 44 : 24;
          const shown = [...document.querySelectorAll("button, select, input, [role=img][tabindex]")]
            .map((one) => [one, (one.type === "checkbox" ? one.closest("label") : one).getBoundingClientRect()])
            .filter(([, box]) => box.width > 0);
          return shown.filter(([, box]) => box.width < least - 0.5 || box.height < least - 0.5)
            .map(([one, box]) => `${one.ariaLabel ?? one.textContent} ${box.width}×${box.height}`);
        }"""
    )


@pytest.mark.parametrize(("size", "touch"), [((1280, 800), False), ((390, 844), True), ((1024, 768), True)], ids=str)
def test_every_control_is_large_enough(size: tuple[int, int], touch: bool, chromium: Browser, explorer: Path) -> None:
    with visit(chromium, explorer, size, has_touch=touch, is_mobile=touch) as found:
        assert found.page.evaluate("matchMedia('(pointer: coarse)').matches") is touch
        assert targets(found.page) == []


def test_the_keyboard_reaches_every_control_and_the_focus_is_seen(chromium: Browser, explorer: Path) -> None:
    with visit(chromium, explorer, SIZES[0]) as found:
        page = found.page
        seen: dict[str, bool] = {}
        for _ in range(60):
            page.keyboard.press("Tab")
            name, outlined = page.evaluate(
                """() => {
                  const one = document.activeElement;
                  const marked = [one, one.nextElementSibling].filter(Boolean).map((each) => getComputedStyle(each));
                  const name = one.ariaLabel || one.name || one.closest("label")?.textContent || one.textContent;
                  return [name, marked.some((style) => style.outlineStyle !== "none" && style.outlineWidth !== "0px")];
                }"""
            )
            if page.evaluate("document.activeElement === document.body"):
                break
            seen[name.strip()] = outlined
        assert all(seen.values()), seen
        wanted = {
            "kind",
            "view",
            "code",
            "input i, rows",
            "stride s, rows",
            "square",
            "1-D",
            "numbers",
            "new example values",
        }
        wanted |= {"previous step", "play", "next step", "step", "speed", "copy", "copy link", "save SVG", "save PNG"}
        assert wanted <= seen.keys()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_before_one_asks_for_it(motion: Any, chromium: Browser, explorer: Path) -> None:
    with visit(chromium, explorer, reduced_motion=motion) as found:
        before = found.page.screenshot()
        found.page.wait_for_timeout(1300)
        assert found.page.screenshot() == before
        assert found.page.evaluate("document.getAnimations().length") == 0
