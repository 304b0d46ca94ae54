"""pair: a layer and its transpose side by side: from the input size to the output size, and back.

At step t output cell t gathers the input cells under its window (left) and sends its value times the weights back to
the same cells (right): this is the transposed matrix. Both ways have the same kernel. The last rows and columns, which
output padding adds, are computed like all others; an outline marks them. The last step compares a cell of the input
with what came back: the size is the same, the number is not, as a transpose is not an inverse. In a story the first
cells are told in moments: the cell gathers, is written, and is sent back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.errors import PictureError
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.number_notation import Notation, notation_of
from convviz.scene.model import Cell, Change, Frame, Group, LegendEntry, Mark, Operator, Panel, Scene, Timing
from convviz.text.formatting import format_axis_indices, format_cell, format_per_axis, format_sizes
from convviz.text.formulas import formulas
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views.brackets import kernel_brackets
from convviz.views.cell_grids import (
    Index,
    bounding_rows_and_cols,
    empty_grid,
    grid_shape,
    output_cell,
    row_and_col,
    value_grid,
)
from convviz.views.pair_end import comparison
from convviz.views.pair_story import moment_names, pair_story
from convviz.views.panels import bare_input_panel, output_panel
from convviz.views.size_brackets import returned_brackets, size_brackets
from convviz.views.step_text import output_name
from convviz.views.taps import kernel_index, source_of, taps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

INPUT, OUTPUT, BACK = range(3)


def pair(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `layer` and `layer.transpose()`. Raises `PictureError` for poolings and several channels."""
    if not isinstance(layer, Conv | ConvTranspose):
        raise PictureError("the view pair needs a convolution: a pooling has no transpose; use slide or scatter")
    if values is not None and len(values.x) > 1:
        raise PictureError("the view pair shows one input channel; leave out the channels, or use slide")
    other = layer.transpose()
    panels = (
        replace(bare_input_panel(layer, values), brackets=size_brackets(layer.input, "i", "input")),
        replace(output_panel(layer, values), brackets=size_brackets(layer.output, "o", "output")),
        Panel(
            "back",
            empty_grid(layer.input),
            f"sent back: {format_sizes(other.output)}",
            brackets=returned_brackets(other),
        ),
        _kernel_panel(layer, values),
    )
    frames = list(_frames(layer, values, other))
    frames[-1] = _with_unread_cells(frames[-1], layer, values)
    frames.append(_comparison_frame(layer, values, other))
    return Scene(
        title=f"{layer.title} and its transpose",
        sizes=f"{format_sizes(layer.input)} → {format_sizes(layer.output)} → {format_sizes(other.output)}",
        badges=header.badges(layer),
        body=_body(panels),
        legend=_legend(other),
        formulas=(*_labelled_formulas(layer), *_labelled_formulas(other)),
        frames=timing.timed(frames, pair_story(layer, values, frames, BACK)),
        steps=len(frames),
        moments=moment_names(values) if timing.tells else (),
    )


def _body(panels: tuple[Panel, ...]) -> Group:
    """Return the way there and back, and at the end or below it the kernel, which belongs to both ways."""
    end = Group("row", panels[BACK:], may_turn=True)
    return Group("row", (panels[INPUT], Operator("→"), panels[OUTPUT], Operator("→"), end), may_turn=True)


def _kernel_panel(layer: Layer, values: LayerValues | None) -> Panel:
    """Return the unflipped kernel, whose weights both layers share."""
    weights = values.w[0] if values and values.visible and values.w is not None else None
    cells = value_grid("kernel", layer.kernel, weights, values.w_notation if values else "decimal")
    caption = f"kernel {format_sizes(layer.kernel)}, the same both ways"
    return Panel("kernel", cells, caption, brackets=kernel_brackets(layer))


def _frames(layer: Layer, values: LayerValues | None, other: Layer) -> Iterator[Frame]:
    """Yield one frame for each output cell: gather, then send back."""
    steps = list(_sent_back(layer, values))
    notation = notation_of([total for _, totals in steps for total in totals.values()])
    for output, (read, totals) in zip(layer.outputs(), steps, strict=True):
        changes = [Change(OUTPUT, *row_and_col(output), output_cell(output, values))]
        changes += [
            Change(BACK, *row_and_col(source), _back_cell(total, values, notation)) for source, total in totals.items()
        ]
        yield Frame(tuple(changes), tuple(_marks(output, read, other)), _caption(layer, output, read, values))


def _sent_back(layer: Layer, values: LayerValues | None) -> Iterator[tuple[list[Index], dict[Index, Any]]]:
    """Yield, for each output cell, the input cells that it reads, and the totals that it sends back to them."""
    totals: defaultdict[Index, Any] = defaultdict(int)
    for output in layer.outputs():
        read = []
        for tap, cells in taps(layer, output):
            source = source_of(cells)
            if source is None:
                continue
            read.append(source)
            if values and values.w is not None:
                totals[source] += values.y[output] * values.w[(0, *kernel_index(layer, tap))]
        yield read, {source: totals[source] for source in dict.fromkeys(read)}


def _comparison_frame(layer: Layer, values: LayerValues | None, other: Layer) -> Frame:
    """Return the last step, which compares a cell of the input with what came back."""
    totals = list(_sent_back(layer, values))
    notation = notation_of([total for _, step in totals for total in step.values()])
    back = {source: total for _, step in totals for source, total in step.items()}
    cell, caption = comparison(layer, values, back, notation)
    marks = [Mark(BACK, *strip, role="source") for strip in _output_padding_strips(other)]
    row, col = row_and_col(cell)
    return Frame((), (*marks, *(Mark(panel, (row,), (col,)) for panel in (INPUT, BACK))), caption)


def _marks(output: Index, read: Sequence[Index], other: Layer) -> list[Mark]:
    row, col = row_and_col(output)
    marks = [Mark(BACK, *strip, role="source") for strip in _output_padding_strips(other)]
    if read:
        rows, cols = bounding_rows_and_cols(read)
        marks += [Mark(INPUT, rows, cols, highlighted=True), Mark(BACK, rows, cols, highlighted=True)]
    return [*marks, Mark(OUTPUT, (row,), (col,))]


def _output_padding_strips(other: Layer) -> list[tuple[Index, Index]]:
    """Return the last rows and columns, which output padding adds, as rows × columns."""
    if not any(other.output_padding):
        return []
    rows, cols = (tuple(range(size)) for size in grid_shape(other.output))
    extra = (0, *other.output_padding)[-2:]
    strips = [(rows[len(rows) - extra[0] :], cols), (rows, cols[len(cols) - extra[1] :])]
    return [strip for strip, count in zip(strips, extra, strict=True) if count]


def _back_cell(value: Any, values: LayerValues | None, notation: Notation = "decimal") -> Cell:
    return Cell("input", format_cell(value, notation) if values and values.visible else "")


def _with_unread_cells(frame: Frame, layer: Layer, values: LayerValues | None) -> Frame:
    """Add zeros for the cells to which nothing is sent back."""
    read = [{cell.source for cell in window.cells if cell.read} for window in layer.sliding_windows]
    unread = [
        index
        for index in product(*map(range, layer.input))
        if not all(number in sources for number, sources in zip(index, read, strict=True))
    ]
    zeros = tuple(Change(BACK, *row_and_col(index), _back_cell(0, values)) for index in unread)
    return replace(frame, changes=(*frame.changes, *zeros))


def _caption(layer: Layer, output: Index, read: Sequence[Index], values: LayerValues | None) -> Sentence:
    name = output_name(output, values)
    if not read:
        return Sentence((f"{name} reads only zeros, and sends nothing back", f"{name} reads only zeros", name))
    cells = format_axis_indices([sorted({source[axis] for source in read}) for axis in range(len(layer.axes))])
    gathers = f"{name} gathers {cells}"
    sends = f"{gathers}, and sends {name} times the weights back to them", f"{gathers}, and sends {name}·w back"
    return Sentence((*sends, gathers, name))


def _legend(other: Layer) -> tuple[LegendEntry, ...]:
    entries = (
        LegendEntry("input", "input, and what is sent back"),
        LegendEntry("window", "connected cells"),
        LegendEntry("output", "output"),
    )
    if not any(other.output_padding):
        return entries
    padding = format_per_axis(other.output_padding)
    return (*entries, LegendEntry("source", f"last ones: output padding a = {padding}"))


def _labelled_formulas(layer: Layer) -> tuple[Formula, ...]:
    """Return the size formulas, each with the kind of its layer."""
    kind = "conv" if isinstance(layer, Conv) else "transposed"
    return tuple(replace(formula, label=f"{kind}, {formula.label}") for formula in formulas(layer))
