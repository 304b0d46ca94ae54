"""The line of a step: with numbers an equation, without them which input cells are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.geometry.sliding_window import Cell
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.text.formatting import format_axis_indices, format_counted, format_factor, format_value, is_shown_exactly
from convviz.text.lines import Equation, Sentence

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

Tap = tuple[tuple[int, ...], tuple[Cell, ...]]


def step_line(layer: Layer, output: tuple[int, ...], numbers: LayerValues | None) -> Equation | Sentence:
    """What the step computes: with numbers as an equation, otherwise which input cells are read."""
    if not (numbers and numbers.visible):
        return _reads(output_name(output, numbers), layer, output, numbers)
    if numbers.w is None:
        return _pooled(layer, output, numbers)
    return _sum_of_channels(output, numbers) if len(numbers.x) > 1 else _sum(layer, output, numbers)


def output_name(output: tuple[int, ...], numbers: LayerValues | None) -> str:
    """`y[1,2]`, the channel in front where there are channels."""
    channel = (numbers.channels.output,) if numbers and numbers.channels else ()
    return f"y[{','.join(map(str, (*channel, *output)))}]"


def taps(layer: Layer, output: tuple[int, ...]) -> Iterator[Tap]:
    """Tap numbers and cells under the window, in reading order."""
    tracks = layer.sliding_windows
    walks = [enumerate(track.taps(index)) for track, index in zip(tracks, output, strict=True)]
    for walk in product(*walks):
        yield tuple(tap for tap, _ in walk), tuple(t.cells[place] for t, (_, place) in zip(tracks, walk, strict=True))


def _sum(layer: Layer, output: tuple[int, ...], numbers: LayerValues) -> Equation:
    """Products of one channel; terms that are zero are dropped, rounded numbers make it an ≈."""
    assert numbers.w is not None
    terms, shown = [], [numbers.y[output]]
    for tap, cells in taps(layer, output):
        source = tuple(cell.source for cell in cells)
        weight = numbers.w[(0, *(track.kernel_index(u) for track, u in zip(layer.sliding_windows, tap, strict=True)))]
        if None in source or not weight or not numbers.x[(0, *source)]:
            continue
        value = numbers.x[(0, *source)]
        shown += [value, weight]
        terms.append(f"{format_factor(format_value(value))}·{format_factor(format_value(weight))}")
    return _equation(output, numbers, terms, shown)


def _sum_of_channels(output: tuple[int, ...], numbers: LayerValues) -> Equation:
    """What each input channel contributes."""
    parts = [part[output] for part in numbers.parts]
    return _equation(
        output, numbers, [format_factor(format_value(part)) for part in parts], [numbers.y[output], *parts]
    )


def _equation(output: tuple[int, ...], numbers: LayerValues, terms: list[str], shown: list[Any]) -> Equation:
    if numbers.bias is not None:
        terms, shown = [*terms, f"{format_factor(format_value(numbers.bias))} (bias)"], [*shown, numbers.bias]
    relation = "=" if all(map(is_shown_exactly, shown)) else "≈"
    return Equation(output_name(output, numbers), tuple(terms), format_value(numbers.y[output]), relation)


def _pooled(layer: Layer, output: tuple[int, ...], numbers: LayerValues) -> Equation:
    """`max(3, 4, 1)`, or the sum over the number of cells that count."""
    under = [cells for _, cells in taps(layer, output)]
    real = [tuple(cell.source for cell in cells) for cells in under if all(cell.kind == "input" for cell in cells)]
    values = [numbers.x[(0, *source)] for source in real]
    relation = "=" if all(map(is_shown_exactly, [numbers.y[output], *values])) else "≈"
    left, total = output_name(output, numbers), format_value(numbers.y[output])
    if isinstance(layer, MaxPool):
        return Equation(left, tuple(map(format_value, values)), total, relation, ", ", "max(", ")")
    terms = tuple(format_factor(format_value(value)) for value in values)
    return Equation(left, terms, total, relation, opening="(", closing=f")/{divisor(layer, output, len(real))}")


def divisor(layer: Layer, output: tuple[int, ...], real: int) -> int:
    """How many cells under the window count in a mean."""
    if not (isinstance(layer, AvgPool) and layer.count_include_pad):
        return real
    count = 1
    for track, index in zip(layer.sliding_windows, output, strict=True):
        count *= sum(place < track.size - track.overhang for place in track.taps(index))
    return count


def _reads(left: str, layer: Layer, output: tuple[int, ...], numbers: LayerValues | None) -> Sentence:
    sources = [
        _sources(track.cells[place] for place in track.taps(at))
        for track, at in zip(layer.sliding_windows, output, strict=True)
    ]
    if not all(sources):
        return Sentence((f"{left} reads no input cell, only zeros", f"{left} reads only zeros", left))
    where = format_axis_indices(sources)
    return Sentence((f"{left} reads {where} of {_source(numbers)}", f"{left} reads {where}", left))


def _source(numbers: LayerValues | None) -> str:
    """`the input`, or which channels of it."""
    channels = numbers and numbers.channels
    if not channels:
        return "the input"
    if len(channels.inputs) == channels.all_inputs > 1:
        return f"all {channels.all_inputs} input channels"
    return format_counted("input channel", [index + 1 for index in channels.inputs])


def _sources(cells: Iterator[Cell]) -> Sequence[int]:
    return sorted({cell.source for cell in cells if cell.source is not None})
