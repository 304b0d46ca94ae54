"""matrix: the layer as a matrix, and its transpose: C and Cᵀ for a convolution, Cᵀ and C for a transposed one.

C is the matrix of the convolution, so that a transposed convolution has the matrix Cᵀ, from which its name comes
(Dumoulin & Visin, 2016). At step t row t of the matrix is outlined: it holds the weights of the cells under window t,
and zeros elsewhere. The same row is column t of the other matrix, which sends y back to the same cells. x and y are
shown flattened and as grids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Any

from convviz.errors import PictureError
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.number_notation import notation_of
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import BadgeRole, Cell, Change, Frame, Group, LegendEntry, Mark, Operator, Panel, Scene, Timing
from convviz.text.formatting import format_cell, format_sizes
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views.cell_grids import BLANK, EMPTY, Index, empty_grid, output_cell, row_and_col
from convviz.views.panels import bare_input_panel
from convviz.views.size_brackets import flat_bracket, size_brackets
from convviz.views.taps import kernel_index, mean_divisor, source_of, taps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

MOST_CELLS = 64
"""Largest number of inputs, and of outputs, with which the matrix is readable."""
OF_INPUT: tuple[str, BadgeRole] = "i", "input"
OF_OUTPUT: tuple[str, BadgeRole] = "o", "output"
"""Symbol of a size, and its role."""
FLAT_INPUT, MATRIX, CORNER, FLAT_OUTPUT, TRANSPOSED, INPUT, OUTPUT = range(7)


def matrix(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `layer`. Raises `PictureError` for max pooling, several channels, and large layers."""
    if isinstance(layer, MaxPool):
        raise PictureError("the view matrix needs a linear layer: a maximum is not one; use slide or scatter")
    inputs, outputs = prod(layer.input), prod(layer.output)
    if max(inputs, outputs) > MOST_CELLS:
        raise PictureError(
            f"a matrix of {outputs}×{inputs} cannot be read; use at most {MOST_CELLS} cells of input and of output"
        )
    if values is not None and len(values.x) > 1:
        raise PictureError("the view matrix shows one input channel; leave out the channels, or use slide")
    entries = Entries(layer, values)
    frames = tuple(_frames(layer, values, entries))
    return Scene(
        title=f"{layer.title} as a matrix, and its transpose",
        sizes=_equation(layer, values),
        badges=header.badges(layer),
        body=_body(layer, values, entries),
        legend=_legend(entries),
        formulas=(Formula("", entries.describe(), "", ""),),
        frames=timing.timed(frames),
        steps=len(frames),
    )


def matrix_names(layer: Layer) -> tuple[str, str]:
    """Return the names of the layer's matrix and of its transpose; C is that of the convolution."""
    return ("Cᵀ", "C") if isinstance(layer, ConvTranspose) else ("C", "Cᵀ")


def _equation(layer: Layer, values: LayerValues | None) -> str:
    """Return `y = C x  ·  sent back: Cᵀ y`, or with a bias `y = C x + bias 5`."""
    name, other = matrix_names(layer)
    bias = header.describe_bias(values)
    return f"y = {name} x + {bias}" if bias else f"y = {name} x  ·  sent back: {other} y"


class Entries:
    """The nonzero pattern of the matrix and its texts: entry (output, input), both numbered in reading order."""

    def __init__(self, layer: Layer, values: LayerValues | None) -> None:
        self.inputs, self.outputs = prod(layer.input), prod(layer.output)
        self.name = matrix_names(layer)[0]
        self.columns: list[list[int]] = []
        self.texts: dict[tuple[int, int], str] = {}
        shown = values is not None and values.visible
        self.zero = Cell("zero", "0" if shown else "")
        rows = [_weights(layer, values, output) for output in layer.outputs()]
        notation = notation_of([weight for row in rows for weight in row.values()]) if shown else "decimal"
        for row, weights in enumerate(rows):
            flat = {_flat_index(layer, source): weight for source, weight in weights.items()}
            self.columns.append(sorted(flat))
            self.texts |= {(row, col): format_cell(weight, notation) if shown else "" for col, weight in flat.items()}

    def describe(self) -> str:
        """State the size of the matrix and the number of its entries that hold weights."""
        filled = f"{len(self.texts)} of {self.outputs * self.inputs} entries hold weights"
        return f"{self.name} is {self.outputs}×{self.inputs}: {filled}"

    def cell(self, row: int, col: int) -> Cell:
        """Return a cell of the matrix."""
        return Cell("kernel", self.texts[row, col]) if (row, col) in self.texts else self.zero


def _weights(layer: Layer, values: LayerValues | None, output: Index) -> dict[Index, Any]:
    """Return, for each input cell under the window, the sum of the weights on it."""
    weights: defaultdict[Index, Any] = defaultdict(int)
    for tap, cells in taps(layer, output):
        source = source_of(cells)
        if source is not None:
            weights[source] += 1 if values is None or values.w is None else values.w[(0, *kernel_index(layer, tap))]
    if weights and isinstance(layer, Pool):
        return dict.fromkeys(weights, 1 / mean_divisor(layer, output, len(weights)))
    return weights


def _flat_index(layer: Layer, index: Index) -> int:
    return index[0] if len(index) == 1 else index[0] * layer.input[1] + index[1]


def _body(layer: Layer, values: LayerValues | None, entries: Entries) -> Group:
    rows, cols = range(entries.outputs), range(entries.inputs)
    cells = tuple(tuple(entries.cell(row, col) for col in cols) for row in rows)
    name, other = matrix_names(layer)
    bare = bare_input_panel(layer, values)
    flat = tuple(cell for row in bare.cells for cell in row)
    i_above, i_left, o_above, o_left = (
        flat_bracket(side, shape, *symbol)
        for shape, symbol in ((layer.input, OF_INPUT), (layer.output, OF_OUTPUT))
        for side in ("top", "left")
    )
    upper = Group(
        "row",
        (
            Group(
                "column",
                (
                    Panel("x", (flat,), label="x", brackets=(i_above,)),
                    Panel("matrix", cells, label=name),
                ),
            ),
            Operator("="),
            Group(
                "column", (Panel("corner", ((BLANK,),)), Panel("y", ((EMPTY,),) * entries.outputs, brackets=(o_left,)))
            ),
        ),
        table=True,
    )
    x_caption = f"x {bare.caption.removeprefix('input ')}"
    transposed, outputs = tuple(zip(*cells, strict=True)), empty_grid(layer.output)
    lower = (
        Panel("transposed", transposed, label=other, brackets=(o_above, i_left)),
        Panel("input", bare.cells, x_caption, brackets=size_brackets(layer.input, *OF_INPUT)),
        Panel("output", outputs, f"y {format_sizes(layer.output)}", brackets=size_brackets(layer.output, *OF_OUTPUT)),
    )
    return Group("column", (upper, Group("row", lower)), may_turn=True)


def _frames(layer: Layer, values: LayerValues | None, entries: Entries) -> Iterator[Frame]:
    """Yield one frame for each row of the matrix."""
    for row, output in enumerate(layer.outputs()):
        written = output_cell(output, values)
        changes = Change(FLAT_OUTPUT, row, 0, written), Change(OUTPUT, *row_and_col(output), written)
        caption = _caption(layer, output, row, entries.columns[row])
        yield Frame(changes, tuple(_marks(layer, row, output, entries)), caption)


def _marks(layer: Layer, row: int, output: Index, entries: Entries) -> Iterator[Mark]:
    columns = tuple(range(entries.inputs))
    yield Mark(MATRIX, (row,), columns)
    yield Mark(TRANSPOSED, columns, (row,))
    yield Mark(FLAT_OUTPUT, (row,), (0,))
    output_row, output_col = row_and_col(output)
    yield Mark(OUTPUT, (output_row,), (output_col,))
    places = [divmod(column, layer.input[-1]) for column in entries.columns[row]]
    if places:
        rows, cols = (tuple(sorted({place[axis] for place in places})) for axis in (0, 1))
        yield Mark(INPUT, rows, cols, highlighted=True)


def _caption(layer: Layer, output: Index, row: int, columns: list[int]) -> Sentence:
    name, other = matrix_names(layer)
    count = f"{len(columns)} input cell{'s' * (len(columns) != 1)}"
    if not columns:
        zeros = f"Row {row} of {name} holds only zeros"
        return Sentence((f"{zeros}, and column {row} of {other} sends nothing back", zeros, f"row {row}"))
    start = f"Row {row} of {name} holds the weights of {count}"
    y = f"y[{','.join(map(str, output))}]"
    long = f"{start}; column {row} of {other} sends {y} times these weights back to them"
    return Sentence((long, start, f"Row {row} of {name} is column {row} of {other}", f"row {row}"))


def _legend(entries: Entries) -> tuple[LegendEntry, ...]:
    has_zeros = len(entries.texts) < entries.inputs * entries.outputs
    return (
        LegendEntry("input", "x"),
        *([LegendEntry("kernel", "weight")] if entries.texts else []),
        *([LegendEntry("zero", "zero")] if has_zeros else []),
        LegendEntry("window", "this step"),
        LegendEntry("output", "y"),
    )
