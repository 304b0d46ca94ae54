"""The last window, as a dashed outline, and the arrow from it to the present one, along one of its edges.

The arrow is on the gap between two rows, or two columns, and its text is centred on the gap between two rows, halfway
between their numbers: in the arrow's line, else before the arrow, else between the two windows. Without room at all of
these places it is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from convviz.layout.boxes import CAPITALS, Box, Grid
from convviz.layout.line_widths import reach
from convviz.layout.scene_layout import SceneLayout
from convviz.render.fonts import face_of_family, measure
from convviz.render.paths import Points, SharpPolygon
from convviz.render.rectangles import DashedOutline, Outline
from convviz.render.text_run import BackedText, TextRun
from convviz.scene.model import Arrow, Frame, Mark
from convviz.style.theme import TEXT_STYLES, Theme

STYLE = "bracket"
LEAST_MARGIN = 3
"""Pixels between the text of an arrow and a number, at a resolution multiplier of 1."""
LEAST_LINE = 6
"""Pixels of an arrow's line on each side of a text in it."""


@dataclass(frozen=True)
class LastWindowPrimitives:
    """Last windows of a layout in the colours of a theme."""

    layout: SceneLayout
    theme: Theme

    def primitives(self, frame: Frame) -> Iterator[Outline | DashedOutline | SharpPolygon | BackedText]:
        """Yield the last windows of a frame and their arrows, if cells are large enough."""
        if self.layout.fits_last_window:
            for mark in frame.marks:
                if mark.role == "last":
                    yield from self._outline(mark)
            for arrow in frame.arrows:
                yield from self._arrow(arrow, [mark for mark in frame.marks if mark.panel == arrow.panel])

    def _outline(self, mark: Mark) -> Iterator[Outline | DashedOutline]:
        """Yield a line in the colour of the background and dashes on it, in the gap around cells of a flat grid."""
        bounds, width = self.layout.grids[mark.panel].span(mark.rows, mark.cols), self._width
        if isinstance(bounds, Box):
            yield Outline(bounds.grown(width), self.theme.background[:7], width + 1)
            yield DashedOutline(bounds.grown(width), self.theme.last_window, width)

    def _arrow(self, arrow: Arrow, marks: Sequence[Mark]) -> Iterator[SharpPolygon | BackedText]:
        """Yield the halo and the arrow, and its text."""
        grid = self.layout.grids[arrow.panel]
        if not isinstance(grid, Grid):
            return
        start, end = (grid.fractional_cell(*place) for place in (arrow.start, arrow.end))
        edge = max(1, grid.gap // 2)
        is_horizontal = start.y == end.y
        first, last = (start.x, end.x) if is_horizontal else (start.y, end.y)
        across = (start.y if is_horizontal else start.x) - edge
        tip = last - reach(self.layout.outline)
        for colour, halo in ((self.theme.background[:7], 1), (self.theme.window, 0)):
            corners = _corners(first - edge - halo, tip, across, self._width + 2 * halo, self._half_head + halo)
            points = corners if is_horizontal else tuple((y, x) for x, y in corners)
            yield SharpPolygon(points, colour)
        sources = [grid.span(mark.rows, mark.cols) for mark in marks if mark.role == "source"]
        text = self._text(arrow, grid, (first - edge, tip), sources)
        if text:
            yield text

    @property
    def _width(self) -> int:
        """Width of dashes, and of the line of the arrow."""
        return (self.layout.outline + 1) // 2

    @property
    def _half_head(self) -> int:
        """Half the width of the head, which stays within the reach of the window's outline."""
        return max(2, reach(self.layout.outline))

    def _text(self, arrow: Arrow, grid: Grid, ends: tuple[int, int], sources: Sequence[Box]) -> BackedText | None:
        """Return the text at the first place with room, as large as possible, closer set if it must be; or None.

        It is clear of all numbers, and of the outlines of `sources`.
        """
        face = face_of_family(TEXT_STYLES[STYLE].face, self.theme.font)
        number = _capitals(self.layout.number_px) if self.layout.numbered[arrow.panel] else 0
        free = (grid.pitch - grid.gap - number) // 2 - LEAST_MARGIN * self.layout.scale
        sizes = range(self.layout.arrow_px, self.layout.least_arrow_px - 1, -1)
        choices = [(text, px) for px in sizes for text in (arrow.text, arrow.text.replace(" ", ""))]
        is_horizontal = arrow.start[0] == arrow.end[0]
        places = (
            _places_of_horizontal(arrow, grid, ends, self._half_head)
            if is_horizontal
            else (_places_of_vertical(arrow, grid, self._half_head))
        )
        for place, (text, px) in product(places, choices):
            width = measure(text, face, px)
            x = place.x + round((place.w - width) * place.share)
            baseline = max(place.y + -(-_capitals(px) // 2), grid.y - self._half_head + _capitals(px) + 1)
            run = BackedText(TextRun(text, face, px, x, baseline, self.theme.text, (self.theme.background,)))
            is_clear = place.y - free <= run.box.y and run.box.bottom <= place.y + free
            if is_clear and width + 2 <= place.w and not any(run.box.overlaps(source) for source in sources):
                return run
        return None


@dataclass(frozen=True, slots=True)
class _Place:
    """Room for a text: pixels from left to right, and the middle of a gap between rows.

    `share` is the share of the free width that is on the left of the text.
    """

    x: int
    w: int
    y: int
    share: float


def _places_of_horizontal(arrow: Arrow, grid: Grid, ends: tuple[int, int], half_head: int) -> Iterator[_Place]:
    """Yield the places of the text of an arrow to the right: in its line, before it, and below it."""
    first, tip = ends
    y = grid.fractional_cell(*arrow.start).y - max(1, grid.gap // 2)
    yield _Place(first + LEAST_LINE, tip - first - 2 * (half_head + LEAST_LINE), y, 0.5)
    yield _Place(grid.x, first - half_head - grid.x, y, 1)
    if arrow.start[0] // 1000 + 1 < grid.rows:
        yield _Place(first + half_head, tip - first - half_head, y + grid.pitch, 0.5)


def _places_of_vertical(arrow: Arrow, grid: Grid, half_head: int) -> Iterator[_Place]:
    """Yield the places of the text of an arrow down: on its right, on the gaps that it crosses, and at its start."""
    cell = grid.fractional_cell(*arrow.start)
    x, y = cell.x + half_head + 1, cell.y - max(1, grid.gap // 2)
    crossed = range(1, (arrow.end[0] - arrow.start[0]) // 1000)
    for rows in (*sorted(crossed, key=lambda one: abs(2 * one - len(crossed) - 1)), 0):
        yield _Place(x, grid.box.right - x, y + rows * grid.pitch, 0)


def _capitals(px: int) -> int:
    return round(CAPITALS * px)


def _corners(start: int, tip: int, across: int, width: int, half_head: int) -> Points:
    """Return the corners of an arrow to the right."""
    low = across - width // 2
    middle, high = low + width / 2, low + width
    neck = tip - min(2 * half_head, (tip - start) // 2)
    return (
        (start, low),
        (neck, low),
        (neck, middle - half_head),
        (tip, middle),
        (neck, middle + half_head),
        (neck, high),
        (start, high),
    )
