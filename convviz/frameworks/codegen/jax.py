"""JAX: `lax.conv_general_dilated` and `lax.conv_transpose` take any padding; a negative one crops."""

from __future__ import annotations

import math
from collections.abc import Sequence

from convviz.frameworks.codegen.text import (
    Lines,
    around,
    axes_words,
    borrowing,
    counted,
    crops,
    entries,
    first,
    padding_word,
    pairs,
)
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, Pool

LETTERS = {1: "W", 2: "HW"}


def write(layer: Layer) -> str:
    """The layer as a snippet. Twin of web/js/frameworks/codegen/jax.js, but for padding modes and poolings."""
    if isinstance(layer, Pool):
        return "\n".join(_pool(layer))
    return "\n".join(_transposed(layer) if isinstance(layer, ConvTranspose) else _conv(layer))


def _conv(layer: Layer) -> Lines:
    word, mode = padding_word(layer), borrowing(layer)
    sides = '"VALID"' if mode else _sides(word, layer.padding)
    padded = _padded("x", layer.padding, f', mode="{mode}"')
    taken = "padded" if mode else "x"
    call = f"lax.conv_general_dilated({taken}, w, window_strides={entries(layer.stride)}, padding={sides}"
    return [
        *_start(layer, "out, in", bool(mode)),
        *([f"padded = {padded}"] if mode else []),
        f"y = {call}{_dilation(layer)})  # {first(layer.output)}",
    ]


def _sides(word: str, sides: Sequence[Sequence[int]]) -> str:
    return f'"{word.upper()}"' if word else pairs(sides)


def _padded(name: str, sides: Sequence[Sequence[int]], held: str = "") -> str:
    return f"jnp.pad({name}, {_grid(sides)}{held})" if any(map(any, sides)) else name


def _grid(sides: Sequence[Sequence[int]]) -> str:
    """Padding of batch, channels and axes."""
    return pairs([(0, 0), (0, 0), *sides])


def _transposed(layer: Layer) -> Lines:
    """By numbers its padding is that of the zero-inserted input: d(k−1) less what is cropped."""
    word = padding_word(layer)
    borders = [
        (axis.effective_kernel - 1 - before, axis.effective_kernel - 1 - after)
        for axis, (before, after) in zip(layer.axes, crops(layer), strict=True)
    ]
    notes = [] if word else ["# padding is that of the zero-inserted input, p′ = d(k−1) − p: a negative one crops."]
    letters = LETTERS[len(layer.axes)]
    return [
        *notes,
        *_start(layer, "in, out"),
        "y = lax.conv_transpose(",
        f"    x, w, strides={entries(layer.stride)}, padding={_sides(word, borders)}{_dilation(layer)},",
        f'    dimension_numbers=("NC{letters}", "OI{letters}", "NC{letters}"),',
        "    transpose_kernel=True,  # without it the kernel is stamped reversed",
        f")  # {first(layer.output)}",
    ]


def _dilation(layer: Layer) -> str:
    return f", rhs_dilation={entries(layer.dilation)}" if set(layer.dilation) != {1} else ""


def _pool(layer: Pool) -> Lines:
    """`lax.reduce_window` with any padding and dilation; a mean is the quotient of two sums."""
    start = _start(layer, "", True)
    shown = f"  # {first(layer.output)}"
    if not isinstance(layer, AvgPool):
        *call, end = _reduced(layer, "y", "x, -jnp.inf, lax.max", around(layer))
        return [*start, *call, end + shown]
    start += _reduced(layer, "total", "x, 0.0, lax.add", around(layer))
    cells = counted(layer)
    if cells is None:
        return [*start, f"y = total / {math.prod(layer.kernel)}{shown}"]
    ones = _padded("jnp.ones_like(x)", cells[0], ", constant_values=1.0")
    start += _reduced(layer, "number", f"{ones}, 0.0, lax.add", cells[1])
    return [*start, f"y = total / jnp.maximum(number, 1){shown}"]


def _reduced(layer: Pool, name: str, given: str, sides: Sequence[Sequence[int]]) -> Lines:
    dilation = f", window_dilation={first(layer.dilation)}" if set(layer.dilation) != {1} else ""
    return [
        f"{name} = lax.reduce_window(",
        f"    {given},",
        f"    window_dimensions={first(layer.kernel)}, window_strides={first(layer.stride)},",
        f"    padding={_grid(sides)}{dilation},",
        ")",
    ]


def _start(layer: Layer, channels: str, numpy: bool = False) -> Lines:
    """Imports, an input, and a kernel with these channels if there are any."""
    axes = axes_words(layer)
    kernel = f"w = jax.random.normal(jax.random.key(1), {first(layer.kernel)})  # ({channels}, {axes})"
    return [
        "import jax",
        *(["import jax.numpy as jnp"] if numpy else []),
        "from jax import lax",
        "",
        f"x = jax.random.normal(jax.random.key(0), {first(layer.input)})  # (batch, channels, {axes})",
        *([kernel] if channels else []),
    ]
