"""The cells of a scene, and the states in which its frames show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, product
from typing import NamedTuple

from convviz.scene.model import Cell, CellRole, Frame, Mark, Scene

Position = tuple[int, int, int]
"""Panel, row and column of a cell."""
CellMap = Mapping[Position, Cell]


class CellState(NamedTuple):
    """Everything that determines how a cell is drawn, except its text."""

    role: CellRole
    faded: bool
    level: int
    highlighted: bool


def initial_cells(scene: Scene) -> dict[Position, Cell]:
    """Return all cells as they are before the first frame."""
    return {
        (index, row, col): panel.cells[row][col]
        for index, panel in enumerate(scene.panels)
        for row, col in product(range(panel.rows), range(panel.cols))
    }


def highlighted_cells(frame: Frame) -> frozenset[Position]:
    """Return the positions that the windows of a frame cover."""

    def covered(mark: Mark) -> Iterator[Position]:
        return ((mark.panel, row, col) for row, col in product(mark.rows, mark.cols))

    return frozenset(chain.from_iterable(covered(mark) for mark in frame.marks if mark.highlighted))


def cell_states(scene: Scene) -> set[CellState]:
    """Return the states of all cells in all frames."""
    frames = scene.frames
    highlighted = frozenset(chain.from_iterable(highlighted_cells(frame) for frame in frames))
    visible = chain(
        initial_cells(scene).items(),
        (((change.panel, change.row, change.col), change.cell) for frame in frames for change in frame.changes),
        (((-1, 0, 0), floating.cell) for frame in frames for floating in frame.floating_cells),
    )
    states = set()
    for position, cell in visible:
        for covered in (False, True) if position in highlighted else (False,):
            states.add(CellState(cell.role, cell.faded, cell.level, covered))
    return states
