"""Measure and place groups whose children are aligned as in a table: a row of columns, or a column of rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Protocol

from convviz.layout.measured_node import MeasuredNode, Placement
from convviz.scene.model import Group


class TablePlacer(Protocol):
    """What measures and places the nodes of a table: one attempt to fit a body."""

    @property
    def vertical_spacing(self) -> int:
        """Pixels between neighbours in a column."""

    def distances(self, group: Group) -> list[int]:
        """Pixels between the children of a row."""

    def width_of_slots(self, group: Group, children: Sequence[MeasuredNode]) -> int:
        """Width of a row of slots of equal width."""

    def lefts(self, measured: MeasuredNode, group: Group) -> list[int]:
        """Left edges of the children of a row."""

    def place(self, measured: MeasuredNode, x: int, centre: int, placed: Placement, low: int = 0) -> None:
        """Add the grids and texts of a node to `placed`."""


def measure_table(attempt: TablePlacer, group: Group, children: tuple[MeasuredNode, ...]) -> MeasuredNode:
    """Measure a table."""
    if group.direction == "row":
        width = sum(child.width for child in children) + sum(attempt.distances(group))
        if group.equal_widths:
            width = attempt.width_of_slots(group, children)
        lines = _lines(children)
        height = sum(above + below for above, below in lines) + attempt.vertical_spacing * (len(lines) - 1)
    else:
        rows = [sum(_widths(children)) + sum(_distances(attempt, child)) for child in children]
        width = max([*rows, *(child.width for child in children)])
        height = sum(child.height for child in children) + attempt.vertical_spacing * (len(children) - 1)
    return MeasuredNode(group, width, height // 2, height - height // 2, children)


def place_table(
    attempt: TablePlacer, measured: MeasuredNode, group: Group, x: int, top: int, placed: Placement
) -> None:
    """Place a table with its upper left corner at (x, top)."""
    children = measured.children
    if group.direction == "column":
        widths = _widths(children)
        for child in children:
            if not isinstance(child.node, Group):
                attempt.place(child, x + (measured.width - child.width) // 2, top + child.above, placed)
                top += child.height + attempt.vertical_spacing
                continue
            left = x
            for part, width, distance in zip_longest(_parts(child), widths, _distances(attempt, child), fillvalue=0):
                assert isinstance(part, MeasuredNode)
                attempt.place(part, left + (width - part.width) // 2, top + child.above, placed)
                left += width + distance
            top += child.height + attempt.vertical_spacing
        return
    lines = _lines(children)
    centres = []
    for above, below in lines:
        centres.append(top + above)
        top += above + below + attempt.vertical_spacing
    for child, left in zip(children, attempt.lefts(measured, group), strict=True):
        parts = _parts(child)
        for part, centre in zip(parts, centres[len(centres) - len(parts) :], strict=True):
            attempt.place(part, x + left + (child.width - part.width) // 2, centre, placed)


def _parts(child: MeasuredNode) -> tuple[MeasuredNode, ...]:
    """Return the parts of a child of a table."""
    return child.children if isinstance(child.node, Group) else (child,)


def _distances(attempt: TablePlacer, child: MeasuredNode) -> list[int]:
    return attempt.distances(child.node) if isinstance(child.node, Group) else []


def _widths(children: Sequence[MeasuredNode]) -> list[int]:
    """Return the width of each column of a column of rows."""
    columns = zip(*(_parts(child) for child in children if isinstance(child.node, Group)), strict=True)
    return [max(part.width for part in column) for column in columns]


def _lines(children: Sequence[MeasuredNode]) -> list[tuple[int, int]]:
    """Return the heights above and below the centre line of each row of a row of columns, whose ends are aligned."""
    most = max(len(_parts(child)) for child in children)
    lines = [(0, 0)] * most
    for child in children:
        parts = _parts(child)
        for number, part in enumerate(parts, start=most - len(parts)):
            lines[number] = max(lines[number][0], part.above), max(lines[number][1], part.below)
    return lines
