"""Measured nodes of a scene, and the grids and texts that come from placing them."""

from __future__ import annotations

from dataclasses import dataclass, field

from convviz.layout.boxes import Box, Grid, PlacedText
from convviz.layout.brackets import PlacedBracket
from convviz.layout.charts import PlacedChart
from convviz.layout.oblique_grid import ObliqueGrid
from convviz.scene.model import Node


@dataclass
class Placement:
    """Grids, in the order of the scene's panels, the brackets beside them, charts, and the texts around them."""

    grids: list[Grid | ObliqueGrid] = field(default_factory=list)
    texts: list[PlacedText] = field(default_factory=list)
    brackets: list[PlacedBracket] = field(default_factory=list)
    lenses: list[Box] = field(default_factory=list)
    """Frames around magnified groups."""
    charts: list[PlacedChart] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MeasuredNode:
    """A node with its width, and its heights above and below the centre line, in pixels."""

    node: Node
    width: int
    above: int
    below: int
    children: tuple[MeasuredNode, ...] = ()
    lines: tuple[str, ...] = ()
    """The caption of a panel, wrapped."""
    top: int = 0
    left: int = 0
    right: int = 0
    """Room of the brackets of a panel, which is part of `above` and `width`."""

    @property
    def height(self) -> int:
        """Height from top to bottom."""
        return self.above + self.below
