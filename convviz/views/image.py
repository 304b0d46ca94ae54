"""image: a picture under the window. Cells are grey as their values are; at step t the window writes output pixel t.

Output values are stretched from the smallest (black) to the largest (white). The kernel stands there in numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from convviz.errors import PictureError
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Cell, Change, Frame, Group, LegendEntry, Mark, Operator, Panel, Scene, TextBlock, Timing
from convviz.text.formatting import format_sizes, format_value
from convviz.text.formulas import formulas
from convviz.views import header
from convviz.views import panels as grids
from convviz.views.step_text import step_line

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

SHADES = 32
MOST_ROWS = 9
INPUT, OUTPUT = range(2)


def image(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The scene of `layer`; needs values. Raises `PictureError` without them, and for a line or several channels."""
    if numbers is None or len(layer.axes) != 2 or len(numbers.x) != 1:
        raise PictureError("the view image needs the values of one 2-D channel; give --image or --input-values")
    shade, written = _scale(numbers.x), _scale(numbers.y)
    stops = list(layer.outputs())
    line = tuple(tuple(_laid(layer, numbers, (row, col), shade) for col in range(w)) for row, w in _rows(layer))
    panels = (
        Panel("input", line, grids.caption(layer), seamless=True),
        Panel("output", grids.empty(layer.output), _range(layer, numbers), seamless=True),
    )
    roles = {cell.role for row in line for cell in row if not cell.faded}
    names = {"inserted": "inserted zero", "padding": "padding"}
    frames = [
        Frame(
            changes=(Change(OUTPUT, output[0], output[1], Cell("pixel", level=written(numbers.y[output]))),),
            marks=(_window(layer, output), Mark(OUTPUT, output[:1], output[1:])),
            caption=step_line(layer, output, numbers),
        )
        for output in stops
    ]
    return Scene(
        title=f"{header.title(layer)} of an image",
        sizes=header.sizes_line(layer, numbers),
        badges=header.badges(layer),
        body=Group("row", (panels[INPUT], *_between(layer, numbers), Operator("="), panels[OUTPUT]), may_turn=True),
        legend=(
            LegendEntry("window", "window"),
            *(LegendEntry(role, words) for role, words in names.items() if role in roles),
        ),
        formulas=formulas(layer),
        frames=timing.timed(frames),
        steps=len(frames),
    )


def _rows(layer: Layer) -> list[tuple[int, int]]:
    rows, cols = layer.sliding_windows
    return [(row, cols.size) for row in range(rows.size)]


def _scale(values: Any) -> Any:
    """A function from a value to its shade, from 0 for the smallest to 100 for the largest."""
    finite = [float(value) for value in values.flat if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    span = high - low or 1.0

    def shade(value: Any) -> int:
        share = (float(value) - low) / span if math.isfinite(value) else 0.0
        return round(round(share * SHADES) * 100 / SHADES)

    return shade


def _laid(layer: Layer, numbers: LayerValues, place: tuple[int, int], shade: Any) -> Cell:
    cell = grids.laid_cell(layer.sliding_windows, place, None)
    source = tuple(t.cells[at].source for t, at in zip(layer.sliding_windows, place, strict=True))
    if None in source:
        return cell
    return Cell("pixel", faded=cell.faded, level=shade(numbers.x[(0, *source)]))


def _window(layer: Layer, output: tuple[int, ...]) -> Mark:
    rows, cols = (track.taps(index) for track, index in zip(layer.sliding_windows, output, strict=True))
    return Mark(INPUT, rows, cols)


def _between(layer: Layer, numbers: LayerValues) -> tuple[Operator | TextBlock, ...]:
    """What is applied: the kernel's numbers, or the name of a pooling."""
    if isinstance(layer, Pool) or numbers.w is None:
        return (Operator("max" if isinstance(layer, MaxPool) else "mean"),)
    weights = numbers.w[0][::-1, ::-1] if isinstance(layer, ConvTranspose) else numbers.w[0]
    if max(weights.shape) > MOST_ROWS:
        return Operator("⋆"), TextBlock((f"kernel {format_sizes(layer.kernel)}",))
    texts = [[format_value(value) for value in row] for row in weights]
    wide = max(len(text) for row in texts for text in row)
    figure = "\u2007"  # a space as wide as a digit
    lines = ["  ".join(text.rjust(wide, figure) for text in row) for row in texts]
    lines += ["flipped"] if isinstance(layer, ConvTranspose) else []
    return Operator("∗" if isinstance(layer, ConvTranspose) else "⋆"), TextBlock(tuple(lines))


def _range(layer: Layer, numbers: LayerValues) -> str:
    low, high = format_value(numbers.y.min()), format_value(numbers.y.max())
    return f"output {format_sizes(layer.output)}, from {low} (black) to {high} (white)"
