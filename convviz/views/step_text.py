"""The caption of a step: an equation with values, or the input cells that are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from convviz.geometry.sliding_window import Cell
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.text.formatting import format_axis_indices, format_counted, format_factor, format_value, is_shown_exactly
from convviz.text.lines import Equation, Sentence
from convviz.views.cell_grids import Index
from convviz.views.taps import kernel_index, mean_divisor, source_of, taps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues


def step_caption(layer: Layer, output: Index, values: LayerValues | None) -> Equation | Sentence:
    """Return the equation of an output cell, or, without visible values, a sentence on the input cells it reads."""
    if not (values and values.visible):
        return _reads(layer, output, values)
    if values.w is None:
        return _pooling_equation(layer, output, values)
    return _sum_of_channels(output, values) if len(values.x) > 1 else _sum_of_products(layer, output, values)


def output_name(output: Index, values: LayerValues | None) -> str:
    """Name an output cell: `y[1,2]`, with its channel in front if there are channels."""
    channel = (values.channels.output,) if values and values.channels else ()
    return f"y[{','.join(map(str, (*channel, *output)))}]"


def _sum_of_products(layer: Layer, output: Index, values: LayerValues) -> Equation:
    """Write out the sum of one channel, without terms that are zero."""
    assert values.w is not None
    terms, shown = [], [values.y[output]]
    for tap, cells in taps(layer, output):
        source, weight = source_of(cells), values.w[(0, *kernel_index(layer, tap))]
        if source is None or not weight or not values.x[(0, *source)]:
            continue
        value = values.x[(0, *source)]
        shown += [value, weight]
        terms.append(f"{format_factor(format_value(value))}·{format_factor(format_value(weight))}")
    return _equation(output, values, terms, shown)


def _sum_of_channels(output: Index, values: LayerValues) -> Equation:
    """Write out the sum over input channels."""
    parts = [part[output] for part in values.parts]
    terms = [format_factor(format_value(part)) for part in parts]
    return _equation(output, values, terms, [values.y[output], *parts])


def _equation(output: Index, values: LayerValues, terms: list[str], shown: list[Any]) -> Equation:
    """Add the bias and the result; rounded numbers make the equation an approximation."""
    if values.bias is not None:
        terms = [*terms, f"{format_factor(format_value(values.bias))} (bias)"]
        shown = [*shown, values.bias]
    return Equation(output_name(output, values), tuple(terms), format_value(values.y[output]), _relation(shown))


def _relation(shown: list[Any]) -> str:
    return "=" if all(map(is_shown_exactly, shown)) else "≈"


def _pooling_equation(layer: Layer, output: Index, values: LayerValues) -> Equation:
    """Write out a maximum, `max(3, 4, 1)`, or a mean, `(3 + 4 + 1)/3`."""
    under = [cells for _, cells in taps(layer, output)]
    sources = [source_of(cells) for cells in under if all(cell.kind == "input" for cell in cells)]
    inputs = [values.x[(0, *source)] for source in sources if source is not None]
    relation = _relation([values.y[output], *inputs])
    left, result = output_name(output, values), format_value(values.y[output])
    if isinstance(layer, MaxPool):
        return Equation(left, tuple(map(format_value, inputs)), result, relation, ", ", "max(", ")")
    terms = tuple(format_factor(format_value(value)) for value in inputs)
    divisor = mean_divisor(layer, output, len(inputs))
    return Equation(left, terms, result, relation, opening="(", closing=f")/{divisor}")


def _reads(layer: Layer, output: Index, values: LayerValues | None) -> Sentence:
    name = output_name(output, values)
    sources = [
        _sources(window.cells[position] for position in window.taps(index))
        for window, index in zip(layer.sliding_windows, output, strict=True)
    ]
    if not all(sources):
        only = "padding" if isinstance(layer, Pool) else "zeros"
        return Sentence((f"{name} reads no input cell, only {only}", f"{name} reads only {only}", name))
    cells = format_axis_indices(sources)
    return Sentence((f"{name} reads {cells} of {_describe_input(values)}", f"{name} reads {cells}", name))


def _describe_input(values: LayerValues | None) -> str:
    """Name the input: `the input`, or its channels."""
    channels = values and values.channels
    if not channels:
        return "the input"
    if len(channels.inputs) == channels.all_inputs > 1:
        return f"all {channels.all_inputs} input channels"
    return format_counted("input channel", [index + 1 for index in channels.inputs])


def _sources(cells: Iterable[Cell]) -> Sequence[int]:
    return sorted({cell.source for cell in cells if cell.source is not None})
