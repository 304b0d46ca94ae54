"""slide: the window slides over the padded (and zero-inserted) input and writes one output cell per step.

At step t the window is on the cells that output cell t reads, left to right and top to bottom; the output cell has an
outline, too, and the caption shows the sum. The sign is ⋆, cross-correlation: the kernel that is shown slides without
a further flip. With channels, each input channel has a row of grids, which ends with its partial sum; the output is the
sum over them, and the bias. A 1-D layer is drawn as lanes, see `lanes.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING

from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.lazy_steps import LazySteps
from convviz.scene.left_out import PRODUCTS, SUM
from convviz.scene.model import (
    Cell,
    Change,
    Frame,
    Group,
    Mark,
    Node,
    Operator,
    Panel,
    Scene,
    TextBlock,
    Timing,
)
from convviz.text.formatting import format_cell, format_sizes
from convviz.text.formulas import formulas
from convviz.views import header
from convviz.views.cell_grids import Index, empty_grid, output_cell, row_and_col
from convviz.views.kernel_block import kernel_block
from convviz.views.lanes import lanes
from convviz.views.last_window import last_window
from convviz.views.lens import Lens, has_lens, lens
from convviz.views.panels import (
    bias_nodes,
    borrowed_positions,
    kernel_panel,
    output_panel,
    padded_cell,
    padded_input_panel,
    window_rows_and_cols,
)
from convviz.views.products import product_changes, products_panel, shows_products
from convviz.views.shading import shade_entries
from convviz.views.step_text import step_caption
from convviz.views.story import moment_names, window_story

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

MOST_CHANNELS = 3
LINE_LENGTH = 16
"""Characters of a line beside an input channel."""
PARTIAL_LEVEL = 45
"""Level of the cells of partial sums, which are paler than those of the output."""


def slide(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `layer`, with or without values in the cells."""
    return lanes(layer, values, timing) if len(layer.axes) == 1 else slide_grids(layer, values, timing)


def slide_grids(layer: Layer, values: LayerValues | None, timing: Timing, *, parts: bool = True) -> Scene:
    """Return the scene with grids, also for a 1-D layer; with or without partial sums of channels, and
    in a story the products of each window.
    """
    stacked = parts and values is not None and len(values.x) > 1
    operands = _channel_rows(layer, values) if stacked and values else _operands(layer, values, parts and timing.tells)
    nodes = (*operands, *bias_nodes(values), Operator("="), output_panel(layer, values))
    magnifies = values is not None and has_lens(layer, values)
    if values and magnifies:
        nodes = padded_input_panel(layer, values), lens(layer, values), output_panel(layer, values)
    body = Group("row", nodes, may_turn=True)
    panels = tuple(body.panels())
    outputs = list(layer.outputs())
    frames = LazySteps(
        (),
        len(outputs),
        frame=lambda index: _frame(layer, values, outputs[index], panels),
        changes=lambda index: _changes(layer, values, outputs[index], panels),
    )
    if values and magnifies:
        timed, moments = Lens(layer, values, *_cells(layer, values)).told(frames, body, timing)
    else:
        moments = moment_names(layer, values, panels) if timing.tells else ()
        timed = timing.timed(frames, window_story(layer, frames, panels, moments))
    return Scene(
        title=layer.title,
        sizes=header.sizes_text(layer, values),
        badges=header.badges(layer),
        body=body,
        legend=header.legend(panels, layer, tuple(shade_entries(values, panels)) if values and values.shaded else ()),
        formulas=formulas(layer),
        frames=timed,
        steps=len(frames),
        moments=moments,
    )


def _cells(layer: Layer, values: LayerValues) -> tuple[Callable[[Index], Cell], Callable[[Index], Cell]]:
    """Return what gives the cells of the padded input and of the output."""
    windows = layer.sliding_windows
    return (lambda position: padded_cell(windows, position, values)), (lambda output: output_cell(output, values))


def _channel_rows(layer: Layer, values: LayerValues) -> tuple[Node, ...]:
    """Return a row for each shown channel, with its partial sum, and the sign of their sum."""
    shown = _shown_channels(len(values.x))
    rows: list[Node] = [_channel_row(layer, values, channel, shown) for channel in shown]
    if len(shown) < len(values.x):
        rows.insert(1, Operator("⋮"))
    return Group("column", tuple(rows), table=True), Operator("Σ")


def _channel_row(layer: Layer, values: LayerValues, channel: int, shown: Sequence[int]) -> Group:
    """Return the input of a channel, what is applied to it, and its partial sum.

    The caption of the input, which is the tallest grid, is on its left; below the last row, the others have theirs.
    Above the first row are brackets.
    """
    partial = Panel("partial", empty_grid(layer.output), f"partial sum {format_sizes(layer.output)}")
    operand, *others = *_operand(layer, values, channel), Operator("="), partial
    assert isinstance(operand, Panel)
    if channel != shown[0]:
        operand = replace(operand, brackets=tuple(one for one in operand.brackets if one.side != "top"))
        others = [replace(node, brackets=()) if isinstance(node, Panel) else node for node in others]
    if channel != shown[-1]:
        others = [replace(node, caption="") if isinstance(node, Panel) else node for node in others]
    name = TextBlock(tuple(wrap(operand.caption, LINE_LENGTH)))
    return Group("row", (name, replace(operand, caption=""), *others))


def _shown_channels(count: int) -> list[int]:
    return list(range(count)) if count <= MOST_CHANNELS else [0, count - 1]


def _operands(layer: Layer, values: LayerValues | None, has_products: bool) -> tuple[Node, ...]:
    """Return input and kernel of each input channel, with plus signs; only the first and the last of many channels."""
    channels = len(values.x) if values else 1
    if has_products and shows_products(layer, values):
        panel, sign, kernel = _operand(layer, values, 0)
        return panel, sign, Group("column", (kernel, products_panel(layer)), may_turn=True), SUM
    if channels == 1:
        return _operand(layer, values, 0)
    shown: list[Node] = [Group("row", _operand(layer, values, channel)) for channel in _shown_channels(channels)]
    if len(shown) < channels:
        shown.insert(1, Operator("⋯"))
    plus = Operator("+")
    return tuple(node for operand in shown for node in (operand, plus))[:-1]


def _operand(layer: Layer, values: LayerValues | None, channel: int) -> tuple[Node, ...]:
    """Return one input channel and what is applied to it."""
    panel = padded_input_panel(layer, values, channel)
    if isinstance(layer, Pool):
        return (Operator("max" if isinstance(layer, MaxPool) else "mean"), panel)
    if values and values.shaded:
        return panel, Operator("⋆"), kernel_block(layer, values)
    return panel, Operator("⋆"), kernel_panel(layer, values, channel)


def _frame(layer: Layer, values: LayerValues | None, output: Index, panels: Sequence[Panel]) -> Frame:
    """Return the frame in which the windows on all input panels write `output`, and the partial sums of channels."""
    row, col = row_and_col(output)
    rows, cols = window_rows_and_cols(layer, output)
    sources = [row_and_col(position) for position in sorted(borrowed_positions(layer, output))]
    inputs, partials = _named(panels, "input"), _named(panels, "partial")
    target = len(panels) - 1
    last = last_window(layer, output, inputs)
    return Frame(
        changes=_changes(layer, values, output, panels),
        marks=(
            *last.marks,
            *(Mark(panel, (r,), (c,), role="source") for panel in inputs for r, c in sources),
            *(Mark(panel, rows, cols, highlighted=True) for panel in inputs),
            *(Mark(panel, (row,), (col,)) for panel in partials),
            Mark(target, (row,), (col,)),
        ),
        caption=step_caption(layer, output, values),
        arrows=last.arrows,
    )


def _changes(layer: Layer, values: LayerValues | None, output: Index, panels: Sequence[Panel]) -> tuple[Change, ...]:
    """Return the changes that write the products of a window, the partial sums of channels, and `output`."""
    products = _named(panels, PRODUCTS)
    return (
        *(change for panel in products if values for change in product_changes(layer, values, output, panel)),
        *_partial_sums(values, output, _named(panels, "partial")),
        Change(len(panels) - 1, *row_and_col(output), output_cell(output, values)),
    )


def _named(panels: Sequence[Panel], name: str) -> list[int]:
    return [index for index, panel in enumerate(panels) if panel.name == name]


def _partial_sums(values: LayerValues | None, output: Index, partials: Sequence[int]) -> Iterator[Change]:
    """Yield the changes that write the sums of the shown channels."""
    if values is None or not partials:
        return
    for panel, channel in zip(partials, _shown_channels(len(values.x)), strict=True):
        text = format_cell(values.parts[(channel, *output)], values.y_notation) if values.visible else ""
        yield Change(panel, *row_and_col(output), Cell("output", text, level=PARTIAL_LEVEL))
