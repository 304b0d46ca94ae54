"""The gradient of the input by a window that slides over dL/dy, and collects what each cell of dL/dx is sent.

For a convolution this is the other form of the stamps: the transposed convolution as it slides, with zeros inserted
between the cells of dL/dy and the kernel flipped; it has the same numbers. For a transposed convolution it is a plain
convolution of dL/dy, whose kernel is not flipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.number_notation import Notation, notation_of
from convviz.scene.model import Arrow, Cell, Change, Frame, Mark, Panel
from convviz.text.formatting import format_cell, format_sizes
from convviz.text.lines import Equation, Sentence
from convviz.views.backward_input import Places
from convviz.views.backward_text import Term, name, reads_sentence, sum_equation
from convviz.views.backward_values import Backward
from convviz.views.cell_grids import EMPTY, Cells, Index, row_and_col, rows_and_cols
from convviz.views.last_window import last_window
from convviz.views.panels import padded_grid, padded_input_caption, window_rows_and_cols
from convviz.views.taps import kernel_index, source_of, taps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

SPREAD = "zero-inserted dL/dy"
"""Name of the panel of dL/dy with zeros inserted, padded."""


class SlidingForm:
    """The transposed convolution of dL/dy as a window that slides over zeros and dL/dy."""

    def __init__(self, back: Backward, values: LayerValues | None, layer: ConvTranspose) -> None:
        self.back, self.layer = back, layer
        visible = values is not None and back.visible
        self.values = replace(values, x=back.dy[None], bias=None, channels=None) if values and visible else None
        self.notation: Notation = notation_of(back.dx)

    def panels(self, *, arrived: bool = True) -> tuple[Panel, Panel]:
        """Return dL/dy with zeros inserted, padded, and the flipped kernel."""
        grid = as_output(padded_grid(self.layer, self.values))
        if not arrived:
            grid = tuple(tuple(EMPTY if cell.role == "output" else cell for cell in row) for row in grid)
        return (
            Panel(SPREAD, grid, _line_caption(self.layer)),
            Panel("flipped kernel", self._flipped(), f"w {format_sizes(self.layer.kernel)}, flipped"),
        )

    def _flipped(self) -> Cells:
        back = self.back
        return weight_grid(
            back, (tuple(k - 1 - n for k, n in zip(back.layer.kernel, u, strict=True)) for u in back.weights())
        )

    def frames(self, panels: Places, tab: int) -> Iterator[Frame]:
        """Yield a frame for each cell of dL/dx; its number is there already, and stays."""
        window, target = panels[SPREAD], panels["dL/dx"]
        for cell in self.layer.outputs():
            rows, cols = window_rows_and_cols(self.layer, cell)
            place = tuple(position_of(axis.sources, index) for axis, index in zip(self.back.axes, cell, strict=True))
            row, col = row_and_col(place)
            ghost = last_window(self.layer, cell, (window,))
            marks = (*ghost.marks, Mark(window, rows, cols, highlighted=True), Mark(target, (row,), (col,)))
            yield Frame((), marks, self._caption(cell), tab=tab, arrows=ghost.arrows)

    def _caption(self, cell: Index) -> Equation | Sentence:
        back = self.back
        met = [(source_of(cells), kernel_index(self.layer, tap)) for tap, cells in taps(self.layer, cell)]
        return collected(back, cell, [(source, weight) for source, weight in met if source is not None], self.notation)


class PlainForm:
    """The plain convolution of dL/dy, padded by what the transposed convolution cropped."""

    def __init__(self, back: Backward) -> None:
        self.back = back
        self.notation: Notation = notation_of(back.dx)

    def frames(self, panels: Places, tab: int) -> Iterator[Frame]:
        """Yield a frame for each cell of dL/dx, which it writes."""
        back, window, target = self.back, panels["dL/dy"], panels["dL/dx"]
        for cell in back.places():
            text = format_cell(back.dx[cell], self.notation) if back.visible else ""
            row, col = row_and_col(cell)
            spans = rows_and_cols(back.spans(cell))
            ghost, arrows = self._last(cell, window)
            marks = (*ghost, Mark(window, *spans, highlighted=True), Mark(target, (row,), (col,)))
            yield Frame(
                (Change(target, row, col, Cell("input", text)),), marks, self._caption(cell), tab=tab, arrows=arrows
            )

    def _last(self, cell: Index, panel: int) -> tuple[tuple[Mark, ...], tuple[Arrow, ...]]:
        """Return the window of the step before, and the arrow from it, unless a new row begins."""
        axis = moving_axis(self.back.layer)
        if not cell[axis]:
            return (), ()
        before = tuple(index - (at == axis) for at, index in enumerate(cell))
        (rows, cols), (new_rows, new_cols) = (rows_and_cols(self.back.spans(one)) for one in (before, cell))
        start, end = (rows[0] * 1000, cols[0] * 1000), (new_rows[0] * 1000, new_cols[0] * 1000)
        text = f"s = {self.back.layer.stride[axis]}"
        return (Mark(panel, rows, cols, role="last"),), (Arrow(panel, start, end, text),)

    def _caption(self, cell: Index) -> Equation | Sentence:
        met = [(self.back.source(self.back.position(cell, weight)), weight) for weight in self.back.weights()]
        pairs = [(source, weight) for source, weight in met if source is not None]
        return collected(self.back, cell, pairs, self.notation)


def moving_axis(layer: Layer) -> int:
    """Return the axis along which the window over dL/dy moves at most steps."""
    return 0 if layer.input[-1] == 1 else len(layer.input) - 1


def collected(back: Backward, cell: Index, pairs: list[tuple[Index, Index]], notation: Notation) -> Equation | Sentence:
    """Write out a cell of dL/dx as the sum over cells of dL/dy and weights that meet in it."""
    if not back.visible:
        spans = [sorted({source[axis] for source, _ in pairs}) for axis in range(len(cell))]
        return reads_sentence("dL/dx", cell, spans, "dL/dy")
    dy, w = back.notations["dL/dy"], back.notations["w"]
    assert back.w is not None
    terms = [Term(((back.dy[source], dy), (back.w[weight], w))) for source, weight in pairs]
    return sum_equation(name("dL/dx", cell), terms, (back.dx[cell], notation), "dL/dy·w")


def sliding_layer(layer: Layer) -> ConvTranspose | None:
    """Return the transposed convolution from dL/dy to dL/dx, if there is one: not for padding that repeats cells."""
    if isinstance(layer, Conv) and layer.padding_mode == "zeros":
        return layer.transpose()
    return None


def _line_caption(layer: ConvTranspose) -> str:
    """Name the changes of dL/dy: `dL/dy, zeros inserted, padded: 7×7`."""
    return padded_input_caption(layer, "dL/dy").replace(" and ", ", ").replace("dL/dy: ", "dL/dy ")


def position_of(sources: tuple[int | None, ...], index: int) -> int:
    """Return the position of a cell in a line."""
    return sources.index(index)


def as_output(cells: Cells) -> Cells:
    """Return cells of an input as those of dL/dy."""
    return tuple(tuple(replace(cell, role="output") if cell.role == "input" else cell for cell in row) for row in cells)


def weight_grid(back: Backward, order: Iterator[Index]) -> Cells:
    """Return a grid of the weights in an order."""
    texts = [
        format_cell(back.w[index], back.notations["w"]) if back.visible and back.w is not None else ""
        for index in order
    ]
    cols = back.layer.kernel[-1]
    return tuple(
        tuple(Cell("kernel", text) for text in texts[start : start + cols]) for start in range(0, len(texts), cols)
    )
