"""Placed parts of a picture: boxes in whole pixels, texts on their baselines, grids of cells."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

ASCENT, DESCENT, CAPITALS = 0.93, 0.24, 0.73
"""Heights in DejaVu as fractions of the font size: above the baseline, below it, and of capitals and digits."""
TIGHT = 0.92
"""Largest share of the width of a cell that a number takes."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in whole pixels; y grows downwards."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """First column to the right of the box."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """First row below the box."""
        return self.y + self.h

    @property
    def box(self) -> Box:
        """The box itself, as the bounding box that every placed cell has."""
        return self

    @property
    def shape(self) -> tuple[int, int]:
        """Width and height: equal for boxes that differ only in position."""
        return self.w, self.h

    @property
    def at_origin(self) -> Box:
        """A box of this size at the origin."""
        return Box(0, 0, self.w, self.h)

    def holds(self, width: int, px: int, tight: bool) -> bool:
        """Whether a number of this width and font size fits into this cell; `tight` allows smaller margins."""
        return width <= self.w * (TIGHT if tight else 0.8) and px <= self.h

    def grown(self, by: int) -> Box:
        """Return the box with `by` more pixels on each side."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def moved(self, dx: int, dy: int) -> Box:
        """Return the box at another place."""
        return Box(self.x + dx, self.y + dy, self.w, self.h)

    def overlaps(self, other: Box) -> bool:
        """Whether the two boxes share a pixel."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class PlacedText:
    """One line of text: left edge, baseline, font size in pixels, measured width; `ink` is a text or badge role.

    It is shown from tab number `tab` of the scene on. The moments of a step may have other texts in its place.
    """

    text: str
    style: str
    ink: str
    x: int
    baseline: int
    px: int
    width: int
    tab: int = 0
    in_moments: tuple[PlacedText, ...] = ()

    @property
    def is_static(self) -> bool:
        """Whether each frame shows it."""
        return not self.tab and not self.in_moments

    @property
    def box(self) -> Box:
        """Bounding box, from the highest accent to the lowest descender."""
        top = self.baseline - ceil(ASCENT * self.px)
        return Box(self.x, top, self.width, self.baseline + ceil(DESCENT * self.px) - top)


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a panel: `pitch` pixels from cell to cell, of which `gap` stay empty."""

    x: int
    y: int
    rows: int
    cols: int
    pitch: int
    gap: int

    @property
    def box(self) -> Box:
        """Bounding box of all cells."""
        return Box(self.x, self.y, self.cols * self.pitch - self.gap, self.rows * self.pitch - self.gap)

    def cell(self, row: int, col: int) -> Box:
        """Box of one cell, without the gap around it."""
        side = self.pitch - self.gap
        return Box(self.x + col * self.pitch, self.y + row * self.pitch, side, side)

    def fractional_cell(self, row: int, col: int) -> Box:
        """Box of a floating cell; `row` and `col` are in thousandths of a cell."""
        return self.cell(0, 0).moved(*self.offset(row, col))

    def offset(self, rows: int, cols: int) -> tuple[int, int]:
        """Pixels to the right and down to a place so many thousandths of a cell away."""
        return round(cols * self.pitch / 1000), round(rows * self.pitch / 1000)

    def span(self, rows: tuple[int, ...], cols: tuple[int, ...]) -> Box:
        """Bounding box of rows × cols."""
        first, last = self.cell(rows[0], cols[0]), self.cell(rows[-1], cols[-1])
        return Box(first.x, first.y, last.right - first.x, last.bottom - first.y)


def centred_baseline(box: Box, px: int) -> int:
    """Baseline that centres digits and capitals in `box`."""
    return box.y + round((box.h + CAPITALS * px) / 2)
