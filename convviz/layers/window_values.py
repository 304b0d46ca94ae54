"""The values under the window for one output cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.layers.arrays import Windows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convviz.geometry.sliding_window import Cell, SlidingWindow
    from convviz.layers.ops import LayerValues


def window_products(
    windows: Windows, values: LayerValues, output: tuple[int, ...]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the input values under the window for an output cell, and their weights, in reading order.

    Of the first channel; products that are zero are left out.
    """
    assert values.w is not None
    read = [
        [
            (cell.source, window.kernel_index(tap))
            for tap, cell in _cells_under(window, index)
            if cell.source is not None
        ]
        for window, index in zip(windows, output, strict=True)
    ]
    x = values.x[0][np.ix_(*([source for source, _ in pairs] for pairs in read))].ravel()
    w = values.w[0][np.ix_(*([weight for _, weight in pairs] for pairs in read))].ravel()
    nonzero = (x != 0) & (w != 0)
    return x[nonzero], w[nonzero]


def window_inputs(windows: Windows, values: LayerValues, output: tuple[int, ...]) -> NDArray[Any]:
    """Return the values of the input cells under the window for an output cell, without padding, in reading order."""
    sources = (
        [cell.source for _, cell in _cells_under(window, index) if cell.kind == "input"]
        for window, index in zip(windows, output, strict=True)
    )
    inputs: NDArray[Any] = values.x[0][np.ix_(*sources)].ravel()
    return inputs


def _cells_under(window: SlidingWindow, index: int) -> list[tuple[int, Cell]]:
    """List number and cell of each tap of the window."""
    cells = window.cells
    return [(tap, cells[position]) for tap, position in enumerate(window.taps(index))]
