"""The slide view of a 1-D layer: lanes one below the other, with the kernel moving under its window.

Each lane has a column for each cell of the padded, zero-inserted input, so that corresponding cells are aligned: the
kernel's cells under the cells that they weigh, the output cell under the middle of its window (with a stride s, only
every s-th column is kept: ↓s).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from convviz.errors.printable import count_of
from convviz.geometry.sliding_window import SlidingWindow
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Cell, Change, Connector, Frame, Group, Mark, Panel, Scene, Timing
from convviz.text.formatting import format_cell
from convviz.text.formulas import formulas
from convviz.views import header
from convviz.views.brackets import input_brackets
from convviz.views.cell_grids import BLANK, EMPTY, output_cell
from convviz.views.last_window import last_window
from convviz.views.panels import (
    borrowed_positions,
    describe_hidden_channels,
    describe_output,
    kernel_cell,
    padded_grid,
    padded_input_caption,
)
from convviz.views.step_text import step_caption
from convviz.views.story import moment_names, window_story

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

MOST_CHANNELS = 2


def lanes(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of a 1-D layer."""
    all_channels = range(len(values.x) if values else 1)
    channels = all_channels if len(all_channels) <= MOST_CHANNELS else [0, all_channels[-1]]
    panels = [panel for channel in channels for panel in _operands(layer, values, channel)]
    panels.append(_output_panel(layer, values))
    outputs = range(layer.output[0])
    frames = [_frame(layer, values, panels, list(channels), output) for output in outputs]
    moments = moment_names(layer, values, panels) if timing.tells else ()
    return Scene(
        title=f"{layer.title} in one dimension",
        sizes=_equation(layer, values) if len(all_channels) == 1 else header.sizes_text(layer, values),
        badges=header.badges(layer),
        body=Group("column", tuple(panels)),
        legend=header.legend(panels, layer),
        formulas=formulas(layer),
        frames=timing.timed(frames, window_story(layer, frames, panels, moments)),
        steps=len(outputs),
        moments=moments,
    )


def signal_notation(layer: Layer) -> str:
    """Return the layer in the notation of signal processing.

    x ⋆ w slides w as it is (cross-correlation); x ∗ w slides it flipped (convolution). The dilation is ↑d w.
    """
    (stride,), (dilation,) = layer.stride, layer.dilation
    if isinstance(layer, Pool):
        operation = "max" if isinstance(layer, MaxPool) else "mean"
        return f"y = {operation} over {count_of(layer.kernel[0], 'cell')}" + (f", ↓{stride}" if stride > 1 else "")
    w = f"(↑{dilation} w)" if dilation > 1 else "w"
    if isinstance(layer, ConvTranspose):
        return f"y = (↑{stride} x) ∗ {w}" if stride > 1 else f"y = x ∗ {w}"
    return f"y = ↓{stride} (x ⋆ {w})" if stride > 1 else f"y = x ⋆ {w}"


def _equation(layer: Layer, values: LayerValues | None) -> str:
    """Return the notation with the bias that is added."""
    bias = header.describe_bias(values)
    return signal_notation(layer) + (f" + {bias}" if bias else "")


def _operands(layer: Layer, values: LayerValues | None, channel: int) -> list[Panel]:
    """Return the lanes of one channel: input, padded and zero-inserted input, and kernel, which is empty at first."""
    (window,) = layer.sliding_windows
    suffix = f" {values.channels.inputs[channel] + 1}" if values and values.channels else ""
    padded = padded_grid(layer, values, channel)
    brackets = input_brackets(layer) if channel == 0 else ()
    panels = [Panel("input", padded, "", f"x{suffix}", brackets=brackets)]
    if window.gap:
        bare = Panel("x", (_bare_lane(window, values, channel),), "", f"x{suffix}")
        panels = [bare, replace(panels[0], label=f"↑{window.gap + 1} x{suffix}")]
    if not isinstance(layer, Pool):
        label = f"w{suffix} flipped" if isinstance(layer, ConvTranspose) else f"w{suffix}"
        panels.append(Panel("kernel", ((BLANK,) * window.size,), "", label))
    return panels


def _bare_lane(window: SlidingWindow, values: LayerValues | None, channel: int) -> tuple[Cell, ...]:
    """Return the input before zeros are inserted, in the middle of its lane."""
    start = window.offset + (window.zero_inserted_size - window.input) // 2
    cells = [BLANK] * window.size
    for index in range(window.input):
        text = format_cell(values.x[channel, index], values.x_notation) if values and values.visible else ""
        cells[start + index] = Cell("input", text)
    return tuple(cells)


def _output_panel(layer: Layer, values: LayerValues | None) -> Panel:
    (window,) = layer.sliding_windows
    columns = {middle_column(window, output) for output in range(window.outputs)}
    cells = tuple(EMPTY if column in columns else BLANK for column in range(window.size))
    caption = f"{padded_input_caption(layer)} → {describe_output(values)} {window.outputs}"
    return Panel("output", (cells,), caption + describe_hidden_channels(values, MOST_CHANNELS), "y")


def middle_column(window: SlidingWindow, output: int) -> int:
    """Return the column below the middle of a window; of two middle ones, the first."""
    seen = window.taps(output)
    return (seen[0] + seen[-1]) // 2


def _frame(layer: Layer, values: LayerValues | None, panels: list[Panel], channels: list[int], output: int) -> Frame:
    """Return the frame in which the windows write `output`."""
    (window,) = layer.sliding_windows
    target, seen, column = len(panels) - 1, window.taps(output), middle_column(window, output)
    inputs, kernels = (
        [index for index, panel in enumerate(panels) if panel.name == name] for name in ("input", "kernel")
    )
    changes = [Change(target, 0, column, output_cell((output,), values))]
    for kernel, channel in zip(kernels, channels, strict=False):
        changes += _move_kernel(layer, kernel, values, channel, output)
    connectors = [Connector(*pair, position) for pair in zip(inputs, kernels, strict=False) for position in seen]
    sources = sorted(borrowed_positions(layer, (output,)))
    last = last_window(layer, (output,), inputs)
    return Frame(
        changes=tuple(changes),
        marks=(
            *last.marks,
            *(Mark(panel, (0,), source, role="source") for panel in inputs for source in sources),
            *(Mark(panel, (0,), seen, highlighted=True) for panel in inputs),
            Mark(target, (0,), (column,)),
        ),
        caption=step_caption(layer, (output,), values),
        arrows=last.arrows,
        connectors=(*connectors, Connector(target - 1, target, column)),
    )


def _move_kernel(layer: Layer, panel: int, values: LayerValues | None, channel: int, output: int) -> Sequence[Change]:
    """Move the kernel from the previous window to this one."""
    (window,) = layer.sliding_windows
    seen = window.taps(output)
    left = set(window.taps(output - 1)) - set(seen) if output else set()
    weights = [kernel_cell(layer, (tap,), values, channel) for tap in range(window.kernel)]
    return [
        *(Change(panel, 0, position, BLANK) for position in sorted(left)),
        *(Change(panel, 0, position, weight) for position, weight in zip(seen, weights, strict=True)),
    ]
