"""Place the entries of a legend in lines: small cells and marks with their names, and scales of colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from convviz.layout.boxes import Box, PlacedText, centred_baseline
from convviz.layout.typography import Typography, ascent, descent
from convviz.scene.model import LegendEntry, ScalePart

STYLE = "legend"
SCALE_CELL = 6
"""Width of a cell of a scale, in pixels of the 1280×720 design."""
PlacedEntry = tuple[Box, LegendEntry]


def place_legend(
    legend: Sequence[LegendEntry], typography: Typography, bottom: int
) -> tuple[tuple[PlacedEntry, ...], list[PlacedText], int]:
    """Place the legend in lines above `bottom`; return its cells, its texts, and its top.

    Each part of a scale is an entry of its own, with the box of its cells.
    """
    setter = _EntrySetter(typography)
    lines = typography.wrap_boxes([setter.width(entry) for entry in legend], setter.gap)
    top = bottom - setter.height * len(lines)
    for number, line in enumerate(lines):
        x = typography.margin
        for index in line:
            x = setter.place(legend[index], x, top + number * setter.height) + setter.gap
    return tuple(setter.entries), setter.texts, top


class _EntrySetter:
    """Sets the entries of a legend."""

    def __init__(self, typography: Typography) -> None:
        self.typography = typography
        self.px = px = typography.px(STYLE)
        self.side, self.space, self.gap = round(px * 1.15), round(px * 0.7), round(px * 2)
        self.height = max(self.side, ascent(px) + descent(px)) + typography.scaled(4)
        self.entries: list[PlacedEntry] = []
        self.texts: list[PlacedText] = []

    def width(self, entry: LegendEntry) -> int:
        """Width of an entry."""
        swatches = sum(map(self._part_width, entry.scale)) if entry.scale else self.side + self.space
        return swatches + self._text_width(entry.text)

    def _part_width(self, part: ScalePart) -> int:
        return self._text_width(part.text) + self.space + (self._cells_width(part) + self.space if part.cells else 0)

    def _cells_width(self, part: ScalePart) -> int:
        return self.side if len(part.cells) == 1 else len(part.cells) * max(3, self.typography.scaled(SCALE_CELL))

    def _text_width(self, text: str) -> int:
        return self.typography.text_width(text, STYLE)

    def place(self, entry: LegendEntry, x: int, top: int) -> int:
        """Place an entry in a line that starts at `top`; return its right edge."""
        y = top + (self.height - self.side) // 2
        if not entry.scale:
            self.entries.append((Box(x, y, self.side, self.side), entry))
            x += self.side + self.space
        for part in entry.scale:
            start = self._text(part.text, x, y) + self.space
            if part.cells:
                cells = Box(start, y, self._cells_width(part), self.side)
                self.entries.append((cells, replace(entry, scale=(part,))))
            x += self._part_width(part)
        return self._text(entry.text, x, y)

    def _text(self, text: str, x: int, y: int) -> int:
        """Place a text; return its right edge."""
        baseline = centred_baseline(Box(x, y, self.side, self.side), self.px)
        self.texts.append(self.typography.text(text, STYLE, x, baseline))
        return x + self._text_width(text)
