"""Grids seen at a slant: parallelograms whose corners are whole pixels, so that every cell has the same pixels."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from convviz.layout.boxes import CAPITALS, Box

Point = tuple[float, float]
Step = tuple[int, int]
SMOOTH = 8
"""Cells of a smaller pitch are filled pixel by pixel and touch; larger ones have smooth edges, and space between."""


@dataclass(frozen=True, slots=True)
class Parallelogram:
    """A parallelogram from its first corner (x, y): `right` goes right and up, `down` goes right and down."""

    x: int
    y: int
    right: Step
    down: Step

    def at(self, across: float, along: float) -> Point:
        """A point of it: 0, 0 is the first corner, 1, 0 the one on the right, 0, 1 the one below."""
        return (
            self.x + across * self.right[0] + along * self.down[0],
            self.y + across * self.right[1] + along * self.down[1],
        )

    @property
    def box(self) -> Box:
        """The bounding box."""
        (a, up), (c, d) = self.right, self.down
        return Box(self.x, self.y + up, a + c, d - up)

    @property
    def shape(self) -> tuple[Step, Step]:
        """What two of them have in common that differ only in place."""
        return self.right, self.down

    @property
    def home(self) -> Parallelogram:
        """The same with its bounding box at the origin."""
        return Parallelogram(0, -self.right[1], self.right, self.down)

    @property
    def corners(self) -> tuple[Point, ...]:
        """In clockwise order from the first."""
        return self.at(0, 0), self.at(1, 0), self.at(1, 1), self.at(0, 1)

    @property
    def area(self) -> int:
        """In pixels."""
        (a, up), (c, d) = self.right, self.down
        return a * d - up * c

    @property
    def smooth(self) -> bool:
        """Whether this, as a cell, is large enough for smooth edges and space around it."""
        return self.right[0] >= slant(SMOOTH)[0][0]

    def inset(self, more: float = 0) -> tuple[Point, ...]:
        """The corners of a cell, without its share of the space between cells and `more` pixels on each side.

        The space is at least so wide that no pixel belongs to the antialiased edges of two cells: an edge of slope m
        touches 1 + m pixels of a column.
        """
        a, (c, d) = self.right[0], self.down
        over, beside = self.area / a, self.area / d
        vertical = max(1.3, over / 26) / 2 + more
        horizontal = max(1 + c / d + 0.1, beside / 26) / 2 + more
        low, left = vertical / over, horizontal / beside
        return self.at(left, low), self.at(1 - left, low), self.at(1 - left, 1 - low), self.at(left, 1 - low)

    def runs(self) -> list[Box]:
        """The rows of pixels whose centres are inside; neighbouring cells share none and leave none out."""
        (a, up), (c, d) = self.right, self.down
        found = []
        box = self.box
        for y in range(box.y, box.bottom):
            inside = []
            for x in range(box.x, box.right):
                across, along = 2 * (x - self.x) + 1, 2 * (y - self.y) + 1
                u, v = d * across - c * along, a * along - up * across
                if 0 <= u < 2 * self.area and 0 <= v < 2 * self.area:
                    inside.append(x)
            if inside:
                found.append(Box(inside[0], y, len(inside), 1))
        return found

    def holds(self, width: int, px: int, tight: bool) -> bool:
        """Whether an upright number fits into the middle of it as a cell; `tight` leaves less room around it."""
        (a, up), (c, d) = self.right, self.down
        high = CAPITALS * px
        return max(d * width + c * high, a * high - up * width) <= self.area * (0.9 if tight else 0.8)


@dataclass(frozen=True, slots=True)
class ObliqueGrid:
    """A grid at a slant; x and y are the left and top of its bounding box."""

    x: int
    y: int
    rows: int
    cols: int
    pitch: int

    @property
    def gap(self) -> int:
        """Cells keep their own distance."""
        return 0

    @property
    def whole(self) -> Parallelogram:
        """All of it."""
        return self.span((0, self.rows - 1), (0, self.cols - 1))

    @property
    def box(self) -> Box:
        """The bounding box."""
        return self.whole.box

    def cell(self, row: int, col: int) -> Parallelogram:
        """One cell, with its share of the space between cells."""
        return self.span((row,), (col,))

    def between(self, row: int, col: int) -> Parallelogram:
        """A cell between places, in thousandths of a cell."""
        (a, up), (c, d) = slant(self.pitch)
        first = self.cell(0, 0)
        return Parallelogram(
            first.x + round((col * a + row * c) / 1000), first.y + round((col * up + row * d) / 1000), *first.shape
        )

    def span(self, rows: tuple[int, ...], cols: tuple[int, ...]) -> Parallelogram:
        """What spans rows × cols, from the middle of the space between cells."""
        (a, up), (c, d) = slant(self.pitch)
        high, wide = rows[-1] - rows[0] + 1, cols[-1] - cols[0] + 1
        x = self.x + cols[0] * a + rows[0] * c
        y = self.y - self.cols * up + cols[0] * up + rows[0] * d
        return Parallelogram(x, y, (wide * a, wide * up), (high * c, high * d))


def slant(pitch: int) -> tuple[Step, Step]:
    """The steps to the next column and to the next row."""
    return (round(0.82 * pitch), -round(0.2 * pitch)), (round(0.43 * pitch), round(0.54 * pitch))


def visible(start: Point, end: Point, plane: Parallelogram, space: float) -> Point:
    """Where a line from outside to `end`, a point under `plane`, goes out of sight: `space` pixels before its edge."""
    (a, up), (c, d) = plane.right, plane.down
    margins = space * hypot(c, d) / plane.area, space * hypot(a, up) / plane.area

    def inner(point: Point) -> tuple[float, float]:
        x, y = point[0] - plane.x, point[1] - plane.y
        return (d * x - c * y) / plane.area, (a * y - up * x) / plane.area

    share = 0.0
    for at, to, margin in zip(inner(start), inner(end), margins, strict=True):
        edge = min(max(at, -margin), 1 + margin)
        share = max(share, (edge - at) / (to - at) if at != edge else 0.0)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
