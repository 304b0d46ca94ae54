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


def long_evenness(model: Model) -> str:
    """Return how evenly stamps overlap far from all borders: `even`, `uneven` or `holes`."""
    counts = [set(long_counts(axis.k, axis.s, axis.d)) for axis in model.axes]
    if any(0 in one for one in counts):
        return "holes"
    return "even" if all(len(one) == 1 for one in counts) else "uneven"


def evenness_of(model: Model) -> str:
    """Return how evenly copies overlap at this size: the worst axis; `borders` if no cell is away from them."""
    found = {evenness_along(axis) for axis in model.axes}
    return next(word for word in ("holes", "uneven", "borders", "even") if word in found)


def evenness_along(axis: AxisModel) -> str:
    """Return how evenly copies overlap along one axis, judged by the cells away from the borders if there are any."""
    inside = {hits(axis, cell) for cell in inner_cells(axis)}
    if inside:
        return "holes" if 0 in inside else "uneven" if len(inside) > 1 else "even"
    end = (_copies(axis) - 1) * axis.s + axis.reach
    touching = [cell for cell in range(_size(axis)) if axis.before + cell < end]
    if not all(hits(axis, cell) for cell in touching):
        return "holes"
    return "even" if _copies(axis) == 1 else "borders"


def inner_counts(model: Model) -> set[int]:
    """Contributions to the output cells of this layer away from the borders; may be empty."""
    each = [{hits(axis, cell) for cell in inner_cells(axis)} for axis in model.axes]
    return {prod(counts) for counts in product(*each)}


def _copies(axis: AxisModel) -> int:
    return axis.i if axis.transposed else axis.o


def _size(axis: AxisModel) -> int:
    return axis.o if axis.transposed else axis.i


def inner_cells(axis: AxisModel) -> list[int]:
    """List, along one axis, the cells under no window or stamp beyond the first and the last one."""
    copies, size = _copies(axis), _size(axis)
    beyond = set()
    for copy in [*range(-axis.reach, 0), *range(copies, copies + axis.reach + axis.before + size)]:
        beyond |= set(range(copy * axis.s, copy * axis.s + axis.reach))
    return [cell for cell in range(size) if axis.before + cell not in beyond and cell not in repeated(axis)]


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
