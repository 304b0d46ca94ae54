"""The window of the step before, and the arrow to the present one: how far the window moves, s cells of its grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convviz.layers.layer import Layer
from convviz.scene.model import Arrow, LegendEntry, Mark
from convviz.views.cell_grids import Index
from convviz.views.panels import window_rows_and_cols

LEGEND_TEXT = "last window"


@dataclass(frozen=True, slots=True)
class LastWindow:
    """The marks and the arrows of a frame; both are empty at the first step, and where a new row begins."""

    marks: tuple[Mark, ...] = ()
    arrows: tuple[Arrow, ...] = ()


def last_window(layer: Layer, output: Index, panels: Sequence[int]) -> LastWindow:
    """Return the last window and its arrow on input panels, at the step that writes `output`."""
    axis = _moving_axis(layer)
    if not output[axis]:
        return LastWindow()
    before = tuple(index - (at == axis) for at, index in enumerate(output))
    (rows, cols), (new_rows, new_cols) = (window_rows_and_cols(layer, index) for index in (before, output))
    window = layer.sliding_windows[axis]
    text = f"s{'′' * window.flipped} = {window.step}"
    start, end = (rows[0] * 1000, cols[0] * 1000), (new_rows[0] * 1000, new_cols[0] * 1000)
    return LastWindow(
        tuple(Mark(panel, rows, cols, role="last") for panel in panels),
        tuple(Arrow(panel, start, end, text) for panel in panels),
    )


def last_window_entry(layer: Layer) -> tuple[LegendEntry, ...]:
    """Return the legend's entry, if a step shows the last window."""
    return (LegendEntry("last", LEGEND_TEXT),) if layer.output[_moving_axis(layer)] > 1 else ()


def _moving_axis(layer: Layer) -> int:
    """Return the axis along which the window moves at most steps: the last, or the first if the output is a column."""
    return 0 if layer.output[-1] == 1 else len(layer.output) - 1
