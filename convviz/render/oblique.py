"""Primitives of oblique grids: cells as parallelograms, outlines as polygons, guide lines from plane to plane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from convviz.layout.boxes import Box
from convviz.layout.oblique_grid import Parallelogram, Point
from convviz.render.paths import Points, Polygon, Stroke
from convviz.render.primitives import Primitive
from convviz.render.rectangles import Fill
from convviz.scene.model import MarkRole
from convviz.style.theme import CellStyle, Theme


@dataclass(frozen=True)
class ObliquePrimitives:
    """Cells and outlines of oblique grids in the colours of a theme."""

    theme: Theme
    outline: int
    """Outline width of a window on flat grids, in pixels."""

    def cell(self, bounds: Parallelogram, style: CellStyle, highlighted: bool) -> Iterator[Primitive]:
        """Yield a cell without its number."""
        theme = self.theme
        if not bounds.smooth:
            colour = style.fill if highlighted or not style.dashes else theme.cells["empty"].fill
            yield from (Fill(run, colour) for run in bounds.pixel_rows())
            return
        yield Polygon(bounds.inset(), style.fill, theme.background)
        if style.hatch:
            yield Stroke(tuple(_diagonals(bounds)), style.hatch, max(1.0, bounds.right[0] / 40), (style.fill,))
        if style.dashes:
            unit = max(1.0, bounds.right[0] / 46)
            corners = bounds.inset(unit)
            backgrounds = style.fill, theme.background
            yield Stroke((corners,), style.dashes, unit, backgrounds, closed=True, dashes=(3.4 * unit, 2.2 * unit))

    def mark_outline(self, role: MarkRole, bounds: Parallelogram, backgrounds: tuple[str, ...]) -> Stroke:
        """Return the outline of a mark in the middle of the gap between cells; that of a source is inside its cell.

        What is kept has dashes.
        """
        if role == "window":
            return Stroke((bounds.corners,), self.theme.window, max(1.5, self.outline * 0.8), backgrounds, closed=True)
        width = max(1.0, self.outline / 2)
        inside = Stroke((bounds.inset(width / 2),), self.theme.text, width, backgrounds, closed=True)
        dashed = replace(inside, lines=(bounds.corners,), dashes=(4 * width, 3 * width))
        return dashed if role == "kept" else inside


def guide_segments(start: Parallelogram, end: Parallelogram) -> tuple[tuple[Point, Point], ...]:
    """Return segments from the corners of a window to those of a cell on another plane."""
    return tuple(zip(start.corners, end.corners, strict=True))


def _diagonals(bounds: Parallelogram) -> Iterator[tuple[Point, Point]]:
    """Yield five diagonal lines of a hatched cell, inside its edges."""
    low, high = 0.12, 0.88
    for share in (0.4, 0.7, 1.0, 1.3, 1.6):
        ends = max(low, share - high), min(high, share - low)
        yield bounds.point(ends[0], share - ends[0]), bounds.point(ends[1], share - ends[1])


def segments_between(one: Box, other: Box) -> tuple[Points, ...]:
    """Return lines between the facing corners of two boxes, side by side or one below the other."""
    if one.right <= other.x:
        return ((one.right, one.y), (other.x, other.y)), ((one.right, one.bottom), (other.x, other.bottom))
    return ((one.x, one.bottom), (other.x, other.y)), ((one.right, one.bottom), (other.right, other.y))
