"""Grids of cells, and the positions in them. A 1-D layer is drawn as a grid of one row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from convviz.layers.number_notation import Notation
from convviz.scene.model import Cell, CellRole
from convviz.text.formatting import format_cell
from convviz.views.shading import shaded_output

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

Index = tuple[int, ...]
"""One number per axis."""
Cells = tuple[tuple[Cell, ...], ...]
EMPTY = Cell("empty")
BLANK = Cell("blank")


def row_and_col(index: Index) -> tuple[int, int]:
    """Return row and column of a cell."""
    return (index[0], index[1]) if len(index) == 2 else (0, index[0])


def rows_and_cols(spans: Sequence[Index]) -> tuple[Index, Index]:
    """Convert the indices on each axis to rows and columns."""
    return (spans[0], spans[1]) if len(spans) == 2 else ((0,), spans[0])


def bounding_rows_and_cols(indices: Sequence[Index]) -> tuple[Index, Index]:
    """Return the rows and the columns that occur in `indices`, sorted."""
    places = [row_and_col(index) for index in indices]
    return tuple(sorted({row for row, _ in places})), tuple(sorted({col for _, col in places}))


def grid_shape(shape: Index) -> tuple[int, int]:
    """Return the numbers of rows and columns."""
    rows, cols = (1, *shape)[-2:]
    return rows, cols


def empty_grid(shape: Index) -> Cells:
    """Return a grid of empty cells."""
    rows, cols = grid_shape(shape)
    return ((EMPTY,) * cols,) * rows


def value_grid(role: CellRole, shape: Index, values: Any, notation: Notation = "decimal") -> Cells:
    """Return cells of one role with the texts of `values` in one notation, or without text if `values` is None."""
    rows, cols = grid_shape(shape)
    if values is None:
        return ((Cell(role),) * cols,) * rows
    return tuple(tuple(Cell(role, format_cell(value, notation)) for value in row) for row in values.reshape(rows, cols))


def output_cell(output: Index, values: LayerValues | None) -> Cell:
    """Return an output cell once it is written."""
    if values and values.shaded:
        return shaded_output(values, output)
    return Cell("output", format_cell(values.y[output], values.y_notation) if values and values.visible else "")
