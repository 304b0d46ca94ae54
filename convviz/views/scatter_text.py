"""The texts of the scatter view: what an input cell stamps, and the rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from convviz.geometry.axis import Axis
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.text.formatting import format_axis_indices, format_per_axis, format_value, is_shown_exactly
from convviz.text.formulas import formulas
from convviz.text.lines import Formula, Sentence
from convviz.views.cell_grids import Index
from convviz.views.full_output import FullAxis

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues


def stamp_caption(
    layer: Layer,
    values: LayerValues | None,
    cell: tuple[int, Index],
    spans: Sequence[Index],
    axes: Sequence[FullAxis],
) -> Sentence:
    """Describe one step: `x[1,1] = 1 stamps rows 1–3, columns 1–3`; rows and columns are those of the output.

    `cell` is a channel and the index of an input cell, and `spans` are the positions of its stamp in the full output.
    """
    channel, index = cell
    several = values and len(values.x) > 1
    name = f"x[{','.join(map(str, (channel, *index) if several else index))}]"
    value = value_text(values, cell) if values and values.visible else ""
    if not all(spans):
        return Sentence((f"{name}{value} is read by no output", f"{name} feeds nothing", name))
    kept = [
        tuple(position - axis.first for position in span if axis.keeps(position))
        for axis, span in zip(axes, spans, strict=True)
    ]
    if not all(kept):
        return Sentence((f"{name}{value} stamps only cells that are cropped", f"{name} is cropped", name))
    cells = format_axis_indices(kept)
    verb = "stamps" if isinstance(layer, ConvTranspose) else "feeds"
    short = f"{name}{value} {verb} {cells}"
    tail = " of the output"
    if any(len(one) < len(other) for one, other in zip(kept, spans, strict=True)):
        tail = " of the output; the rest of the stamp is cropped"
    elif isinstance(layer, ConvTranspose) and set(layer.stride) != {1}:
        tail = f": a stride of {format_per_axis(layer.stride)} moves the stamp, not a window"
    return Sentence((short + tail, short, f"{name} {verb} {cells}", name))


def value_text(values: LayerValues, cell: tuple[int, Index]) -> str:
    """Return the value of an input cell: ` = 3`, or ` ≈ 0.333` if it is rounded."""
    value, notation = values.x[(cell[0], *cell[1])], values.x_notation
    return f" {'=' if is_shown_exactly(value, notation) else '≈'} {format_value(value, notation)}"


def scatter_rules(layer: Layer, values: LayerValues | None) -> tuple[Formula, ...]:
    """Return the rule by which an input cell contributes, with the bias; for a pooling, the size formulas."""
    if isinstance(layer, Pool):
        return formulas(layer)
    names = ("m", "n")[: len(layer.axes)]
    taps = ("u", "v")[: len(layer.axes)]
    places = ", ".join(cell_place(axis, m, u) for axis, m, u in zip(layer.axes, names, taps, strict=True))
    cells, weight = ", ".join(names), ", ".join(taps)
    outputs, inputs = (places, cells) if isinstance(layer, ConvTranspose) else (cells, places)
    rules = [f"y[{outputs}] += x[{inputs}]·w[{weight}]"]
    rules += ["y = b, the bias, at first"] if values is not None and values.bias is not None else []
    return tuple(Formula("", rule, "", "") for rule in rules)


def cell_place(axis: Axis, cell: str, tap: str) -> str:
    """Return where a tap lands, counted in output cells of a transposed layer: `s·m − p + u`."""
    before, after = axis.padding
    padding = "" if not before else " − p" if before == after else " − p₁"
    return f"s·{cell}{padding} + {'d·' if axis.dilation > 1 else ''}{tap}"
