"""Brackets beside a grid: the room they need, their lines and their texts.

A bracket is a line along its rows or columns with a tick at each end, and its text on the far side. It shows the
longest of its texts that touches no other; without room for the shortest it is left out. The text of a bracket alone
above a grid may be as wide as the caption below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from convviz.layout.boxes import CAPITALS, Box, Grid, PlacedText
from convviz.layout.typography import Typography, ascent, line_height
from convviz.scene.model import Bracket, Group, Node, Panel

Side = Literal["top", "left"]
SIDES: tuple[Side, ...] = ("top", "left")
STYLE = "bracket"
WIDEST_LEFT = 110
"""Pixels of the 1280×720 design that a text on the left may take."""
BETWEEN = 1.2
"""Distance of texts above a grid, in font sizes."""


@dataclass(frozen=True, slots=True)
class PlacedBracket:
    """The lines of a bracket, shown from tab number `tab` of the scene on; `ink` is a badge role."""

    bars: tuple[Box, ...]
    ink: str
    tab: int = 0

    @property
    def box(self) -> Box:
        """Bounding box of the lines."""
        x, y = min(bar.x for bar in self.bars), min(bar.y for bar in self.bars)
        return Box(x, y, max(bar.right for bar in self.bars) - x, max(bar.bottom for bar in self.bars) - y)


@dataclass(frozen=True, slots=True)
class BracketRoom:
    """Pixels on each side of a grid; `beside` are those of brackets on the left, without the ends of others."""

    left: int
    top: int
    right: int
    bottom: int
    beside: int


@dataclass(frozen=True, slots=True)
class BracketSetter:
    """Sets the brackets of grids with one cell size, `distance` pixels or more away from them."""

    typography: Typography
    pitch: int
    distance: int

    @property
    def _px(self) -> int:
        return self.typography.px(STYLE)

    @property
    def _tick(self) -> int:
        return max(3, self.typography.scaled(5))

    @property
    def _line(self) -> int:
        return max(1, self.typography.scaled(1.4))

    @property
    def _depth(self) -> int:
        """Pixels from the grid to the texts."""
        return self.distance + self._tick + max(2, self.typography.scaled(3))

    def room(self, panel: Panel, free: int) -> BracketRoom:
        """Return the room of all brackets of a panel, beside whose grid `free` pixels are free in any case.

        Texts may extend a little beyond the ends of the grid.
        """
        if not panel.brackets:
            return BracketRoom(0, 0, 0, 0, 0)
        above = any(text for _, text in self._texts(panel, "top", free))
        widest = max((self._width(text) for _, text in self._texts(panel, "left", 0) if text), default=0)
        ends, sides = (self.distance if shown else 0 for shown in (widest, above))
        beside = self._depth + widest if widest else 0
        return BracketRoom(
            left=max(beside, sides),
            top=max(self._depth + line_height(self._px) if above else 0, ends),
            right=sides,
            bottom=ends,
            beside=beside,
        )

    def place(self, panel: Panel, grid: Grid, free: int) -> tuple[list[PlacedBracket], list[PlacedText]]:
        """Return the brackets of a placed grid, and their texts; `free` is that of its room."""
        brackets, texts = [], []
        for side in SIDES:
            chosen = self._texts(panel, side, free if side == "top" else 0)
            if not any(text for _, text in chosen):
                continue
            for bracket, text in chosen:
                if bracket.texts and not text:
                    continue
                brackets.append(PlacedBracket(tuple(self._bars(bracket, grid)), bracket.role, panel.caption_tab))
                if text:
                    texts.append(replace(self._placed_text(bracket, text, grid), tab=panel.caption_tab))
        return brackets, texts

    def _texts(self, panel: Panel, side: Side, free: int) -> tuple[tuple[Bracket, str], ...]:
        """Return the brackets of a side with the texts that fit, the longest bracket first."""
        own = tuple(bracket for bracket in panel.brackets if bracket.side == side)
        slack = max(self.distance, free) if len(own) == 1 else self.distance
        return _chosen_texts(self, own, panel.cols if side == "top" else panel.rows, slack) if own else ()

    def choose(self, brackets: Sequence[Bracket], cells: int, slack: int) -> tuple[tuple[Bracket, str], ...]:
        """Return the brackets of one side, which has so many cells, with the texts that fit, the longest bracket first.

        The text of the longest is as long as it can be without costing others their symbols. Texts end at most `slack`
        pixels beyond the grid.
        """
        first, *others = sorted(brackets, key=lambda one: one.start - one.end)
        chosen = [self._fitting([replace(first, texts=(text,)), *others], cells, slack) for text in first.texts]
        chosen += [self._fitting([first, *others], cells, slack)]
        best = max(chosen, key=lambda texts: (bool(texts[0]), sum(map(_information, texts))))
        return tuple(zip((first, *others), best, strict=True))

    def _fitting(self, brackets: Sequence[Bracket], cells: int, slack: int) -> list[str]:
        """Return the longest text of each bracket that fits beside those before it, or an empty one."""
        texts: list[str] = []
        taken: list[tuple[float, float]] = []
        ends = -slack, self.pitch * cells + slack
        for bracket in brackets:
            text = next((text for text in bracket.texts if self._fits(bracket, text, ends, taken)), "")
            if text:
                taken.append(self._span(bracket, text))
            texts.append(text)
        return texts

    def _span(self, bracket: Bracket, text: str) -> tuple[float, float]:
        """Return where a text begins and ends along its side, in pixels from the first cell."""
        length = self._width(text) if bracket.side == "top" else line_height(self._px)
        middle = (bracket.start + bracket.end) * self.pitch / 2
        return middle - length / 2, middle + length / 2

    def _fits(self, bracket: Bracket, text: str, ends: tuple[int, int], taken: Sequence[tuple[float, float]]) -> bool:
        """Return whether a text is between two ends, and clear of the texts beside it."""
        if bracket.side == "left" and self._width(text) > self.typography.scaled(WIDEST_LEFT):
            return False
        start, stop = self._span(bracket, text)
        between = self._px * (BETWEEN if bracket.side == "top" else 0)
        return (
            start >= ends[0]
            and stop <= ends[1]
            and all(stop + between <= other[0] or other[1] + between <= start for other in taken)
        )

    def _width(self, text: str) -> int:
        return self.typography.text_width(text, STYLE)

    def _bars(self, bracket: Bracket, grid: Grid) -> Iterator[Box]:
        """Yield the line and both ticks; a single input row has a mark instead."""
        inset = max(0, (3 - grid.gap) // 2) if self.pitch >= 6 else 0
        tick, line = self._tick, self._line
        first, last = grid.cell(bracket.start, bracket.start), grid.cell(bracket.end - 1, bracket.end - 1)
        if bracket.side == "top":
            start, length = first.x + inset, last.right - first.x - 2 * inset
            y = grid.y - self.distance - tick
            yield Box(start, y, length, line)
            yield from (Box(x, y + line, line, tick - line) for x in (start, start + length - line))
            return
        start, length = first.y + inset, last.bottom - first.y - 2 * inset
        x = grid.x - self.distance - tick
        if bracket.role == "input" and bracket.end - bracket.start == 1:
            side = min(length, 2 * tick - 2)
            yield Box(x, start + (length - side) // 2, tick, side)
            return
        yield Box(x, start, line, length)
        yield from (Box(x + line, y, tick - line, line) for y in (start, start + length - line))

    def _placed_text(self, bracket: Bracket, text: str, grid: Grid) -> PlacedText:
        start, px = self._span(bracket, text)[0], self._px
        if bracket.side == "top":
            x, baseline = grid.x + round(start), grid.y - self._depth - line_height(px) + ascent(px)
        else:
            middle = grid.y + (bracket.start + bracket.end) * self.pitch // 2 - grid.gap // 2
            x = grid.x - self._depth - self._width(text)
            baseline = middle + round(CAPITALS * px / 2)
        return self.typography.text(text, STYLE, x, baseline, ink=bracket.role)


def _information(text: str) -> int:
    """Return 2 for a text with a symbol or a sum, 1 for a bare number, 0 for none."""
    return bool(text) + (not text.removeprefix("−").isdigit() and bool(text))


@lru_cache(maxsize=1024)
def _chosen_texts(
    setter: BracketSetter, brackets: tuple[Bracket, ...], cells: int, slack: int
) -> tuple[tuple[Bracket, str], ...]:
    """Return `setter.choose(brackets, cells, slack)`; a layout asks for each of them several times."""
    return setter.choose(brackets, cells, slack)


def with_sides(node: Node, sides: Sequence[Side]) -> Node:
    """Return a node in which only the brackets on `sides` are left; planes in space have none."""
    if isinstance(node, Panel) and node.brackets:
        return replace(node, brackets=tuple(one for one in node.brackets if one.side in sides))
    if isinstance(node, Group):
        return replace(node, children=tuple(with_sides(child, sides) for child in node.children))
    return node
