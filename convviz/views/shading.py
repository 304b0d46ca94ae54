"""Cells shaded by their values, for grids whose cells are too small for digits.

The strength of a cell's colour is where its magnitude is between the smallest and the largest one of its grid, in
`STEPS` equal steps; from 0 on if values of both signs occur. Negative values have a hue of their own, and so has
exactly 0. Cells that are not computed yet are hatched. The legend has the scale of each grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from convviz.layers.number_notation import Notation
from convviz.scene.model import Cell, CellRole, LegendEntry, Panel, ScalePart
from convviz.scene.shades import EXACT_ZERO, STEPS, Shades
from convviz.text.formatting import format_cell

__all__ = ["PENDING", "STEPS", "shade_entries", "shaded_cell", "shaded_input", "shaded_output"]

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

PENDING = Cell("pending")


def shaded_cell(value: Any, magnitudes: tuple[float, float], role: CellRole, faded: bool = False) -> Cell:
    """Return a cell of the role for positive values, `negative` or `exact zero`; `magnitudes` are those of the grid."""
    return Shades(role, *magnitudes).cell(float(value), faded)


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
    low, high = ((float(value), format_cell(value, notation)) for value in (array.min(), array.max()))
    return Shades(role, *magnitudes).scale(low, high, has_zero=not array.all())
