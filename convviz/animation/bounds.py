"""What a picture may cost. Too large ones are refused before the first cell is made."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from convviz.animation.input_values import InputValues
from convviz.animation.options import PictureOptions
from convviz.errors import PictureError
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.layout.limits import LARGEST_SIDE
from convviz.layout.typography import smallest_text_px
from convviz.text.formatting import format_sizes
from convviz.views.step_text import MOST_TERMS

SMALLEST_CELL = 3
"""Pixels of the side of a cell."""
LARGEST_WORK = 20_000_000
"""Units of `work`, about a microsecond each, for laying out a picture before the first frame is drawn."""
MOST_LAYERS = 100
"""Layers of a stack."""
EXAMPLE_WEIGHT = 4
"""Work of making up one weight."""
FACTORS = {"pair": 3, "steps": 3}
"""View → how much more it takes than `slide`."""
DIRECT_VIEWS = ("slide", "image", "isometric")
"""Views that draw the whole padded input and the output, with cells of one size."""


def check_frames(steps: int, options: PictureOptions) -> None:
    """Refuse an animation of more frames than `max_frames`."""
    count, limit = min(steps, options.frames or steps), options.max_frames
    if count > limit:
        raise PictureError(
            f"this takes {count} frames, more than {limit}; "
            f"use --frames {limit} to keep that many, evenly spaced, or --max-frames {count}"
        )


def check_room(layers: Sequence[Layer], size: tuple[int, int]) -> None:
    """Refuse grids that cannot fit at the smallest cell size, and a stack of too many layers."""
    if len(layers) > MOST_LAYERS:
        raise PictureError(f"expected a stack of up to {MOST_LAYERS} layers, got {len(layers)}")
    for layer in layers:
        _check_grids(layer, size)


def _check_grids(layer: Layer, size: tuple[int, int]) -> None:
    grids = (
        (*(1,) * (2 - len(grid)), *grid)
        for grid in ([window.size for window in layer.sliding_windows], layer.kernel, layer.output)
    )
    rows, columns = (max(sides) for sides in zip(*grids, strict=True))
    needed = (columns * SMALLEST_CELL, rows * SMALLEST_CELL)
    if needed[0] <= size[0] and needed[1] <= size[1]:
        return
    problem = f"a grid of {format_sizes((rows, columns))} cells does not fit into a picture of {size[0]}x{size[1]}"
    if max(needed) > LARGEST_SIDE:
        raise PictureError(f"{problem}, nor into any up to {LARGEST_SIDE} pixels; use a smaller layer")
    raise PictureError(f"{problem}: it needs more than {needed[0]}x{needed[1]}; use a smaller layer or a larger --size")


def may_be_legible(layer: Layer, view: str, options: PictureOptions) -> bool:
    """Tell whether values may be legible in the cells: all cells of a grid share the picture's area."""
    if view not in DIRECT_VIEWS:
        return True
    cells = max(prod(window.size for window in layer.sliding_windows), prod(layer.output))
    width, height = (side * options.scale for side in options.size)
    return cells * smallest_text_px(width, options.scale) ** 2 <= width * height


def check_work(layers: Sequence[Layer], view: str, options: PictureOptions, values: InputValues) -> None:
    """Refuse a picture that would take long to lay out, before its values are computed."""
    channels, made_up = _channels(layers[0], options, values)
    legible = len(layers) == 1 and options.numbers is not False and may_be_legible(layers[0], view, options)
    found = made_up + sum(work(layer, view, channels, legible) for layer in layers)
    if found > LARGEST_WORK:
        raise PictureError(
            f"laying out the steps of the view {view} would take {_duration(found)}, and at most "
            f"{LARGEST_WORK // 1_000_000} seconds are allowed; use a smaller layer, fewer channels or another view"
        )


def _duration(microseconds: int) -> str:
    """Return `about 20 seconds` or `about 3 hours`."""
    seconds = -(-microseconds // 1_000_000)
    if seconds > 31_536_000:
        return "more than a year"
    units = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))
    size, unit = next(pair for pair in units if seconds >= 2 * pair[0] or pair[0] == 1)
    return f"about {seconds // size} {unit}"


def work(layer: Layer, view: str, channels: int = 1, legible: bool = True) -> int:
    """Estimate what it takes to lay out a layer in a view, in microseconds.

    Each cell of a grid costs, and so does each step, with what it marks, changes and, if cells are `legible`, writes.
    """
    padded, kernel = prod(window.size for window in layer.sliding_windows), prod(layer.kernel)
    computed = kernel * prod(layer.output) // 500
    return channels * (10 * padded + 5 * kernel + computed) + sum(
        _work_of_steps(layer, name, channels, legible) for name in view.split("+")
    )


def _work_of_steps(layer: Layer, view: str, channels: int, legible: bool) -> int:
    inputs, outputs, kernel = prod(layer.input), prod(layer.output), prod(layer.kernel)
    if view in ("scatter", "isometric-scatter"):
        return inputs * (60 + 15 * kernel)
    if view == "overlap":
        per_axis = sum(axis.input * axis.output * axis.kernel for axis in layer.axes) // 20
        if isinstance(layer, ConvTranspose):
            return inputs * (60 + 25 * kernel) + per_axis + prod(layer.stride)
        return outputs * (60 + 15 * kernel) + per_axis + prod(layer.stride)
    if view.startswith("backward"):
        met = kernel * (inputs if isinstance(layer, ConvTranspose) else outputs)
        return 150 * (inputs + outputs + kernel) + 60 * met
    if view == "upsample":
        enlarged = prod(size * stride for size, stride in zip(layer.input, layer.stride, strict=True))
        pairs = list(zip(layer.kernel, layer.stride, strict=True))
        terms, grown = prod(-(-k // s) + 1 for k, s in pairs), prod(k + s - 1 for k, s in pairs)
        return enlarged * (700 + 80 * terms) + 200 * inputs + 100 * grown
    written = 100 + 2 * min(kernel * channels, MOST_TERMS) + kernel // 20 if legible else 0
    repeated = 6 * kernel if layer.padding_mode != "zeros" else 0
    return FACTORS.get(view, 1) * outputs * (40 + sum(layer.kernel) + written + repeated)


def _channels(layer: Layer, options: PictureOptions, values: InputValues) -> tuple[int, int]:
    """Return the number of input channels, and the work of making up weights for all output channels."""
    shape = getattr(values.x, "shape", ())
    given = shape[-len(layer.axes) - 1] if isinstance(shape, tuple) and len(shape) > len(layer.axes) else 1
    channels, outputs = options.channels or (given, options.groups)
    made_up = values.w is None and not isinstance(layer, Pool)
    per_group = max(1, channels // options.groups)
    weights = made_up * per_group * outputs * prod(layer.kernel)
    return min(channels, per_group), channels * prod(layer.input) + EXAMPLE_WEIGHT * weights
