"""Charts as primitives: grid lines and axes, the whole line pale, and the part up to a frame in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from convviz.layout.boxes import Box
from convviz.layout.charts import PlacedChart
from convviz.layout.scene_layout import SceneLayout
from convviz.render.fonts import face_of_family, measure
from convviz.render.paths import Points, Stroke
from convviz.render.primitives import Primitive
from convviz.render.rectangles import Fill
from convviz.render.text_run import BackedText, TextRun
from convviz.scene.model import Frame
from convviz.style.colours import mix
from convviz.style.theme import TEXT_STYLES, Theme

CORNERS = 16
"""Corners of the polygon that stands for a circle."""
LEAST_DISTANCE = 9
"""Pixels between two points of a line, at a resolution multiplier of 1, from which each is marked by a dot."""


@dataclass(frozen=True)
class ChartPrimitives:
    """Charts of a layout in the colours of a theme."""

    layout: SceneLayout
    theme: Theme

    def still(self) -> Iterator[Primitive]:
        """Yield what stays the same in all frames."""
        theme, scale = self.theme, self.layout.scale
        for chart in self.layout.charts:
            plot = chart.plot
            for tick in chart.chart.beside:
                yield Fill(Box(plot.x, chart.y(tick.place), plot.w, scale), self._grid_colour)
            yield Fill(Box(plot.x, plot.bottom, plot.w + scale, scale), theme.muted)
            for tick in chart.chart.below:
                yield Fill(Box(chart.x(tick.place), plot.bottom, scale, 4 * scale), theme.muted)
            if len(chart.chart.points) > 1:
                yield self._line(chart, len(chart.chart.points) - 1, self._pale, 1.5 * scale)

    def at(self, frame: Frame) -> Iterator[Stroke | BackedText]:
        """Yield the line up to a frame, its dots, the present point and its text."""
        for chart in self.layout.charts:
            number, scale, ink = (
                min(frame.number, len(chart.chart.points) - 1),
                self.layout.scale,
                self.theme.ink("kernel"),
            )
            if number:
                yield self._line(chart, number, ink, 2.5 * scale)
            points = [chart.point(index) for index in range(len(chart.chart.points))]
            is_sparse = points[-1][0] - points[0][0] >= LEAST_DISTANCE * scale * (len(points) - 1)
            if is_sparse and number:
                yield self._dots(points[:number], 3 * scale, ink)
            present = points[number : number + 1]
            yield self._dots(present, 8 * scale, self.theme.background[:7])
            yield self._dots(present, 7 * scale, self.theme.window)
            yield self._dots(present, 4 * scale, self.theme.accent, self.theme.window)
            yield from self._label(chart, number)

    @property
    def _grid_colour(self) -> str:
        return mix(self.theme.background[:7], self.theme.text, 0.1)

    @property
    def _pale(self) -> str:
        return mix(self.theme.background[:7], self.theme.muted, 0.45)

    @property
    def _backgrounds(self) -> tuple[str, ...]:
        return self.theme.background, self._grid_colour, self._pale, self.theme.muted

    def _line(self, chart: PlacedChart, last: int, colour: str, width: float) -> Stroke:
        points = tuple(chart.point(number) for number in range(last + 1))
        below = self._backgrounds if colour != self._pale else self._backgrounds[:2]
        return Stroke((points,), colour, width, below)

    def _dots(self, centres: Sequence[tuple[int, int]], radius: int, colour: str, below: str = "") -> Stroke:
        """Return discs: closed lines as wide as the radius, half a radius from the centre."""
        circles = tuple(_circle(centre, radius / 2) for centre in centres)
        return Stroke(circles, colour, radius, (below or self.theme.background,), closed=True)

    def _label(self, chart: PlacedChart, number: int) -> Iterator[BackedText]:
        """Yield the text of a point, if there is room for it."""
        text, px = chart.chart.labels[number], self.layout.arrow_px
        face = face_of_family(TEXT_STYLES["bracket"].face, self.theme.font)
        place = chart.label_place(number, measure(text, face, px), px, self.layout.scale)
        if place:
            yield BackedText(TextRun(text, face, px, *place, self.theme.text, (self.theme.background,)))


def _circle(centre: tuple[int, int], radius: float) -> Points:
    angles = (2 * pi * index / CORNERS for index in range(CORNERS))
    return tuple((centre[0] + radius * cos(angle), centre[1] + radius * sin(angle)) for angle in angles)
