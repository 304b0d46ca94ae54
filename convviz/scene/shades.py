"""Shades of values: steps of a colour from the smallest to the largest magnitude, and the scale that explains them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from convviz.scene.model import Cell, CellRole, ScalePart

STEPS = 16
"""Shades of a hue."""
EXACT_ZERO: CellRole = "exact zero"


@dataclass(frozen=True, slots=True)
class Shades:
    """The shades of cells of a role, or of `negative` ones, for magnitudes between two; `exact zero` has its own."""

    role: CellRole
    least: float
    most: float

    def cell(self, value: float, faded: bool = False) -> Cell:
        """Return the cell of a value."""
        if value == 0:
            return Cell(EXACT_ZERO, faded=faded)
        return Cell(self.role if value > 0 else "negative", faded=faded, level=_level(self._step(value)))

    def cells_to(self, value: float) -> list[Cell]:
        """Return all shades of a sign, from the palest to that of a value."""
        role: CellRole = self.role if value > 0 else "negative"
        return [Cell(role, level=_level(step)) for step in range(1, 1 + self._step(value))] if value else []

    def scale(self, low: tuple[float, str], high: tuple[float, str], *, has_zero: bool) -> tuple[ScalePart, ...]:
        """Return the scale from the lowest value to the highest one, each with its text, by way of 0."""
        below, above = (
            [] if value * sign <= 0 else self.cells_to(value) for value, sign in ((low[0], -1), (high[0], 1))
        )
        zero = [Cell(EXACT_ZERO)] if has_zero else []
        if low[0] == high[0]:
            return (ScalePart(low[1], tuple([*below, *above, *zero][-1:])),)
        parts = [ScalePart(low[1], tuple(below[::-1] if low[0] < 0 else [*zero, *above]))]
        if low[0] < 0 <= high[0]:
            parts.append(ScalePart("0", (*zero, *above)))
        if high[0]:
            parts.append(ScalePart(high[1]))
        return tuple(parts)

    def _step(self, value: float) -> int:
        """Return the step of a value, from 1 to `STEPS`."""
        is_inside = math.isfinite(value) and self.most > self.least
        share = (abs(value) - self.least) / (self.most - self.least) if is_inside else 1.0
        return max(1, round(share * STEPS))


def shades_of(role: CellRole, values: Iterable[float]) -> Shades:
    """Return the shades of a grid with these values; from 0 on if there are values of both signs."""
    numbers = [value for value in values if value and math.isfinite(value)]
    if not numbers:
        return Shades(role, 0.0, 0.0)
    sizes = [abs(value) for value in numbers]
    return Shades(role, 0.0 if min(numbers) < 0 < max(numbers) else min(sizes), max(sizes))


def _level(step: int) -> int:
    return 100 * step // STEPS
