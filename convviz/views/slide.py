"""slide: the window slides over the padded (and zero-inserted) input and writes one output cell per step.

At step t the window is on the cells that output cell t reads, left to right and top to bottom; the output cell has an
outline, too, and the caption shows the sum. With channels, each input channel has a row of grids, and the output cell
is the sum over them. A 1-D layer is drawn as lanes, see `lanes.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Change, Frame, Group, Mark, Node, Operator, Scene, Timing
from convviz.text.formulas import formulas
from convviz.views import header
from convviz.views.cell_grids import Index, output_cell, row_and_col
from convviz.views.lanes import lanes
from convviz.views.panels import (
    borrowed_positions,
    kernel_panel,
    output_panel,
    padded_input_panel,
    window_rows_and_cols,
)
from convviz.views.step_text import step_caption

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

MOST_CHANNELS = 3


def slide(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `layer`, with or without values in the cells."""
    return lanes(layer, values, timing) if len(layer.axes) == 1 else slide_grids(layer, values, timing)


def slide_grids(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene with grids, also for a 1-D layer."""
    body = Group("row", (*_operands(layer, values), Operator("="), output_panel(layer, values)), may_turn=True)
    panels = tuple(body.panels())
    inputs = tuple(index for index, panel in enumerate(panels) if panel.name == "input")
    frames = [_frame(layer, values, output, inputs, len(panels) - 1) for output in layer.outputs()]
    return Scene(
        title=layer.title,
        sizes=header.sizes_text(layer, values),
        badges=header.badges(layer),
        body=body,
        legend=header.legend(panels, layer),
        formulas=formulas(layer),
        frames=timing.timed(frames),
        steps=len(frames),
    )


def _operands(layer: Layer, values: LayerValues | None) -> tuple[Node, ...]:
    """Return input and kernel of each input channel, with plus signs; only the first and the last of many channels."""
    channels = len(values.x) if values else 1
    if channels == 1:
        return _operand(layer, values, 0)
    shown: list[Node]
    if channels <= MOST_CHANNELS:
        shown = [Group("row", _operand(layer, values, channel)) for channel in range(channels)]
    else:
        first, last = (Group("row", _operand(layer, values, channel)) for channel in (0, channels - 1))
        shown = [first, Operator("⋯"), last]
    plus = Operator("+")
    return tuple(node for operand in shown for node in (operand, plus))[:-1]


def _operand(layer: Layer, values: LayerValues | None, channel: int) -> tuple[Node, ...]:
    """Return one input channel and what is applied to it."""
    panel = padded_input_panel(layer, values, channel)
    if isinstance(layer, Pool):
        return (Operator("max" if isinstance(layer, MaxPool) else "mean"), panel)
    operator = Operator("∗" if isinstance(layer, ConvTranspose) else "⋆")
    return panel, operator, kernel_panel(layer, values, channel)


def _frame(layer: Layer, values: LayerValues | None, output: Index, inputs: tuple[int, ...], target: int) -> Frame:
    """Return the frame in which the windows on the panels `inputs` write `output` into the panel `target`."""
    row, col = row_and_col(output)
    rows, cols = window_rows_and_cols(layer, output)
    sources = [row_and_col(position) for position in sorted(borrowed_positions(layer, output))]
    return Frame(
        changes=(Change(target, row, col, output_cell(output, values)),),
        marks=(
            *(Mark(panel, (r,), (c,), role="source") for panel in inputs for r, c in sources),
            *(Mark(panel, rows, cols, highlighted=True) for panel in inputs),
            Mark(target, (row,), (col,)),
        ),
        caption=step_caption(layer, output, values),
    )
