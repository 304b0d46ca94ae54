"""image: a picture under the window. Cells are grey as their values are; at step t the window writes output pixel t.

Output values are stretched from the smallest (black) to the largest (white). The kernel stands there in numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from convviz.errors import PictureError
from convviz.layers import ConvTranspose, Layer, MaxPool, Pool
from convviz.scene import Cell, Change, Frame, Group, Key, Mark, Note, Panel, Scene, Sign, Timing
from convviz.views import grids, header
from convviz.views.lines import step_line
from convviz.wording import formulas, sizes, value_text

if TYPE_CHECKING:
    from convviz.arithmetic import Numbers

SHADES = 32
MOST_ROWS = 9
INPUT, OUTPUT = range(2)


def image(layer: Layer, numbers: Numbers | None, timing: Timing) -> Scene:
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
            line=step_line(layer, output, numbers),
        )
        for output in stops
    ]
    return Scene(
        title=f"{header.title(layer)} of an image",
        sizes=header.sizes_line(layer, numbers),
        chips=header.chips(layer),
        stage=Group("row", (panels[INPUT], *_between(layer, numbers), Sign("="), panels[OUTPUT]), turns=True),
        legend=(Key("window", "window"), *(Key(role, words) for role, words in names.items() if role in roles)),
        formulas=formulas(layer),
        frames=timing.timed(frames),
        steps=len(frames),
    )


def _rows(layer: Layer) -> list[tuple[int, int]]:
    rows, cols = layer.tracks
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


def _laid(layer: Layer, numbers: Numbers, place: tuple[int, int], shade: Any) -> Cell:
    cell = grids.laid_cell(layer.tracks, place, None)
    source = tuple(t.cells[at].source for t, at in zip(layer.tracks, place, strict=True))
    if None in source:
        return cell
    return Cell("pixel", faded=cell.faded, level=shade(numbers.x[(0, *source)]))


def _window(layer: Layer, output: tuple[int, ...]) -> Mark:
    rows, cols = (track.taps(index) for track, index in zip(layer.tracks, output, strict=True))
    return Mark(INPUT, rows, cols)


def _between(layer: Layer, numbers: Numbers) -> tuple[Sign | Note, ...]:
    """What is applied: the kernel's numbers, or the name of a pooling."""
    if isinstance(layer, Pool) or numbers.w is None:
        return (Sign("max" if isinstance(layer, MaxPool) else "mean"),)
    weights = numbers.w[0][::-1, ::-1] if isinstance(layer, ConvTranspose) else numbers.w[0]
    if max(weights.shape) > MOST_ROWS:
        return Sign("⋆"), Note((f"kernel {sizes(layer.kernel)}",))
    texts = [[value_text(value) for value in row] for row in weights]
    wide = max(len(text) for row in texts for text in row)
    figure = "\u2007"  # a space as wide as a digit
    lines = ["  ".join(text.rjust(wide, figure) for text in row) for row in texts]
    lines += ["flipped"] if isinstance(layer, ConvTranspose) else []
    return Sign("∗" if isinstance(layer, ConvTranspose) else "⋆"), Note(tuple(lines))


def _range(layer: Layer, numbers: Numbers) -> str:
    low, high = value_text(numbers.y.min()), value_text(numbers.y.max())
    return f"output {sizes(layer.output)}, from {low} (black) to {high} (white)"
