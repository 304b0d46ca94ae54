"""The command that draws a layer which `convviz layer` has explained; if it is too large, with a smaller input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from convviz.errors import ConvvizError
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.recipes.code import parse_code
from convviz.recipes.drawing_commands import FRAMEWORK, LET, NODE, WEIGHT, format_variable
from convviz.text.notation import MOST_FRAMES, is_legible, longest_axis, shell

if TYPE_CHECKING:
    from convviz.frameworks.parse.parsed_layer import ParsedLayer

FEW = (8, 6, 4, 3, 2, 1)
"""Numbers of windows of a smaller layer, the best first."""


def drawing_advice(parsed: ParsedLayer, options: Mapping[str, Any]) -> str:
    """Return a sentence with the command that draws the layer, or why it is too large for a picture."""
    if is_legible(parsed.layer):
        return f"\nDraw it: {_command(options, options['input'])}"
    for input in _smaller_inputs(parsed.layer, options["input"]):
        try:
            smaller = parse_code({**options, "input": input}).layer
        except ConvvizError:
            continue
        if is_legible(smaller, 2 * MOST_FRAMES):
            return f"\nDraw it with a smaller input: {_command(options, input)}"
    return f"\nIt is too large for a legible picture: an axis has {longest_axis(parsed.layer)} cells."


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
