"""Cells shaded by their values, for grids whose cells are too small for digits.

The strength of a cell's colour is where its magnitude is between the smallest and the largest one of its grid, in
`STEPS` equal steps; from 0 on if values of both signs occur. Negative values have a hue of their own, and so has
exactly 0. Cells that are not computed yet are hatched. The legend has the scale of each grid.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from convviz.layers.number_notation import Notation
from convviz.scene.model import Cell, CellRole, LegendEntry, Panel, ScalePart
from convviz.text.formatting import format_cell

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

STEPS = 16
"""Shades of a hue."""
PENDING = Cell("pending")
EXACT_ZERO: CellRole = "exact zero"


def shaded_cell(value: Any, magnitudes: tuple[float, float], role: CellRole, faded: bool = False) -> Cell:
    """Return a cell of the role for positive values, `negative` or `exact zero`; `magnitudes` are those of the grid."""
    if value == 0:
        return Cell(EXACT_ZERO, faded=faded)
    return Cell(role if value > 0 else "negative", faded=faded, level=_level(_step(value, magnitudes)))


def _step(value: Any, magnitudes: tuple[float, float]) -> int:
    """Return the step of a value, from 1 to `STEPS`."""
    least, most = magnitudes
    is_inside = math.isfinite(value) and most > least
    share = (abs(float(value)) - least) / (most - least) if is_inside else 1.0
    return max(1, round(share * STEPS))


def _level(step: int) -> int:
    return 100 * step // STEPS


def shaded_input(values: LayerValues, source: tuple[int | None, ...], channel: int, faded: bool) -> Cell:
    """Return the cell of an input value."""
    return shaded_cell(values.x[(channel, *source)], values.x_magnitudes, "shade", faded)


def shaded_output(values: LayerValues, output: tuple[int, ...]) -> Cell:
    """Return the cell of an output value."""
    return shaded_cell(values.y[output], values.y_magnitudes, "positive")


def shade_entries(values: LayerValues, panels: Iterable[Panel]) -> Iterator[LegendEntry]:
    """Return the scales of input and output, and name cells of exactly 0 and cells that are not computed yet."""
    yield LegendEntry("shade", "input", scale=_scale(values.x, values.x_magnitudes, "shade", values.x_notation))
    yield LegendEntry("positive", "output", scale=_scale(values.y, values.y_magnitudes, "positive", values.y_notation))
    roles = {cell.role for panel in panels for row in panel.cells for cell in row if not cell.faded}
    if EXACT_ZERO in roles or not values.y.all():
        yield LegendEntry(EXACT_ZERO, "exactly 0")
    if "pending" in roles:
        yield LegendEntry("pending", "not yet computed")


def _scale(array: Any, magnitudes: tuple[float, float], role: CellRole, notation: Notation) -> tuple[ScalePart, ...]:
    """Return the scale of a grid: its lowest value, 0 if that is between, its highest value, and the shades between."""
    low, high = array.min(), array.max()

    def shades_to(end: Any, name: CellRole) -> list[Cell]:
        return [Cell(name, level=_level(step)) for step in range(1, 1 + _step(end, magnitudes))]

    below, above = shades_to(low, "negative") if low < 0 else [], shades_to(high, role) if high > 0 else []
    zero = [] if array.all() else [Cell(EXACT_ZERO)]
    if low == high:
        return (ScalePart(format_cell(low, notation), tuple([*below, *above, *zero][-1:])),)
    parts = [ScalePart(format_cell(low, notation), tuple(below[::-1] if low < 0 else [*zero, *above]))]
    if low < 0 <= high:
        parts.append(ScalePart("0", (*zero, *above)))
    if high:
        parts.append(ScalePart(format_cell(high, notation)))
    return tuple(parts)
