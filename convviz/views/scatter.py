"""scatter: the layer from the input's side: at step t, input cell t adds its value × kernel to the output (a stamp).

For a transposed layer the stamps move by the stride and overlaps add up in the full output; in the last step padding
crops the border, and output padding restores cells at the end; a frame shows from the start what is kept. The stamp is
drawn below the kernel. For a convolution a step shows which output cells the input cell feeds. A pooling shows the
maximum, or the mean, of the values so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.scene.model import Cell, Change, Frame, Group, LegendEntry, Mark, Node, Operator, Panel, Scene, Timing
from convviz.scene.timing import Story
from convviz.text.formatting import format_cell, format_sizes
from convviz.text.lines import Sentence
from convviz.views import header
from convviz.views.brackets import kernel_brackets
from convviz.views.cell_grids import Index, empty_grid, row_and_col, rows_and_cols, value_grid
from convviz.views.full_output import FullAxis, full_axis
from convviz.views.panels import bare_input_panel, describe_output
from convviz.views.scatter_text import scatter_rules, stamp_caption, value_text
from convviz.views.scatter_totals import Totals, totals_notation
from convviz.views.size_brackets import kept_brackets
from convviz.views.stamp import (
    factor_text,
    moment_names,
    moments_of,
    shows_stamp,
    stamp_changes,
    stamp_notation,
    stamp_panel,
    sum_text,
)

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

MOST_CHANNELS = 3


def scatter(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `layer`, with or without values in the cells."""
    return scatter_grids(layer, values, timing)


def scatter_grids(layer: Layer, values: LayerValues | None, timing: Timing, has_stamp: bool = True) -> Scene:
    """Return the scene, with the stamp of each step if it is wanted and can be shown."""
    axes = [full_axis(layer, axis) for axis in range(len(layer.axes))]
    has_stamp = has_stamp and shows_stamp(layer, values, [axis.size for axis in axes])
    body = Group("row", (*_operands(layer, values, has_stamp), _output_panel(layer, axes, values)), may_turn=True)
    panels = tuple(body.panels())
    totals = Totals(layer, values, totals_notation(layer, values, axes))
    names = moment_names(layer, values, has_stamp)
    frames, moments = _input_frames(totals, axes, panels, names)
    frames += _crop_frame(layer, axes, len(panels) - 1)
    story = Story(
        moments.__getitem__,
        row=layer.input[-1] if len(layer.input) > 1 else 0,
        after=len(frames) - len(moments),
    )
    frames[-1] = _with_final_output(frames[-1], totals, axes, len(panels) - 1)
    return Scene(
        title=f"{layer.title}, seen from the input",
        sizes=header.sizes_text(layer, values),
        badges=header.badges(layer),
        body=body,
        legend=_legend(layer, axes),
        formulas=scatter_rules(layer, values),
        frames=timing.timed(frames, story),
        steps=len(frames),
        moments=names if timing.tells else (),
    )


def _operands(layer: Layer, values: LayerValues | None, has_stamp: bool) -> tuple[Node, ...]:
    """Return input and kernel of each channel (only the first and the last of many), and the sign before the output."""
    channels = range(len(values.x) if values else 1)
    shown = channels if len(channels) <= MOST_CHANNELS else (channels[0], channels[-1])
    plus = Operator("+" if len(channels) <= MOST_CHANNELS else "+ ⋯ +")
    pairs = [Group("row", _operand(layer, values, channel, has_stamp)) for channel in shown]
    sign = Operator("→") if isinstance(layer, Pool) else Operator("+=")
    return (*tuple(node for pair in pairs for node in (pair, plus))[:-1], sign)


def _operand(layer: Layer, values: LayerValues | None, channel: int, has_stamp: bool) -> tuple[Node, ...]:
    panel = bare_input_panel(layer, values, channel)
    if isinstance(layer, Pool):
        return (panel,)
    kernel = _kernel_panel(layer, values, channel)
    below = Group("column", (kernel, stamp_panel(layer)), may_turn=True) if has_stamp else kernel
    return panel, Operator("·"), below


def _kernel_panel(layer: Layer, values: LayerValues | None, channel: int) -> Panel:
    """Return the unflipped kernel; a convolution adds it flipped."""
    weights = values.w[channel] if values and values.visible and values.w is not None else None
    flip = "not flipped" if isinstance(layer, ConvTranspose) else "stamped flipped"
    cells = value_grid("kernel", layer.kernel, weights, values.w_notation if values else "decimal")
    caption = f"kernel {format_sizes(layer.kernel)} ({flip})"
    return Panel("kernel", cells, caption, brackets=kernel_brackets(layer))


def _output_panel(layer: Layer, axes: Sequence[FullAxis], values: LayerValues | None) -> Panel:
    shape = tuple(axis.size for axis in axes)
    caption = f"{describe_output(values)} {format_sizes(layer.output)}"
    if shape != layer.output:
        caption = f"full output {format_sizes(shape)}, of which {format_sizes(layer.output)} are kept"
    bias = header.describe_bias(values)
    adds = "" if isinstance(layer, Pool) else f"; cells start at the {bias}, overlaps add" if bias else "; overlaps add"
    start = bias.removeprefix("bias").strip()
    cells = tuple(tuple(replace(cell, text=start) for cell in row) for row in empty_grid(shape))
    cells = cells if start else empty_grid(shape)
    return Panel("output", cells, caption + adds, brackets=kept_brackets(layer, axes))


def _input_frames(
    totals: Totals, axes: Sequence[FullAxis], panels: Sequence[Panel], names: Sequence[str]
) -> tuple[list[Frame], list[list[Frame]]]:
    """Return one frame for each input cell of each channel, and the frames of its moments."""
    frames, moments = [], []
    layer, values = totals.layer, totals.values
    notation = stamp_notation(values) if values and "multiply" in names else "decimal"
    channels = len(values.x) if values else 1
    inputs = [index for index, panel in enumerate(panels) if panel.name == "input"]
    target = len(panels) - 1
    for channel, cell in product(range(channels), product(*map(range, layer.input))):
        feeds = [axis.feeds[index] for axis, index in zip(axes, cell, strict=True)]
        changes: dict[Index, Change] = {}
        before: dict[Index, tuple[str, int]] = {}
        for pairs in product(*feeds):
            output = tuple(position for position, _ in pairs)
            before.setdefault(output, (totals.text(output), totals.count(output)))
            text = totals.add(channel, cell, output, tuple(weight for _, weight in pairs))
            changes[output] = Change(target, *row_and_col(output), Cell("output", text))
        row, col = row_and_col(cell)
        shown = channel if channels <= MOST_CHANNELS else {0: 0, channels - 1: 1}.get(channel)
        marks = [] if shown is None else [Mark(inputs[shown], (row,), (col,))]
        spans = [tuple(sorted({position for position, _ in pairs})) for pairs in feeds]
        if all(spans):
            marks.append(Mark(target, *rows_and_cols(spans), highlighted=True))
        sums = {
            row_and_col(output): sum_text(text, totals.added_since(output, count))
            for output, (text, count) in sorted(before.items(), key=lambda item: not item[1][1])
            if text
        }
        overlaps = any(count for _, count in before.values())
        made = stamp_changes(layer, values, cell, notation) if values and "multiply" in names else []
        caption = stamp_caption(layer, values, (channel, cell), spans, axes)
        value = value_text(values, (channel, cell)) if values and values.visible else ""
        frame = Frame((*made, *changes.values()), (*marks[:1], *_kept_marks(axes, target), *marks[1:]), caption)
        frames.append(frame)
        moments.append(moments_of(frame, names, sums, factor_text(values, channel, cell), value, overlaps))
    return frames, moments


def _kept_marks(axes: Sequence[FullAxis], target: int) -> list[Mark]:
    """Frame the part of the full output that is kept, if another part is cropped."""
    if all(axis.size == axis.kept for axis in axes):
        return []
    kept = [tuple(range(axis.first, axis.first + axis.kept)) for axis in axes]
    return [Mark(target, *rows_and_cols(kept), role="kept")]


def _crop_frame(layer: Layer, axes: Sequence[FullAxis], target: int) -> Iterator[Frame]:
    """Yield the step in which padding crops the border, and output padding restores cells at the end, if any."""
    full = tuple(axis.size for axis in axes)
    if full == layer.output:
        return
    text = f"padding crops the full output {format_sizes(full)} to {format_sizes(layer.output)}"
    if any(layer.output_padding):
        text = f"padding and output padding keep {format_sizes(layer.output)} of the full output {format_sizes(full)}"
    yield Frame(
        (), tuple(_kept_marks(axes, target)), Sentence((text, f"cropped to {format_sizes(layer.output)}", "cropped"))
    )


def _with_final_output(frame: Frame, totals: Totals, axes: Sequence[FullAxis], target: int) -> Frame:
    """Fade cropped cells in the last frame, and write the cells that nothing reached."""
    visible = totals.values is not None and totals.values.visible
    changes = []
    for output in product(*(range(axis.size) for axis in axes)):
        kept = all(axis.keeps(position) for position, axis in zip(output, axes, strict=True))
        text = format_cell(totals.value(output), totals.notation) if visible else ""
        changes.append(Change(target, *row_and_col(output), Cell("output", text, faded=not kept)))
    stamp = (change for change in frame.changes if change.panel != target)
    return replace(frame, changes=(*stamp, *changes))


def _legend(layer: Layer, axes: Sequence[FullAxis]) -> tuple[LegendEntry, ...]:
    entries = [LegendEntry("input", "input")]
    entries += [] if isinstance(layer, Pool) else [LegendEntry("kernel", "kernel")]
    entries.append(LegendEntry("window", "stamp" if isinstance(layer, ConvTranspose) else "fed by this cell"))
    entries.append(LegendEntry("output", "output"))
    if all(axis.size == axis.kept for axis in axes):
        return tuple(entries)
    return (*entries, LegendEntry("kept", "kept"), LegendEntry("output", "cropped", faded=True))
