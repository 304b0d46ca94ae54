"""The caption of a step: an equation with values, or the input cells that are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convviz.geometry.sliding_window import Cell
from convviz.layers.layer import Layer
from convviz.layers.number_notation import Notation
from convviz.layers.pooling import MaxPool, Pool
from convviz.layers.window_values import window_inputs, window_products
from convviz.text.formatting import (
    are_shown_exactly,
    format_axis_indices,
    format_counted,
    format_factor,
    format_value,
    is_shown_exactly,
)
from convviz.text.lines import BIAS, Equation, Sentence
from convviz.views.cell_grids import Index
from convviz.views.taps import mean_divisor

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

MOST_TERMS = 200
"""Terms of an equation that are written out; a line has room for about 250 characters, in a picture of any size."""
ELLIPSIS = "…"


def step_caption(layer: Layer, output: Index, values: LayerValues | None) -> Equation | Sentence:
    """Return the equation of an output cell, or, without visible values, a sentence on the input cells it reads."""
    if not (values and (values.visible or values.shaded)):
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
    numbers, weights = window_products(layer.sliding_windows, values, output)
    x, w = values.x_notation, values.w_notation
    exact = are_shown_exactly(numbers, x) and are_shown_exactly(weights, w)
    pairs = zip(_written_out(numbers, x), _written_out(weights, w), strict=True)
    return _equation(output, values, [ELLIPSIS if one == ELLIPSIS else f"{one}·{other}" for one, other in pairs], exact)


def _sum_of_channels(output: Index, values: LayerValues) -> Equation:
    """Write out the sum over input channels."""
    parts: Any = values.parts[(slice(None), *output)]  # type: ignore[arg-type, unused-ignore]
    equation = _equation(
        output, values, _written_out(parts, values.y_notation), are_shown_exactly(parts, values.y_notation)
    )
    return replace(equation, inks=("output",))


def _written_out(numbers: Any, notation: Notation, wrap: Callable[[str], str] = format_factor) -> list[str]:
    """Format the factors or summands of an array; of very many, which no line can hold, the first and the last."""

    def format(number: Any) -> str:
        return wrap(format_value(number, notation))

    listed = numbers.tolist()
    if len(listed) <= MOST_TERMS:
        return list(map(format, listed))
    return [*map(format, listed[:MOST_TERMS]), ELLIPSIS, format(listed[-1])]


def _equation(output: Index, values: LayerValues, terms: list[str], exact: bool) -> Equation:
    """Add the bias and the result; rounded numbers make the equation an approximation."""
    result, notation = values.y[output], values.y_notation
    exact = exact and is_shown_exactly(result, notation)
    if values.bias is not None:
        terms = [*terms, f"{format_factor(format_value(values.bias, notation))}{BIAS}"]
        exact = exact and is_shown_exactly(values.bias, notation)
    return Equation(output_name(output, values), tuple(terms), format_value(result, notation), "=" if exact else "≈")


def _pooling_equation(layer: Layer, output: Index, values: LayerValues) -> Equation:
    """Write out a maximum, `max(3, 4, 1)`, or a mean, `(3 + 4 + 1)/3`."""
    inputs = window_inputs(layer.sliding_windows, values, output)
    x, y = values.x_notation, values.y_notation
    relation = "=" if are_shown_exactly(inputs, x) and is_shown_exactly(values.y[output], y) else "≈"
    left, result = output_name(output, values), format_value(values.y[output], y)
    if isinstance(layer, MaxPool):
        return Equation(left, tuple(_written_out(inputs, x, str)), result, relation, ", ", "max(", ")", ("input",))
    terms = tuple(_written_out(inputs, x))
    divisor = mean_divisor(layer, output, len(inputs))
    return Equation(left, terms, result, relation, opening="(", closing=f")/{divisor}", inks=("input",))


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
