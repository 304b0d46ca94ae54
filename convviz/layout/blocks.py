"""Measured nodes of the stage, and what is placed in the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from convviz.layout.boxes import Grid, PlacedText
from convviz.layout.oblique_grid import ObliqueGrid
from convviz.scene.model import Node


@dataclass
class Placed:
    """Grids, in the order of the scene's panels, and the texts between and below them."""

    grids: list[Grid | ObliqueGrid] = field(default_factory=list)
    texts: list[PlacedText] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Block:
    """A measured node: its width, and its heights above and below the centre line."""

    node: Node
    wide: int
    rise: int
    fall: int
    children: tuple[Block, ...] = ()
    lines: tuple[str, ...] = ()
    """The caption of a panel, wrapped."""

    @property
    def height(self) -> int:
        """From top to bottom."""
        return self.rise + self.fall
