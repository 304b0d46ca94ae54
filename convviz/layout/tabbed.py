"""Place the body of a scene below its tabs: one strip of tabs, or in a tall picture a strip above each of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeVar

from convviz.layout.arrangements import ALL_PITCHES, CAPTION_WIDTHS, Fit, attempts_at, best_fit, pitches
from convviz.layout.boxes import Box
from convviz.layout.fitting import FitAttempt
from convviz.layout.header_footer import Header, tab_strip
from convviz.layout.lens import least_lens_pitch
from convviz.layout.measured_node import MeasuredNode, Placement
from convviz.layout.scene_layout import Tab
from convviz.layout.typography import TooSmallError, Typography
from convviz.scene.model import Group, Scene

Item = TypeVar("Item")
BELOW_HEADER, BELOW_TABS, ABOVE_FOOTER, BETWEEN_ROWS, AROUND_ROWS = 34, 20, 12, 24, 30
"""Free heights in pixels of the 1280×720 design; the last is the largest."""
ABOVE_BRACKETS = 14
"""Free height above brackets, which are lighter than grids, in pixels of the design."""


def place_below_tabs(
    scene: Scene, typography: Typography, header: Header, footer_top: int, within: range = ALL_PITCHES
) -> tuple[Placement, tuple[Tab, ...]]:
    """Place the body between header and footer with the largest cells; return it with the tabs. Raises `TooSmallError`.

    Only pitches `within` a range are tried. A body of equal widths has a tab above each of its children. It is split
    into rows, each below its own tabs, if its cells become larger.
    """
    has_brackets = any(bracket.side == "top" for panel in scene.panels for bracket in panel.brackets)
    above = ABOVE_BRACKETS if has_brackets else BELOW_HEADER
    room, least_lens = _room(typography, header.bottom, footer_top, above), least_lens_pitch(scene, typography)
    whole = best_fit(scene.body, typography, room, within, least_lens)
    split = None
    if scene.body.equal_widths and len(scene.tabs) == len(scene.body.children):
        top = max([0, *(box.bottom for box, _ in header.badges), *(text.box.bottom for text in header.texts)])
        split = _split(scene, typography, _room(typography, top, footer_top), whole, within)
    if split:
        return split.place()
    if whole is None:
        raise TooSmallError("the grids")
    return whole.placement, header.tabs


def _room(typography: Typography, top: int, footer_top: int, above: int = BELOW_HEADER) -> Box:
    y = top + typography.scaled(above)
    return Box(typography.margin, y, typography.content_width, footer_top - typography.scaled(ABOVE_FOOTER) - y)


@dataclass(frozen=True, slots=True)
class SplitFit:
    """Rows of a body, each below its tabs, as one attempt measures them."""

    attempt: FitAttempt
    rows: tuple[MeasuredNode, ...]
    names: tuple[tuple[str, ...], ...]
    room: Box

    @property
    def height(self) -> int:
        """Height of all rows with their tabs, and the heights between them."""
        heights = (row.height + self._strip_height(names) for row, names in zip(self.rows, self.names, strict=True))
        return sum(heights) + (len(self.rows) - 1) * self._between

    @property
    def _between(self) -> int:
        return self.attempt.typography.scaled(BETWEEN_ROWS)

    def _strip_height(self, names: tuple[str, ...]) -> int:
        return self._tabs(names, 0)[0].bold.box.bottom + self.attempt.typography.scaled(BELOW_TABS)

    def _tabs(self, names: tuple[str, ...], top: int) -> tuple[Tab, ...]:
        return tab_strip(names, self.attempt.typography, top, len(self.names[0]))

    def place(self) -> tuple[Placement, tuple[Tab, ...]]:
        """Place all rows in the middle, with equal free heights around each."""
        placed, tabs, room = Placement(), list[Tab](), self.room
        free = (room.h - self.height) // (2 * len(self.rows))
        free = min(free, self.attempt.typography.scaled(AROUND_ROWS))
        y = room.y + (room.h - self.height) // 2 - free * len(self.rows)
        for row, names in zip(self.rows, self.names, strict=True):
            tabs += self._tabs(names, y)
            y += self._strip_height(names) + free
            self.attempt.place(row, self.room.x, y + row.above, placed)
            y += row.height + free + self._between
        return placed, tuple(tabs)


def _split(scene: Scene, typography: Typography, room: Box, whole: Fit | None, within: range) -> SplitFit | None:
    """Return the body in two rows, or one row for each child, with the largest cells; None if one row has larger ones.

    In one row, the height between tabs and body is free; split rows have to be a quarter larger to be better.
    """
    least = whole.pitch * 5 // 4 if whole else 0
    count = len(scene.tabs)
    splits = [tuple(_chunks(scene.tabs, size)) for size in dict.fromkeys((-(-count // 2), 1)) if size < count]
    for pitch, names, width in product(pitches(typography, within), splits, CAPTION_WIDTHS):
        if pitch < least:
            break
        found = _fit_at(scene.body, names, typography, room, (pitch, width))
        if found:
            return found
    return None


def _fit_at(
    body: Group, names: tuple[tuple[str, ...], ...], typography: Typography, room: Box, lengths: tuple[int, int]
) -> SplitFit | None:
    """Return the rows at a cell size and a width of captions with the most spacing that fits; None without a fit."""
    parts = _chunks(body.children, len(names[0]))
    rows = [replace(body, children=tuple(children)) for children in parts]
    *wider, closest = attempts_at(typography, lengths[0], room.w, lengths[1])

    def fit(attempt: FitAttempt) -> SplitFit | None:
        found = SplitFit(attempt, tuple(map(attempt.measure, rows)), names, room)
        return found if max(row.width for row in found.rows) <= room.w and found.height <= room.h else None

    found = fit(closest)
    return next(filter(None, map(fit, wider)), found) if found else None


def _chunks(items: Sequence[Item], size: int) -> Iterator[tuple[Item, ...]]:
    return (tuple(items[start : start + size]) for start in range(0, len(items), size))
