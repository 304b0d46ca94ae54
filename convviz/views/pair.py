"""pair: a layer and its transpose side by side: the size goes one way and comes back.

At step t output cell t gathers the input cells under its window (left), and sends its value back to the very same
cells (right): that is the transposed matrix. The last rows and columns, which output padding brings back, are computed
like all others; an outline says which they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.errors import PictureError
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.scene.model import Cell, Change, Frame, Group, LegendEntry, Mark, Operator, Panel, Scene, Timing
from convviz.text.formatting import format_axis_indices, format_per_axis, format_sizes, format_value
from convviz.text.formulas import formulas
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views import panels as grids
from convviz.views.step_text import output_name, taps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

Index = tuple[int, ...]
INPUT, OUTPUT, BACK = range(3)


def pair(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The scene of `layer` and `layer.transpose()`. Raises `PictureError` for a pooling, which has none."""
    if not isinstance(layer, Conv | ConvTranspose):
        raise PictureError("the view pair needs a convolution: a pooling has no transpose; use slide or scatter")
    if numbers is not None and len(numbers.x) > 1:
        raise PictureError("the view pair shows one input channel; leave out the channels, or use slide")
    other = layer.transpose()
    panels = (
        grids.bare_panel(layer, numbers),
        grids.output_panel(layer, numbers),
        Panel("back", grids.empty(layer.input), f"back to {format_sizes(other.output)}"),
    )
    frames = list(_steps(layer, numbers, other))
    frames[-1] = _finished(frames[-1], layer, numbers)
    return Scene(
        title=f"{header.title(layer)} and its transpose",
        sizes=f"{format_sizes(layer.input)} → {format_sizes(layer.output)} → {format_sizes(other.output)}",
        badges=header.badges(layer),
        body=Group("row", (panels[INPUT], Operator("→"), panels[OUTPUT], Operator("→"), panels[BACK]), may_turn=True),
        legend=_legend(other),
        formulas=(*_named(layer), *_named(other)),
        frames=timing.timed(frames),
        steps=len(frames),
    )


def _steps(layer: Layer, numbers: LayerValues | None, other: Layer) -> Iterator[Frame]:
    """One frame for each output cell: gather, then send back."""
    back: defaultdict[Index, Any] = defaultdict(int)
    for output in layer.outputs():
        reached = []
        for tap, cells in taps(layer, output):
            source = tuple(cell.source for cell in cells if cell.source is not None)
            if len(source) < len(cells):
                continue
            reached.append(source)
            if numbers and numbers.w is not None:
                weight = numbers.w[
                    (0, *(track.kernel_index(u) for track, u in zip(layer.sliding_windows, tap, strict=True)))
                ]
                back[source] += numbers.y[output] * weight
        written = [Change(OUTPUT, *grids.at(output), grids.written_cell(output, numbers))]
        written += [Change(BACK, *grids.at(source), _cell(back[source], numbers)) for source in dict.fromkeys(reached)]
        yield Frame(tuple(written), tuple(_marks(output, reached, other)), _says(layer, output, reached, numbers))


def _marks(output: Index, reached: list[Index], other: Layer) -> list[Mark]:
    row, col = grids.at(output)
    marks = [Mark(BACK, *strip, role="source") for strip in _padding_strips(other)]
    if reached:
        rows, cols = (tuple(sorted({grids.at(source)[axis] for source in reached})) for axis in (0, 1))
        marks += [Mark(INPUT, rows, cols, highlighted=True), Mark(BACK, rows, cols, highlighted=True)]
    return [*marks, Mark(OUTPUT, (row,), (col,))]


def _padding_strips(other: Layer) -> list[tuple[Index, Index]]:
    """The last rows and columns that output padding adds, as rows × columns."""
    if not any(other.output_padding):
        return []
    shape = (1, *other.output)[-2:]
    extra = (0, *other.output_padding)[-2:]
    rows, cols = (tuple(range(size)) for size in shape)
    strips = [(rows[len(rows) - extra[0] :], cols), (rows, cols[len(cols) - extra[1] :])]
    return [strip for strip, count in zip(strips, extra, strict=True) if count]


def _cell(value: Any, numbers: LayerValues | None) -> Cell:
    return Cell("input", format_value(value) if numbers and numbers.visible else "")


def _finished(frame: Frame, layer: Layer, numbers: LayerValues | None) -> Frame:
    """The last frame: cells that nothing came back to are zeros, as computed as the others."""
    read = [{cell.source for cell in track.cells if cell.read} for track in layer.sliding_windows]
    unread = [
        index
        for index in product(*map(range, layer.input))
        if not all(place in found for place, found in zip(index, read, strict=True))
    ]
    zeros = tuple(Change(BACK, *grids.at(index), _cell(0, numbers)) for index in unread)
    return replace(frame, changes=(*frame.changes, *zeros))


def _says(layer: Layer, output: Index, reached: list[Index], numbers: LayerValues | None) -> Sentence:
    left = output_name(output, numbers)
    if not reached:
        return Sentence((f"{left} reads only zeros, and sends nothing back", f"{left} reads only zeros", left))
    where = format_axis_indices([tuple(sorted({s[axis] for s in reached})) for axis in range(len(layer.axes))])
    return Sentence((f"{left} gathers {where}, and sends its value back there", f"{left} ↔ {where}", left))


def _legend(other: Layer) -> tuple[LegendEntry, ...]:
    keys = (
        LegendEntry("input", "input, and what comes back"),
        LegendEntry("window", "connected cells"),
        LegendEntry("output", "output"),
    )
    if not any(other.output_padding):
        return keys
    return (*keys, LegendEntry("source", f"last ones: output padding a = {format_per_axis(other.output_padding)}"))


def _named(layer: Layer) -> tuple[Formula, ...]:
    """The size formulas, each with the word for its layer."""
    word = "conv" if isinstance(layer, Conv) else "transposed"
    return tuple(replace(one, label=f"{word}, {one.label}") for one in formulas(layer))
