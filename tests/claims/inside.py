"""How many stamps hit the cells of an output, away from the borders of the input."""

from __future__ import annotations

from functools import cache
from itertools import product
from math import prod

from tests.claims.axis_model import AxisModel, transposed
from tests.claims.model import Model

LONG = 40
"""Cells of an input so long that whole periods of the stride lie inside."""


@cache
def long_counts(k: int, s: int, d: int) -> tuple[int, ...]:
    """Contributions along one axis to the output cells of a long input, away from its borders."""
    axis = transposed(LONG, k, s, d, (0, 0))
    assert axis is not None
    counts = tuple(len(meeting) for meeting in axis.full)
    return counts[axis.reach - 1 : len(counts) - axis.reach + 1]


def evenness_of(model: Model) -> str:
    """Return how evenly stamps overlap far from all borders: `even`, `uneven` or `holes`."""
    counts = [set(long_counts(axis.k, axis.s, axis.d)) for axis in model.axes]
    if any(0 in one for one in counts):
        return "holes"
    return "even" if all(len(one) == 1 for one in counts) else "uneven"


def inner_counts(model: Model) -> set[int]:
    """Contributions to the output cells of this layer away from the borders; may be empty."""
    return {prod(counts) for counts in product(*map(_inner_counts_along, model.axes))}


def _inner_counts_along(axis: AxisModel) -> set[int]:
    """Count, along one axis, for the cells under no window or stamp beyond the first and the last one."""
    copies = axis.i if axis.transposed else axis.o
    size = axis.o if axis.transposed else axis.i
    beyond = set()
    for copy in [*range(-axis.reach, 0), *range(copies, copies + axis.reach + axis.before + size)]:
        beyond |= set(range(copy * axis.s, copy * axis.s + axis.reach))
    cells = [cell for cell in range(size) if axis.before + cell not in beyond and cell not in repeated(axis)]
    return {hits(axis, cell) for cell in cells}


def repeated(axis: AxisModel) -> set[int]:
    """Return the input cells of which a window reads a copy in the padding."""
    return {axis.line[place].source or 0 for place in axis.read if is_copy(axis, place)}


def is_copy(axis: AxisModel, place: int) -> bool:
    return axis.line[place].kind == "padding" and axis.line[place].source is not None


def hits(axis: AxisModel, cell: int) -> int:
    """Count the stamps on an output cell, or how often windows read an input cell, copies of it included."""
    if axis.transposed:
        place = axis.before + cell
        return len(axis.full[place]) if place < len(axis.full) else 0
    return sum(axis.line[place].source == cell for window in axis.windows for place in window)
