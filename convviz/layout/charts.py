"""Measure and place charts: the title above, the numbers of both axes beside the area of the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import Protocol

from convviz.layout.boxes import CAPITALS, Box, PlacedText
from convviz.layout.typography import Typography, ascent, line_height
from convviz.scene.model import Chart, Tick

STYLE = "panel caption"
LEAST_WIDTH, LEAST_HEIGHT = 320, 84
"""Pixels of the area of the line in the 1280×720 design, at least."""


@dataclass(frozen=True, slots=True)
class PlacedChart:
    """A chart and the area of its line."""

    chart: Chart
    plot: Box

    def point(self, number: int) -> tuple[int, int]:
        """Return the pixels of a point."""
        col, row = self.chart.points[number]
        return self.x(col), self.y(row)

    def x(self, place: int) -> int:
        """Return the pixel of a place in thousandths of the width."""
        return self.plot.x + round(place * self.plot.w / 1000)

    def y(self, place: int) -> int:
        """Return the pixel of a place in thousandths of the height."""
        return self.plot.y + round(place * self.plot.h / 1000)

    def label_place(self, number: int, width: int, px: int, scale: int = 1) -> tuple[int, int] | None:
        """Return left edge and baseline of the text at a point, on its right if there is room, and off the line.

        None if there is no such place.
        """
        x, away = self.point(number)[0], 12 * scale
        left = x + away if x + away + width <= self.plot.right else max(self.plot.x, x - away - width)
        points = [self.point(index) for index in range(len(self.chart.points))]
        ys = [
            y
            for (x0, y0), (x1, y1) in pairwise(points)
            if x1 >= left - away and x0 <= left + width + away
            for y in (y0, y1)
        ]
        ys.append(points[number][1])
        above, below = min(ys) - away, max(ys) + away + round(CAPITALS * px)
        capitals = round(CAPITALS * px)
        return next(
            (
                (left, baseline)
                for baseline in (above, below)
                if baseline - capitals >= self.plot.y and baseline <= self.plot.bottom - 2 * scale
            ),
            None,
        )


class ChartRoom(Protocol):
    """What has charts beside its cells: one attempt to fit a body."""

    @property
    def typography(self) -> Typography:
        """Font sizes."""

    @property
    def pitch(self) -> int:
        """Pixels from cell to cell."""

    @property
    def body_width(self) -> int:
        """Pixels of the width of the body."""


@dataclass(frozen=True, slots=True)
class ChartSetter:
    """Sets the charts of an attempt."""

    attempt: ChartRoom

    @property
    def typography(self) -> Typography:
        """Font sizes."""
        return self.attempt.typography

    def size(self, chart: Chart) -> tuple[int, int, int]:
        """Return the width with the texts around, and the heights above and below the centre line."""
        left, top, right, bottom = self._margins(chart)
        wanted = max(self.typography.scaled(LEAST_WIDTH), self.typography.text_width(chart.title, STYLE))
        least = min(wanted, self.attempt.body_width - left - right)
        width = max(chart.cols * self.attempt.pitch, least + left + right)
        height = max(chart.rows * self.attempt.pitch, self.typography.scaled(LEAST_HEIGHT) + top + bottom)
        return width, height // 2, height - height // 2

    def place(self, chart: Chart, x: int, y: int, charts: list[PlacedChart], texts: list[PlacedText]) -> None:
        """Add a chart with its upper left corner at (x, y), and the texts around it."""
        left, top, right, bottom = self._margins(chart)
        width, above, below = self.size(chart)
        plot = Box(x + left, y + top, width - left - right, above + below - top - bottom)
        fonts = self.typography
        placed = PlacedChart(self._thinned(chart, plot), plot)
        charts.append(placed)
        texts.append(fonts.text(chart.title, STYLE, placed.plot.x, y + ascent(fonts.px(STYLE))))
        drop = round(CAPITALS * fonts.px(STYLE) / 2)
        for tick in placed.chart.beside:
            start = placed.plot.x - self._space - self._width(tick)
            texts.append(fonts.text(tick.text, STYLE, start, placed.y(tick.place) + drop))
        for tick in placed.chart.below:
            baseline = placed.plot.bottom + self._space + ascent(fonts.px(STYLE))
            texts.append(fonts.text(tick.text, STYLE, placed.x(tick.place) - self._width(tick) // 2, baseline))

    def _thinned(self, chart: Chart, plot: Box) -> Chart:
        """Return the chart with every n-th number at its axes, so that they are clear of each other."""
        high, wide = line_height(self.typography.px(STYLE)), 1.5 * max(map(self._width, chart.below))
        beside, below = _every_nth(chart.beside, high, plot.h), _every_nth(chart.below, wide, plot.w)
        return replace(chart, beside=beside, below=below)

    @property
    def _space(self) -> int:
        """Pixels between the area of the line and the numbers, ticks included."""
        return max(5, self.typography.scaled(8))

    def _width(self, tick: Tick) -> int:
        return self.typography.text_width(tick.text, STYLE)

    def _margins(self, chart: Chart) -> tuple[int, int, int, int]:
        """Return the pixels left of, above, right of and below the area of the line."""
        fonts = self.typography
        half = line_height(fonts.px(STYLE)) // 2
        left = max(self._width(tick) for tick in chart.beside) + self._space
        right = self._width(chart.below[-1]) // 2 + 1
        top = line_height(fonts.px(STYLE)) + half + self._space // 2
        return left, top, right, self._space + line_height(fonts.px(STYLE))


def _every_nth(ticks: Sequence[Tick], least: float, length: int) -> tuple[Tick, ...]:
    """Return every n-th tick, so that they are at least so many pixels apart; the first stays."""
    if len(ticks) < 2:
        return tuple(ticks)
    distance = (ticks[1].place - ticks[0].place) * length / 1000
    return tuple(ticks[:: ceil(least / max(1, distance))])
