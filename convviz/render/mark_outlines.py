"""Outlines of marks: the window, the cells that padding repeats, and, dashed, the kept part of a full output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from convviz.layout.boxes import Box
from convviz.layout.line_widths import halo as halo_width
from convviz.layout.scene_layout import SceneLayout
from convviz.render.cell_primitives import CellBounds
from convviz.render.oblique import ObliquePrimitives
from convviz.render.paths import Stroke
from convviz.render.rectangles import DashedOutline, Outline
from convviz.scene.model import Mark
from convviz.style.theme import Theme


@dataclass(frozen=True)
class MarkOutlines:
    """Outlines of the marks of a layout in the colours of a theme."""

    layout: SceneLayout
    theme: Theme
    line_backgrounds: tuple[str, ...]
    """The colours that may be below a line at an angle."""

    def bounds(self, mark: Mark) -> CellBounds:
        """Return the outer edge of an outline: a window's is half outside its cells, a source's inside."""
        grid, width = self.layout.grids[mark.panel], self.layout.outlines[mark.panel]
        bounds = grid.span(mark.rows, mark.cols).moved(*grid.offset(*mark.shift))
        if not isinstance(bounds, Box) or mark.role == "source":
            return bounds
        return bounds.grown(self._dash_width if mark.role == "kept" else width - width // 2)

    def outline(self, mark: Mark) -> Iterator[Outline | DashedOutline | Stroke]:
        """Yield the halo of a mark and its outline; a source's is thinner, inside its cell, and so is its halo."""
        bounds, width = self.bounds(mark), self.layout.outlines[mark.panel]
        halo = halo_width(width)
        background = self.theme.background[:7]
        if not isinstance(bounds, Box):
            stroke = ObliquePrimitives(self.theme, width).mark_outline(mark.role, bounds, self.line_backgrounds)
            yield from (replace(self.halo_of(stroke), dashes=None), stroke)
        elif mark.role == "source":
            thin = max(1, width // 2)
            yield Outline(bounds, background, thin + halo)
            yield Outline(bounds, self.theme.text, thin)
        elif mark.role == "kept":
            yield Outline(bounds, background, self._dash_width + 1)
            yield DashedOutline(bounds, self.theme.text, self._dash_width)
        else:
            yield Outline(bounds.grown(halo), background, width + 2 * halo)
            yield Outline(bounds, self.theme.window, width)

    def halo_of(self, stroke: Stroke) -> Stroke:
        """Return a wider stroke in the colour of the background, opaque, to be drawn first."""
        return replace(stroke, colour=self.theme.background[:7], width=stroke.width + 2 * self.layout.halo)

    @property
    def _dash_width(self) -> int:
        return (self.layout.outline + 1) // 2
