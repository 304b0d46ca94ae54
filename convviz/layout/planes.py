"""Place a `PlaneStack`: oblique planes one above the other, and a column of labels on their right.

In a wide picture the planes may be side by side instead, the lowest one on the left, with labels below them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from convviz.layout.measured_node import MeasuredNode, Placement
from convviz.layout.typography import Typography, ascent, line_height
from convviz.scene.model import Node, Panel, PlaneStack

STYLE = "plane label"


class NodePlacer(Protocol):
    """What measures and places the nodes in a stack: one attempt to fit a body."""

    @property
    def typography(self) -> Typography:
        """Font sizes."""

    @property
    def spacing(self) -> int:
        """Pixels between neighbours."""

    @property
    def vertical_spacing(self) -> int:
        """Pixels between neighbours in a column, room for outlines included."""

    @property
    def between_grids(self) -> int:
        """Pixels between two grids in a row."""

    @property
    def caption_width(self) -> int:
        """Width in pixels at which captions wrap."""

    @property
    def flat_stacks(self) -> bool:
        """Whether the planes of a stack are side by side."""

    def measure(self, node: Node) -> MeasuredNode:
        """Measure `node`."""

    def place(self, measured: MeasuredNode, x: int, centre: int, placed: Placement, low: int = 0) -> None:
        """Add the grids and texts of a node to `placed`."""


def beside_planes(attempt: NodePlacer) -> int:
    """Return the pixels between planes and what is on their right."""
    return max(2 * attempt.spacing, attempt.between_grids)


@dataclass(frozen=True, slots=True)
class LabelledPlane:
    """A plane, or a row of them, and the lines of its label, which is centred on the middle of the plane."""

    measured: MeasuredNode
    lines: tuple[str, ...]
    half: int
    """Half the height of the label."""

    @property
    def above(self) -> int:
        """Height above the centre line."""
        return max(self.measured.above, self.half)

    @property
    def below(self) -> int:
        """Height below the centre line."""
        return max(self.measured.below, self.half)


@dataclass(frozen=True, slots=True)
class MeasuredStack:
    """A stack as one attempt measures it."""

    attempt: NodePlacer
    planes: tuple[LabelledPlane, ...]
    side: MeasuredNode | None

    def steps(self) -> Iterator[int]:
        """Yield the distances of centre lines: room for guide lines, and for the side between the last two labels."""
        spacing = self.attempt.spacing
        for number, (upper, lower) in enumerate(pairwise(self.planes), start=2):
            step = upper.below + round(1.2 * spacing) + lower.above
            if self.side and number == len(self.planes):
                space = max(spacing, 2 * self.attempt.vertical_spacing - spacing)
                step = max(step, upper.half + self.side.height + lower.half + space)
            yield step

    @property
    def width(self) -> int:
        """Width of the planes."""
        return max(plane.measured.width for plane in self.planes)

    @property
    def column(self) -> int:
        """Width of the labels and the side, with the space on their left; 0 if there are none."""
        fonts = self.attempt.typography
        widths = [fonts.text_width(line, STYLE) for plane in self.planes for line in plane.lines]
        widths += [self.side.width] if self.side else []
        return max(widths) + beside_planes(self.attempt) if widths else 0


def _measure_stack(attempt: NodePlacer, node: PlaneStack) -> MeasuredStack:
    planes = tuple(_labelled(attempt, attempt.measure(plane)) for plane in node.planes)
    return MeasuredStack(attempt, planes, attempt.measure(node.side) if node.side else None)


def _labelled(attempt: NodePlacer, measured: MeasuredNode) -> LabelledPlane:
    fonts = attempt.typography
    label = measured.node.label if isinstance(measured.node, Panel) else ""
    lines = tuple(fonts.wrap(label, STYLE, round(1.5 * attempt.caption_width))) if label else ()
    return LabelledPlane(measured, lines, (len(lines) * line_height(fonts.px(STYLE)) + 1) // 2)


def measure_planes(attempt: NodePlacer, node: PlaneStack) -> MeasuredNode:
    """Measure a stack: as wide as its widest plane and the column of labels."""
    stack = _measure_stack(attempt, node)
    if attempt.flat_stacks:
        width = sum(_flat_widths(stack)) + beside_planes(attempt) * (len(_flat_widths(stack)) - 1)
        above, below = _flat_heights(stack)
        return MeasuredNode(node, width, above, below)
    height = stack.planes[0].above + sum(stack.steps()) + stack.planes[-1].below
    return MeasuredNode(node, stack.width + stack.column, height // 2, height - height // 2)


def place_planes(attempt: NodePlacer, node: PlaneStack, x: int, top: int, placed: Placement) -> None:
    """Place the planes from the top down, their middles below each other, and then the side."""
    stack = _measure_stack(attempt, node)
    if attempt.flat_stacks:
        _place_side_by_side(attempt, stack, x, top, placed)
        return
    centres = [top + stack.planes[0].above]
    for step in stack.steps():
        centres.append(centres[-1] + step)
    label_x = x + stack.width + beside_planes(attempt)
    for plane, centre in zip(stack.planes, centres, strict=True):
        attempt.place(plane.measured, x + (stack.width - plane.measured.width) // 2, centre, placed)
        _place_label(attempt, plane, label_x, centre - plane.half, placed)
    if stack.side:
        upper, lower = stack.planes[-2:]
        ends = centres[-2] + upper.half, centres[-1] - lower.half
        attempt.place(stack.side, label_x, (sum(ends) - stack.side.height) // 2 + stack.side.above, placed)


def _place_label(attempt: NodePlacer, plane: LabelledPlane, x: int, top: int, placed: Placement) -> None:
    """Place the label of a panel, in the colour of the panel's role."""
    if not isinstance(plane.measured.node, Panel):
        return
    fonts, px = attempt.typography, attempt.typography.px(STYLE)
    for line in plane.lines:
        placed.texts.append(fonts.text(line, STYLE, x, top + ascent(px), ink=plane.measured.node.name))
        top += line_height(px)


def _flat_widths(stack: MeasuredStack) -> list[int]:
    """Return the widths of the planes side by side, in their order in the stack, and of the side."""
    fonts = stack.attempt.typography
    widths = [max(plane.measured.width, *_line_widths(fonts, plane), 0) for plane in stack.planes]
    return widths + ([stack.side.width] if stack.side else [])


def _line_widths(fonts: Typography, plane: LabelledPlane) -> list[int]:
    return [fonts.text_width(line, STYLE) for line in plane.lines]


def _flat_heights(stack: MeasuredStack) -> tuple[int, int]:
    """Return the heights above and below the centre line of planes side by side, with their labels."""
    planes, sides = [plane.measured for plane in stack.planes], [stack.side] if stack.side else []
    below = _label_top(stack) + max(2 * plane.half for plane in stack.planes)
    return max(one.above for one in (*planes, *sides)), max([below, *(side.below for side in sides)])


def _label_top(stack: MeasuredStack) -> int:
    """Return how far the labels of planes side by side are below the centre line: below all guide lines."""
    return max(plane.measured.below for plane in stack.planes) + stack.attempt.spacing // 2


def _place_side_by_side(attempt: NodePlacer, stack: MeasuredStack, x: int, top: int, placed: Placement) -> None:
    """Place the planes from the lowest on the left to the highest on the right, then the side."""
    fonts, widths = attempt.typography, _flat_widths(stack)
    above, _ = _flat_heights(stack)
    space, lefts = beside_planes(attempt), []
    for width in reversed(widths[: len(stack.planes)]):
        lefts.append(x)
        x += width + space
    for plane, left, width in zip(stack.planes, reversed(lefts), widths, strict=False):
        measured = plane.measured
        attempt.place(measured, left + (width - measured.width) // 2, top + above, placed)
        label_x = left + (width - max([0, *_line_widths(fonts, plane)])) // 2
        _place_label(attempt, plane, label_x, top + above + _label_top(stack), placed)
    if stack.side:
        attempt.place(stack.side, x, top + above, placed)
