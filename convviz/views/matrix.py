"""matrix: the layer as a matrix, y = C x, and its transpose, x̂ = Cᵀ y.

At step t row t of C is highlighted: it holds the kernel where window t stands, zeros elsewhere. The same row is
column t of Cᵀ, which sends y back to the same cells. x and y stand there flattened and as grids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Any

from convviz.errors import PictureError
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Cell, Change, Frame, Group, LegendEntry, Mark, Operator, Panel, Scene, Timing
from convviz.text.formatting import format_value
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views import panels as grids
from convviz.views.step_text import divisor, taps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

Index = tuple[int, ...]
MOST_CELLS = 64
"""Inputs, and outputs, up to which the matrix can be read."""
DIM, FULL = 45, 100
X_LINE, MATRIX, CORNER, Y_LINE, TRANSPOSED, X_GRID, Y_GRID = range(7)
EMPTY = Cell("empty")


def matrix(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The scene of `layer`. Raises `PictureError` for a max pooling, and for more than 64 inputs or outputs."""
    if isinstance(layer, MaxPool):
        raise PictureError("the view matrix needs a linear layer: a maximum is not one; use slide or scatter")
    inputs, outputs = prod(layer.input), prod(layer.output)
    if max(inputs, outputs) > MOST_CELLS:
        raise PictureError(
            f"a matrix of {outputs}×{inputs} cannot be read; use at most {MOST_CELLS} cells of input and of output"
        )
    if numbers is not None and len(numbers.x) > 1:
        raise PictureError("the view matrix shows one input channel; leave out the channels, or use slide")
    entries = Entries(layer, numbers)
    frames = tuple(_frames(layer, numbers, entries))
    return Scene(
        title=f"{header.title(layer)} as a matrix, and its transpose",
        sizes="y = C x  ·  x̂ = Cᵀ y" if numbers is None or numbers.bias is None else "y = C x + b, b the bias",
        badges=header.badges(layer),
        body=_stage(layer, numbers, entries),
        legend=_legend(),
        formulas=(Formula("", entries.words(), "", ""),),
        frames=timing.timed(frames),
        steps=len(frames),
    )


class Entries:
    """The entries of C that a window reaches: (output, input), both counted in reading order, and their texts."""

    def __init__(self, layer: Layer, numbers: LayerValues | None) -> None:
        self.inputs, self.outputs = prod(layer.input), prod(layer.output)
        self.cells: list[list[int]] = []
        self.texts: dict[tuple[int, int], str] = {}
        for row, output in enumerate(layer.outputs()):
            weights = _weights(layer, numbers, output)
            flat = {_flat(layer, source): weight for source, weight in weights.items()}
            self.cells.append(sorted(flat))
            shown = numbers is not None and numbers.visible
            self.texts |= {(row, col): format_value(weight) if shown else "" for col, weight in flat.items()}

    def words(self) -> str:
        """How large C is, and how full."""
        filled = f"{len(self.texts)} of {self.outputs * self.inputs} entries hold weights"
        return f"C is {self.outputs}×{self.inputs}: {filled}"

    def cell(self, row: int, col: int, level: int = DIM) -> Cell:
        """The cell of C in this row and column."""
        return Cell("kernel", self.texts[row, col], level=level) if (row, col) in self.texts else EMPTY


def _weights(layer: Layer, numbers: LayerValues | None, output: Index) -> dict[Index, Any]:
    """For each input cell under the window, the sum of the weights that lie on it."""
    found: defaultdict[Index, Any] = defaultdict(int)
    for tap, cells in taps(layer, output):
        source = tuple(cell.source for cell in cells if cell.source is not None)
        if len(source) == len(cells):
            found[source] += _weight(layer, numbers, tap)
    if isinstance(layer, Pool):
        share = divisor(layer, output, len(found))
        return dict.fromkeys(found, 1 / share)
    return found


def _weight(layer: Layer, numbers: LayerValues | None, tap: Index) -> Any:
    if numbers is None or numbers.w is None:
        return 1
    return numbers.w[(0, *(track.kernel_index(u) for track, u in zip(layer.sliding_windows, tap, strict=True)))]


def _flat(layer: Layer, index: Index) -> int:
    return index[0] if len(index) == 1 else index[0] * layer.input[1] + index[1]


def _stage(layer: Layer, numbers: LayerValues | None, entries: Entries) -> Group:
    rows, cols = range(entries.outputs), range(entries.inputs)
    whole = tuple(tuple(entries.cell(row, col) for col in cols) for row in rows)
    turned = tuple(tuple(Cell(c.role, "", level=c.level) for c in column) for column in zip(*whole, strict=True))
    bare = grids.bare_panel(layer, numbers)
    line = tuple(cell for row in bare.cells for cell in row)
    upper = Group(
        "row",
        (
            Group("column", (Panel("x", (line,), label="x"), Panel("matrix", whole, label="C"))),
            Operator("="),
            Group("column", (Panel("corner", ((Cell("blank"),),)), Panel("y", ((EMPTY,),) * entries.outputs))),
        ),
    )
    lower = (
        Panel("transposed", turned, label="Cᵀ", shrink=2),
        Panel("input", bare.cells, f"x {bare.caption.removeprefix('input ')}"),
        Panel("output", grids.empty(layer.output), "y " + "×".join(map(str, layer.output))),
    )
    return Group("column", (upper, Group("row", lower)), may_turn=True)


def _frames(layer: Layer, numbers: LayerValues | None, entries: Entries) -> Iterator[Frame]:
    """One frame for each row of C."""
    for row, output in enumerate(layer.outputs()):
        written = grids.written_cell(output, numbers)
        changes = [Change(Y_LINE, row, 0, written), Change(Y_GRID, *grids.at(output), written)]
        for past, level in ((row - 1, DIM), (row, FULL)):
            for col in entries.cells[past] if past >= 0 else []:
                cell = entries.cell(past, col, level)
                changes += [Change(MATRIX, past, col, cell), Change(TRANSPOSED, col, past, Cell("kernel", level=level))]
        yield Frame(tuple(changes), tuple(_marks(layer, row, output, entries)), _says(row, entries.cells[row]))


def _marks(layer: Layer, row: int, output: Index, entries: Entries) -> Iterator[Mark]:
    cells = range(entries.inputs)
    yield Mark(MATRIX, (row,), tuple(cells))
    yield Mark(TRANSPOSED, tuple(cells), (row,))
    yield Mark(Y_LINE, (row,), (0,))
    at_row, at_col = grids.at(output)
    yield Mark(Y_GRID, (at_row,), (at_col,))
    places = [divmod(cell, layer.input[-1]) for cell in entries.cells[row]]
    if places:
        rows, cols = (tuple(sorted({place[axis] for place in places})) for axis in (0, 1))
        yield Mark(X_GRID, rows, cols, highlighted=True)


def _says(row: int, cells: list[int]) -> Sentence:
    many = f"{len(cells)} cell{'s' * (len(cells) != 1)}"
    where = f"Row {row} of C holds the kernel where the window stands"
    whole = f"{where}; column {row} of Cᵀ sends y back to the same {many}"
    return Sentence((whole, f"{where}: {many}", f"Row {row} of C is column {row} of Cᵀ: {many}", f"row {row}"))


def _legend() -> tuple[LegendEntry, ...]:
    weights = (LegendEntry("kernel", "kernel weight"), LegendEntry("empty", "zero"))
    return (LegendEntry("input", "x"), *weights, LegendEntry("window", "this step"), LegendEntry("output", "y"))
