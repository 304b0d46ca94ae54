"""upsample: nearest neighbour and a convolution, and the transposed convolution and the pixel shuffle that do the same.

The stride of the layer is the factor f, and its kernel that of the convolution. Each input cell is copied f×f times;
then the weights that meet the same input cell are added up, for each of the f×f phases of the output; the phases are
interleaved to the grown kernel, whose transposed convolution with stride f is the same; then the output is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.errors import PictureError
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.number_notation import notation_of
from convviz.scene.model import Badge, Cell, Change, Frame, Group, LegendEntry, Mark, Node, Operator, Panel, Scene
from convviz.scene.timing import Story, Timing
from convviz.text.formatting import format_cell, format_sizes
from convviz.text.lines import Formula
from convviz.views import header
from convviz.views.cell_grids import BLANK, EMPTY, Cells, Index, empty_grid, grid_shape, row_and_col, rows_and_cols
from convviz.views.phase_brackets import with_phase_brackets
from convviz.views.phase_text import (
    agree_caption,
    copy_caption,
    grow_caption,
    grown_caption,
    output_caption,
    phase_caption,
    rules,
    times_text,
)
from convviz.views.phases import Phases

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

INPUT, COPIED, KERNEL, PHASES, GROWN, OUTPUT = range(6)
TINTS = (100, 55)
"""Levels of neighbouring input cells, which tell their copies apart."""
WEAKEST_PHASE = 40
"""Level of the last phase; the first one has 100."""


def upsample(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene for the input of `layer`, with its stride as the factor, and its kernel.

    Raises `PictureError` for layers other than transposed convolutions of an equal stride, 2 or more, for a dilation,
    several channels and a bias.
    """
    view = Upsampling(layer, _checked(layer, values))
    frames, count = list(view.frames()), len(view.phases.all)
    return Scene(
        title=f"Upsample by {view.factor}: nearest neighbour and a convolution",
        sizes=f"{format_sizes(layer.input)} → {format_sizes(view.shape)}, p follows from k",
        badges=(*header.badges(layer)[:2], Badge(f"f = s = {view.factor}", "plain")),
        body=with_phase_brackets(view.body(), view.phases),
        legend=view.legend(),
        formulas=tuple(Formula("", line, "", "") for line in rules(view.phases, view.visible)),
        frames=timing.timed(frames, Story(special=range(len(view.cells), len(view.cells) + 2 * count + 1))),
        steps=len(frames),
        tabs=(f"1  copy {times_text(view.phases)}", "2  add by phase", "3  grow the kernel", "4  write the output"),
    )


def _checked(layer: Layer, values: LayerValues | None) -> LayerValues:
    """Return the values of a layer that can be shown."""
    strides = set(layer.stride)
    if not isinstance(layer, ConvTranspose) or len(strides) != 1 or strides == {1}:
        raise PictureError("the view upsample needs a transposed convolution; its stride, 2 or more, is the factor")
    if set(layer.dilation) != {1}:
        raise PictureError("the view upsample needs a kernel without gaps; leave out the dilation")
    if values is None or values.w is None or len(values.x) != 1:
        raise PictureError("the view upsample shows one input channel; leave out the channels")
    if values.bias is not None:
        raise PictureError("the view upsample adds no bias; leave out the bias")
    return values


class Upsampling:
    """The panels and frames of an upsampling."""

    def __init__(self, layer: Layer, values: LayerValues) -> None:
        assert values.w is not None
        self.layer, self.visible, self.factor = layer, values.visible, layer.stride[0]
        self.x, self.w, self.x_notation = values.x[0], values.w[0], values.x_notation
        self.phases = Phases(layer.input, self.w, self.factor)
        self.shape = tuple(size * self.factor for size in layer.input)
        self.cells = list(product(*map(range, layer.input)))
        self.y = self.phases.convolved(self.x)
        self.y_notation = notation_of(self.y)
        self.w_notation = notation_of(self.w, list(map(float, self.phases.grown.values())))

    # Panels -----------------------------------------------------------------------------------------------------------

    def body(self) -> Group:
        """Return input and copies, kernel and phases, grown kernel and output."""
        copies, kernels = Group("row", self._copies()), self._kernels()
        grown, output = self._ends()
        if len(self.layer.axes) == 1:
            return Group("column", (copies, Group("row", (*kernels, grown)), output))
        ends = Group("row", (grown, Operator("→"), output))
        return Group("row", (copies, Group("column", kernels, may_turn=True), ends), may_turn=True)

    def _copies(self) -> tuple[Node, ...]:
        shape = tuple(axis.padded for axis in self.phases.axes)
        copied, padded = format_sizes(self.shape), format_sizes(shape)
        inside = {self._on_padded(output) for output in product(*map(range, self.shape))}
        copies = _grid(shape, lambda place: EMPTY if place in inside else Cell("padding"))
        caption = f"{times_text(self.phases)} copies of each cell: {copied}{f', padded: {padded}' * (padded != copied)}"
        source = Panel("input", _grid(self.layer.input, self._input_cell), f"input {format_sizes(self.layer.input)}")
        return source, Operator("→"), Panel("copied", copies, caption)

    def _kernels(self) -> tuple[Panel, Panel]:
        kernel = _grid(self.w.shape, lambda tap: Cell("kernel", self._weight_text(self.w[tap].item())))
        filled = {self._in_phases(phase, at) for phase, sums in self.phases.sums.items() for at in sums}
        shape = tuple(self.factor * (size + 1) - 1 for size in self._largest_phase)
        phases = _grid(shape, lambda place: EMPTY if place in filled else BLANK)
        caption = f"{len(self.phases.all)} phases: weights on one input cell, added"
        return Panel("kernel", kernel, f"kernel {format_sizes(self.w.shape)}"), Panel("phases", phases, caption)

    def _ends(self) -> tuple[Panel, Panel]:
        grown = self.phases.grown_shape
        caption = f"grown kernel {format_sizes(grown)}, a tint for each phase"
        output = Panel("output", empty_grid(self.shape), f"output {format_sizes(self.shape)}")
        return Panel("grown", empty_grid(grown), caption), output

    def legend(self) -> tuple[LegendEntry, ...]:
        """Name the roles of cells and marks."""
        padding = (LegendEntry("padding", "padding"),) if any(size > 1 for size in self.w.shape) else ()
        return (
            LegendEntry("input", "input and copies, in two tints"),
            *padding,
            LegendEntry("kernel", "weight"),
            LegendEntry("window", "this step"),
            LegendEntry("output", "output"),
        )

    # Cells ------------------------------------------------------------------------------------------------------------

    def _input_cell(self, cell: Index) -> Cell:
        text = format_cell(self.x[cell], self.x_notation) if self.visible else ""
        return Cell("input", text, level=TINTS[sum(cell) % 2])

    def _weight_text(self, value: Any) -> str:
        return format_cell(value, self.w_notation) if self.visible else ""

    def _phase_cell(self, phase: Index, value: Any) -> Cell:
        number, last = 0, len(self.phases.all) - 1
        for at in phase:
            number = number * self.factor + at
        return Cell("kernel", self._weight_text(value), level=100 - (100 - WEAKEST_PHASE) * number // last)

    @cached_property
    def _largest_phase(self) -> Index:
        """Weights along each axis of the largest phase."""
        return tuple(max(map(len, axis.groups)) for axis in self.phases.axes)

    def _in_phases(self, phase: Index, number: Index) -> Index:
        """Return the place of a weight in the grid of all phases, which has a gap between them."""
        trios = zip(phase, number, self._largest_phase, strict=True)
        return tuple(a * (size + 1) + at for a, at, size in trios)

    def _on_padded(self, output: Index) -> Index:
        """Return the place of a copy in the padded grid."""
        return tuple(at + axis.padding[0] for at, axis in zip(output, self.phases.axes, strict=True))

    # Frames -----------------------------------------------------------------------------------------------------------

    def frames(self) -> Iterator[Frame]:
        """Yield the frames of the four stages, and one that compares the outputs."""
        yield from map(self._copy, self.cells)
        yield from map(self._add, self.phases.all)
        yield from map(self._grow, self.phases.all)
        yield Frame((), (Mark(GROWN, *_whole(self.phases.grown_shape)),), grown_caption(self.phases), tab=2)
        yield from map(self._write, product(*map(range, self.shape)))
        agree = agree_caption(self.phases.agreeing(self.x), self.y.size)
        yield Frame((), (Mark(OUTPUT, *_whole(self.shape)),), agree, tab=3)

    def _copy(self, cell: Index) -> Frame:
        copies = [range(at * self.factor, (at + 1) * self.factor) for at in cell]
        places = [self._on_padded(copy) for copy in product(*copies)]
        changes = tuple(Change(COPIED, *row_and_col(place), self._input_cell(cell)) for place in places)
        marks = _mark(INPUT, [cell]), _mark(COPIED, places)
        value = (self.x[cell], self.x_notation) if self.visible else None
        return Frame(changes, marks, copy_caption(self.phases, cell, value))

    def _add(self, phase: Index) -> Frame:
        sums = self.phases.sums[phase]
        changes = [
            Change(PHASES, *row_and_col(self._in_phases(phase, at)), self._phase_cell(phase, value))
            for at, value in sums.items()
        ]
        output = tuple(size // 2 * self.factor + a for size, a in zip(self.layer.input, phase, strict=True))
        groups = [list(axis.groups[a].values()) for axis, a in zip(self.phases.axes, phase, strict=True)]
        taps = (Mark(KERNEL, *rows_and_cols([tuple(one) for one in group])) for group in product(*groups))
        marks = (*self._window(output), *taps, _mark(PHASES, [self._in_phases(phase, at) for at in sums]))
        return Frame(tuple(changes), marks, phase_caption(self.phases, phase), tab=1)

    def _window(self, output: Index) -> tuple[Mark, Mark]:
        """Mark the window on the copies for an output cell, and the input cells that it reads."""
        reads = [tuple(axis.reads(at)) for axis, at in zip(self.phases.axes, output, strict=True)]
        taps = [tuple(range(at, at + axis.kernel)) for axis, at in zip(self.phases.axes, output, strict=True)]
        read, window = rows_and_cols(reads), rows_and_cols(taps)
        return Mark(INPUT, *read, highlighted=True), Mark(COPIED, *window, highlighted=True)

    def _grow(self, phase: Index) -> Frame:
        sums = self.phases.sums[phase]
        places = {self.phases.place(phase, at): value for at, value in sums.items()}
        changes = tuple(
            Change(GROWN, *row_and_col(place), self._phase_cell(phase, value)) for place, value in places.items()
        )
        marks = (_mark(PHASES, [self._in_phases(phase, at) for at in sums]), *(_mark(GROWN, [at]) for at in places))
        return Frame(changes, marks, grow_caption(self.phases, phase), tab=2)

    def _write(self, output: Index) -> Frame:
        phase = tuple(at % self.factor for at in output)
        read = [
            tuple(number for _, number in pairs)
            for pairs in product(*(a.reads(at).items() for a, at in zip(self.phases.axes, output, strict=True)))
        ]
        text = format_cell(self.y[output], self.y_notation) if self.visible else ""
        marks = (
            *self._window(output),
            _mark(PHASES, [self._in_phases(phase, number) for number in read]),
            *(_mark(GROWN, [self.phases.place(phase, number)]) for number in read),
            _mark(OUTPUT, [output]),
        )
        notations = (self.x_notation, self.w_notation, self.y_notation) if self.visible else None
        caption = output_caption(self.phases, self.x, output, self.y[output], notations)
        return Frame((Change(OUTPUT, *row_and_col(output), Cell("output", text)),), marks, caption, tab=3)


def _grid(shape: Sequence[int], cell_at: Callable[[Index], Cell]) -> Cells:
    """Return the cells of a grid, each made from its index."""
    rows, cols = grid_shape(tuple(shape))
    return tuple(tuple(cell_at((row, col)[-len(shape) :]) for col in range(cols)) for row in range(rows))


def _mark(panel: int, places: Sequence[Index]) -> Mark:
    """Mark the rows and columns of cells."""
    spans = [tuple(sorted({place[axis] for place in places})) for axis in range(len(places[0]))]
    return Mark(panel, *rows_and_cols(spans))


def _whole(shape: Index) -> tuple[Index, Index]:
    return rows_and_cols([tuple(range(size)) for size in shape])
