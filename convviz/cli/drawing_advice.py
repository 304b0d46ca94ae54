"""The command that draws a layer which `convviz layer` has explained; if it is too large, with a smaller input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING, Any

from convviz.errors import ConvvizError
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.recipes.code import parse_code
from convviz.recipes.drawing_commands import FRAMEWORK, LET, NODE, WEIGHT, format_variable
from convviz.text.notation import shell

if TYPE_CHECKING:
    from convviz.frameworks.parse.parsed_layer import ParsedLayer

MOST_CELLS = {1: 160, 2: 40}
"""Number of axes → cells of an axis, with padding, that surely fit a picture."""
MOST_FRAMES = 600
"""Frames that an animation may have before a smaller one is suggested."""
FEW = (8, 6, 4, 3, 2, 1)
"""Numbers of windows of a smaller layer, the best first."""


def drawing_advice(parsed: ParsedLayer, options: Mapping[str, Any]) -> str:
    """Return a sentence with the command that draws the layer, or why it is too large for a picture."""
    if _fits(parsed.layer, MOST_FRAMES):
        return f"\nDraw it: {_command(options, options['input'])}"
    for input in _smaller_inputs(parsed.layer, options["input"]):
        try:
            smaller = parse_code({**options, "input": input}).layer
        except ConvvizError:
            continue
        if _fits(smaller, 2 * MOST_FRAMES):
            return f"\nDraw it with a smaller input: {_command(options, input)}"
    return f"\nIt is too large for a legible picture: an axis has {_longest(parsed.layer)} cells."


def _fits(layer: Layer, most_frames: int) -> bool:
    """Return whether an animation of a layer fits a picture and has few frames."""
    return _longest(layer) <= MOST_CELLS[len(layer.axes)] and prod(layer.output) <= most_frames


def _longest(layer: Layer) -> int:
    """Return the cells of the longest axis, with padding."""
    padding = [0 if isinstance(layer, ConvTranspose) else sum(axis.padding) for axis in layer.axes]
    spans = [i + p for i, p in zip(layer.input, padding, strict=True)]
    return max(*spans, *layer.output, *(axis.effective_kernel for axis in layer.axes))


def _smaller_inputs(layer: Layer, input: Any) -> Iterator[tuple[int, ...]]:
    """Yield input sizes with few windows per axis that leave the same remainder."""
    given = input if isinstance(input, tuple) else (layer.input if input is None else (input,) * len(layer.axes))
    for few in FEW:
        lost = [
            max(axis.input - few, 0) if isinstance(layer, ConvTranspose) else max(axis.output - few, 0) * axis.stride
            for axis in layer.axes
        ]
        size = tuple(cells - less for cells, less in zip(given, lost, strict=True))
        if min(size) > 0:
            yield size


def _command(options: Mapping[str, Any], input: Any) -> str:
    words = ["layer", " ".join(options["layer"].split())]
    if input is not None:
        cells = input if isinstance(input, tuple) else (input,)
        words += ["-i", str(cells[0]) if len(set(cells)) == 1 else "x".join(map(str, cells))]
    words += [word for name, value in options["let"] for word in (LET.long, format_variable(name, value))]
    for spec in (FRAMEWORK, WEIGHT, NODE):
        value = options[spec.name]
        if value is not None:
            words += [spec.long, ",".join(map(str, value)) if isinstance(value, tuple) else value]
    return shell(*words, "-o", "layer.gif")
