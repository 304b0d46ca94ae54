"""A lens: a framed group whose grids have larger cells than the others, and the least cells in which its numbers fit.

It is between the two grids of a row, above or below them, or below both.
"""

from __future__ import annotations

from typing import Protocol

from convviz.layout.boxes import TIGHT, Box
from convviz.layout.line_widths import gap
from convviz.layout.measured_node import MeasuredNode, Placement
from convviz.layout.numbers import number_shapes
from convviz.layout.typography import Typography
from convviz.scene.model import Group, Node, Panel, Scene

FRAME, PADDING = 2, 14
"""Width of the frame, and its distance from what is in it, in pixels of the 1280×720 design."""
LEAST_LENS, LARGEST_LENS = 30, 60
"""Pixels of the design from cell to cell."""


class LensPlacer(Protocol):
    """What measures and places the nodes of a body: one attempt to fit it."""

    @property
    def typography(self) -> Typography:
        """Font sizes."""

    @property
    def vertical_spacing(self) -> int:
        """Pixels between neighbours in a column."""

    @property
    def between_grids(self) -> int:
        """Pixels between two grids in a row."""

    def inside_lens(self) -> LensPlacer:
        """Return the attempt for what is in a magnified group."""

    def measure(self, node: Node) -> MeasuredNode:
        """Measure `node`."""

    def measure_group(self, group: Group) -> MeasuredNode:
        """Measure a row or a column."""

    def place(self, measured: MeasuredNode, x: int, centre: int, placed: Placement, low: int = 0) -> None:
        """Add the grids and texts of a node to `placed`."""

    def place_group(self, measured: MeasuredNode, group: Group, x: int, centre: int, placed: Placement) -> None:
        """Place a row, a column or a table."""


def measure_lens(attempt: LensPlacer, lens: Group) -> MeasuredNode:
    """Measure a magnified group with its frame."""
    inner, room = attempt.inside_lens().measure_group(lens), attempt.typography.scaled(PADDING)
    return MeasuredNode(lens, inner.width + 2 * room, inner.above + room, inner.below + room, (inner,))


def place_lens(attempt: LensPlacer, measured: MeasuredNode, x: int, centre: int, placed: Placement) -> None:
    """Place a magnified group, and its frame."""
    (inner,) = measured.children
    assert isinstance(inner.node, Group)
    placed.lenses.append(Box(x, centre - measured.above, measured.width, measured.height))
    room = attempt.typography.scaled(PADDING)
    attempt.inside_lens().place_group(inner, inner.node, x + room, centre, placed)


def measure_middle_below(attempt: LensPlacer, group: Group) -> MeasuredNode:
    """Measure three nodes, the second below the others."""
    first, second, third = children = tuple(attempt.measure(child) for child in group.children)
    height = _line_height(first, third) + attempt.vertical_spacing + second.height
    width = max(_line_width(attempt, first, third), second.width)
    return MeasuredNode(group, width, height // 2, height - height // 2, children)


def place_middle_below(attempt: LensPlacer, measured: MeasuredNode, x: int, centre: int, placed: Placement) -> None:
    """Place three nodes in their order, the second below the others."""
    first, second, third = measured.children
    top = centre - measured.above
    line = top + max(first.above, third.above)
    left = x + (measured.width - _line_width(attempt, first, third)) // 2
    attempt.place(first, left, line, placed)
    below = top + _line_height(first, third) + attempt.vertical_spacing + second.above
    attempt.place(second, x + (measured.width - second.width) // 2, below, placed)
    attempt.place(third, left + first.width + attempt.between_grids, line, placed)


def _line_width(attempt: LensPlacer, first: MeasuredNode, third: MeasuredNode) -> int:
    return first.width + attempt.between_grids + third.width


def _line_height(first: MeasuredNode, third: MeasuredNode) -> int:
    return max(first.above, third.above) + max(first.below, third.below)


def magnified_panels(node: Node, inside: bool = False) -> list[bool]:
    """Tell for each panel of a node, in reading order, whether it is in a lens."""
    if isinstance(node, Panel):
        return [inside]
    if not isinstance(node, Group):
        return []
    return [found for child in node.children for found in magnified_panels(child, inside or node.magnified)]


def least_lens_pitch(scene: Scene, typography: Typography) -> int:
    """Return the smallest cells of a lens in which all of its numbers fit; 0 if there is no lens."""
    inside = magnified_panels(scene.body)
    if not any(inside):
        return 0
    shapes = set().union(*(found for found, shown in zip(number_shapes(scene), inside, strict=True) if shown))
    widest = max((typography.text_width(shape, "number", typography.smallest_px) for shape in shapes), default=0)
    least = max(typography.scaled(LEAST_LENS), int(widest / TIGHT) + 1)
    return (least + gap(least) + 1) // 2 * 2
