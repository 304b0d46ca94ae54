"""scatter: the layer from the input's side: at step t, input cell t adds its value × kernel to the output (a stamp).

For a transposed layer the stamps move by the stride and overlaps add up in the full output; in the last step padding
crops the border, and output padding restores cells at the end. For a convolution a step shows which output cells the
input cell feeds. A pooling shows the maximum, or the mean, of the values so far.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.number_notation import Notation, notation_of
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Cell, Change, Frame, Group, LegendEntry, Mark, Node, Operator, Panel, Scene, Timing
from convviz.text.formatting import format_cell, format_sizes
from convviz.text.lines import Sentence
from convviz.views import header
from convviz.views.cell_grids import Index, empty_grid, row_and_col, rows_and_cols, value_grid
from convviz.views.full_output import FullAxis, full_axis
from convviz.views.panels import bare_input_panel, describe_output
from convviz.views.scatter_text import scatter_rules, stamp_caption
from convviz.views.taps import mean_divisor

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

MOST_CHANNELS = 3


def scatter(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `layer`, with or without values in the cells."""
    axes = [full_axis(layer, axis) for axis in range(len(layer.axes))]
    body = Group("row", (*_operands(layer, values), _output_panel(layer, axes, values)), may_turn=True)
    panels = tuple(body.panels())
    totals = Totals(layer, values, _notation(layer, values, axes))
    frames = [*_input_frames(totals, axes, panels), *_crop_frame(layer, axes)]
    frames[-1] = _with_final_output(frames[-1], totals, axes, len(panels) - 1)
    return Scene(
        title=f"{layer.title}, seen from the input",
        sizes=header.sizes_text(layer, values),
        badges=header.badges(layer),
        body=body,
        legend=_legend(layer, axes),
        formulas=scatter_rules(layer, values),
        frames=timing.timed(frames),
        steps=len(frames),
    )


def _operands(layer: Layer, values: LayerValues | None) -> tuple[Node, ...]:
    """Return input and kernel of each channel (only the first and the last of many), and the sign before the output."""
    channels = range(len(values.x) if values else 1)
    shown = channels if len(channels) <= MOST_CHANNELS else (channels[0], channels[-1])
    plus = Operator("+" if len(channels) <= MOST_CHANNELS else "+ ⋯ +")
    pairs = [Group("row", _operand(layer, values, channel)) for channel in shown]
    sign = Operator("→") if isinstance(layer, Pool) else Operator("+=")
    return (*tuple(node for pair in pairs for node in (pair, plus))[:-1], sign)


def _operand(layer: Layer, values: LayerValues | None, channel: int) -> tuple[Node, ...]:
    panel = bare_input_panel(layer, values, channel)
    if isinstance(layer, Pool):
        return (panel,)
    return panel, Operator("·"), _kernel_panel(layer, values, channel)


def _kernel_panel(layer: Layer, values: LayerValues | None, channel: int) -> Panel:
    """Return the unflipped kernel; a convolution adds it flipped."""
    weights = values.w[channel] if values and values.visible and values.w is not None else None
    flip = "not flipped" if isinstance(layer, ConvTranspose) else "stamped flipped"
    cells = value_grid("kernel", layer.kernel, weights, values.w_notation if values else "decimal")
    return Panel("kernel", cells, f"kernel {format_sizes(layer.kernel)} ({flip})")


def _output_panel(layer: Layer, axes: Sequence[FullAxis], values: LayerValues | None) -> Panel:
    shape = tuple(axis.size for axis in axes)
    caption = f"{describe_output(values)} {format_sizes(layer.output)}"
    if shape != layer.output:
        caption = f"full output {format_sizes(shape)}, of which {format_sizes(layer.output)} are kept"
    bias = header.describe_bias(values)
    adds = "" if isinstance(layer, Pool) else f"; overlaps add to the {bias}" if bias else "; overlaps add"
    return Panel("output", empty_grid(shape), caption + adds)


def _input_frames(totals: Totals, axes: Sequence[FullAxis], panels: Sequence[Panel]) -> Iterator[Frame]:
    """Yield one frame for each input cell of each channel."""
    layer, values = totals.layer, totals.values
    channels = len(values.x) if values else 1
    inputs = [index for index, panel in enumerate(panels) if panel.name == "input"]
    target = len(panels) - 1
    for channel, cell in product(range(channels), product(*map(range, layer.input))):
        feeds = [axis.feeds[index] for axis, index in zip(axes, cell, strict=True)]
        changes = {}
        for pairs in product(*feeds):
            output = tuple(position for position, _ in pairs)
            text = totals.add(channel, cell, output, tuple(weight for _, weight in pairs))
            changes[output] = Change(target, *row_and_col(output), Cell("output", text))
        row, col = row_and_col(cell)
        shown = channel if channels <= MOST_CHANNELS else {0: 0, channels - 1: 1}.get(channel)
        marks = [] if shown is None else [Mark(inputs[shown], (row,), (col,))]
        spans = [tuple(sorted({position for position, _ in pairs})) for pairs in feeds]
        if all(spans):
            marks.append(Mark(target, *rows_and_cols(spans), highlighted=True))
        yield Frame(
            tuple(changes.values()), tuple(marks), stamp_caption(totals.layer, values, (channel, cell), spans, axes)
        )


class Totals:
    """The values that have arrived in each output cell."""

    def __init__(self, layer: Layer, values: LayerValues | None, notation: Notation = "decimal") -> None:
        self.layer, self.values, self.notation = layer, values, notation
        self._arrived: dict[Index, list[Any]] = {}

    def add(self, channel: int, cell: Index, output: Index, weight: Index) -> str:
        """Add the contribution of an input cell to an output cell; return its new value as text."""
        values = self.values
        if values is None or not values.visible:
            return ""
        value = values.x[(channel, *cell)]
        arrived = self._arrived.setdefault(output, [])
        arrived.append(value if values.w is None else value * values.w[(channel, *weight)])
        return format_cell(self.value(output), self.notation)

    def value(self, output: Index) -> Any:
        """Return the value of an output cell so far."""
        assert self.values is not None
        arrived = self._arrived.get(output, [])
        if isinstance(self.layer, MaxPool):
            return max(arrived, default=-math.inf)
        if isinstance(self.layer, Pool):
            return sum(arrived) / max(1, mean_divisor(self.layer, output, len(arrived)))
        return sum(arrived) + (self.values.bias or 0)


def _notation(layer: Layer, values: LayerValues | None, axes: Sequence[FullAxis]) -> Notation:
    """Return the notation of all totals, of each step."""
    if values is None or not values.visible:
        return "decimal"
    totals, found = Totals(layer, values), []
    for channel, cell in product(range(len(values.x)), product(*map(range, layer.input))):
        for pairs in product(*(axis.feeds[index] for axis, index in zip(axes, cell, strict=True))):
            output = tuple(position for position, _ in pairs)
            totals.add(channel, cell, output, tuple(weight for _, weight in pairs))
            found.append(totals.value(output))
    return notation_of([*found, *(totals.value(output) for output in product(*(range(axis.size) for axis in axes)))])


def _crop_frame(layer: Layer, axes: Sequence[FullAxis]) -> Iterator[Frame]:
    """Yield the step in which padding crops the border, and output padding restores cells at the end, if any."""
    full = tuple(axis.size for axis in axes)
    if full == layer.output:
        return
    text = f"padding crops the full output {format_sizes(full)} to {format_sizes(layer.output)}"
    if any(layer.output_padding):
        text = f"padding and output padding keep {format_sizes(layer.output)} of the full output {format_sizes(full)}"
    yield Frame((), (), Sentence((text, f"cropped to {format_sizes(layer.output)}", "cropped")))


def _with_final_output(frame: Frame, totals: Totals, axes: Sequence[FullAxis], target: int) -> Frame:
    """Fade cropped cells in the last frame, and write the cells that nothing reached."""
    visible = totals.values is not None and totals.values.visible
    changes = []
    for output in product(*(range(axis.size) for axis in axes)):
        kept = all(axis.keeps(position) for position, axis in zip(output, axes, strict=True))
        text = format_cell(totals.value(output), totals.notation) if visible else ""
        changes.append(Change(target, *row_and_col(output), Cell("output", text, faded=not kept)))
    return replace(frame, changes=tuple(changes))


def _legend(layer: Layer, axes: Sequence[FullAxis]) -> tuple[LegendEntry, ...]:
    entries = [LegendEntry("input", "input")]
    entries += [] if isinstance(layer, Pool) else [LegendEntry("kernel", "kernel")]
    entries.append(LegendEntry("window", "stamp" if isinstance(layer, ConvTranspose) else "fed by this cell"))
    entries.append(LegendEntry("output", "output"))
    cropped = any(axis.size != axis.kept for axis in axes)
    return (*entries, LegendEntry("output", "cropped", faded=True)) if cropped else tuple(entries)
