"""Oblique grids: parallelograms whose corners are whole pixels, so that every cell has the same pixels."""

from __future__ import annotations

from dataclasses import dataclass

from convviz.layout.boxes import CAPITALS, Box

Point = tuple[float, float]
Step = tuple[int, int]
SMOOTH_PITCH = 8
"""Cells of a smaller pitch are filled pixel by pixel and touch; larger ones have smooth edges and gaps."""


@dataclass(frozen=True, slots=True)
class Parallelogram:
    """A parallelogram with its first corner at (x, y): `right` goes right and up, `down` goes right and down."""

    x: int
    y: int
    right: Step
    down: Step

    def point(self, across: float, along: float) -> Point:
        """Point at relative coordinates, from (0, 0), the first corner, to (1, 1), the opposite one."""
        return (
            self.x + across * self.right[0] + along * self.down[0],
            self.y + across * self.right[1] + along * self.down[1],
        )

    @property
    def box(self) -> Box:
        """Bounding box."""
        (a, up), (c, d) = self.right, self.down
        return Box(self.x, self.y + up, a + c, d - up)

    @property
    def shape(self) -> tuple[Step, Step]:
        """The two sides: equal for parallelograms that differ only in position."""
        return self.right, self.down

    @property
    def at_origin(self) -> Parallelogram:
        """A parallelogram of this shape with its bounding box at the origin."""
        return Parallelogram(0, -self.right[1], self.right, self.down)

    def moved(self, dx: int, dy: int) -> Parallelogram:
        """Return the parallelogram at another place."""
        return Parallelogram(self.x + dx, self.y + dy, *self.shape)

    @property
    def corners(self) -> tuple[Point, ...]:
        """Corners, clockwise from the first."""
        return self.point(0, 0), self.point(1, 0), self.point(1, 1), self.point(0, 1)

    @property
    def area(self) -> int:
        """Area in pixels."""
        (a, up), (c, d) = self.right, self.down
        return a * d - up * c

    @property
    def smooth(self) -> bool:
        """Whether a cell of this shape is large enough for smooth edges and a gap around it."""
        return self.right[0] >= oblique_steps(SMOOTH_PITCH)[0][0]

    def inset(self, more: float = 0) -> tuple[Point, ...]:
        """Corners of a cell without its half of the gap and without `more` pixels on each side.

        The gap is so wide that no pixel belongs to the antialiased edges of two cells: an edge of slope m touches
        1 + m pixels of a column.
        """
        a, (c, d) = self.right[0], self.down
        over, beside = self.area / a, self.area / d
        vertical = max(1.3, over / 26) / 2 + more
        horizontal = max(1 + c / d + 0.1, beside / 26) / 2 + more
        low, left = vertical / over, horizontal / beside
        return (
            self.point(left, low),
            self.point(1 - left, low),
            self.point(1 - left, 1 - low),
            self.point(left, 1 - low),
        )

    def pixel_rows(self) -> list[Box]:
        """Rows of pixels whose centres are inside; neighbouring cells share no pixel and leave none out."""
        (a, up), (c, d) = self.right, self.down
        rows = []
        box = self.box
        for y in range(box.y, box.bottom):
            inside = []
            for x in range(box.x, box.right):
                across, along = 2 * (x - self.x) + 1, 2 * (y - self.y) + 1
                u, v = d * across - c * along, a * along - up * across
                if 0 <= u < 2 * self.area and 0 <= v < 2 * self.area:
                    inside.append(x)
            if inside:
                rows.append(Box(inside[0], y, len(inside), 1))
        return rows

    def holds(self, width: int, px: int, tight: bool) -> bool:
        """Whether an upright number fits into the middle of this cell; `tight` allows smaller margins."""
        (a, up), (c, d) = self.right, self.down
        height = CAPITALS * px
        return max(d * width + c * height, a * height - up * width) <= self.area * (0.9 if tight else 0.8)


@dataclass(frozen=True, slots=True)
class ObliqueGrid:
    """A grid in oblique projection; x and y are the left and top of its bounding box."""

    x: int
    y: int
    rows: int
    cols: int
    pitch: int

    @property
    def gap(self) -> int:
        """Always 0: the gap is part of each cell."""
        return 0

    @property
    def whole(self) -> Parallelogram:
        """Parallelogram of all cells."""
        return self.span((0, self.rows - 1), (0, self.cols - 1))

    @property
    def box(self) -> Box:
        """Bounding box of all cells."""
        return self.whole.box

    def cell(self, row: int, col: int) -> Parallelogram:
        """Parallelogram of one cell, with its half of the gap."""
        return self.span((row,), (col,))

    def fractional_cell(self, row: int, col: int) -> Parallelogram:
        """Parallelogram of a floating cell; `row` and `col` are in thousandths of a cell."""
        return self.cell(0, 0).moved(*self.offset(row, col))

    def offset(self, rows: int, cols: int) -> tuple[int, int]:
        """Pixels to the right and down to a place so many thousandths of a cell away."""
        (a, up), (c, d) = oblique_steps(self.pitch)
        return round((cols * a + rows * c) / 1000), round((cols * up + rows * d) / 1000)

    def span(self, rows: tuple[int, ...], cols: tuple[int, ...]) -> Parallelogram:
        """Parallelogram of rows × cols, to the middle of the gaps around them."""
        (a, up), (c, d) = oblique_steps(self.pitch)
        height, width = rows[-1] - rows[0] + 1, cols[-1] - cols[0] + 1
        x = self.x + cols[0] * a + rows[0] * c
        y = self.y - self.cols * up + cols[0] * up + rows[0] * d
        return Parallelogram(x, y, (width * a, width * up), (height * c, height * d))


def oblique_steps(pitch: int) -> tuple[Step, Step]:
    """Steps in pixels to the next column and to the next row."""
    return (round(0.82 * pitch), -round(0.2 * pitch)), (round(0.43 * pitch), round(0.54 * pitch))
