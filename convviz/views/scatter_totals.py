"""The values that arrive in the output cells of the scatter view, stamp by stamp."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from convviz.layers.layer import Layer
from convviz.layers.number_notation import Notation, notation_of
from convviz.layers.pooling import MaxPool, Pool
from convviz.text.formatting import format_cell
from convviz.views.cell_grids import Index
from convviz.views.full_output import FullAxis
from convviz.views.taps import mean_divisor

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues


class Totals:
    """The values that have arrived in each output cell."""

    def __init__(self, layer: Layer, values: LayerValues | None, notation: Notation = "decimal") -> None:
        self.layer, self.values, self.notation = layer, values, notation
        self._arrived: dict[Index, list[Any]] = {}

    def add(self, channel: int, cell: Index, output: Index, weight: Index) -> str:
        """Add the contribution of an input cell to an output cell; return its new value as text."""
        values = self.values
        if values is None or not values.visible:
            return ""
        value = values.x[(channel, *cell)]
        arrived = self._arrived.setdefault(output, [])
        arrived.append(value if values.w is None else value * values.w[(channel, *weight)])
        return format_cell(self.value(output), self.notation)

    def text(self, output: Index) -> str:
        """Return the value of an output cell as text, if it has one yet: from the start with a bias."""
        values = self.values
        if values is None or not values.visible or isinstance(self.layer, Pool):
            return ""
        has_value = output in self._arrived or values.bias is not None
        return format_cell(self.value(output), self.notation) if has_value else ""

    def count(self, output: Index) -> int:
        """Number of contributions to an output cell so far."""
        return len(self._arrived.get(output, ()))

    def added_since(self, output: Index, count: int) -> str:
        """Return the sum of all contributions to an output cell but the first ones, as text."""
        return format_cell(sum(self._arrived[output][count:]), self.notation)

    def value(self, output: Index) -> Any:
        """Return the value of an output cell so far."""
        assert self.values is not None
        arrived = self._arrived.get(output, [])
        if isinstance(self.layer, MaxPool):
            return max(arrived, default=-math.inf)
        if isinstance(self.layer, Pool):
            return sum(arrived) / max(1, mean_divisor(self.layer, output, len(arrived)))
        return sum(arrived) + (self.values.bias or 0)


def totals_notation(layer: Layer, values: LayerValues | None, axes: Sequence[FullAxis]) -> Notation:
    """Return the notation of all totals, of each step."""
    if values is None or not values.visible:
        return "decimal"
    totals, found = Totals(layer, values), []
    for channel, cell in product(range(len(values.x)), product(*map(range, layer.input))):
        for pairs in product(*(axis.feeds[index] for axis, index in zip(axes, cell, strict=True))):
            output = tuple(position for position, _ in pairs)
            totals.add(channel, cell, output, tuple(weight for _, weight in pairs))
            found.append(totals.value(output))
    return notation_of([*found, *(totals.value(output) for output in product(*(range(axis.size) for axis in axes)))])
