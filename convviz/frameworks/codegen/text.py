"""What the snippets of all frameworks share: shapes, arguments, slices, and how a transposed convolution is cropped.

Twin of web/js/frameworks/codegen/text.js.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convviz.geometry import padding
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, Pool

Lines = list[str]
Argument = tuple[str, Sequence[int], int | None]
"""Name, one value for each axis, and the default that need not be said."""


def entries(values: Iterable[object]) -> str:
    """`(1, 2)`; `(1,)` for a single one."""
    said = [str(value) for value in values]
    return f"({', '.join(said)}{',' * (len(said) == 1)})"


def number(values: Sequence[int]) -> str:
    """`3` where all axes agree, else `(3, 4)`."""
    return str(values[0]) if len(set(values)) == 1 else entries(values)


def pairs(sides: Iterable[Sequence[int]]) -> str:
    """`((1, 1), (0, 1))`."""
    return entries(entries(side) for side in sides)


def arguments(*given: Argument) -> str:
    """`, stride=2, dilation=(1, 2)`: what differs from its default, each with a comma before it."""
    return "".join(f", {name}={number(values)}" for name, values, plain in given if set(values) != {plain})


def first(shape: Sequence[int]) -> str:
    """A shape with the channels in front: `(1, 1, 5, 5)`."""
    return entries((1, 1, *shape))


def last(shape: Sequence[int]) -> str:
    """A shape with the channels at the end: `(1, 5, 5, 1)`."""
    return entries((1, *shape, 1))


def axes_words(layer: Layer) -> str:
    """What the axes are called in a comment."""
    return "rows, columns" if len(layer.axes) == 2 else "cells"


def dimension(layer: Layer) -> str:
    """`2D` or `1D`."""
    return f"{len(layer.axes)}D"


def crops(layer: Layer) -> list[tuple[int, int]]:
    """For each axis of a transposed convolution what is cropped off its full scatter, before and after.

    Output padding first gives back what padding crops at the end; what is left of it appends zeros: a negative crop.
    """
    ends = zip(layer.padding, layer.output_padding, strict=True)
    return [(before, after - extra) for (before, after), extra in ends]


def padding_word(layer: Layer) -> str:
    """`valid` or `same` where TensorFlow's rule of that name gives this layer, else nothing."""
    words = [word for word in ("valid", "same") if _is_named(layer, word)]
    return "same" if layer.named_padding == "same" and "same" in words else (words or [""])[0]


def _is_named(layer: Layer, word: str) -> bool:
    if layer.padding_mode != "zeros" and any(map(any, layer.padding)):
        return False
    measures = [(axis.input, axis.effective_kernel, axis.stride) for axis in layer.axes]
    if isinstance(layer, ConvTranspose):
        named = [padding.transposed_padding(word, *sizes, None) for sizes in measures]
        return crops(layer) == [(before, after - extra) for (before, after), extra in named]
    return layer.padding == tuple(padding.PADDING_RULES[word](*sizes) for sizes in measures)


NUMPY_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""Padding modes as numpy calls them."""


def borrowing(layer: Layer) -> str:
    """The padding mode where there is padding at all, in numpy's word; else nothing."""
    return NUMPY_MODES.get(layer.padding_mode, "") if any(map(any, layer.padding)) else ""


def around(layer: Layer) -> list[tuple[int, int]]:
    """For each axis the cells around the input under the windows of a pooling, with those that hang over the end."""
    return [(track.before, track.after) for track in layer.sliding_windows]


def counted(layer: AvgPool) -> tuple[list[tuple[int, int]], list[tuple[int, int]]] | None:
    """Padding that counts in a mean and padding that does not, around the input; None where every window is full."""
    hanging = [(0, track.overhang) for track in layer.sliding_windows]
    if layer.count_include_pad:
        return (list(layer.padding), hanging) if any(map(any, hanging)) else None
    return ([(0, 0)] * len(layer.axes), around(layer)) if any(map(any, around(layer))) else None


def pool_words(layer: Pool) -> str:
    """`max` or `avg`."""
    return "avg" if layer.mean else "max"


def unlike(sides: Iterable[Sequence[int]]) -> bool:
    """Whether any axis is padded more on one side than on the other."""
    return any(before != after for before, after in sides)
