"""The explorer's page in a test: go to a state, point at a cell, read what it says."""

from __future__ import annotations

import re
from functools import cache

from playwright.sync_api import Page

from convviz import explore
from convviz.web.bundle import bundle, joined, module_paths, parse, source
from tests.web.link_oracle import Cell


def ask(page: Page, address: str) -> None:
    """Go to a state, with no cell pointed at, and wait until it is shown."""
    page.mouse.move(1, 1)
    page.evaluate(
        """address => new Promise((done) => {
          addEventListener("hashchange", () => requestAnimationFrame(done), { once: true });
          setTimeout(done, 1000);
          location.hash = address;
        })""",
        address,
    )


def said(page: Page, part: str) -> str:
    return page.locator(f"[data-part={part}]").text_content() or ""


GRIDS = """
const { lazyScene, full, sparse, layout } = window.explorer;
const products = lazyScene === full && full !== sparse() ? 2 : Infinity;
const grids = layout.grids.filter((_, panel) => panel !== products);
"""
"""The grids of the picture without that of the products, which no cell is linked to."""


def middle(page: Page, cell: Cell) -> tuple[float, float]:
    """The middle of a cell in the window; the picture is scrolled to it."""
    x, y = page.evaluate(
        f"""([panel, row, col]) => {{{GRIDS}"""
        """
          const { explorer: { parts: { picture } } } = window;
          const grid = grids[panel];
          const at = (start, place) => start + place * grid.pitch + (grid.pitch - grid.gap) / 2;
          const place = () => {
            const box = picture.getBoundingClientRect();
            const scale = box.width / layout.width;
            return [box.left + at(grid.x, col) * scale, box.top + at(grid.y, row) * scale];
          };
          const [, y] = place();
          if (y < 8 || y > innerHeight * 0.6) scrollBy(0, y - innerHeight * 0.4);
          return place();
        }""",
        list(cell),
    )
    return x, y


def point(page: Page, cell: Cell) -> None:
    page.mouse.move(*middle(page, cell))


def click(page: Page, cell: Cell) -> None:
    page.mouse.click(*middle(page, cell))


@cache
def _page_and_modules() -> tuple[str, dict[str, str]]:
    return explore().html, {path: source(f"js/{path}") for path in module_paths("explorer/main.js")}


_parsed = cache(parse)


def with_other_source(right: str, other: str) -> str:
    """The page, with other text in the one place of its sources that holds `right`."""
    page, modules = _page_and_modules()
    assert sum(text.count(right) for text in modules.values()) == 1
    script = joined([_parsed(path, text.replace(right, other)) for path, text in modules.items()])
    page = page.replace(bundle("explorer/main.js"), script)
    return re.sub(r"script-src '[^']*'", "script-src 'unsafe-inline'", page)  # its policy allows only the true script
