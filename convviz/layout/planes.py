"""Place a `PlaneStack`: oblique planes one above the other, and a column of labels on their right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from convviz.layout.blocks import Block, Placed
from convviz.layout.typography import Typography, above, leading
from convviz.scene.model import Node, Panel, PlaneStack

STYLE = "plane label"


class Attempt(Protocol):
    """One attempt to fit a scene, which measures and places the nodes in a stack."""

    @property
    def type(self) -> Typography:
        """Sizes of text."""

    @property
    def air(self) -> int:
        """Space between neighbours, in pixels."""

    @property
    def narrow(self) -> int:
        """Width at which captions wrap, in pixels."""

    def measure(self, node: Node) -> Block:
        """Return the size of `node`."""

    def place(self, block: Block, x: int, centre: int, placed: Placed, low: int = 0) -> None:
        """Add the grids and texts of `block` to `placed`."""


@dataclass(frozen=True, slots=True)
class LabelledPlane:
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
class MeasuredStack:
    """LabelledPlanes as one attempt measures them."""

    fit: Attempt
    planes: tuple[LabelledPlane, ...]
    side: Block | None

    def steps(self) -> Iterator[int]:
        """From each centre line to the next: guide lines have room, and the side stands between the last two labels."""
        air = self.fit.air
        for number, (upper, lower) in enumerate(pairwise(self.planes), start=2):
            step = upper.fall + round(1.2 * air) + lower.rise
            if self.side and number == len(self.planes):
                step = max(step, upper.half + self.side.height + lower.half + air)
            yield step

    @property
    def width(self) -> int:
        """Of the planes."""
        return max(plane.block.wide for plane in self.planes)

    @property
    def column(self) -> int:
        """Of the labels and the side, with the space before them; 0 where there are none."""
        type = self.fit.type
        widths = [type.wide(line, STYLE) for plane in self.planes for line in plane.lines]
        widths += [self.side.wide] if self.side else []
        return max(widths) + 2 * self.fit.air if widths else 0


def _measured(fit: Attempt, node: PlaneStack) -> MeasuredStack:
    planes = tuple(_labelled(fit, fit.measure(plane)) for plane in node.planes)
    return MeasuredStack(fit, planes, fit.measure(node.side) if node.side else None)


def _labelled(fit: Attempt, block: Block) -> LabelledPlane:
    label = block.node.label if isinstance(block.node, Panel) else ""
    lines = tuple(fit.type.wrapped(label, STYLE, round(1.5 * fit.narrow))) if label else ()
    return LabelledPlane(block, lines, (len(lines) * leading(fit.type.px(STYLE)) + 1) // 2)


def measure_planes(fit: Attempt, node: PlaneStack) -> Block:
    """As wide as the widest plane and the column of labels."""
    stack = _measured(fit, node)
    high = stack.planes[0].rise + sum(stack.steps()) + stack.planes[-1].fall
    return Block(node, stack.width + stack.column, high // 2, high - high // 2)


def place_planes(fit: Attempt, node: PlaneStack, x: int, top: int, placed: Placed) -> None:
    """The planes from the top down, the middles of all below each other; then the side."""
    stack = _measured(fit, node)
    centres = [top + stack.planes[0].rise]
    for step in stack.steps():
        centres.append(centres[-1] + step)
    edge = x + stack.width + 2 * fit.air
    for plane, centre in zip(stack.planes, centres, strict=True):
        fit.place(plane.block, x + (stack.width - plane.block.wide) // 2, centre, placed)
        _label(fit, plane, edge, centre - plane.half, placed)
    if stack.side:
        upper, lower = stack.planes[-2:]
        free = centres[-2] + upper.half, centres[-1] - lower.half
        fit.place(stack.side, edge, (sum(free) - stack.side.height) // 2 + stack.side.rise, placed)


def _label(fit: Attempt, plane: LabelledPlane, x: int, top: int, placed: Placed) -> None:
    """The label of a panel in the colour of what it shows."""
    if not isinstance(plane.block.node, Panel):
        return
    px = fit.type.px(STYLE)
    for line in plane.lines:
        placed.texts.append(fit.type.text(line, STYLE, x, top + above(px), ink=plane.block.node.name))
        top += leading(px)
