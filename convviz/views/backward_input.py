"""The gradient of the input, step by step: stamps that are added, or a window that collects.

A convolution adds, for each dL/dy, a copy of its kernel to the padded dL/dx; a mean adds equal shares, and a maximum
sends dL/dy to the cell that it came from. What arrives in a cell that has a value is read as `10 + 3` in its step. The
border, which padding added, is cropped in the end, or added to the cells that it repeats.

A transposed convolution collects instead: its dL/dx is a plain convolution of dL/dy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from convviz.layers.number_notation import Notation, notation_of
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.scene.model import Cell, Change, Frame, Mark
from convviz.text.formatting import format_cell
from convviz.text.lines import Equation, Sentence
from convviz.views.backward_text import (
    Term,
    input_end,
    name,
    stamp_sentence,
    sum_equation,
    switch_sentence,
)
from convviz.views.backward_values import Backward, cells_of
from convviz.views.cell_grids import Index, row_and_col, rows_and_cols
from convviz.views.last_window import last_window
from convviz.views.stamp import sum_text

Places = Mapping[str, int]
"""Name of a panel → its index."""


@dataclass(frozen=True)
class Arrival:
    """What a step adds to a position of dL/dx."""

    before: Any
    """The sum so far, None for the first to arrive."""
    added: Any
    total: Any
    count: int
    """How much has arrived."""


class Stamps:
    """The frames in which each dL/dy is sent to the cells of dL/dx."""

    def __init__(self, back: Backward, panels: Places, tab: int) -> None:
        self.back, self.panels, self.tab = back, panels, tab
        dx = back.dx if back.w is not None else 0  # raises for sums that are too large
        self.origins: dict[Index, list[tuple[Index, Index]]] = {}
        """For each position of the line the places and the weights from which something arrives, in order."""
        self.steps = list(self._steps())
        numbers = [one.total for step in self.steps for one in step.values()]
        numbers += [one.added for step in self.steps for one in step.values()]
        self.notation: Notation = notation_of(*map(decimal, numbers), dx)
        self.last = {position: number for number, step in enumerate(self.steps) for position in step}

    def _steps(self) -> Iterator[dict[Index, Arrival]]:
        """Yield what arrives in each step."""
        totals: dict[Index, Any] = {}
        for place in self.back.places():
            step: dict[Index, Arrival] = {}
            for position, weight, added in self.back.sent(place):
                before = totals.get(position)
                totals[position] = added if before is None else before + added
                origins = self.origins.setdefault(position, [])
                origins.append((place, weight))
                step[position] = Arrival(before, added, totals[position], len(origins))
            yield step

    def _term(self, place: Index, weight: Index) -> Term:
        """Return what a place sends by a weight, as a product or a share."""
        back = self.back
        dy = (back.dy[place], back.notations["dL/dy"])
        if back.w is not None:
            return Term((dy, (back.w[weight], back.notations["w"])))
        return Term((dy,), back.divisor(place) if isinstance(back.layer, AvgPool) else 0)

    def frames(self) -> Iterator[Frame]:
        """Yield a frame for each dL/dy, one before it if sums are to be read, and one in which dL/dx is complete."""
        for number, place in enumerate(self.back.places()):
            now = self.steps[number]
            ghost = last_window(self.back.layer, place, self._windows())
            marks, arrows = (*ghost.marks, *self._marks(place, now)), ghost.arrows
            meets = [at for at, one in now.items() if one.before is not None]
            if meets and self.back.visible:
                sums = tuple(self._change(at, one, settled=False) for at, one in now.items())
                yield Frame(sums, marks, self._told(number, place), tab=self.tab, arrows=arrows)
            written = meets if meets and self.back.visible else now
            totals = tuple(self._change(at, now[at], settled=True) for at in written)
            yield Frame(totals, marks, self._caption(number, place), tab=self.tab, arrows=arrows)
        yield self._end()

    def _windows(self) -> tuple[int, ...]:
        """Return the panels in which a window moves: for a maximum the input."""
        return (self.panels["x" if isinstance(self.back.layer, MaxPool) else "dL/dx"],)

    def _change(self, position: Index, arrival: Arrival, *, settled: bool) -> Change:
        """Write what has arrived, as a sum before it is settled."""
        text = ""
        if self.back.visible:
            text = self._text(arrival.total)
            if arrival.before is not None and not settled:
                text = sum_text(self._text(arrival.before), self._text(arrival.added))
        return Change(self.panels["dL/dx"], *row_and_col(position), self._cell(position, text))

    def _text(self, number: Any) -> str:
        return format_cell(decimal(number), self.notation)

    def _cell(self, position: Index, text: str) -> Cell:
        return Cell("input", text, faded=not self.back.is_inside(position))

    def _marks(self, place: Index, now: Mapping[Index, Arrival]) -> Iterator[Mark]:
        """Outline dL/dy, what is kept, the window, and the maximum."""
        row, col = row_and_col(place)
        yield Mark(self.panels["dL/dy"], (row,), (col,))
        yield from kept_marks(self.back, self.panels["dL/dx"])
        window = rows_and_cols(self.back.spans(place))
        if not isinstance(self.back.layer, MaxPool):
            yield Mark(self.panels["dL/dx"], *window, highlighted=True)
            return
        yield Mark(self.panels["x"], *window, highlighted=True)
        for position in now:
            row, col = row_and_col(position)
            yield from (Mark(self.panels[panel], (row,), (col,)) for panel in ("x", "dL/dx"))

    def _told(self, number: int, place: Index) -> Sentence:
        """Say where dL/dy of a place is sent."""
        back, now = self.back, self.steps[number]
        if isinstance(back.layer, MaxPool):
            return switch_sentence(back, place)
        spans = zip(back.axes, back.spans(place), strict=True)
        cells = [[axis.sources[at] or 0 for at in span if axis.inside[at]] for axis, span in spans]
        return stamp_sentence(back, place, cells, is_cut=not all(map(back.is_inside, now)))

    def _caption(self, number: int, place: Index) -> Equation | Sentence:
        """Write out the sum in the cell that most has arrived in, if there is one inside."""
        back, now = self.back, self.steps[number]
        inside = [position for position in now if back.is_inside(position)]
        if not inside or not back.visible or isinstance(back.layer, MaxPool):
            return self._told(number, place)
        chosen = max(inside, key=lambda position: (now[position].added != 0, now[position].count))
        arrival, cell = now[chosen], back.source(chosen)
        assert cell is not None
        unfinished = self.last[chosen] > number or back.layer.padding_mode != "zeros"
        left = f"{'so far, ' * unfinished}{name('dL/dx', cell)}"
        form = "dL/dy" if back.w is None else "dL/dy·w"
        terms = [self._term(*origin) for origin in self.origins[chosen][: arrival.count]]
        return sum_equation(left, terms, (decimal(arrival.total), self.notation), form)

    def _final(self, position: Index, cell: Index) -> Any:
        """Return the number of a cell of dL/dx when all has arrived; of a pooling the sum of what did."""
        if self.back.w is not None:
            return self.back.dx[cell]
        return self.steps[self.last[position]][position].total if position in self.last else 0

    def _end(self) -> Frame:
        """Return the frame in which all sums are settled, and nothing is left to arrive."""
        back, panel = self.back, self.panels["dL/dx"]
        changes = []
        for position in cells_of(back.line):
            cell = back.source(position)
            if back.is_inside(position) and cell is not None:
                text = self._text(self._final(position, cell)) if back.visible else ""
                changes.append(Change(panel, *row_and_col(position), Cell("input", text)))
            elif position in self.last:
                arrival = self.steps[self.last[position]][position]
                changes.append(self._change(position, arrival, settled=True))
        return Frame(tuple(changes), tuple(kept_marks(back, panel)), input_end(back), tab=self.tab)


def decimal(number: Any) -> Any:
    """Return a share as a decimal number, and other numbers unchanged."""
    return float(number) if isinstance(number, Fraction) else number


def kept_marks(back: Backward, panel: int) -> Iterator[Mark]:
    """Frame the cells of dL/dx, if there is padding around them."""
    if back.line != back.layer.input:
        yield Mark(panel, *rows_and_cols(inside_spans(back)), role="source")


def inside_spans(back: Backward) -> list[Index]:
    """Return the positions of the line that are not padding, per axis."""
    return [tuple(at for at, inside in enumerate(axis.inside) if inside) for axis in back.axes]
