"""Parts of the code of all frameworks: Python literals, arguments, shapes, and padding in their terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convviz.geometry import padding
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool

Snippet = list[str]
"""Lines of code."""
Option = tuple[str, Sequence[int], int | None]
"""Name of an argument, one value per axis, and the default, which is left out."""


def tuple_text(values: Iterable[object]) -> str:
    """Return `(1, 2)`; `(1,)` for one value."""
    texts = [str(value) for value in values]
    return f"({', '.join(texts)}{',' * (len(texts) == 1)})"


def number_text(values: Sequence[int]) -> str:
    """Return `3` if all axes agree, else `(3, 4)`."""
    return str(values[0]) if len(set(values)) == 1 else tuple_text(values)


def pairs_text(sides: Iterable[Sequence[int]]) -> str:
    """Return `((1, 1), (0, 1))`."""
    return tuple_text(tuple_text(side) for side in sides)


def arguments_text(*options: Option) -> str:
    """Return `, stride=2, dilation=(1, 2)`: the options that differ from their default, each after a comma."""
    return "".join(f", {name}={number_text(values)}" for name, values, default in options if set(values) != {default})


def pad_call(function: str, array: str, sides: Sequence[Sequence[int]], options: str = "") -> str:
    """Return `np.pad(x, ((1, 1), (0, 1)))`, or only the array if there is no padding."""
    return f"{function}({array}, {pairs_text(sides)}{options})" if any(map(any, sides)) else array


def channels_first(shape: Sequence[int]) -> str:
    """Return a shape with batch and channels before the cells: `(1, 1, 5, 5)`."""
    return tuple_text((1, 1, *shape))


def channels_last(shape: Sequence[int]) -> str:
    """Return a shape with channels after the cells: `(1, 5, 5, 1)`."""
    return tuple_text((1, *shape, 1))


def axes_text(layer: Layer) -> str:
    """Return the names of the axes, for a comment."""
    return "rows, columns" if len(layer.axes) == 2 else "cells"


def dimension(layer: Layer) -> str:
    """Return `2D` or `1D`."""
    return f"{len(layer.axes)}D"


def output_crops(layer: Layer) -> list[tuple[int, int]]:
    """Return per axis how many cells are cropped before and after the full transposed convolution.

    Output padding reduces the crop after it; a negative crop appends zeros.
    """
    axes = zip(layer.padding, layer.output_padding, strict=True)
    return [(before, after - output_padding) for (before, after), output_padding in axes]


def padding_name(layer: Layer) -> str:
    """Return `valid` or `same` if TensorFlow's rule of that name gives this layer, else an empty string."""
    names = [name for name in ("valid", "same") if _has_padding(layer, name)]
    return "same" if layer.named_padding == "same" and "same" in names else (names or [""])[0]


def _has_padding(layer: Layer, name: str) -> bool:
    if layer.padding_mode != "zeros" and any(map(any, layer.padding)):
        return False
    sizes = [(axis.input, axis.effective_kernel, axis.stride) for axis in layer.axes]
    if isinstance(layer, ConvTranspose):
        named = [padding.transposed_padding(name, *axis, None) for axis in sizes]
        return output_crops(layer) == [(before, after - output_padding) for (before, after), output_padding in named]
    return layer.padding == tuple(padding.PADDING_RULES[name](*axis) for axis in sizes)


NUMPY_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""Padding mode → its name in numpy."""


def numpy_mode(layer: Layer) -> str:
    """Return numpy's name of the padding mode; an empty string for zeros and for layers without padding."""
    return NUMPY_MODES.get(layer.padding_mode, "") if any(map(any, layer.padding)) else ""


def window_padding(layer: Layer) -> list[tuple[int, int]]:
    """Return per axis the cells that a pooling's windows need around the input, including the overhang at the end."""
    return [(window.before, window.after) for window in layer.sliding_windows]


def mean_padding(layer: AvgPool) -> tuple[list[tuple[int, int]], list[tuple[int, int]]] | None:
    """Return the padding that counts in a mean, and the padding around it that does not; None if all cells count."""
    overhang = [(0, window.overhang) for window in layer.sliding_windows]
    if layer.count_include_pad:
        return (list(layer.padding), overhang) if any(map(any, overhang)) else None
    sides = window_padding(layer)
    return ([(0, 0)] * len(layer.axes), sides) if any(map(any, sides)) else None


def is_uneven(sides: Iterable[Sequence[int]]) -> bool:
    """Return whether an axis has more padding on one side than on the other."""
    return any(before != after for before, after in sides)
