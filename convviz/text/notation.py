"""A layer in the notation of the command line: `conv -i 5 -k 3 -s 2 -p 1`, or `conv k3 s2 p1` in a stack."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.text.parsing import KINDS, PARAMETER_LETTERS

Arguments = tuple[str, ...]


def command(*layers: Layer) -> str:
    """Return the command that draws one layer, or a stack: `convviz conv -i 5 -k 3 -s 2 -p 1`."""
    return shlex.join(("convviz", *(layer_arguments(layers[0]) if len(layers) == 1 else stack_arguments(layers))))


def layer_arguments(layer: Layer) -> Arguments:
    """The words of the command line for one layer."""
    words = [kind_of(layer), *(["--1d"] if len(layer.axes) == 1 else []), "-i", _sizes(layer.input)]
    words += [word for letter, text in _parameters(layer) for word in (f"-{letter}", text)]
    if layer.padding_mode != "zeros":
        words += ["--padding-mode", layer.padding_mode]
    words += ["--ceil-mode"] if any(getattr(axis, "ceil_mode", False) for axis in layer.axes) else []
    words += [] if getattr(layer, "count_include_pad", True) else ["--no-count-include-pad"]
    return tuple(words)


def stack_arguments(layers: Sequence[Layer]) -> Arguments:
    """Return the words of the command line that draw a stack."""
    line = ("--1d",) if len(layers[0].axes) == 1 else ()
    return ("stack", *layer_notations(layers), *line, "-i", _sizes(layers[0].input))


def layer_notations(layers: Sequence[Layer]) -> Arguments:
    """Each layer as the command line takes it in a stack: `conv k3 s2 p1`."""
    return tuple(
        " ".join([kind_of(layer), *(letter + text for letter, text in _parameters(layer))]) for layer in layers
    )


def kind_of(layer: Layer) -> str:
    """Return the kind of a layer, as the command line names it."""
    return next(word for word, kind in KINDS.items() if type(layer) is kind)


def _parameters(layer: Layer) -> list[tuple[str, str]]:
    """Letter and value of kernel, stride and padding, and of dilation and output padding where they do something."""
    said = []
    for letter, name in PARAMETER_LETTERS.items():
        values = getattr(layer, name)
        if name == "padding":
            said.append((letter, layer.named_padding or _sides(values)))
        elif values != _implied(layer, name):
            said.append((letter, _sizes(values)))
    return said


def _implied(layer: Layer, name: str) -> tuple[int, ...] | None:
    """What dilation and output padding are where nothing is said; a named padding may bring an output padding."""
    if name == "output_padding" and layer.named_padding and isinstance(layer, ConvTranspose):
        padding = layer.named_padding
        return ConvTranspose(layer.input, layer.kernel, layer.stride, padding, layer.dilation).output_padding
    plain = {"dilation": 1, "output_padding": 0}.get(name)
    return None if plain is None else (plain,) * len(layer.axes)


def _sizes(values: Sequence[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else "x".join(map(str, values))


def _sides(pairs: Sequence[Sequence[int]]) -> str:
    said = [str(a) if a == b else f"{a},{b}" for a, b in pairs]
    return said[0] if len(set(said)) == 1 else "x".join(said)
