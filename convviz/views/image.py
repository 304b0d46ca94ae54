"""image: a picture under the window, in shades of grey; at step t the window writes output pixel t.

Values are stretched from the smallest (black) to the largest (white), and the legend has the scale. Zeros that are
padded or inserted are pixels of the value 0. A lens shows the values under the window, the kernel and their products in
numbers; in a picture without room for it, the kernel is a block of text. A picture in colour has a grid of its own for
red, green and blue, each with its kernel, and the output is their sum.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from convviz.errors import PictureError
from convviz.layers.layer import Layer
from convviz.layers.number_notation import notation_of
from convviz.layers.pooling import AvgPool, MaxPool, Pool
from convviz.scene.lazy_steps import LazySteps
from convviz.scene.model import (
    Cell,
    Change,
    Frame,
    Group,
    LegendEntry,
    Mark,
    Node,
    Operator,
    Panel,
    ScalePart,
    Scene,
    TextBlock,
    Timing,
)
from convviz.text.formatting import format_cell, format_sizes
from convviz.text.formulas import formulas
from convviz.views import header
from convviz.views.brackets import input_brackets
from convviz.views.cell_grids import Index, empty_grid
from convviz.views.kernel_block import kernel_block
from convviz.views.lens import Lens, has_lens, lens
from convviz.views.panels import padded_cell, padded_input_caption, window_rows_and_cols
from convviz.views.step_text import step_caption
from convviz.views.taps import source_of

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

SHADES = 32
SCALE_STEPS = 16
"""Steps of grey in the scales of the legend."""

Shade = Callable[[Any], int]
"""Converts a value to a level from 0 to 100."""


def image(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `layer`. Raises `PictureError` without values, for 1-D layers and for unnamed channels."""
    names = values.channels.names if values and values.channels else ()
    if values is None or len(layer.axes) != 2 or len(values.x) != max(1, len(names)):
        raise PictureError("the view image needs the values of one 2-D channel; give --image or --input-values")
    inputs = (*values.x.flat, *([0] if _has_zeros(layer) else []))
    outputs = tuple(values.y.flat)
    input_shade, output_shade = _shade_of(inputs), _shade_of(outputs)
    height, width = (window.size for window in layer.sliding_windows)
    places = [[(row, col) for col in range(width)] for row in range(height)]
    grids = [
        tuple(tuple(_pixel(layer, values, place, channel, input_shade) for place in line) for line in places)
        for channel in range(len(values.x))
    ]
    pictures = [
        Panel(
            "input",
            cells,
            padded_input_caption(layer, name),
            seamless=True,
            brackets=input_brackets(layer),
        )
        for cells, name in zip(grids, names or ("input",), strict=True)
    ]
    written = Panel("output", empty_grid(layer.output), f"output {format_sizes(layer.output)}", seamless=True)
    body = Group("row", _nodes(layer, values, pictures, written), may_turn=True)
    target = len(tuple(body.panels())) - 1
    windows = list(layer.outputs())

    def input_cell(position: Index) -> Cell:
        return grids[0][position[0]][position[1]]

    def output_cell(output: Index) -> Cell:
        return Cell("pixel", level=output_shade(values.y[output]))

    def changes(index: int) -> tuple[Change]:
        output = windows[index]
        return (Change(target, output[0], output[1], output_cell(output)),)

    def frame(index: int) -> Frame:
        output = windows[index]
        rows, cols = window_rows_and_cols(layer, output)
        windows_on = (Mark(panel, rows, cols) for panel in range(len(pictures)))
        marks = (*windows_on, Mark(target, output[:1], output[1:]))
        return Frame(changes(index), marks, step_caption(layer, output, values))

    frames = LazySteps((), len(windows), frame, changes)
    if has_lens(layer, values):
        timed, moments = Lens(layer, values, input_cell, output_cell).told(frames, body, timing)
    else:
        timed, moments = timing.timed(frames), ()
    return Scene(
        title=f"{layer.title} of an image",
        sizes=header.sizes_text(layer, values),
        badges=header.badges(layer),
        body=body,
        legend=(
            LegendEntry("window", "window"),
            LegendEntry("pixel", ", ".join(names or ("input",)), scale=_scale(inputs, input_shade)),
            LegendEntry("pixel", "output", scale=_scale(outputs, output_shade)),
            *header.input_entries(pictures[:1], layer),
            *header.faded_entry(pictures[:1], header.describe_faded(layer)),
        ),
        formulas=formulas(layer),
        frames=timed,
        steps=len(frames),
        moments=moments,
    )


def _nodes(layer: Layer, values: LayerValues, pictures: Sequence[Panel], written: Panel) -> tuple[Node, ...]:
    """Return input and output, and between them the lens, or what is applied to each channel of the input."""
    if has_lens(layer, values):
        return pictures[0], lens(layer, values), written
    operands = [(picture, *_operator(layer, values, channel)) for channel, picture in enumerate(pictures)]
    if len(operands) == 1:
        return *operands[0], *_bias(values), Operator("="), written
    summands = (Group("row", ((Operator("+"),) if number else ()) + operand) for number, operand in enumerate(operands))
    channels = Group("column", tuple(summands), may_turn=True)
    return channels, *_bias(values), Operator("="), written


def _bias(values: LayerValues) -> tuple[Operator | TextBlock, ...]:
    """Return the bias that is added, in numbers."""
    text = header.describe_bias(values)
    return (Operator("+"), TextBlock((text,))) if text else ()


def _pads_with_zeros(layer: Layer) -> bool:
    """Whether the padding is a value: zeros are, but not the −∞ of a maximum or what does not count in a mean."""
    return not isinstance(layer, Pool) or (isinstance(layer, AvgPool) and layer.count_include_pad)


def _has_zeros(layer: Layer) -> bool:
    """Whether zeros are padded or inserted, and count."""
    return _pads_with_zeros(layer) and any(
        cell.source is None and cell.kind != "input" for window in layer.sliding_windows for cell in window.cells
    )


def _shade_of(values: Sequence[Any]) -> Shade:
    """Return the function that maps the smallest value to level 0 and the largest to level 100; all equal, to 50."""
    finite = [float(value) for value in values if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)

    def shade(value: Any) -> int:
        if low == high:
            return 50
        share = (float(value) - low) / (high - low) if math.isfinite(value) else 0.0
        return round(round(share * SHADES) * 100 / SHADES)

    return shade


def _scale(values: Sequence[Any], shade: Shade) -> tuple[ScalePart, ...]:
    """Return the scale of pixels from the smallest value, black, to the largest, white; all equal, they are grey."""
    low, high = min(values), max(values)
    darkest, lightest = (format_cell(value, notation_of([low, high])) for value in (low, high))
    if low == high:
        return (ScalePart(darkest, (Cell("pixel", level=shade(low)),)),)
    levels = [round(step * 100 / SCALE_STEPS) for step in range(SCALE_STEPS + 1)]
    return ScalePart(darkest, tuple(Cell("pixel", level=level) for level in levels)), ScalePart(lightest)


def _pixel(layer: Layer, values: LayerValues, position: Index, channel: int, shade: Shade) -> Cell:
    """Return one cell of the padded input: a pixel for an input cell, a copy of one, or a zero that counts."""
    windows = layer.sliding_windows
    cell = padded_cell(windows, position, None)
    pairs = list(zip(windows, position, strict=True))
    source = source_of(tuple(window.cells[index] for window, index in pairs))
    if source is not None:
        return Cell("pixel", faded=cell.faded, level=shade(values.x[(channel, *source)]))
    is_beyond = any(index >= window.size - window.overhang for window, index in pairs)
    return Cell("pixel", faded=cell.faded, level=shade(0)) if _pads_with_zeros(layer) and not is_beyond else cell


def _operator(layer: Layer, values: LayerValues, channel: int) -> tuple[Operator | TextBlock, ...]:
    """Return the kernel in numbers, or the name of a pooling."""
    if isinstance(layer, Pool) or values.w is None:
        return (Operator("max" if isinstance(layer, MaxPool) else "mean"),)
    return Operator("⋆"), kernel_block(layer, values, channel)
