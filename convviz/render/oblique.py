"""What slanted grids look like: cells as parallelograms, outlines as polygons, guide lines from plane to plane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from convviz.layout.oblique_grid import Parallelogram, Point, visible
from convviz.render.paths import Polygon, Stroke
from convviz.render.primitives import Fill, Primitive
from convviz.style.theme import CellStyle, Theme


@dataclass(frozen=True)
class Slanted:
    """Slanted things in the colours of a theme."""

    theme: Theme
    outline: int
    """Width of the window's outline on flat grids."""

    def ground(self, place: Parallelogram, style: CellStyle, highlighted: bool) -> Iterator[Primitive]:
        """A cell without its number."""
        theme = self.theme
        if not place.smooth:
            plain = style.fill if highlighted or not style.dashes else theme.cells["empty"].fill
            yield from (Fill(run, plain) for run in place.runs())
            return
        yield Polygon(place.inset(), style.fill, theme.background)
        if style.hatch:
            yield Stroke(tuple(_diagonals(place)), style.hatch, max(1.0, place.right[0] / 40), (style.fill,))
        if style.dashes:
            unit = max(1.0, place.right[0] / 46)
            corners = place.inset(unit)
            grounds = style.fill, theme.background
            yield Stroke((corners,), style.dashes, unit, grounds, closed=True, dashes=(3.4 * unit, 2.2 * unit))

    def window(self, place: Parallelogram, grounds: tuple[str, ...]) -> Stroke:
        """The outline of what a window covers, in the middle of the space between cells."""
        return Stroke((place.corners,), self.theme.window, max(1.5, self.outline * 0.8), grounds, closed=True)

    def source(self, place: Parallelogram, grounds: tuple[str, ...]) -> Stroke:
        """The outline of a cell that padding borrows from, inside it."""
        width = max(1.0, self.outline / 2)
        return Stroke((place.inset(width / 2),), self.theme.text, width, grounds, closed=True)


def guides(
    start: Parallelogram, end: Parallelogram, plane: Parallelogram, space: float
) -> tuple[tuple[Point, Point], ...]:
    """From every corner of a window to that of a cell on a higher plane, as far as that plane does not hide them."""
    pairs = zip(start.corners, end.corners, strict=True)
    return tuple((corner, visible(corner, other, plane, space)) for corner, other in pairs)


def _diagonals(place: Parallelogram) -> Iterator[tuple[Point, Point]]:
    """Six lines across a cell, inside its edges."""
    low, high = 0.12, 0.88
    for share in (0.4, 0.7, 1.0, 1.3, 1.6):
        ends = max(low, share - high), min(high, share - low)
        yield place.at(ends[0], share - ends[0]), place.at(ends[1], share - ends[1])
