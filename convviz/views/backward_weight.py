"""The gradients of the kernel and of the bias, step by step.

Each weight was used at all places, so that it collects from all of them: the cells that it met, which are s apart, are
multiplied by dL/dy, cell by cell, and added. That is the cross-correlation of x with dL/dy, dilated by the stride; of a
transposed convolution the same with dL/dy and x exchanged. dL/db is the sum of dL/dy.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from math import prod
from typing import Any

from convviz.layers.number_notation import Notation, notation_of
from convviz.scene.model import Cell, Change, Frame, Mark
from convviz.text.formatting import format_axis_indices, format_cell, format_sizes
from convviz.text.lines import Equation, Sentence
from convviz.views.backward_input import Places
from convviz.views.backward_text import Term, name, sum_equation
from convviz.views.backward_values import Backward, cells_of
from convviz.views.cell_grids import Index, grid_shape, row_and_col, rows_and_cols

PRODUCTS = "x · dL/dy"
"""Name of the panel of products."""
MOST_OUTLINES = 36
"""Cells that a weight met that have outlines of their own, at most."""
ZERO = Cell("inserted", "0")


class Weights:
    """The frames in which each weight collects."""

    def __init__(self, back: Backward, panels: Places, tab: int) -> None:
        self.back, self.panels, self.tab = back, panels, tab
        self.line, self.small = ("dL/dy", "x") if back.transposed else ("x", "dL/dy")
        self.notation: Notation = notation_of(back.dw)
        self.met = {weight: list(self._met(weight)) for weight in back.weights()} if back.visible else {}
        self.products: Notation = notation_of(*(a * b for pairs in self.met.values() for _, a, b in pairs))

    def _met(self, weight: Index) -> Iterator[tuple[Index, Any, Any]]:
        """Yield each place at which a weight was used, and the numbers of x and dL/dy there."""
        back = self.back
        for place in back.places():
            source = back.source(back.position(place, weight))
            if back.transposed:
                yield place, back.x[place], 0 if source is None else back.dy[source]
            else:
                yield place, 0 if source is None else back.x[source], back.dy[place]

    def frames(self) -> Iterator[Frame]:
        """Yield a frame for each weight."""
        for weight in self.back.weights():
            yield Frame(tuple(self._changes(weight)), tuple(self._marks(weight)), self._caption(weight), tab=self.tab)

    def _changes(self, weight: Index) -> Iterator[Change]:
        """Write the products, if there is a panel for them, and their sum."""
        back = self.back
        if PRODUCTS in self.panels and back.visible:
            for place, x, dy in self.met[weight]:
                cell = Cell("product", format_cell(x * dy, self.products)) if x and dy else ZERO
                yield Change(self.panels[PRODUCTS], *row_and_col(place), cell)
        text = format_cell(back.dw[weight], self.notation) if back.visible else ""
        yield Change(self.panels["dL/dw"], *row_and_col(weight), Cell("kernel", text))

    def _marks(self, weight: Index) -> Iterator[Mark]:
        """Outline the cells that the weight met, all cells of the other tensor, the weight, and its sum."""
        rows, cols = rows_and_cols(self.met_spans(weight))
        panel = self.panels[self.line]
        if self._met_cells_are_apart:
            yield from (Mark(panel, (row,), (col,), highlighted=True) for row in rows for col in cols)
        else:
            yield Mark(panel, rows, cols, highlighted=True)
        yield Mark(self.panels[self.small], *whole([len(axis.positions) for axis in self.back.axes]))
        row, col = row_and_col(weight)
        yield from (Mark(self.panels[panel], (row,), (col,)) for panel in ("kernel", "dL/dw") if panel in self.panels)

    @cached_property
    def _met_cells_are_apart(self) -> bool:
        """Whether the cells that a weight met are few enough for outlines of their own, and not side by side."""
        places = [len(axis.positions) for axis in self.back.axes]
        steps = [stride for stride, count in zip(self.back.layer.stride, places, strict=True) if count > 1]
        return prod(places) <= MOST_OUTLINES and bool(steps) and min(steps) > 1

    def met_spans(self, weight: Index) -> list[Index]:
        """Return the positions of the line that a weight met, per axis."""
        return [
            tuple(positions[u] for positions in axis.positions) for axis, u in zip(self.back.axes, weight, strict=True)
        ]

    def _caption(self, weight: Index) -> Equation | Sentence:
        back = self.back
        if not back.visible:
            return self._sentence(weight)
        notations = back.notations
        terms = [Term(((x, notations["x"]), (dy, notations["dL/dy"]))) for _, x, dy in self.met[weight]]
        return sum_equation(name("dL/dw", weight), terms, (back.dw[weight], self.notation), "x·dL/dy")

    def _sentence(self, weight: Index) -> Sentence:
        """Say which cells a weight met: `dL/dw[1,2] collects from rows 0, 2, columns 1, 3 of x, times dL/dy`."""
        left = name("dL/dw", weight)
        spans = zip(self.back.axes, self.met_spans(weight), strict=True)
        cells = [sorted({source for at in span if (source := axis.sources[at]) is not None}) for axis, span in spans]
        if not all(cells):
            return Sentence((f"{left} collects nothing, only zeros", left))
        start = f"{left} collects from {format_axis_indices(cells)} of {self.line}"
        return Sentence((f"{start}, times {self.small}", start, left))


def bias_frame(back: Backward, panels: Places, tab: int) -> Frame:
    """Return the frame that adds up dL/dy."""
    notation = notation_of(back.db)
    text = format_cell(back.db, notation) if back.visible else ""
    spans = inside_or_whole(back)
    marks = (Mark(panels["dL/dy"], *spans, highlighted=True), Mark(panels["dL/db"], (0,), (0,)))
    return Frame((Change(panels["dL/db"], 0, 0, Cell("kernel", text)),), marks, _bias_caption(back, notation), tab=tab)


def _bias_caption(back: Backward, notation: Notation) -> Equation | Sentence:
    if not back.visible:
        size, single = format_sizes(back.layer.output), prod(back.layer.output) == 1
        what = "the only cell" if single else f"the sum of all {size} cells"
        return Sentence((f"dL/db is {what} of dL/dy", "dL/db = Σ dL/dy"))
    terms = [Term(((back.dy[cell], back.notations["dL/dy"]),)) for cell in cells_of(back.layer.output)]
    return sum_equation("dL/db", terms, (back.db, notation), "dL/dy")


def inside_or_whole(back: Backward) -> tuple[Index, Index]:
    """Return rows and columns of dL/dy in its panel: of a transposed layer it is in the middle of its line."""
    if back.transposed:
        return rows_and_cols([tuple(at for at, inside in enumerate(axis.inside) if inside) for axis in back.axes])
    return whole(back.layer.output)


def whole(shape: Any) -> tuple[Index, Index]:
    """Return all rows and columns of a grid."""
    rows, cols = grid_shape(tuple(shape))
    return tuple(range(rows)), tuple(range(cols))
