"""overlap: the number of contributions to each cell, for this kernel and for the nearest multiples of the stride.

For a transposed layer output cells are counted: at step t input cell t has added its kernel (a stamp), in all panels at
once. For a convolution input cells are counted: at step t window t has read its cells. Counts share one scale; the bars
above a grid are the counts along its columns, as the count of a cell is the product of those of its axes. Beside the
counts is the output of the transposed layer if all cells of its input are equal, in which the pattern is one of values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import gcd, prod
from typing import TYPE_CHECKING

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.scene.model import Cell, Change, Frame, Group, LegendEntry, Mark, Panel, Scene, Timing
from convviz.text.formatting import format_alternatives, format_per_axis, format_sizes
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views.cell_grids import Index, empty_grid, row_and_col, rows_and_cols
from convviz.views.overlap_counts import (
    AxisOverlap,
    Overlap,
    inside_counts,
    long_axes_evenness,
    overall_evenness,
    variants,
)
from convviz.views.overlap_values import ConstantOutput, constant_output, shade_level

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues


AS_VALUES = "these counts are also values: the output if input and kernel are all ones"
"""What makes the checkerboard visible in an output."""


def overlap(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `layer`; without visible values, shades alone show the counts."""
    overlaps = [[AxisOverlap(axis) for axis in variant.axes] for variant in variants(layer)]
    highest = max(prod(max(axis.counts) for axis in axes) for axes in overlaps)
    tallest = max(1, *(max(axis.counts) for axes in overlaps for axis in axes))
    columns = tuple(Group("column", (_bars(axes, tallest), _grid(axes))) for axes in overlaps)
    frames = tuple(_frames(layer, overlaps, highest, values is None or values.visible))
    legend, own = _legend(highest), _own(overlaps, layer)
    output = constant_output(layer, values, overlaps, own) if highest else None
    if output:
        frames = tuple(_with_output(frame, step, output) for step, frame in enumerate(frames))
        legend, columns = (*legend, *output.legend()), (*columns, output.group())
    return Scene(
        title=_title(layer),
        sizes=_describe_remainder(own),
        badges=header.badges(layer),
        body=Group("row" if len(layer.axes) > 1 else "column", columns, may_turn=True),
        legend=legend,
        formulas=_rules(layer),
        frames=timing.timed(frames),
        steps=len(frames),
    )


def _legend(highest: int) -> tuple[LegendEntry, ...]:
    """Name the darkest shade, which no cell has if nothing is touched."""
    if not highest:
        return (LegendEntry("empty", "none"),)
    return (
        LegendEntry("output", f"{highest} contribution{'s' * (highest > 1)}"),
        LegendEntry("empty", "none"),
        LegendEntry("window", "touched in this step"),
    )


def _title(layer: Layer) -> str:
    if isinstance(layer, ConvTranspose):
        return "Overlap: how many stamps hit each output cell"
    return "Overlap: how often windows read each input cell"


def _rules(layer: Layer) -> tuple[Formula, ...]:
    """Say when counts are even, and what else can be uneven."""
    shares = " and shares no factor with d" if set(layer.dilation) != {1} else ""
    borders = "borders can receive fewer" if layer.padding_mode == "zeros" else "borders can receive more or fewer"
    weights = "" if isinstance(layer, Pool) else ", and learnt weights can still be uneven"
    lines = [f"inside, counts are even when s divides k{shares}", f"{borders}{weights}"]
    if isinstance(layer, ConvTranspose):
        lines.append(AS_VALUES)
    return tuple(Formula("", line, "", "") for line in lines)


def _own(overlaps: Sequence[Overlap], layer: Layer) -> Overlap:
    """Return the overlap of the layer itself."""
    return next(axes for axes in overlaps if tuple(overlap.axis.kernel for overlap in axes) == layer.kernel)


def _kernel(axes: Overlap) -> str:
    return f"k = {format_per_axis([overlap.axis.kernel for overlap in axes])}"


def _kernel_and_stride(axes: Overlap) -> str:
    return f"{_kernel(axes)}, s = {format_per_axis([overlap.axis.stride for overlap in axes])}"


def _describe_remainder(axes: Overlap) -> str:
    """Say what follows from kernel, stride and dilation: `k mod s = 1 → uneven`, and what a small layer is instead."""
    factors = [gcd(overlap.axis.dilation, overlap.axis.stride) for overlap in axes]
    remainders = [overlap.axis.kernel % overlap.axis.stride for overlap in axes]
    cause = (
        f"gcd(d, s) = {format_per_axis(factors)}" if max(factors) > 1 else f"k mod s = {format_per_axis(remainders)}"
    )
    evenness = overall_evenness(axes)
    if evenness == "borders":
        return f"{cause}, but no cell is inside"
    return f"{cause} → {evenness}" if evenness == long_axes_evenness(axes) else f"{cause}, but {evenness} at this size"


def _grid(axes: Overlap) -> Panel:
    shape = tuple(overlap.size for overlap in axes)
    inside = inside_counts(axes)
    counts = f"{format_alternatives(inside)} inside" if inside else "no cell is inside"
    evenness = overall_evenness(axes)
    verdict = counts if evenness == "borders" else f"{evenness}, {counts}"
    return Panel("counts", empty_grid(shape), f"{_kernel_and_stride(axes)}: {verdict}; {format_sizes(shape)}")


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
            panel, places = 2 * number + 1, list(product(*touched[step]))
            totals[number].update(places)
            for place in dict.fromkeys(places):
                cell = _count_cell(totals[number][place], highest, shown)
                changes.append(Change(panel, *row_and_col(place), cell))
            if places:
                spans = [tuple(sorted(set(span))) for span in touched[step]]
                marks.append(Mark(panel, *rows_and_cols(spans)))
        yield Frame(tuple(changes), tuple(marks), caption)


def _count_cell(count: int, highest: int, shown: bool) -> Cell:
    return Cell("output", str(count) if shown else "", level=shade_level(count, highest))


def _with_output(frame: Frame, step: int, output: ConstantOutput) -> Frame:
    """Add what a step changes and marks in the output for a constant input."""
    changes, marks = output.changes(step), output.marks(step)
    return replace(frame, changes=(*frame.changes, *changes), marks=(*frame.marks, *marks))


def _caption(layer: Layer, overlaps: list[Overlap]) -> Sentence:
    own = _own(overlaps, layer)
    evenness, parameters = overall_evenness(own), _kernel_and_stride(own)
    if evenness == "borders":
        return Sentence(
            (f"{parameters}: all cells are near a border, none is inside", f"{parameters}: no cell is inside")
        )
    result = f"{parameters} leaves holes" if evenness == "holes" else f"{parameters} gives an {evenness} overlap"
    counts = inside_counts(own)
    inside = " inside" if counts and (len(counts) == 1) is (evenness == "even") else ""
    even = [axes for axes in overlaps if axes is not own and overall_evenness(axes) == "even"]
    if evenness == "even" or not even:
        return Sentence(tuple(dict.fromkeys((f"{result}{inside}", result))))
    better = " or ".join(map(_kernel, even))
    return Sentence((f"{result}{inside}; {better} gives an even one", f"{result}; {better} is even", result))
