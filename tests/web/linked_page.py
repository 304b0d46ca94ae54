"""The explorer's page in Chromium and the links that it draws, beside those that there are."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from convviz.layers import examples
from convviz.layers.layer import Layer
from convviz.layers.ops import conv_values
from convviz.scene.model import Scene, Timing
from convviz.views import registry as views
from tests.web.explorer_page import GRIDS, ask, point
from tests.web.link_oracle import Cell, Picture

OUTLINED = 8
"""Pixels from cell to cell from which on there are outlines; the veil leaves out smaller linked cells too."""


def state(address: str, view: str, step: int = 0) -> str:
    """The address of a layer in a view at a step, from 0."""
    return f"{address}&view={view}&step={step + 1}"


def drawn(page: Page, cells: set[Cell], *, parts: str = "linked, own, bare") -> tuple[set[Cell], set[Cell], set[Cell]]:
    """Which of these cells lie in an outline, in that of the own cell, and not under the veil: as the browser fills.

    `parts` are those that are looked for; the others are empty.
    """
    listed = sorted(cells)
    found = page.evaluate(
        f"""([cells, parts]) => {{{GRIDS}"""
        """
          const paths = (selector) => [...document.querySelectorAll(`.linked ${selector}`)];
          const [veils, others, own] = ["path.veil", "path.other", "path.own"].map(paths);
          const covered = (all, point) => all.some((one) => one.isPointInFill(point));
          const middle = ([panel, row, col]) => {
            const { x, y, pitch, gap } = grids[panel];
            const half = (pitch - gap) / 2;
            return new DOMPoint(x + col * pitch + half, y + row * pitch + half);
          };
          return cells.map(middle).map((at) => [
            parts.includes("linked") && covered([...others, ...own], at),
            parts.includes("own") && covered(own, at),
            parts.includes("bare") && veils.length > 0 && !covered(veils, at),
          ]);
        }""",
        [[list(cell) for cell in listed], parts],
    )
    outlined, own, bare = ({cell for cell, says in zip(listed, found, strict=True) if says[part]} for part in range(3))
    return outlined, own, bare


def scene_of(view: str, layer: Layer) -> Scene:
    x, w = examples.example_input(layer.input, 0), examples.example_kernel(layer.kernel, 0)
    return views.find_view(view)(layer, conv_values(layer.sliding_windows, x, w), Timing())


def worth_a_look(picture: Picture) -> list[Cell]:
    """Of each panel corners, a middle, a border and a cell beside the middle; of each panel also what is not there."""
    found: list[Cell] = []
    for panel in sorted({cell[0] for cell in picture.cells}):
        rows, cols = (sorted({cell[axis] for cell in picture.cells if cell[0] == panel}) for axis in (1, 2))
        spots = {(0, 0), (-1, -1), (len(rows) // 2, len(cols) // 2), (0, len(cols) // 2), (len(rows) // 2 - 1, -1)}
        found += [(panel, rows[row], cols[col]) for row, col in sorted(spots)]
    return list(dict.fromkeys(found))


def differences(page: Page, address: str, view: str, layer: Layer, step: int) -> Iterator[str]:
    """Yield the cells at which the page shows other links than there are."""
    picture = Picture(layer, view, scene_of(view, layer), step)
    ask(page, state(address, view, step))
    pitches = page.evaluate("explorer.layout.grids.map((grid) => grid.pitch)")
    for cell in worth_a_look(picture):
        point(page, cell)
        wanted = picture.linked(cell)
        outlined, own, bare = drawn(page, picture.cells)
        expected = wanted or set()
        missing = {one for one in outlined ^ expected if pitches[one[0]] >= OUTLINED}
        if missing or bare != expected or own != ({cell} if wanted else set()):
            yield f"{view}, step {step + 1}, {cell}: {sorted(bare ^ expected)}, {sorted(missing)}, {own}"
