"""The stamp of a scatter step: value × kernel, cell by cell, and the moments in which it is taken, made and added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.number_notation import Notation, notation_of
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Cell, Change, Frame, Panel
from convviz.text.formatting import MINUS, format_cell, format_factor, format_value, is_shown_exactly
from convviz.text.lines import Sentence
from convviz.views.cell_grids import EMPTY, Index, empty_grid, grid_shape

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

MOST_WEIGHTS = 25
"""Cells of a kernel whose stamp is shown, at most."""
STAMP = 2
"""Index of the panel of the stamp."""


def shows_stamp(layer: Layer, values: LayerValues | None, full: Sequence[int]) -> bool:
    """Whether the stamp of one channel is shown below the kernel: if it takes no room from the full output."""
    return (
        isinstance(layer, ConvTranspose)
        and values is not None
        and values.visible
        and len(values.x) == 1
        and prod(layer.kernel) <= MOST_WEIGHTS
        and 2 * grid_shape(layer.kernel)[0] <= grid_shape(tuple(full))[0] + 2
    )


def stamp_panel(layer: Layer) -> Panel:
    """Return the panel before the first stamp is made."""
    return Panel("stamp", empty_grid(layer.kernel), "stamp = x · kernel")


def stamp_notation(values: LayerValues) -> Notation:
    """Return the notation of all stamps, of each step."""
    assert values.w is not None
    return notation_of([value * weight for value in values.x[0].ravel() for weight in values.w[0].ravel()])


def stamp_changes(layer: Layer, values: LayerValues, cell: Index, notation: Notation) -> list[Change]:
    """Write the products of an input cell and each weight of the unflipped kernel."""
    assert values.w is not None
    value, grid = values.x[(0, *cell)], values.w[0].reshape(grid_shape(layer.kernel))
    return [
        Change(STAMP, row, col, Cell("product", format_cell(value * weight, notation)))
        for row, weights in enumerate(grid)
        for col, weight in enumerate(weights)
    ]


def moment_names(layer: Layer, values: LayerValues | None, has_stamp: bool) -> tuple[str, ...]:
    """Name the moments of a step."""
    if isinstance(layer, Pool):
        return ("take", "maximum" if isinstance(layer, MaxPool) else "mean")
    if values is None or not values.visible:
        return ("take", "add")
    return ("take", "multiply", "add", "write") if has_stamp else ("take", "add", "write")


def moments_of(
    frame: Frame, names: Sequence[str], sums: Mapping[tuple[int, int], str], factor: str, value: str, overlaps: bool
) -> list[Frame]:
    """Return the frames before a step ends: the cell is taken, multiplied by the kernel, and what meets is added.

    `sums` are the cells in which the stamp meets a value, by row and column; `overlaps` tells whether the first of them
    holds other stamps, not the bias alone. `factor` is the value of the input cell, and `value` the same as ` = 4`.
    """
    made = tuple(change for change in frame.changes if change.panel == STAMP and change.cell.role == "product")
    written = tuple(change for change in frame.changes if change.cell.role == "output")
    cleared = tuple(replace(change, cell=EMPTY) for change in made)
    added = tuple(
        replace(change, cell=replace(change.cell, text=sums[place])) if (place := (change.row, change.col)) in sums
        else change
        for change in written
    )  # fmt: skip
    name = frame.caption.variants[-1] if isinstance(frame.caption, Sentence) else ""
    taken = tuple(mark for mark in frame.marks if not mark.highlighted)
    all_frames = {
        "take": replace(frame, changes=cleared, marks=taken, caption=Sentence((f"take {name}{value}", name))),
        "multiply": replace(frame, changes=made, marks=taken, caption=Sentence((f"stamp = {factor} · kernel",))),
        "add": replace(frame, changes=(*made, *added), caption=_added(list(sums.values()), overlaps)),
    }
    return [all_frames[name] for name in names[:-1]]


def _added(sums: Sequence[str], overlaps: bool) -> Sentence:
    if not sums:
        return Sentence(("no overlap: the stamp is written as it is", "no overlap"))
    return Sentence((f"{'overlaps add' if overlaps else 'added to the bias'}: {sums[0]}", sums[0]))


def sum_text(before: str, added: str) -> str:
    """Return `9 + 8`, or `9 − 2`."""
    return f"{before} {MINUS} {added[1:]}" if added.startswith(MINUS) else f"{before} + {added}"


def factor_text(values: LayerValues | None, channel: int, cell: Index) -> str:
    """Return the value of an input cell as a factor, with `≈` if it is rounded."""
    if values is None or not values.visible:
        return ""
    value, notation = values.x[(channel, *cell)], values.x_notation
    approximate = "" if is_shown_exactly(value, notation) else "≈"
    return approximate + format_factor(format_value(value, notation))
