"""The last window, as a dashed outline, and the arrow from it to the present one, along one of its edges.

The line of the arrow is on the gap between cells, and its text in the strip below, above the numbers of the cells
there: neither covers a number. A text for which the strip is too small is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

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
                yield from self._arrow(arrow)

    def _outline(self, mark: Mark) -> Iterator[Outline | DashedOutline]:
        """Yield a line in the colour of the background and dashes on it, in the gap around cells of a flat grid."""
        bounds, width = self.layout.grids[mark.panel].span(mark.rows, mark.cols), self._width
        if isinstance(bounds, Box):
            yield Outline(bounds.grown(width), self.theme.background[:7], width + 1)
            yield DashedOutline(bounds.grown(width), self.theme.last_window, width)

    def _arrow(self, arrow: Arrow) -> Iterator[SharpPolygon | BackedText]:
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
        room = tip - first if is_horizontal else grid.pitch
        text = self._text(arrow, grid, room)
        if text:
            width = measure(text.text, text.face, text.px)
            x = first + (room - width) // 2 if is_horizontal else start.x + self._half_head + 2
            top = start.y + (self._half_head if is_horizontal else 2) + 2
            yield BackedText(replace(text, x=x, baseline=top + _capitals(text.px)))

    @property
    def _width(self) -> int:
        """Width of dashes, and of the line of the arrow."""
        return (self.layout.outline + 1) // 2

    @property
    def _half_head(self) -> int:
        """Half the width of the head, which stays within the reach of the window's outline."""
        return max(2, reach(self.layout.outline))

    def _text(self, arrow: Arrow, grid: Grid, room: int) -> TextRun | None:
        """Return the text at the origin, as large as the strip allows, closer set if it must be; None without room."""
        face = face_of_family(TEXT_STYLES[STYLE].face, self.theme.font)
        strip = grid.pitch // 2 - self._half_head - 3
        if self.layout.numbered[arrow.panel] and self.layout.number_px:
            strip -= _capitals(self.layout.number_px) // 2
        for px in range(self.layout.arrow_px, self.layout.least_arrow_px - 1, -1):
            for text in (arrow.text, arrow.text.replace(" ", "")):
                if _capitals(px) + -(-px // 4) <= strip and measure(text, face, px) + 4 <= room:
                    return TextRun(text, face, px, 0, 0, self.theme.text, (self.theme.background,))
        return None


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
