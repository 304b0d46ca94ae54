"""The full output of a layer on one axis, before padding crops it, and the output cells that each input cell feeds."""

from __future__ import annotations

from dataclasses import dataclass

from convviz.geometry.axis import ConvTransposeAxis
from convviz.layers.layer import Layer

Feeds = tuple[tuple[tuple[int, int], ...], ...]
"""For each input cell: positions in the full output, and the index of the weight on each."""


@dataclass(frozen=True)
class FullAxis:
    """The full output on one axis, of which `kept` cells from `first` on are the output of the layer."""

    size: int
    first: int
    kept: int
    feeds: Feeds

    def keeps(self, position: int) -> bool:
        """Whether a cell of the full output is part of the output."""
        return 0 <= position - self.first < self.kept


def full_axis(layer: Layer, number: int) -> FullAxis:
    """Return the full output of `layer` on axis `number`; only a transposed layer has cells that are cropped."""
    axis, window = layer.axes[number], layer.sliding_windows[number]
    if isinstance(axis, ConvTransposeAxis):
        full, first = (axis.input - 1) * axis.stride + axis.effective_kernel, axis.padding[0]
        stamps = tuple(
            tuple((cell * axis.stride + tap * axis.dilation, tap) for tap in range(axis.kernel))
            for cell in range(axis.input)
        )
        return FullAxis(max(full, first + axis.output), first, axis.output, stamps)
    feeds: list[list[tuple[int, int]]] = [[] for _ in range(axis.input)]
    for output in range(window.outputs):
        for tap, position in enumerate(window.taps(output)):
            source = window.cells[position].source
            if source is not None:
                feeds[source].append((output, window.kernel_index(tap)))
    return FullAxis(window.outputs, 0, window.outputs, tuple(map(tuple, feeds)))
