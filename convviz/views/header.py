"""The parts around the body that most views share: title, sizes, badges and legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from convviz.geometry.axis import ConvTransposeAxis, PoolAxis
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool, Pool
from convviz.scene.model import Badge, CellRole, LegendEntry, Panel
from convviz.text.formatting import MINUS, format_padding, format_per_axis, format_sizes, format_value
from convviz.views.last_window import last_window_entry

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

INPUT_ROLES: tuple[CellRole, ...] = ("input", "inserted", "padding")
FADED_ROLES: tuple[CellRole, ...] = (*INPUT_ROLES, "pixel", "shade", "negative", "exact zero")
LEGEND_TEXTS = {
    "input": "input",
    "inserted": "inserted zero",
    "padding": "padding",
    "kernel": "kernel",
    "window": "kernel window",
    "source": "borrowed from",
    "output": "output",
}


def sizes_text(layer: Layer, values: LayerValues | None) -> str:
    """Return the sizes of input and output, with channels first if there are any: `input 3×3 → output 5×5`."""
    channels = values and values.channels
    before = (channels.all_inputs,) if channels else ()
    after = (channels.all_outputs,) if channels else ()
    return f"input {format_sizes((*before, *layer.input))} → output {format_sizes((*after, *layer.output))}"


def describe_bias(values: LayerValues | None) -> str:
    """Name the bias: `bias 5`, without its value if values are hidden, or nothing if there is none."""
    if values is None or values.bias is None:
        return ""
    return f"bias {format_value(values.bias, values.y_notation)}" if values.visible else "bias"


def padding_text(layer: Layer) -> str:
    """Name the padding in a legend; that of a pooling with what it counts as."""
    if isinstance(layer, MaxPool):
        return f"padding ({MINUS}∞)"
    if isinstance(layer, AvgPool):
        return "padding (counts as 0)" if layer.count_include_pad else "padding (not counted)"
    return LEGEND_TEXTS["padding"]


def badges(layer: Layer) -> tuple[Badge, ...]:
    """Return given and derived parameters; dilation, output padding and modes only if they have an effect."""
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
    return (*shown, *_derived_badges(layer), Badge(f"o = {format_per_axis(layer.output)}", "output"))


def _derived_badges(layer: Layer) -> Iterator[Badge]:
    axes = [axis for axis in layer.axes if isinstance(axis, ConvTransposeAxis)]
    if axes:
        border = "k−p−1" if set(layer.dilation) == {1} else "d(k−1)−p"
        yield Badge(f"z = s−1 = {format_per_axis([axis.inserted_zeros for axis in axes])}", "derived")
        yield Badge(f"p′ = {border} = {format_padding([axis.implicit_padding for axis in axes])}", "derived")
    if any(isinstance(axis, PoolAxis) and axis.ceil_mode for axis in layer.axes):
        yield Badge("ceil mode", "derived")


def legend(panels: Iterable[Panel], layer: Layer, shades: Sequence[LegendEntry] = ()) -> tuple[LegendEntry, ...]:
    """Name the roles that occur in `panels`, the window, the output or its `shades`, and faded cells."""
    shown = list(panels)
    entries = input_entries(shown, layer)
    moving = any(panel.name == "kernel" and panel.label for panel in shown)
    if moving:
        entries.append(LegendEntry("kernel", LEGEND_TEXTS["kernel"]))
    pooling = isinstance(layer, Pool)
    entries.append(LegendEntry("window", "window" if moving or pooling else LEGEND_TEXTS["window"]))
    entries += last_window_entry(layer)
    if borrows(layer):
        entries.append(LegendEntry("source", LEGEND_TEXTS["source"]))
    entries += shades or [LegendEntry("output", LEGEND_TEXTS["output"])]
    return (*entries, *faded_entry(shown, describe_faded(layer)))


def borrows(layer: Layer) -> bool:
    """Whether a window reads padding that repeats an input cell."""
    cells = (cell for window in layer.sliding_windows for cell in window.cells)
    return any(cell.kind == "padding" and cell.read and cell.source is not None for cell in cells)


def input_entries(panels: Sequence[Panel], layer: Layer) -> list[LegendEntry]:
    """Name the roles of the padded input that occur unfaded in `panels`."""
    texts = LEGEND_TEXTS | {"padding": padding_text(layer)}
    return [LegendEntry(role, texts[role]) for role in INPUT_ROLES if (role, False) in _shown_cells(panels)]


def faded_entry(panels: Sequence[Panel], text: str) -> tuple[LegendEntry, ...]:
    """Return an entry for the faded cells of the padded input, pixels included, if there are any."""
    faded = (role for role in FADED_ROLES if (role, True) in _shown_cells(panels))
    return tuple(LegendEntry(role, text, faded=True) for role in faded)[:1]


def _shown_cells(panels: Sequence[Panel]) -> set[tuple[CellRole, bool]]:
    return {(cell.role, cell.faded) for panel in panels for row in panel.cells for cell in row}


def describe_faded(layer: Layer) -> str:
    """Say why cells are faded: cropped by a negative border, beyond the padding, or read by no window."""
    cells = [cell for window in layer.sliding_windows for cell in window.cells]
    reasons = {
        "cropped": any(cell.cropped for cell in cells),
        "beyond the padding": any(window.overhang for window in layer.sliding_windows),
        "never read": any(not cell.read and not cell.cropped for cell in cells),
    }
    return " or ".join(reason for reason, holds in reasons.items() if holds)
