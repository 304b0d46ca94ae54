"""What stands around the grids of every view: title, sizes, badges and legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from convviz.geometry.axis import ConvTransposeAxis, PoolAxis
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.scene.model import Badge, CellRole, LegendEntry, Panel
from convviz.text.formatting import format_padding, format_per_axis, format_sizes

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

INPUT_ROLES: tuple[CellRole, ...] = ("input", "inserted", "padding")
KEY_WORDS = {
    "input": "input",
    "inserted": "inserted zero",
    "padding": "padding",
    "kernel": "kernel",
    "window": "kernel window",
    "source": "borrowed from",
    "output": "output",
}


def title(layer: Layer) -> str:
    """The name of the operation."""
    return layer.title


def sizes_line(layer: Layer, numbers: LayerValues | None) -> str:
    """`input 3×3 → output 5×5`, channels in front where there are any."""
    channels = numbers and numbers.channels
    before = (channels.all_inputs,) if channels else ()
    after = (channels.all_outputs,) if channels else ()
    return f"input {format_sizes((*before, *layer.input))} → output {format_sizes((*after, *layer.output))}"


def badges(layer: Layer) -> tuple[Badge, ...]:
    """The parameters, given and derived; dilation, output padding and modes only where they do something."""
    name = f" ({layer.named_padding})" if layer.named_padding else ""
    mode = f", {layer.padding_mode}" if layer.padding_mode != "zeros" else ""
    shown = [
        Badge(f"i = {format_per_axis(layer.input)}", "input"),
        Badge(f"k = {format_per_axis(layer.kernel)}", "kernel"),
        Badge(f"s = {format_per_axis(layer.stride)}", "plain"),
        Badge(f"p = {format_padding(layer.padding)}{name}{mode}", "plain"),
    ]
    if set(layer.dilation) != {1}:
        shown.append(Badge(f"d = {format_per_axis(layer.dilation)}", "plain"))
    if any(layer.output_padding):
        shown.append(Badge(f"a = {format_per_axis(layer.output_padding)}", "plain"))
    return (*shown, *_derived(layer), Badge(f"o = {format_per_axis(layer.output)}", "output"))


def _derived(layer: Layer) -> Iterator[Badge]:
    axes = [axis for axis in layer.axes if isinstance(axis, ConvTransposeAxis)]
    if axes:
        border = "k−p−1" if set(layer.dilation) == {1} else "d(k−1)−p"
        yield Badge(f"z = s−1 = {format_per_axis([axis.inserted_zeros for axis in axes])}", "derived")
        yield Badge(f"p′ = {border} = {format_padding([axis.implicit_padding for axis in axes])}", "derived")
    if any(isinstance(axis, PoolAxis) and axis.ceil_mode for axis in layer.axes):
        yield Badge("ceil mode", "derived")


def legend(panels: Iterable[Panel], layer: Layer) -> tuple[LegendEntry, ...]:
    """Names for the roles that occur in `panels`, the window and the output, and for the faded cells."""
    listed = list(panels)
    cells = {(cell.role, cell.faded) for panel in listed for row in panel.cells for cell in row}
    keys = [LegendEntry(role, KEY_WORDS[role]) for role in INPUT_ROLES if (role, False) in cells]
    moving = any(panel.name == "kernel" and panel.label for panel in listed)
    if moving:
        keys.append(LegendEntry("kernel", KEY_WORDS["kernel"]))
    pooling = isinstance(layer, Pool)
    keys.append(LegendEntry("window", "window" if moving or pooling else KEY_WORDS["window"]))
    if layer.padding_mode != "zeros" and any(map(any, layer.padding)):
        keys.append(LegendEntry("source", KEY_WORDS["source"]))
    keys.append(LegendEntry("output", KEY_WORDS["output"]))
    faded = next((role for role in INPUT_ROLES if (role, True) in cells), None)
    if faded:
        keys.append(LegendEntry(faded, faded_words(layer), True))
    return tuple(keys)


def faded_words(layer: Layer) -> str:
    """Why cells are faded: cropped by a negative border, hanging over the end, read by no window."""
    cells = [cell for track in layer.sliding_windows for cell in track.cells]
    reasons = {
        "cropped": any(cell.cropped for cell in cells),
        "beyond the padding": any(track.overhang for track in layer.sliding_windows),
        "never read": any(not cell.read and not cell.cropped for cell in cells),
    }
    return " or ".join(reason for reason, holds in reasons.items() if holds)
