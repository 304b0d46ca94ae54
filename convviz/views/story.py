"""The moments of a step in which a window writes an output cell, and the steps that are special.

A convolution: the window moves, the values under it are multiplied by the weights, the products are added, the sum is
written. Until the sum is known, the output cell and the equation show a question mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

from convviz.geometry.sliding_window import SlidingWindow
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.lazy_steps import LazySteps
from convviz.scene.left_out import PRODUCTS
from convviz.scene.model import Cell, Change, Frame, Panel
from convviz.scene.timing import UNKNOWN, Story, asked
from convviz.text.lines import Equation, Sentence
from convviz.views.cell_grids import EMPTY, grid_shape

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

ASKED = Cell("empty", UNKNOWN)
"""The output cell that is about to be written."""
RESULT = "lens result"
"""Name of the panel of a lens in which the output cell has its value."""
KNOWN = ("add", "maximum", "mean")
"""Moments at which the equation has its result, and the cell is still empty."""
TRAVEL = 600
"""Milliseconds in which products travel to the sign of their sum, if a moment is not shorter."""


def moment_names(layer: Layer, values: LayerValues | None, panels: Sequence[Panel]) -> tuple[str, ...]:
    """Name the moments of a step."""
    if values is None or not (values.visible or values.lens):
        return ("window", "write")
    if isinstance(layer, Pool):
        return ("window", "maximum" if isinstance(layer, MaxPool) else "mean", "write")
    if any(panel.name == "partial" for panel in panels):
        return ("window", "partial sums", "add", "write")
    return ("window", "add", "write") if len(values.x) > 1 else ("window", "multiply", "add", "write")


def window_story(
    layer: Layer, frames: Sequence[Frame] | LazySteps, panels: Sequence[Panel], names: Sequence[str], before: int = 0
) -> Story:
    """Return the story of `frames`; from `before` on, each writes an output cell, in the last panel.

    Without a lens, that cell asks for its value before.
    """
    asks = len(names) > 2 and panels[-2].name != RESULT
    return Story(
        moments=lambda index: list(_moments(frames[index], panels, names, asks)),
        special={before + index for index in special_steps(layer)},
        row=row_length(layer),
        before=before,
        after=len(frames) - before - prod(layer.output),
    )


def row_length(layer: Layer) -> int:
    """Return the number of output cells in a row, or 0 in one dimension."""
    return layer.output[-1] if len(layer.output) > 1 else 0


def _moments(frame: Frame, panels: Sequence[Panel], names: Sequence[str], asks: bool) -> Iterator[Frame]:
    """Yield the frames before a window writes its cell: those of all moments but the last."""
    for name in names[:-1]:
        changes = (_at_moment(change, panels, name, asks) for change in frame.changes)
        motion = TRAVEL if name == "add" and "multiply" in names else 0
        yield replace(frame, changes=tuple(filter(None, changes)), caption=_caption(frame.caption, name), motion=motion)


def _at_moment(change: Change, panels: Sequence[Panel], moment: str, asks: bool) -> Change | None:
    """Return a change of a step as it is in one moment; None if it comes later."""
    if change.panel == len(panels) - 1:
        return replace(change, cell=EMPTY if moment in KNOWN else ASKED) if asks else None
    if panels[change.panel].name in (PRODUCTS, "partial") and moment == "window":
        return replace(change, cell=EMPTY) if panels[change.panel].name == PRODUCTS else None
    if moment == "multiply" and change.cell.note:
        return replace(change, cell=replace(change.cell, text=""))
    return change


def _caption(caption: Equation | Sentence, moment: str) -> Equation | Sentence:
    """Return the equation as far as it is known."""
    if moment == "window" and isinstance(caption, Equation):
        return replace(caption, terms=(), right=UNKNOWN, relation="=")
    return asked(caption) if moment in ("multiply", "partial sums") else caption


def special_steps(layer: Layer) -> frozenset[int]:
    """Return the steps in the first row and in the first column that show something for the first time."""
    cols = grid_shape(layer.output)[1]
    *rows, columns = (frozenset(_special(layer, axis)) for axis in range(len(layer.axes)))
    return columns | {row * cols for specials in rows for row in specials}


def _special(layer: Layer, axis: int) -> Iterator[int]:
    """Yield the outputs of an axis at which padding, a stride, output padding, a crop or an overhang is first seen."""
    window = layer.sliding_windows[axis]
    outputs = range(window.outputs)
    yield from [index for index in outputs if _touches_padding(window, index)][:1]
    if window.step > 1 and window.outputs > 1:
        yield 1
    if isinstance(layer, ConvTranspose) and layer.output_padding[axis]:
        yield max(0, window.outputs - layer.output_padding[axis])
    if window.after < 0:
        yield window.outputs - 1
    last = window.size - window.overhang
    yield from [index for index in outputs if window.taps(index)[-1] >= last][:1]


def _touches_padding(window: SlidingWindow, output: int) -> bool:
    return any(window.cells[position].kind == "padding" for position in window.taps(output))
