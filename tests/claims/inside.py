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
    """Contributions to the output cells of this layer that no stamp beyond the input would reach; may be empty."""
    return {prod(counts) for counts in product(*map(_inner_counts_along, model.axes))}


def _inner_counts_along(axis: AxisModel) -> set[int]:
    beyond = set()
    for cell in [*range(-axis.reach, 0), *range(axis.i, axis.i + axis.reach + axis.before + axis.o)]:
        beyond |= set(range(cell * axis.s, cell * axis.s + axis.reach))
    places = [place for place in range(axis.before, axis.before + axis.o) if place not in beyond]
    return {len(axis.full[place]) if place < len(axis.full) else 0 for place in places}
