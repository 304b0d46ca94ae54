"""scatter: the picture from the input's side: at step t, input cell t stamps value × kernel into the output.

For a transposed layer the stamps move by the stride and overlaps add up in the full output; in the last step padding
crops the border, and output padding gives cells back at the end. For a convolution it is the same, backwards: the step
shows which output cells the input cell feeds. A pooling shows the largest value, or the mean, of what came so far.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.geometry.axis import ConvTransposeAxis
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Cell, Change, Frame, Group, LegendEntry, Mark, Node, Operator, Panel, Scene, Timing
from convviz.text.formatting import format_axis_indices, format_per_axis, format_sizes, format_value
from convviz.text.formulas import formulas
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views import panels as grids
from convviz.views.step_text import divisor

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

Index = tuple[int, ...]
MOST_CHANNELS = 3


@dataclass(frozen=True)
class Canvas:
    """The output in full along one axis, and which of its cells each input cell feeds."""

    size: int
    first: int
    """Where the output begins that is kept; what stands before it is cropped."""
    kept: int
    feeds: tuple[tuple[tuple[int, int], ...], ...]
    """For each input cell: positions on the canvas, and the kernel cell that weighs what arrives there."""


def scatter(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The scene of `layer`, with the values of `numbers` in the cells, or without any."""
    canvases = [_canvas(layer, axis) for axis in range(len(layer.axes))]
    body = Group("row", (*_operands(layer, numbers), _output(layer, canvases, numbers)), may_turn=True)
    panels = tuple(body.panels())
    totals = Totals(layer, numbers)
    frames = [*_stamps(totals, canvases, panels), *_crop(layer, canvases)]
    frames[-1] = _finished(frames[-1], totals, canvases, len(panels) - 1)
    return Scene(
        title=f"{header.title(layer)}, seen from the input",
        sizes=header.sizes_line(layer, numbers),
        badges=header.badges(layer),
        body=body,
        legend=_legend(layer, canvases),
        formulas=_rule(layer),
        frames=timing.timed(frames),
        steps=len(frames),
    )


def _canvas(layer: Layer, number: int) -> Canvas:
    axis, track = layer.axes[number], layer.sliding_windows[number]
    if isinstance(axis, ConvTransposeAxis):
        full, first = (axis.input - 1) * axis.stride + axis.effective_kernel, axis.padding[0]
        stamps = tuple(
            tuple((cell * axis.stride + tap * axis.dilation, tap) for tap in range(axis.kernel))
            for cell in range(axis.input)
        )
        return Canvas(max(full, first + axis.output), first, axis.output, stamps)
    feeds: list[list[tuple[int, int]]] = [[] for _ in range(axis.input)]
    for output in range(track.outputs):
        for tap, place in enumerate(track.taps(output)):
            source = track.cells[place].source
            if source is not None:
                feeds[source].append((output, track.kernel_index(tap)))
    return Canvas(track.outputs, 0, track.outputs, tuple(map(tuple, feeds)))


def _operands(layer: Layer, numbers: LayerValues | None) -> tuple[Node, ...]:
    """Input and kernel of each channel (of more than three the first and the last), and the sign before the output."""
    channels = range(len(numbers.x) if numbers else 1)
    shown = channels if len(channels) <= MOST_CHANNELS else (channels[0], channels[-1])
    plus = Operator("+" if len(channels) <= MOST_CHANNELS else "+ ⋯ +")
    pairs = [Group("row", _operand(layer, numbers, channel)) for channel in shown]
    sign = Operator("→") if isinstance(layer, Pool) else Operator("+=")
    return (*tuple(node for pair in pairs for node in (pair, plus))[:-1], sign)


def _operand(layer: Layer, numbers: LayerValues | None, channel: int) -> tuple[Node, ...]:
    panel = grids.bare_panel(layer, numbers, channel)
    if isinstance(layer, Pool):
        return (panel,)
    return panel, Operator("·"), _kernel(layer, numbers, channel)


def _kernel(layer: Layer, numbers: LayerValues | None, channel: int) -> Panel:
    """The kernel as it was given; a convolution stamps it flipped."""
    values = numbers.w[channel] if numbers and numbers.visible and numbers.w is not None else None
    flip = "not flipped" if isinstance(layer, ConvTranspose) else "stamped flipped"
    cells = grids.value_grid("kernel", layer.kernel, values)
    return Panel("kernel", cells, f"kernel {format_sizes(layer.kernel)} ({flip})")


def _output(layer: Layer, canvases: list[Canvas], numbers: LayerValues | None) -> Panel:
    shape = tuple(canvas.size for canvas in canvases)
    name = f"{grids.output_words(numbers)} {format_sizes(layer.output)}"
    if shape != layer.output:
        name = f"full output {format_sizes(shape)}, of which {format_sizes(layer.output)} are kept"
    adds = "" if isinstance(layer, Pool) else "; overlaps add"
    return Panel("output", grids.empty(shape), name + adds)


def _stamps(totals: Totals, canvases: list[Canvas], panels: tuple[Panel, ...]) -> Iterator[Frame]:
    """One frame for each input cell of each channel."""
    layer, numbers = totals.layer, totals.numbers
    channels = len(numbers.x) if numbers else 1
    inputs = [index for index, panel in enumerate(panels) if panel.name == "input"]
    for channel, cell in product(range(channels), product(*map(range, layer.input))):
        fed = [canvas.feeds[place] for canvas, place in zip(canvases, cell, strict=True)]
        written = {}
        for arrivals in product(*fed):
            place = tuple(position for position, _ in arrivals)
            text = totals.add(channel, cell, place, tuple(tap for _, tap in arrivals))
            written[place] = Change(len(panels) - 1, *grids.at(place), Cell("output", text))
        row, col = grids.at(cell)
        lane = channel if channels <= MOST_CHANNELS else {0: 0, channels - 1: 1}.get(channel)
        marks = [] if lane is None else [Mark(inputs[lane], (row,), (col,))]
        spans = [tuple(sorted({position for position, _ in line})) for line in fed]
        if all(spans):
            marks.append(Mark(len(panels) - 1, *grids.rows_and_cols(spans), highlighted=True))
        yield Frame(tuple(written.values()), tuple(marks), _says(totals, channel, cell, spans))


class Totals:
    """What has arrived in each output cell."""

    def __init__(self, layer: Layer, numbers: LayerValues | None) -> None:
        self.layer, self.numbers = layer, numbers
        self.seen: dict[Index, list[Any]] = {}

    def add(self, channel: int, cell: Index, place: Index, tap: Index) -> str:
        """Add what input `cell` sends to `place`; the new value as text."""
        numbers = self.numbers
        if numbers is None or not numbers.visible:
            return ""
        value = numbers.x[(channel, *cell)]
        self.seen.setdefault(place, []).append(value if numbers.w is None else value * numbers.w[(channel, *tap)])
        return format_value(self.value(place))

    def value(self, place: Index) -> Any:
        """The value of an output cell so far."""
        assert self.numbers is not None
        seen = self.seen.get(place, [])
        if isinstance(self.layer, MaxPool):
            return max(seen, default=-math.inf)
        if isinstance(self.layer, Pool):
            return sum(seen) / max(1, divisor(self.layer, place, len(seen)))
        return sum(seen) + (self.numbers.bias or 0)


def _says(totals: Totals, channel: int, cell: Index, spans: list[Index]) -> Sentence:
    """`x[1,1] = 1 stamps rows 2–4, columns 2–4`."""
    layer, numbers = totals.layer, totals.numbers
    many = numbers and len(numbers.x) > 1
    name = f"x[{','.join(map(str, (channel, *cell) if many else cell))}]"
    value = f" = {format_value(numbers.x[(channel, *cell)])}" if numbers and numbers.visible else ""
    if not all(spans):
        return Sentence((f"{name}{value} is read by no output", f"{name} feeds nothing", name))
    where = format_axis_indices(spans)
    verb = "stamps" if isinstance(layer, ConvTranspose) else "feeds"
    bare = f"{name}{value} {verb} {where}"
    tail = " of the output"
    if isinstance(layer, ConvTranspose) and set(layer.stride) != {1}:
        tail = f": a stride of {format_per_axis(layer.stride)} moves the stamp, not a window"
    return Sentence((bare + tail, bare, f"{name} {verb} {where}", name))


def _crop(layer: Layer, canvases: list[Canvas]) -> Iterator[Frame]:
    """The step in which padding crops the border, and output padding gives cells back at the end."""
    full = tuple(canvas.size for canvas in canvases)
    if full == layer.output:
        return
    words = f"padding crops the full output {format_sizes(full)} to {format_sizes(layer.output)}"
    if any(layer.output_padding):
        words = f"padding and output padding keep {format_sizes(layer.output)} of the full output {format_sizes(full)}"
    yield Frame((), (), Sentence((words, f"cropped to {format_sizes(layer.output)}", "cropped")))


def _finished(frame: Frame, totals: Totals, canvases: list[Canvas], target: int) -> Frame:
    """The last frame: cropped cells faded, and cells that nothing reached written as what they are."""
    visible = totals.numbers is not None and totals.numbers.visible
    changes = []
    for place in product(*(range(canvas.size) for canvas in canvases)):
        kept = all(0 <= p - canvas.first < canvas.kept for p, canvas in zip(place, canvases, strict=True))
        text = format_value(totals.value(place)) if visible else ""
        changes.append(Change(target, *grids.at(place), Cell("output", text, faded=not kept)))
    return replace(frame, changes=tuple(changes))


def _legend(layer: Layer, canvases: list[Canvas]) -> tuple[LegendEntry, ...]:
    keys = [LegendEntry("input", "input")]
    keys += [] if isinstance(layer, Pool) else [LegendEntry("kernel", "kernel")]
    keys += [
        LegendEntry("window", "stamp" if isinstance(layer, ConvTranspose) else "fed by this cell"),
        LegendEntry("output", "output"),
    ]
    cropped = any(canvas.size != canvas.kept for canvas in canvases)
    return (*keys, LegendEntry("output", "cropped", faded=True)) if cropped else tuple(keys)


def _rule(layer: Layer) -> tuple[Formula, ...]:
    """The rule of the stamp, or the sizes where a pooling has none."""
    if isinstance(layer, Pool):
        return formulas(layer)
    names = ("m", "n")[: len(layer.axes)]
    taps = ("u", "v")[: len(layer.axes)]
    dilated = ["d·" if dilation > 1 else "" for dilation in layer.dilation]
    pairs = list(zip(names, taps, dilated, strict=True))
    if isinstance(layer, ConvTranspose):
        places = ", ".join(f"s·{m} + {d}{u}" for m, u, d in pairs)
        return (Formula("", f"y[{places}] += x[{', '.join(names)}]·w[{', '.join(taps)}]", "", ""),)
    places = ", ".join(f"s·{m} − p + {d}{u}" for m, u, d in pairs)
    return (Formula("", f"y[{', '.join(names)}] += x[{places}]·w[{', '.join(taps)}]", "", ""),)
