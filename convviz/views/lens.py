"""The lens: the numbers of one window in large cells, beside grids whose cells are too small for digits.

The values under the window × the kernel are the products, and their sum Σ is the output cell. A pooling has the values
under its window, and their maximum or mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.lazy_steps import LazySteps
from convviz.scene.left_out import SUM
from convviz.scene.model import Cell, Change, Frame, Group, GuideLine, Mark, Operator, Panel
from convviz.scene.timing import Timing
from convviz.text.formatting import MINUS, format_cell
from convviz.views.cell_grids import EMPTY, Index, empty_grid
from convviz.views.panels import bias_nodes, kernel_panel, padded_cell, window_rows_and_cols
from convviz.views.products import MOST_WEIGHTS, product_changes
from convviz.views.story import ASKED, KNOWN, RESULT, moment_names, window_story

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

ZERO = Cell("zero", "0")
"""The product of which one factor is zero."""
WINDOW = "lens window"
QUICK_FRAMES = 140
"""Key frames of quick steps, at most: their numbers last longer, and a file is smaller."""
FIRST = 1
"""Number of the first panel of the lens, which is behind the input."""


def has_lens(layer: Layer, values: LayerValues | None) -> bool:
    """Whether values are shown in a lens: those of one 2-D channel, and a kernel of up to 49 weights."""
    return values is not None and values.lens and len(values.x) == 1 and prod(layer.kernel) <= MOST_WEIGHTS


def lens(layer: Layer, values: LayerValues) -> Group:
    """Return the lens before the first window."""
    window = Panel(WINDOW, empty_grid(layer.kernel), "window")
    if isinstance(layer, Pool):
        sign = "max" if isinstance(layer, MaxPool) else "mean"
        rows: tuple[Group, ...] = (Group("row", (Operator(sign), window, Operator("="), _result())),)
    else:
        kernel = replace(kernel_panel(layer, replace(values, visible=True)), brackets=())
        products = Panel("lens products", empty_grid(layer.kernel), "products")
        rows = Group("row", (window, Operator("×"), kernel)), Group("row", (products, SUM, _sum(values)))
    return Group("column", rows, may_turn=len(rows) > 1, table=len(rows) > 1, magnified=True)


def _sum(values: LayerValues) -> Panel | Group:
    """Return the output cell, and in front of it the bias, if there is one."""
    bias = bias_nodes(replace(values, visible=True))
    return Group("row", (*bias, Operator("="), _result())) if bias else _result()


def _result() -> Panel:
    return Panel(RESULT, ((EMPTY,),), "output cell")


@dataclass(frozen=True)
class Lens:
    """What the lens shows of each step; `input_cell` and `output_cell` are the cells of the grids beside it."""

    layer: Layer
    values: LayerValues
    input_cell: Callable[[Index], Cell]
    output_cell: Callable[[Index], Cell]

    def told(self, frames: LazySteps, body: Group, timing: Timing) -> tuple[tuple[Frame, ...], tuple[str, ...]]:
        """Return the key frames of steps with the lens, and the names of their moments."""
        panels = tuple(body.panels())
        names = moment_names(self.layer, self.values, panels) if timing.tells else ()
        story = window_story(self.layer, frames, panels, names)
        outputs = list(self.layer.outputs())
        timed = timing.timed(frames, replace(story, quick_frames=QUICK_FRAMES))
        return tuple(self._with_lens(frame, outputs[frame.number - 1], names) for frame in timed), names

    @property
    def _last(self) -> int:
        """Number of the last panel of the lens, that of the result."""
        return FIRST + (1 if isinstance(self.layer, Pool) else 3 + (self.values.bias is not None))

    def _with_lens(self, frame: Frame, output: Index, moments: Sequence[str]) -> Frame:
        """Return a frame with the numbers of its window, and lines from the window to them and from the result."""
        rows, cols = self.layer.kernel
        whole = Mark(FIRST, tuple(range(rows)), tuple(range(cols)))
        result = Mark(self._last, (0,), (0,))
        window, target = len(frame.marks) - 2, len(frame.marks) - 1
        return replace(
            frame,
            changes=(*frame.changes, *self._changes(frame.moment, output, moments)),
            marks=(*frame.marks, whole, result),
            guides=(GuideLine(window, len(frame.marks)), GuideLine(len(frame.marks) + 1, target)),
        )

    def _changes(self, moment: int | None, output: Index, moments: Sequence[str]) -> Iterator[Change]:
        """Yield the cells of the lens: products from the second moment on, the result in the last one."""
        places = product(*(enumerate(span) for span in window_rows_and_cols(self.layer, output)))
        for (row, at_row), (col, at_col) in places:
            yield Change(FIRST, row, col, self._input((at_row, at_col)))
        if not isinstance(self.layer, Pool):
            if moment == 0:
                rows, cols = self.layer.kernel
                yield from (Change(FIRST + 2, row, col, EMPTY) for row, col in product(range(rows), range(cols)))
            else:
                yield from self._products(output, has_factors=moment is not None)
        text = format_cell(self.values.y[output], self.values.y_notation)
        cell = replace(self.output_cell(output), text=text)
        if moment is not None and moment < len(moments) - 1:
            cell = EMPTY if moments[moment] in KNOWN else ASKED
        yield Change(self._last, 0, 0, cell)

    def _products(self, output: Index, *, has_factors: bool) -> Iterator[Change]:
        """Yield the products of a window, with their factors in the moments of a step, which last long enough."""
        for change in product_changes(self.layer, self.values, output, FIRST + 2):
            if change.cell.note:
                cell = change.cell if has_factors else replace(change.cell, note="")
                yield replace(change, cell=cell)
            else:
                yield replace(change, cell=ZERO)

    @cached_property
    def _inputs(self) -> dict[Index, Cell]:
        """Cells that `_input` has returned: k windows per axis ask for each."""
        return {}

    def _input(self, position: Index) -> Cell:
        """Return a cell of the padded input with its value; padding and inserted zeros have theirs, if they count."""
        if position not in self._inputs:
            self._inputs[position] = self._make_input(position)
        return self._inputs[position]

    def _make_input(self, position: Index) -> Cell:
        cell, windows = self.input_cell(position), self.layer.sliding_windows
        text = padded_cell(windows, position, replace(self.values, visible=True, shaded=False)).text
        return replace(cell, text=text or ("" if cell.faded else self._padding))

    @property
    def _padding(self) -> str:
        """What padding counts as."""
        if isinstance(self.layer, MaxPool):
            return f"{MINUS}∞"
        return "" if isinstance(self.layer, Pool) and not getattr(self.layer, "count_include_pad", True) else "0"
