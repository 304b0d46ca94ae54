"""The counts of the overlap view: how often each cell is touched, for a layer and for other kernels.

The count of a cell is the product of the counts along its axes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

from convviz.errors import GeometryError
from convviz.geometry.axis import Axis, PoolAxis
from convviz.geometry.overlap import EVENNESS, Evenness, inner_cells, judged, long_evenness
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool
from convviz.views.cell_grids import Index


@dataclass(frozen=True)
class AxisOverlap:
    """The counted cells of one axis."""

    axis: Axis

    @cached_property
    def touched(self) -> list[Index]:
        """For each step, the counted cells: outputs that an input cell feeds, or input cells that a window reads.

        Padding that repeats an input cell counts for this cell, which may so occur more than once.
        """
        window = self.axis.sliding_window
        reads = [[window.cells[place].source for place in window.taps(output)] for output in range(window.outputs)]
        if not window.flipped:
            return [tuple(source for source in sources if source is not None) for sources in reads]
        inputs = range(window.input)
        return [tuple(output for output, sources in enumerate(reads) if cell in sources) for cell in inputs]

    @property
    def size(self) -> int:
        """Number of counted cells."""
        return self.axis.output if self.axis.sliding_window.flipped else self.axis.input

    @cached_property
    def counts(self) -> list[int]:
        """Final count of each cell."""
        counter = Counter(cell for cells in self.touched for cell in cells)
        return [counter[cell] for cell in range(self.size)]

    @property
    def _copies(self) -> int:
        """Number of stamps, or of windows."""
        return self.axis.input if self.axis.sliding_window.flipped else self.axis.output

    @cached_property
    def inner(self) -> list[int]:
        """The cells away from all borders, and from padding that repeats cells."""
        axis, first = self.axis, self.axis.padding[0]
        repeated = {cell.source for cell in axis.sliding_window.cells if cell.kind == "padding" and cell.read}
        cells = inner_cells(self._copies, axis.kernel, axis.stride, axis.dilation, first, self.size)
        return [cell for cell in cells if cell not in repeated]

    @property
    def inside(self) -> set[int]:
        """Distinct counts of the inner cells."""
        return {self.counts[cell] for cell in self.inner}

    @property
    def evenness(self) -> Evenness:
        """How even the counts are at this size."""
        end = (self._copies - 1) * self.axis.stride + self.axis.effective_kernel
        gaps = 0 in self.counts[: max(end - self.axis.padding[0], 0)]
        return judged(self.inside, gaps, single=self._copies == 1)


Overlap = list[AxisOverlap]
"""The counted cells of a layer, which are the product of those of its axes."""


def variants(layer: Layer) -> list[Layer]:
    """Return the layer between its variants with the nearest multiples of the stride as kernel, if these exist."""
    lower = tuple(axis.kernel // axis.stride * axis.stride for axis in layer.axes)
    upper = tuple(-(-axis.kernel // axis.stride) * axis.stride for axis in layer.axes)
    kernels = dict.fromkeys((lower, layer.kernel, upper))
    variants = (layer if kernel == layer.kernel else _with_kernel(layer, kernel) for kernel in kernels if all(kernel))
    return [variant for variant in variants if variant is not None]


def _with_kernel(layer: Layer, kernel: Index) -> Layer | None:
    """Return the layer with another kernel; None if it is not valid. All poolings read equal cells."""
    parameters = layer.input, kernel, layer.stride, layer.padding, layer.dilation
    try:
        if isinstance(layer, ConvTranspose):
            return ConvTranspose(*parameters, layer.output_padding)
        if isinstance(layer, Conv):
            return Conv(*parameters, layer.padding_mode)
        ceil_mode = any(isinstance(axis, PoolAxis) and axis.ceil_mode for axis in layer.axes)
        return MaxPool(*parameters, ceil_mode)
    except GeometryError:
        return None


def overall_evenness(axes: Overlap) -> Evenness:
    """Tell how even the counts of all axes together are: the worst of them."""
    return max((overlap.evenness for overlap in axes), key=EVENNESS.index)


def long_axes_evenness(axes: Overlap) -> Evenness:
    """Tell how even they are if all axes are long."""
    words = (long_evenness(overlap.axis.kernel, overlap.axis.stride, overlap.axis.dilation) for overlap in axes)
    return max(words, key=EVENNESS.index)


def inside_counts(axes: Overlap) -> list[int]:
    """List the counts of the cells away from all borders."""
    return sorted({prod(counts) for counts in product(*(overlap.inside for overlap in axes))})
