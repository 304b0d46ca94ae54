"""The cells of a scene as they look over its frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, product

from convviz.scene.model import Cell, Frame, Mark, Scene

Position = tuple[int, int, int]
"""Panel, row and column of a cell."""
Cells = Mapping[Position, Cell]


def first_cells(scene: Scene) -> dict[Position, Cell]:
    """All cells before the first frame."""
    return {
        (index, row, col): panel.cells[row][col]
        for index, panel in enumerate(scene.panels)
        for row, col in product(range(panel.rows), range(panel.cols))
    }


def lit_cells(frame: Frame) -> frozenset[Position]:
    """The cells that the windows of a frame cover."""

    def cells(mark: Mark) -> Iterator[Position]:
        return ((mark.panel, row, col) for row, col in product(mark.rows, mark.cols))

    return frozenset(chain.from_iterable(cells(mark) for mark in frame.marks if mark.highlighted))


def looks(scene: Scene) -> set[tuple[str, bool, int, bool]]:
    """Role, faded, level and lit of every cell that any frame shows."""
    frames = scene.frames
    highlighted = frozenset(chain.from_iterable(lit_cells(frame) for frame in frames))
    shown = chain(
        first_cells(scene).items(),
        (((c.panel, c.row, c.col), c.cell) for frame in frames for c in frame.changes),
        (((-1, 0, 0), one.cell) for frame in frames for one in frame.floating_cells),
    )
    found = set()
    for position, cell in shown:
        for under in (False, True) if position in highlighted else (False,):
            found.add((cell.role, cell.faded, cell.level, under))
    return found
