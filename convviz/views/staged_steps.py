"""The parts that the steps of both kinds of layers share: the padded input, and the window that slides over it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from convviz.layers.layer import Layer
from convviz.scene.lazy_steps import LazySteps
from convviz.scene.model import Cell, Change, Frame, Group, Mark, Node, Panel
from convviz.views.cell_grids import Index, output_cell, row_and_col
from convviz.views.last_window import last_window
from convviz.views.panels import (
    borrowed_positions,
    describe_hidden_channels,
    output_panel,
    padded_grid,
    window_rows_and_cols,
)
from convviz.views.step_text import step_caption

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

Place = tuple[int, int]
"""Row and column in the padded input."""


class StagedSteps(ABC):
    """The body, the tabs and the frames of a steps view."""

    tabs: tuple[str, ...]
    body: Group

    def __init__(self, layer: Layer, values: LayerValues | None) -> None:
        self.layer, self.values = layer, values
        self.padded = padded_grid(layer, values)
        self.shape = (len(self.padded), len(self.padded[0]))
        output = output_panel(layer, values)
        self.output = replace(output, caption=output.caption + describe_hidden_channels(values, 1))

    def shown(self) -> tuple[Panel, ...]:
        """Return panels of cells that a step shows otherwise than the padded input does at the end."""
        return ()

    @abstractmethod
    def frames(self) -> LazySteps:
        """Return all frames, without numbers and durations."""

    def arranged(self, *nodes: Node) -> Group:
        """Put each node below its tab; those of a 1-D layer one below the other."""
        flat = len(self.layer.axes) == 1
        return Group("column", nodes) if flat else Group("row", nodes, equal_widths=True)

    def cells(self, role: str | None = None) -> Iterator[tuple[Place, Cell]]:
        """Yield places and cells of the padded input, all or those of a role."""
        for row, col in product(*map(range, self.shape)):
            cell = self.padded[row][col]
            if role in (None, cell.role):
                yield (row, col), cell

    def inner_places(self) -> list[Place]:
        """List the places that are not padding."""
        return [place for place, cell in self.cells() if cell.role != "padding"]

    def rings(self) -> list[list[Place]]:
        """List the places of the padding in rings, from the input outwards."""
        inner = self.inner_places()
        first, last = inner[0], inner[-1]
        rings: dict[int, list[Place]] = {}
        for place, _ in self.cells("padding"):
            distance = max(max(low - at, at - high, 0) for low, at, high in zip(first, place, last, strict=True))
            rings.setdefault(distance, []).append(place)
        return [rings[distance] for distance in sorted(rings)]

    def placed(self, panel: int, places: Sequence[Place]) -> tuple[Change, ...]:
        """Write these cells of the padded input to `panel`."""
        return tuple(Change(panel, row, col, self.padded[row][col]) for row, col in places)

    def faded(self, panel: int) -> tuple[Change, ...]:
        """Fade the cells of `panel` that no window reads."""
        return tuple(Change(panel, *place, cell) for place, cell in self.cells() if cell.faded)

    def slid(self, before: Iterable[Frame], panel: int, after: Iterable[Frame] = ()) -> LazySteps:
        """Return all frames: between others, those in which the window slides over `panel`."""
        target, outputs = len(tuple(self.body.panels())) - 1, list(self.layer.outputs())
        return LazySteps(
            before,
            len(outputs),
            frame=lambda index: self._window(outputs[index], panel, target),
            changes=lambda index: self._written(outputs[index], target),
            after=after,
        )

    def _written(self, output: Index, target: int) -> tuple[Change]:
        return (Change(target, *row_and_col(output), output_cell(output, self.values)),)

    def _window(self, output: Index, panel: int, target: int) -> Frame:
        """Return the frame that writes an output cell to the panel `target`."""
        rows, cols = window_rows_and_cols(self.layer, output)
        row, col = row_and_col(output)
        sources = [row_and_col(position) for position in sorted(borrowed_positions(self.layer, output))]
        last = last_window(self.layer, output, (panel,))
        return Frame(
            changes=self._written(output, target),
            marks=(
                *last.marks,
                *(Mark(panel, (r,), (c,), role="source") for r, c in sources),
                Mark(panel, rows, cols, highlighted=True),
                Mark(target, (row,), (col,)),
            ),
            caption=step_caption(self.layer, output, self.values),
            tab=len(self.tabs) - 1,
            arrows=last.arrows,
        )
