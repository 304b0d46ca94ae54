"""Cells shaded by their values, for grids whose cells are too small for digits.

The strength of a cell's colour is the share of its value in the largest magnitude of its grid, in `STEPS` equal steps;
negative values have a hue of their own, and so has exactly 0. Cells that are not computed yet are hatched.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from convviz.layers.number_notation import Notation
from convviz.scene.model import Cell, CellRole, LegendEntry, Panel
from convviz.text.formatting import format_cell

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

STEPS = 16
"""Shades of a hue."""
PENDING = Cell("pending")
EXACT_ZERO: CellRole = "exact zero"


def shaded_cell(value: Any, largest: float, role: CellRole, faded: bool = False) -> Cell:
    """Return a cell of the role for positive values, `negative` or `exact zero`; `largest` is that of the grid."""
    if value == 0:
        return Cell(EXACT_ZERO, faded=faded)
    share = abs(float(value)) / largest if math.isfinite(value) else 1.0
    level = 100 * max(1, round(share * STEPS)) // STEPS
    return Cell(role if value > 0 else "negative", faded=faded, level=level)


def shaded_input(values: LayerValues, source: tuple[int | None, ...], channel: int, faded: bool) -> Cell:
    """Return the cell of an input value."""
    return shaded_cell(values.x[(channel, *source)], values.x_magnitude, "shade", faded)


def shaded_output(values: LayerValues, output: tuple[int, ...]) -> Cell:
    """Return the cell of an output value."""
    return shaded_cell(values.y[output], values.y_magnitude, "positive")


def describe_shades(array: Any, notation: Notation) -> str:
    """Say what the shades mean: `; shaded by value, −3 to 9`."""
    low, high = (format_cell(value, notation) for value in (array.min(), array.max()))
    return f"; shaded by value, {low} to {high}" if low != high else f"; shaded by value, all {low}"


def shade_entries(values: LayerValues, panels: Iterable[Panel]) -> Iterator[LegendEntry]:
    """Name the shades of cells that are not faded, and the cells that are not computed yet."""
    roles = {cell.role for panel in panels for row in panel.cells for cell in row if not cell.faded}
    roles |= {shaded_output(values, (int(row), int(col))).role for row, col in zip(*values.y.nonzero(), strict=True)}
    if not values.y.all():
        roles.add(EXACT_ZERO)
    texts: dict[CellRole, str] = {"shade": "input", "positive": "output", "negative": "negative"}
    texts |= {EXACT_ZERO: "exactly 0", "pending": "not yet computed"}
    yield from (LegendEntry(role, text) for role, text in texts.items() if role in roles)
