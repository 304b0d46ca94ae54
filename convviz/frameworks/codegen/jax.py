"""JAX code: `lax.conv_general_dilated` and `lax.conv_transpose` take any padding; negative padding crops."""

from __future__ import annotations

import math
from collections.abc import Sequence

from convviz.frameworks.codegen.text import (
    Snippet,
    axes_text,
    channels_first,
    mean_padding,
    numpy_mode,
    output_crops,
    pad_call,
    padding_name,
    pairs_text,
    tuple_text,
    window_padding,
)
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, Pool

LETTERS = {1: "W", 2: "HW"}
"""Number of axes → their letters in `dimension_numbers`."""


def conv(layer: Conv) -> Snippet:
    """Return the lines for a convolution."""
    mode = numpy_mode(layer)
    padding, array, lines = _padding(padding_name(layer), layer.padding), "x", []
    if mode:
        padding, array = '"VALID"', "padded"
        lines = ["padded = " + _pad("x", layer.padding, f', mode="{mode}"')]
    options = f"window_strides={tuple_text(layer.stride)}, padding={padding}{_dilation(layer)}"
    call = f"y = lax.conv_general_dilated({array}, w, {options})  # {channels_first(layer.output)}"
    return [*_head(layer, bool(mode)), _kernel(layer, "out, in"), *lines, call]


def transposed(layer: ConvTranspose) -> Snippet:
    """Return the lines for a transposed convolution; padding in numbers is d(k−1) less what is cropped."""
    name, letters = padding_name(layer), LETTERS[len(layer.axes)]
    padding = [
        (axis.effective_kernel - 1 - before, axis.effective_kernel - 1 - after)
        for axis, (before, after) in zip(layer.axes, output_crops(layer), strict=True)
    ]
    note = "# padding applies to the zero-inserted input, p′ = d(k−1) − p; a negative number crops."
    return [
        *([] if name else [note]),
        *_head(layer),
        _kernel(layer, "in, out"),
        "y = lax.conv_transpose(",
        f"    x, w, strides={tuple_text(layer.stride)}, padding={_padding(name, padding)}{_dilation(layer)},",
        f'    dimension_numbers=("NC{letters}", "OI{letters}", "NC{letters}"),',
        "    transpose_kernel=True,  # else the kernel is flipped",
        f")  # {channels_first(layer.output)}",
    ]


def pool(layer: Pool) -> Snippet:
    """Return the lines for a pooling, by `lax.reduce_window`; a mean is the quotient of two sums."""
    head, sides = _head(layer, imports_numpy=True), window_padding(layer)
    comment = f"  # {channels_first(layer.output)}"
    if not isinstance(layer, AvgPool):
        *lines, end = _reduce_window(layer, "y", "x, -jnp.inf, lax.max", sides)
        return [*head, *lines, end + comment]
    total = _reduce_window(layer, "total", "x, 0.0, lax.add", sides)
    padding = mean_padding(layer)
    if padding is None:
        return [*head, *total, f"y = total / {math.prod(layer.kernel)}{comment}"]
    ones = _pad("jnp.ones_like(x)", padding[0], ", constant_values=1.0")
    number = _reduce_window(layer, "number", f"{ones}, 0.0, lax.add", padding[1])
    return [*head, *total, *number, f"y = total / jnp.maximum(number, 1){comment}"]


def _reduce_window(layer: Pool, variable: str, arguments: str, sides: Sequence[Sequence[int]]) -> Snippet:
    dilation = f", window_dilation={channels_first(layer.dilation)}" if set(layer.dilation) != {1} else ""
    return [
        f"{variable} = lax.reduce_window(",
        f"    {arguments},",
        f"    window_dimensions={channels_first(layer.kernel)}, window_strides={channels_first(layer.stride)},",
        f"    padding={pairs_text([(0, 0), (0, 0), *sides])}{dilation},",
        ")",
    ]


def _padding(name: str, sides: Sequence[Sequence[int]]) -> str:
    return f'"{name.upper()}"' if name else pairs_text(sides)


def _dilation(layer: Layer) -> str:
    return f", rhs_dilation={tuple_text(layer.dilation)}" if set(layer.dilation) != {1} else ""


def _pad(array: str, sides: Sequence[Sequence[int]], options: str = "") -> str:
    return pad_call("jnp.pad", array, [(0, 0), (0, 0), *sides], options)


def _head(layer: Layer, imports_numpy: bool = False) -> Snippet:
    """Return the imports and the input."""
    x = f"jax.random.normal(jax.random.key(0), {channels_first(layer.input)})"
    return [
        "import jax",
        *(["import jax.numpy as jnp"] if imports_numpy else []),
        "from jax import lax",
        "",
        f"x = {x}  # (batch, channels, {axes_text(layer)})",
    ]


def _kernel(layer: Layer, channels: str) -> str:
    w = f"jax.random.normal(jax.random.key(1), {channels_first(layer.kernel)})"
    return f"w = {w}  # ({channels}, {axes_text(layer)})"
