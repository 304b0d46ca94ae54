"""overlap: the number of contributions to each cell, for this kernel and for the nearest multiples of the stride.

For a transposed layer output cells are counted: at step t input cell t has added its kernel (a stamp), in all panels at
once. For a convolution input cells are counted: at step t window t has read its cells. Counts share one scale; the bars
above a grid are the counts along its columns, as the count of a cell is the product of those of its axes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from convviz.errors import GeometryError
from convviz.geometry.axis import Axis, PoolAxis
from convviz.geometry.overlap import EVENNESS, evenness, taps_per_residue
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Cell, Change, Frame, Group, LegendEntry, Mark, Panel, Scene, Timing
from convviz.text.formatting import format_alternatives, format_per_axis, format_sizes
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views.cell_grids import Index, empty_grid, row_and_col, rows_and_cols

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

NOTE = "inside, counts are even when s divides k; borders receive fewer, and learnt weights can still be uneven"


@dataclass(frozen=True)
class AxisOverlap:
    """The counted cells of one axis."""

    axis: Axis

    @cached_property
    def touched(self) -> list[Index]:
        """For each step, the counted cells: outputs that an input cell feeds, or input cells that a window reads."""
        window = self.axis.sliding_window
        reads = [
            [cell.source for cell in (window.cells[place] for place in window.taps(output)) if cell.kind == "input"]
            for output in range(window.outputs)
        ]
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
    def inside(self) -> list[int]:
        """Counts away from all borders: the number of taps on each residue of the stride."""
        counts = taps_per_residue(self.axis.kernel, self.axis.stride, self.axis.dilation)
        return [counts[residue] for residue in range(self.axis.stride)]


Overlap = list[AxisOverlap]
"""The counted cells of a layer, which are the product of those of its axes."""


def overlap(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `layer`; without visible values, shades alone show the counts."""
    overlaps = [[AxisOverlap(axis) for axis in variant.axes] for variant in _variants(layer)]
    highest = max(1, *(prod(max(axis.counts) for axis in axes) for axes in overlaps))
    tallest = max(1, *(max(axis.counts) for axes in overlaps for axis in axes))
    columns = tuple(Group("column", (_bars(axes, tallest), _grid(axes))) for axes in overlaps)
    frames = tuple(_frames(layer, overlaps, highest, values is None or values.visible))
    return Scene(
        title=_title(layer),
        sizes=_describe_remainder(_own(overlaps, layer)),
        badges=header.badges(layer),
        body=Group("row", columns, may_turn=True),
        legend=(
            LegendEntry("output", f"{highest} contribution{'s' * (highest > 1)}"),
            LegendEntry("empty", "none"),
            LegendEntry("window", "touched in this step"),
        ),
        formulas=(Formula("", NOTE, "", ""),),
        frames=timing.timed(frames),
        steps=len(frames),
    )


def _title(layer: Layer) -> str:
    if isinstance(layer, ConvTranspose):
        return "Overlap: how many stamps hit each output cell"
    return "Overlap: how many windows read each input cell"


def _variants(layer: Layer) -> list[Layer]:
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
        ceil_mode = any(isinstance(axis, PoolAxis) and axis.ceil_mode for axis in layer.axes)
        return MaxPool(*parameters, ceil_mode) if isinstance(layer, Pool) else Conv(*parameters)
    except GeometryError:
        return None


def _own(overlaps: Sequence[Overlap], layer: Layer) -> Overlap:
    """Return the overlap of the layer itself."""
    return next(axes for axes in overlaps if tuple(overlap.axis.kernel for overlap in axes) == layer.kernel)


def _kernel(axes: Overlap) -> str:
    return f"k = {format_per_axis([overlap.axis.kernel for overlap in axes])}"


def _kernel_and_stride(axes: Overlap) -> str:
    return f"{_kernel(axes)}, s = {format_per_axis([overlap.axis.stride for overlap in axes])}"


def _describe_remainder(axes: Overlap) -> str:
    """Say what follows from the remainder of kernel and stride: `k mod s = 1 → uneven`."""
    remainders = format_per_axis([overlap.axis.kernel % overlap.axis.stride for overlap in axes])
    return f"k mod s = {remainders} → {_evenness(axes)}"


def _evenness(axes: Overlap) -> str:
    words = (evenness(overlap.axis.kernel, overlap.axis.stride, overlap.axis.dilation) for overlap in axes)
    return max(words, key=EVENNESS.index)


def _grid(axes: Overlap) -> Panel:
    shape = tuple(overlap.size for overlap in axes)
    inside = sorted({prod(counts) for counts in product(*(overlap.inside for overlap in axes))})
    counts = f"{_evenness(axes)}, {format_alternatives(inside)} inside"
    return Panel("counts", empty_grid(shape), f"{_kernel_and_stride(axes)}: {counts}; {format_sizes(shape)}")


def _bars(axes: Overlap, tallest: int) -> Panel:
    """Return the counts along the columns, on the scale of all panels."""
    bars = tuple(Cell("bar", level=round(100 * count / tallest)) for count in axes[-1].counts)
    return Panel("profile", (bars,))


def _frames(layer: Layer, overlaps: list[Overlap], highest: int, shown: bool) -> Iterator[Frame]:
    """Step through the cells of all panels together; those with fewer cells finish earlier."""
    steps = [list(product(*(overlap.touched for overlap in axes))) for axes in overlaps]
    totals: list[Counter[Index]] = [Counter() for _ in overlaps]
    caption = _caption(layer, overlaps)
    for step in range(max(map(len, steps))):
        changes, marks = [], []
        for number, touched in enumerate(steps):
            if step >= len(touched):
                continue
            panel, spans = 2 * number + 1, touched[step]
            for place in product(*spans):
                totals[number][place] += 1
                cell = _count_cell(totals[number][place], highest, shown)
                changes.append(Change(panel, *row_and_col(place), cell))
            if all(spans):
                marks.append(Mark(panel, *rows_and_cols(spans)))
        yield Frame(tuple(changes), tuple(marks), caption)


def _count_cell(count: int, highest: int, shown: bool) -> Cell:
    return Cell("output", str(count) if shown else "", level=max(15, round(100 * count / highest)))


def _caption(layer: Layer, overlaps: list[Overlap]) -> Sentence:
    own = _own(overlaps, layer)
    evenness, parameters = _evenness(own), _kernel_and_stride(own)
    result = f"{parameters} leaves holes" if evenness == "holes" else f"{parameters} gives an {evenness} overlap"
    even = [axes for axes in overlaps if axes is not own and _evenness(axes) == "even"]
    if evenness == "even" or not even:
        return Sentence((f"{result} inside", result))
    better = " or ".join(map(_kernel, even))
    return Sentence((f"{result} inside; {better} gives an even one", f"{result}; {better} is even", result))
