"""The taps of a window: the cells of the padded input under it, and the weights on them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from convviz.geometry.sliding_window import Cell
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool
from convviz.views.cell_grids import Index

Tap = tuple[Index, tuple[Cell, ...]]
"""Position in the window, and the cell under it on each axis."""


def taps(layer: Layer, output: Index) -> Iterator[Tap]:
    """Yield the taps of the window for an output cell, in reading order."""
    windows = layer.sliding_windows
    for tap in product(*(enumerate(window.taps(index)) for window, index in zip(windows, output, strict=True))):
        cells = (window.cells[position] for window, (_, position) in zip(windows, tap, strict=True))
        yield tuple(number for number, _ in tap), tuple(cells)


def source_of(cells: tuple[Cell, ...]) -> Index | None:
    """Return the index of the input cell whose value is in a cell of the padded input; None for a zero."""
    source = tuple(cell.source for cell in cells if cell.source is not None)
    return source if len(source) == len(cells) else None


def kernel_index(layer: Layer, tap: Index) -> Index:
    """Return the index of the weight on a tap; the kernel of a transposed layer is flipped."""
    return tuple(window.kernel_index(number) for window, number in zip(layer.sliding_windows, tap, strict=True))


def mean_divisor(layer: Layer, output: Index, inputs: int) -> int:
    """Return the divisor of a mean: the `inputs` under the window, or with `count_include_pad` the padding, too."""
    if not (isinstance(layer, AvgPool) and layer.count_include_pad):
        return inputs
    count = 1
    for window, index in zip(layer.sliding_windows, output, strict=True):
        count *= sum(position < window.size - window.overhang for position in window.taps(index))
    return count
