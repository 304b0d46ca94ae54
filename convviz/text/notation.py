"""A layer in the notation of the command line: `conv -i 5 -k 3 -s 2 -p 1`, or `conv k3 s2 p1` in a stack."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.text.parsing import PARAMETER_LETTERS

Arguments = tuple[str, ...]
"""Arguments of a command."""


def command(*layers: Layer) -> str:
    """Return the command that draws one layer, or a stack: `convviz conv -i 5 -k 3 -s 2 -p 1`."""
    return shell(*(layer_arguments(layers[0]) if len(layers) == 1 else stack_arguments(layers)))


MOST_CELLS = {1: 160, 2: 40}
"""Number of axes → cells of an axis, with padding, that surely fit a picture."""
MOST_FRAMES = 600
"""Frames that an animation may have before a smaller one is suggested."""


def is_legible(layer: Layer, most_frames: int = MOST_FRAMES) -> bool:
    """Return whether an animation of a layer surely fits a picture and has few frames."""
    return longest_axis(layer) <= MOST_CELLS[len(layer.axes)] and prod(layer.output) <= most_frames


def longest_axis(layer: Layer) -> int:
    """Return the cells of the longest axis, with padding."""
    padding = [0 if isinstance(layer, ConvTranspose) else sum(axis.padding) for axis in layer.axes]
    spans = [i + p for i, p in zip(layer.input, padding, strict=True)]
    return max(*spans, *layer.output, *(axis.effective_kernel for axis in layer.axes))


def runnable_command(*layers: Layer) -> str:
    """Return the command that draws one layer, or a stack; if they are too large, the one that explains their sizes."""
    if all(map(is_legible, layers)):
        return command(*layers)
    if len(layers) == 1:
        return shell("explain", *layer_arguments(layers[0]))
    return shell(*stack_arguments(layers), "--match")


def shell(*arguments: str) -> str:
    """Return a command of convviz, quoted for a shell: `convviz layer 'my model.onnx'`."""
    return shlex.join(("convviz", *arguments))


def layer_arguments(layer: Layer) -> Arguments:
    """Return the arguments of the command that draws one layer: `conv -i 5 -k 3 -s 2 -p 1`."""
    given = layer.arguments()
    letters = [argument for letter, text in _letters(given) for argument in (f"-{letter}", text)]
    one_dimension = ["--1d"] if len(layer.axes) == 1 else []
    return (layer.kind, *one_dimension, "-i", _sizes(layer.input), *letters, *_options(given))


def stack_arguments(layers: Sequence[Layer]) -> Arguments:
    """Return the arguments of the command that draws a stack: `stack 'conv k3 s1 p0' 'maxpool k2 s2 p0' -i 16`."""
    one_dimension = ("--1d",) if len(layers[0].axes) == 1 else ()
    return ("stack", *layer_notations(layers), *one_dimension, "-i", _sizes(layers[0].input))


def layer_notations(layers: Sequence[Layer]) -> Arguments:
    """Return each layer as `stack` takes it: `conv k3 s2 p1`."""
    return tuple(_notation(layer) for layer in layers)


def _notation(layer: Layer) -> str:
    given = layer.arguments()
    if "output" in given:  # which has no letter
        given |= {"padding": layer.padding, "output_padding": layer.output_padding}
    return " ".join([layer.kind, *(letter + text for letter, text in _letters(given))])


def _letters(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield letter and value of each parameter; dilation and output padding only if they differ from their defaults."""
    for letter, name in PARAMETER_LETTERS.items():
        if name == "padding":
            yield letter, given[name] if isinstance(given[name], str) else _sides(given[name])
        elif name == "dilation":
            yield from [(letter, _sizes(given[name]))] if set(given[name]) != {1} else []
        elif name in given:
            yield letter, _sizes(given[name])


def _options(given: dict[str, Any]) -> Iterator[str]:
    """Yield the options that have no letter."""
    if "output" in given:
        yield from ("--output-size", _sizes(given["output"]))
    if "padding_mode" in given:
        yield from ("--padding-mode", given["padding_mode"])
    if "ceil_mode" in given:
        yield "--ceil-mode"
    if "count_include_pad" in given:
        yield "--no-count-include-pad"


def _sizes(values: Sequence[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else "x".join(map(str, values))


def _sides(pairs: Sequence[Sequence[int]]) -> str:
    sides = [str(a) if a == b else f"{a},{b}" for a, b in pairs]
    return sides[0] if len(set(sides)) == 1 else "x".join(sides)
