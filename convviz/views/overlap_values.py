"""The output for a constant input in the overlap view: the checkerboard of the counts as values.

If all input cells are c, output cell o is c·Σ w[u] over the taps u that reach it. With a kernel of ones and c = 1, this
is the number of these taps, which is the count of the cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, Literal

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.number_notation import Notation, notation_of
from convviz.scene.model import Cell, Change, Group, LegendEntry, Mark, Operator, Panel
from convviz.text.formatting import format_cell, format_sizes
from convviz.views.cell_grids import Index, empty_grid, row_and_col, rows_and_cols, value_grid
from convviz.views.full_output import full_axis
from convviz.views.overlap_counts import Overlap

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

MOST_COLUMNS = {1: 44, 2: 50}
"""Number of axes → the columns side by side, of all grids, that have room for numbers in a picture of usual size."""
LARGEST_SIDES = {1: 48, 2: 16}
"""Number of axes → the largest side of an output that is shown."""
WEAKEST = 15
"""Level of the weakest shade, in which a cell differs from an empty one."""
TOLERANCE = 1e-9
"""Difference of two sums that is taken for a rounding error, as a share of the largest value."""


def shade_level(value: Any, highest: Any) -> int:
    """Return the strength of a shade, whose strongest one is `highest`."""
    return max(WEAKEST, round(100 * abs(value) / highest)) if highest else WEAKEST


def constant_output(
    layer: Layer, values: LayerValues | None, overlaps: Sequence[Overlap], own: Overlap
) -> ConstantOutput | None:
    """Return the output if all input cells are equal: of one channel, without a bias, if there is room for it.

    An output that is equal to the counts of `own`, which are there already, is left out of a wide picture.
    """
    if not isinstance(layer, ConvTranspose) or values is None or not _is_constant(values):
        return None
    output, dimensions = ConstantOutput(layer, values, own, 2 * len(overlaps)), len(layer.axes)
    beside = layer.kernel[-1] if dimensions == 1 else sum(axes[-1].size for axes in overlaps)
    room = MOST_COLUMNS[dimensions] - beside - layer.input[-1]
    fits = room >= layer.output[-1] or output.factor != 1
    if fits and max(layer.output) <= LARGEST_SIDES[dimensions]:
        return output
    output.has_grid = False
    return output if output.factor == 1 and room >= 0 else None


def _is_constant(values: LayerValues) -> bool:
    value = values.x.flat[0]
    return len(values.x) == 1 and values.bias is None and value != 0 and bool((values.x == value).all())


class ConstantOutput:
    """Input, kernel and output, and what each step adds to the output. `first` is the index of the input panel.

    `has_grid` tells whether the output is a grid of its own, beside the counts.
    """

    has_grid = True

    def __init__(self, layer: Layer, values: LayerValues, overlap: Overlap, first: int) -> None:
        self.layer, self.values, self.overlap, self.first = layer, values, overlap, first
        assert values.w is not None
        self.x, self.w = values.x[0], values.w[0]
        self.cells = list(product(*map(range, layer.input)))

    @cached_property
    def steps(self) -> list[dict[Index, Any]]:
        """For each input cell, the output cells that it reaches, each with its value after that."""
        return list(self._stamps())

    @cached_property
    def highest(self) -> Any:
        """The largest magnitude of all values, in which the strongest shade is."""
        return max((abs(value) for step in self.steps for value in step.values()), default=0)

    @cached_property
    def notation(self) -> Notation:
        """The notation of all values, of each step."""
        return notation_of([self._rounded(value) for step in self.steps for value in step.values()])

    def _stamps(self) -> Iterator[dict[Index, Any]]:
        axes = [full_axis(self.layer, axis) for axis in range(len(self.layer.axes))]
        totals: dict[Index, Any] = {}
        for cell in self.cells:
            feeds = [
                [(place - axis.first, tap) for place, tap in axis.feeds[at] if axis.keeps(place)]
                for axis, at in zip(axes, cell, strict=True)
            ]
            touched = {}
            for pairs in product(*feeds):
                output, tap = tuple(place for place, _ in pairs), tuple(tap for _, tap in pairs)
                totals[output] = totals.get(output, 0) + (self.x[cell] * self.w[tap]).item()
                touched[output] = totals[output]
            yield touched

    @property
    def factor(self) -> Any:
        """The number by which all counts are multiplied, as all weights are equal; None if they are not."""
        return (self.x.flat[0] * self.w.flat[0]).item() if (self.w == self.w.flat[0]).all() else None

    def group(self) -> Group:
        """Return input and kernel, one above the other or, of a 1-D layer, side by side, and the output."""
        direction: Literal["row", "column"] = "row" if len(self.layer.axes) == 1 else "column"
        operands = Group(direction, (self._operand("input", self.x), self._operand("kernel", self.w)))
        if not self.has_grid:
            return operands
        output = Panel(
            "output", empty_grid(self.layer.output), f"output {format_sizes(self.layer.output)}: {self._is()}"
        )
        return Group("row", (operands, Operator("→"), output))

    def _operand(self, name: Literal["input", "kernel"], array: Any) -> Panel:
        """Return input or kernel; the caption of the kernel replaces that of an output that is left out."""
        notation = self.values.x_notation if name == "input" else self.values.w_notation
        shown = self.values.visible
        caption = f"{name} {format_sizes(array.shape)}"
        caption += (
            f": all {format_cell(array.flat[0], notation)}"
            if name == "input" or self.factor is not None
            else " (not flipped)"
        )
        caption += "" if self.has_grid or name == "input" else "; output = counts"
        return Panel(name, value_grid(name, array.shape, array if shown else None, notation), caption)

    def _is(self) -> str:
        """Compare the output with the counts."""
        if self.factor is None:
            return self._inside()
        if self.factor == 1:
            return "equal to the counts"
        return f"{format_cell(self.factor, notation_of([self.factor]))} times the counts"

    def _inside(self) -> str:
        """Tell how many different values the cells away from the borders have."""
        final = {output: value for step in self.steps for output, value in step.items()}
        found = sorted(final.get(output, 0) for output in product(*(overlap.inner for overlap in self.overlap)))
        if not found:
            return "no cell is inside"
        count = 1 + sum(other - one > TOLERANCE * self.highest for one, other in pairwise(found))
        return f"{count} different values inside" if count > 1 else "all cells inside are equal"

    def legend(self) -> Sequence[LegendEntry]:
        """Name the roles that occur here and not in the counts."""
        roles = {change.cell.role for step in range(len(self.cells)) for change in self.changes(step)}
        found = (LegendEntry("negative", "negative"), LegendEntry("exact zero", "exactly 0"))
        return (
            LegendEntry("input", "input"),
            LegendEntry("kernel", "kernel"),
            *(entry for entry in found if entry.role in roles),
        )

    def changes(self, step: int) -> list[Change]:
        """Return what the stamp of a step changes."""
        written = self.steps[step].items() if self.has_grid and step < len(self.cells) else ()
        return [Change(self.first + 2, *row_and_col(output), self._cell(value)) for output, value in written]

    def marks(self, step: int) -> list[Mark]:
        """Mark the input cell of a step, and its stamp."""
        if step >= len(self.cells):
            return []
        row, col = row_and_col(self.cells[step])
        marks = [Mark(self.first, (row,), (col,))]
        if self.has_grid and self.steps[step]:
            spans = [tuple(sorted(set(span))) for span in zip(*self.steps[step], strict=True)]
            marks.append(Mark(self.first + 2, *rows_and_cols(spans)))
        return marks

    def _rounded(self, value: Any) -> Any:
        return 0 if abs(value) <= TOLERANCE * self.highest else value

    def _cell(self, value: Any) -> Cell:
        number = self._rounded(value)
        text = format_cell(number, self.notation) if self.values.visible else ""
        if not number:
            return Cell("exact zero", text)
        return Cell("output" if number > 0 else "negative", text, level=shade_level(number, self.highest))
