"""Measured nodes of a scene, and the grids and texts that come from placing them."""

from __future__ import annotations

from dataclasses import dataclass, field

from convviz.layout.boxes import Grid, PlacedText
from convviz.layout.oblique_grid import ObliqueGrid
from convviz.scene.model import Node


@dataclass
class Placement:
    """Grids, in the order of the scene's panels, and the texts between and below them."""

    grids: list[Grid | ObliqueGrid] = field(default_factory=list)
    texts: list[PlacedText] = field(default_factory=list)


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

    @property
    def height(self) -> int:
        """Height from top to bottom."""
        return self.above + self.below
