"""A laid-out scene."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from convviz.layout.boxes import CAPITALS, Box, Grid, PlacedText
from convviz.layout.brackets import PlacedBracket
from convviz.layout.charts import PlacedChart
from convviz.layout.line_widths import halo, reach
from convviz.layout.oblique_grid import ObliqueGrid, Parallelogram
from convviz.scene.left_out import SUM
from convviz.scene.model import Badge, FloatingCell, LegendEntry

LEAST_PITCH_OF_LAST_WINDOW = 20
"""Pixels from cell to cell, at a resolution multiplier of 1."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A heading, or the name of a moment: its bar, and its text in both weights."""

    bar: Box
    plain: PlacedText
    bold: PlacedText


@dataclass(frozen=True, slots=True)
class SceneLayout:
    """Positions of everything in a picture: fixed parts, and the boxes of the parts that change."""

    size: tuple[int, int]
    scale: int = 1
    """Resolution multiplier: pixels per side for each pixel of an ordinary screen."""
    texts: tuple[PlacedText, ...] = ()
    badges: tuple[tuple[Box, Badge], ...] = ()
    legend: tuple[tuple[Box, LegendEntry], ...] = ()
    tabs: tuple[Tab, ...] = ()
    moments: tuple[Tab, ...] = ()
    """Names of the moments of a step, each with the line below it."""
    grids: tuple[Grid | ObliqueGrid, ...] = ()
    brackets: tuple[PlacedBracket, ...] = ()
    lens: Box | None = None
    """Frame of the lens."""
    charts: tuple[PlacedChart, ...] = ()
    outline: int = 0
    """Width of the window's outline; half of it lies outside the cells."""
    outlines: tuple[int, ...] = ()
    """That width for each grid; those of a lens are wider."""
    number_px: int = 0
    """Font size of the numbers in the cells; 0 if they do not fit or are not wanted."""
    small_number_px: int = 0
    note_px: int = 0
    """Font size of the factors above a product; 0 if they do not fit."""
    factors_px: int = 0
    """Font size of factors alone in a cell; 0 if they do not fit."""
    numbered: tuple[bool, ...] = ()
    """For each grid, whether its numbers fit at a readable size."""
    arrow_px: int = 0
    least_arrow_px: int = 0
    """Font sizes of the texts of arrows."""
    caption: Box | None = None
    """Box of the caption of a step."""
    caption_px: int = 0
    caption_lead: int = 0
    """Number of characters in front of the relation sign of all equations, so that it stays in place."""
    caption_x: int = 0
    """Left edge of the captions of all steps: the longest one is centred."""
    caption_length: int = 0
    """Number of fixed-pitch characters that fit into the caption."""
    counter: Box | None = None
    """Box of the step counter, which is right-aligned in it."""
    counter_px: int = 0
    progress: Box | None = None

    @property
    def halo(self) -> int:
        """Width of the halo on both sides of the window's outline."""
        return halo(self.outline)

    @property
    def lens_is_beside(self) -> bool:
        """Whether there is a lens between two grids side by side, so that lines to it cross no text."""
        first, last = self.grids[0].box, self.grids[-1].box
        return self.lens is not None and first.right <= self.lens.x and self.lens.right <= last.x

    @property
    def fits_last_window(self) -> bool:
        """Whether cells are large enough to tell the last window from the present one."""
        return self.grids[0].pitch >= LEAST_PITCH_OF_LAST_WINDOW * self.scale

    def floating_cell(self, cell: FloatingCell) -> Box | Parallelogram:
        """Return the area of a cell between grid positions, or on its way to the sign of a sum."""
        area = self.grids[cell.panel].fractional_cell(cell.row, cell.col)
        sign = next((text for text in self.texts if text.text == SUM.text), None)
        if not cell.share or not sign:
            return area
        x, y = sign.x + sign.width / 2, sign.baseline - CAPITALS * sign.px / 2
        across, down = x - area.box.x - area.box.w / 2, y - area.box.y - area.box.h / 2
        return area.moved(round(across * cell.share / 1000), round(down * cell.share / 1000))

    def boxes(self) -> Iterator[tuple[str, Box]]:
        """Yield, by name, the boxes that must not overlap."""
        yield from ((text.text, text.box) for text in self.texts if text.style != "badge")
        yield from ((badge.text, box) for box, badge in self.badges)
        yield from ((f"{entry.text} (legend)", box) for box, entry in self.legend)
        grids = zip(self.grids, self.outlines, strict=True)
        yield from ((f"grid {index}", grid.box.grown(reach(own))) for index, (grid, own) in enumerate(grids))
        yield from ((f"bracket {index}", bracket.box) for index, bracket in enumerate(self.brackets))
        yield from ((f"chart {index}", chart.plot) for index, chart in enumerate(self.charts))
        yield from ((f"{tab.plain.text} (bar)", tab.bar) for tab in self.tabs)
        yield from ((f"{tab.plain.text} (tab)", tab.bold.box) for tab in self.tabs)
        yield from ((f"{one.plain.text} (moment)", one.bold.box) for one in self.moments)
        yield from ((f"{one.plain.text} (line)", one.bar) for one in self.moments)
        optional = (("caption", self.caption), ("counter", self.counter), ("progress", self.progress))
        yield from ((name, box) for name, box in optional if box)
