"""Placing storeys: slanted planes one above the other, and a column of labels on their right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from convviz.layout.blocks import Block, Placed
from convviz.layout.type import above, leading
from convviz.scene import Panel, Storeys

if TYPE_CHECKING:
    from convviz.layout.stage import Fitting

STYLE = "plane"


@dataclass(frozen=True, slots=True)
class Storey:
    """A plane, or a row of them, and the lines of its label."""

    block: Block
    lines: tuple[str, ...]
    half: int
    """Half the height of the label, which stands level with the middle of the plane."""

    @property
    def rise(self) -> int:
        """Height above the centre line."""
        return max(self.block.rise, self.half)

    @property
    def fall(self) -> int:
        """Height below the centre line."""
        return max(self.block.fall, self.half)


@dataclass(frozen=True, slots=True)
class Tower:
    """Storeys as one attempt measures them."""

    fit: Fitting
    storeys: tuple[Storey, ...]
    side: Block | None

    def steps(self) -> Iterator[int]:
        """From each centre line to the next: guide lines have room, and the side stands between the last two labels."""
        air = self.fit.air
        for number, (upper, lower) in enumerate(pairwise(self.storeys), start=2):
            step = upper.fall + round(1.2 * air) + lower.rise
            if self.side and number == len(self.storeys):
                step = max(step, upper.half + self.side.height + lower.half + air)
            yield step

    @property
    def width(self) -> int:
        """Of the planes."""
        return max(storey.block.wide for storey in self.storeys)

    @property
    def column(self) -> int:
        """Of the labels and the side, with the space before them; 0 where there are none."""
        type = self.fit.type
        widths = [type.wide(line, STYLE) for storey in self.storeys for line in storey.lines]
        widths += [self.side.wide] if self.side else []
        return max(widths) + 2 * self.fit.air if widths else 0


def _tower(fit: Fitting, node: Storeys) -> Tower:
    storeys = tuple(_storey(fit, fit.measure(plane)) for plane in node.planes)
    return Tower(fit, storeys, fit.measure(node.side) if node.side else None)


def _storey(fit: Fitting, block: Block) -> Storey:
    label = block.node.label if isinstance(block.node, Panel) else ""
    lines = tuple(fit.type.wrapped(label, STYLE, round(1.5 * fit.narrow))) if label else ()
    return Storey(block, lines, (len(lines) * leading(fit.type.px(STYLE)) + 1) // 2)


def measure_storeys(fit: Fitting, node: Storeys) -> Block:
    """As wide as the widest plane and the column of labels."""
    tower = _tower(fit, node)
    high = tower.storeys[0].rise + sum(tower.steps()) + tower.storeys[-1].fall
    return Block(node, tower.width + tower.column, high // 2, high - high // 2)


def place_storeys(fit: Fitting, node: Storeys, x: int, top: int, placed: Placed) -> None:
    """The planes from the top down, the middles of all below each other; then the side."""
    tower = _tower(fit, node)
    centres = [top + tower.storeys[0].rise]
    for step in tower.steps():
        centres.append(centres[-1] + step)
    edge = x + tower.width + 2 * fit.air
    for storey, centre in zip(tower.storeys, centres, strict=True):
        fit.place(storey.block, x + (tower.width - storey.block.wide) // 2, centre, placed)
        _label(fit, storey, edge, centre - storey.half, placed)
    if tower.side:
        upper, lower = tower.storeys[-2:]
        free = centres[-2] + upper.half, centres[-1] - lower.half
        fit.place(tower.side, edge, (sum(free) - tower.side.height) // 2 + tower.side.rise, placed)


def _label(fit: Fitting, storey: Storey, x: int, top: int, placed: Placed) -> None:
    """The label of a panel in the colour of what it shows."""
    if not isinstance(storey.block.node, Panel):
        return
    px = fit.type.px(STYLE)
    for line in storey.lines:
        placed.texts.append(fit.type.text(line, STYLE, x, top + above(px), ink=storey.block.node.name))
        top += leading(px)
