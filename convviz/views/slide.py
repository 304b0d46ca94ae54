"""slide: the window walks over the padded (and zero-inserted) input; each stop writes one output cell.

At step t the window stands on the cells that output cell t reads, left to right and top to bottom; the cell it writes
wears the same outline, and the line below says the sum. With channels there is a row of grids for each input channel,
and the output cell is the sum over them. A 1-D layer is drawn as lanes, see `lanes.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Change, Frame, Group, Mark, Node, Operator, Scene, Timing
from convviz.text.formulas import formulas
from convviz.views import header
from convviz.views import panels as grids
from convviz.views.lanes import lanes
from convviz.views.step_text import step_line

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

MOST_CHANNELS = 3


def slide(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The scene of `layer`, with the values of `numbers` in the cells, or without any."""
    return lanes(layer, numbers, timing) if len(layer.axes) == 1 else walk(layer, numbers, timing)


def walk(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The same with grids for one axis, too."""
    body = Group("row", (*operands(layer, numbers), Operator("="), grids.output_panel(layer, numbers)), may_turn=True)
    panels = tuple(body.panels())
    inputs = tuple(index for index, panel in enumerate(panels) if panel.name == "input")
    stops = list(layer.outputs())
    return Scene(
        title=header.title(layer),
        sizes=header.sizes_line(layer, numbers),
        badges=header.badges(layer),
        body=body,
        legend=header.legend(panels, layer),
        formulas=formulas(layer),
        frames=timing.timed([stop(layer, numbers, output, inputs, len(panels) - 1) for output in stops]),
        steps=len(stops),
    )


def operands(layer: Layer, numbers: LayerValues | None) -> tuple[Node, ...]:
    """Input and kernel of each input channel, and plus signs; of more than three the first and the last."""
    channels = len(numbers.x) if numbers else 1
    if channels == 1:
        return operand(layer, numbers, 0)
    shown: list[Node]
    if channels <= MOST_CHANNELS:
        shown = [Group("row", operand(layer, numbers, channel)) for channel in range(channels)]
    else:
        first, last = (Group("row", operand(layer, numbers, channel)) for channel in (0, channels - 1))
        shown = [first, Operator("⋯"), last]
    plus = Operator("+")
    return tuple(node for one in shown for node in (one, plus))[:-1]


def operand(layer: Layer, numbers: LayerValues | None, channel: int) -> tuple[Node, ...]:
    """One input channel and what is applied to it."""
    panel = grids.input_panel(layer, numbers, channel)
    if isinstance(layer, Pool):
        return (Operator("max" if isinstance(layer, MaxPool) else "mean"), panel)
    sign = Operator("∗" if isinstance(layer, ConvTranspose) else "⋆")
    return panel, sign, grids.kernel_panel(layer, numbers, channel)


def stop(
    layer: Layer,
    numbers: LayerValues | None,
    output: tuple[int, ...],
    inputs: tuple[int, ...],
    target: int,
) -> Frame:
    """The frame in which the windows on the panels `inputs` write `output` into the panel `target`."""
    row, col = grids.at(output)
    rows, cols = grids.window(layer, output)
    sources = [grids.at(at) for at in sorted(grids.borrowed(layer, output))] if layer.padding_mode != "zeros" else []
    return Frame(
        changes=(Change(target, row, col, grids.written_cell(output, numbers)),),
        marks=(
            *(Mark(panel, (r,), (c,), role="source") for panel in inputs for r, c in sources),
            *(Mark(panel, rows, cols, highlighted=True) for panel in inputs),
            Mark(target, (row,), (col,)),
        ),
        caption=step_line(layer, output, numbers),
    )
