"""The slide view of a 1-D layer: lanes below each other, the kernel moving under its window.

Every lane has a column for each cell of the padded, zero-inserted input, so that what belongs together stands below
each other: the kernel's cells under the cells they weigh, the output cell under the middle of its window (for a
stride s, only every s-th column is kept: ↓s).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convviz.geometry.sliding_window import SlidingWindow
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Cell, Change, Connector, Frame, Group, Mark, Panel, Scene, Timing
from convviz.text.formatting import format_value
from convviz.text.formulas import formulas
from convviz.views import header
from convviz.views import panels as grids
from convviz.views.step_text import step_line

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

BLANK = Cell("blank")
MOST_CHANNELS = 2


def lanes(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The scene of a 1-D layer."""
    (track,) = layer.sliding_windows
    channels = range(len(numbers.x) if numbers else 1)
    shown = channels if len(channels) <= MOST_CHANNELS else [0, channels[-1]]
    panels = [panel for channel in shown for panel in _operands(layer, track, numbers, channel)]
    panels.append(_outputs(layer, track, numbers))
    stops = range(track.outputs)
    return Scene(
        title=f"{header.title(layer)} in one dimension",
        sizes=signal_words(layer) if len(channels) == 1 else header.sizes_line(layer, numbers),
        badges=header.badges(layer),
        body=Group("column", tuple(panels)),
        legend=header.legend(panels, layer),
        formulas=formulas(layer),
        frames=timing.timed([_stop(layer, numbers, panels, list(shown), output) for output in stops]),
        steps=len(stops),
    )


def signal_words(layer: Layer) -> str:
    """The layer as signal processing writes it; q is the kernel of a convolution in the strict sense, with a flip."""
    (stride,), (dilation,) = layer.stride, layer.dilation
    if isinstance(layer, Pool):
        word = "max" if isinstance(layer, MaxPool) else "mean"
        return f"y = {word} over {layer.kernel[0]} cells" + (f", ↓{stride}" if stride > 1 else "")
    q = f"(↑{dilation} q)" if dilation > 1 else "q"
    if isinstance(layer, ConvTranspose):
        return f"y = {q} ∗ (↑{stride} x)" if stride > 1 else f"y = {q} ∗ x"
    return (f"y = ↓{stride} ({q} ∗ x)" if stride > 1 else f"y = {q} ∗ x") + ", q = w flipped"


def _operands(layer: Layer, track: SlidingWindow, numbers: LayerValues | None, channel: int) -> list[Panel]:
    """The lanes of one channel: the input, the line that the window walks over, and the kernel, empty at first."""
    which = f" {numbers.channels.inputs[channel] + 1}" if numbers and numbers.channels else ""
    line = tuple(grids.laid_cell((track,), (place,), numbers, channel) for place in range(track.size))
    lanes = [Panel("input", (line,), "", f"x{which}")]
    if track.gap:
        spread = Panel("input", (line,), "", f"↑{track.gap + 1} x{which}")
        lanes = [Panel("x", (_bare(track, numbers, channel),), "", f"x{which}"), spread]
    if not isinstance(layer, Pool):
        label = f"q{which} flipped" if isinstance(layer, ConvTranspose) else f"w{which}"
        lanes.append(Panel("kernel", ((BLANK,) * track.size,), "", label))
    return lanes


def _bare(track: SlidingWindow, numbers: LayerValues | None, channel: int) -> tuple[Cell, ...]:
    """The input as it is before zeros are inserted, in the middle of its lane."""
    start = track.offset + (track.zero_inserted_size - track.input) // 2
    cells = [BLANK] * track.size
    for index in range(track.input):
        text = format_value(numbers.x[channel, index]) if numbers and numbers.visible else ""
        cells[start + index] = Cell("input", text)
    return tuple(cells)


def _outputs(layer: Layer, track: SlidingWindow, numbers: LayerValues | None) -> Panel:
    places = {middle(track, output) for output in range(track.outputs)}
    cells = tuple(grids.EMPTY if place in places else BLANK for place in range(track.size))
    caption = f"{grids.caption(layer)} → {grids.output_words(numbers)} {track.outputs}"
    return Panel("output", (cells,), caption + grids.hidden_words(numbers, MOST_CHANNELS), "y")


def middle(track: SlidingWindow, output: int) -> int:
    """The column below the middle of a window, the one before it where there are two."""
    seen = track.taps(output)
    return (seen[0] + seen[-1]) // 2


def _stop(layer: Layer, numbers: LayerValues | None, panels: list[Panel], channels: list[int], output: int) -> Frame:
    """The frame in which the windows write `output`."""
    (track,) = layer.sliding_windows
    target, seen, column = len(panels) - 1, track.taps(output), middle(track, output)
    inputs, kernels = (
        [index for index, panel in enumerate(panels) if panel.name == name] for name in ("input", "kernel")
    )
    changes = [Change(target, 0, column, grids.written_cell((output,), numbers))]
    for lane, channel in zip(kernels, channels, strict=False):
        changes += _moved(track, lane, numbers, channel, output)
    links = [Connector(upper, lower, place) for upper, lower in zip(inputs, kernels, strict=False) for place in seen]
    sources = sorted(grids.borrowed(layer, (output,)))
    return Frame(
        changes=tuple(changes),
        marks=(
            *(Mark(lane, (0,), place, role="source") for lane in inputs for place in sources),
            *(Mark(lane, (0,), seen, highlighted=True) for lane in inputs),
            Mark(target, (0,), (column,)),
        ),
        caption=step_line(layer, (output,), numbers),
        connectors=(*links, Connector(target - 1, target, column)),
    )


def _moved(track: SlidingWindow, lane: int, numbers: LayerValues | None, channel: int, output: int) -> list[Change]:
    """The kernel leaves the cells of the window before and stands under this one."""
    seen = track.taps(output)
    left = set(track.taps(output - 1)) - set(seen) if output else set()
    cells = [grids.kernel_cell((track,), (tap,), numbers, channel) for tap in range(track.kernel)]
    return [
        *(Change(lane, 0, place, BLANK) for place in sorted(left)),
        *(Change(lane, 0, place, cell) for place, cell in zip(seen, cells, strict=True)),
    ]
