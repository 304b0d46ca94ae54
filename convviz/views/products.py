"""The products of a window: a panel with one cell for each weight."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.scene.left_out import PRODUCTS
from convviz.scene.model import Cell, Change, Panel
from convviz.text.formatting import format_cell, format_factor, format_value
from convviz.views.cell_grids import Index, empty_grid, row_and_col
from convviz.views.taps import kernel_index, source_of, taps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

MOST_WEIGHTS, MOST_OUTPUTS = 49, 1024
"""Cells of the kernel and of the output up to which products are shown."""
ZERO = Cell("inserted", "0")
"""The product of which one factor is zero."""


def shows_products(layer: Layer, values: LayerValues | None) -> bool:
    """Whether the products of each window can be shown: those of one 2-D channel whose values are visible."""
    return (
        values is not None
        and values.visible
        and not isinstance(layer, Pool)
        and len(layer.axes) == 2
        and len(values.x) == 1
        and prod(layer.kernel) <= MOST_WEIGHTS
        and prod(layer.output) <= MOST_OUTPUTS
    )


def products_panel(layer: Layer) -> Panel:
    """Return the panel before the first window is multiplied."""
    each, summed = "products, cell by cell", "products, added up"
    return Panel(PRODUCTS, empty_grid(layer.kernel), each, moment_captions=(each, each, summed, summed))


def product_changes(layer: Layer, values: LayerValues, output: Index, panel: int) -> Iterator[Change]:
    """Yield the changes that write the products of the window for an output cell, each below its factors."""
    assert values.w is not None
    for tap, cells in taps(layer, output):
        source = source_of(cells)
        value = 0 if source is None else values.x[(0, *source)]
        weight = values.w[(0, *kernel_index(layer, tap))]
        cell = ZERO
        if value and weight:
            factors = (format_value(value, values.x_notation), format_value(weight, values.w_notation))
            result = value * weight
            cell = Cell(
                "product", format_cell(result, values.product_notation), note="·".join(map(format_factor, factors))
            )
        yield Change(panel, *row_and_col(tap), cell)
