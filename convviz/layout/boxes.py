"""Placed things: whole-pixel boxes, texts on their baselines, grids of cells, and the sheet that holds them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from convviz.scene import Chip, Key

ASCENT, DESCENT, CAPITALS = 0.93, 0.24, 0.73
"""Of DejaVu, in parts of the size: above and below the baseline, and the height of capitals and digits."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in whole pixels, y counted from the top."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """First column behind the box."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """First row below the box."""
        return self.y + self.h

    def grown(self, by: int) -> Box:
        """The box with `by` more pixels on every side."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def overlaps(self, other: Box) -> bool:
        """Whether the two share a pixel."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text: left edge, baseline, size in pixels, measured width; `ink` is a text or chip role."""

    text: str
    style: str
    ink: str
    x: int
    baseline: int
    px: int
    width: int

    @property
    def box(self) -> Box:
        """From the highest accent to the lowest descender."""
        top = self.baseline - ceil(ASCENT * self.px)
        return Box(self.x, top, self.width, self.baseline + ceil(DESCENT * self.px) - top)


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a panel's cells are: `pitch` pixels from cell to cell, of which `gap` stay empty."""

    x: int
    y: int
    rows: int
    cols: int
    pitch: int
    gap: int

    @property
    def box(self) -> Box:
        """The whole grid."""
        return Box(self.x, self.y, self.cols * self.pitch - self.gap, self.rows * self.pitch - self.gap)

    def cell(self, row: int, col: int) -> Box:
        """One cell, without the gap around it."""
        side = self.pitch - self.gap
        return Box(self.x + col * self.pitch, self.y + row * self.pitch, side, side)

    def span(self, rows: tuple[int, ...], cols: tuple[int, ...]) -> Box:
        """The bounding box of rows × cols."""
        first, last = self.cell(rows[0], cols[0]), self.cell(rows[-1], cols[-1])
        return Box(first.x, first.y, last.right - first.x, last.bottom - first.y)


@dataclass(frozen=True, slots=True)
class Tab:
    """A heading: its bar, and its text in both weights."""

    bar: Box
    plain: Text
    bold: Text


@dataclass(frozen=True, slots=True)
class Sheet:
    """A laid-out scene: everything that stays, and the places of everything that changes."""

    size: tuple[int, int]
    texts: tuple[Text, ...]
    chips: tuple[tuple[Box, Chip], ...]
    keys: tuple[tuple[Box, Key], ...]
    tabs: tuple[Tab, ...]
    grids: tuple[Grid, ...]
    outline: int
    """Width of the window's outline, half of it outside the cells."""
    number_px: int
    """Size of the numbers in the cells; 0 where they do not fit or are not wanted."""
    small_px: int
    line: Box
    """Room of the step's line, centred in it."""
    line_px: int
    line_length: int
    """How many characters of the fixed-pitch font the line holds."""
    counter: Box
    """Room of the step counter, right-aligned in it."""
    counter_px: int
    progress: Box

    def boxes(self) -> Iterator[tuple[str, Box]]:
        """Everything that must not overlap, by name."""
        yield from ((text.text, text.box) for text in self.texts if text.style != "chip")
        yield from ((chip.text, box) for box, chip in self.chips)
        yield from ((f"{key.text} (key)", box) for box, key in self.keys)
        yield from ((f"grid {index}", grid.box.grown(self.outline)) for index, grid in enumerate(self.grids))
        yield from ((f"{tab.plain.text} (bar)", tab.bar) for tab in self.tabs)
        yield from ((f"{tab.plain.text} (tab)", tab.bold.box) for tab in self.tabs)
        yield from (("line", self.line), ("counter", self.counter), ("progress", self.progress))
