"""Keras: padding by name alone; any other is a layer of its own, before a convolution or after a transposed one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from convviz.frameworks.codegen.text import (
    Lines,
    arguments,
    around,
    axes_words,
    borrowing,
    counted,
    crops,
    dimension,
    entries,
    last,
    number,
    padding_word,
    pairs,
)
from convviz.geometry.padding import same
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, Pool
from convviz.text.formatting import format_padding

REFUSED = "# Keras refuses strides > 1 together with dilation_rate > 1:"


def write(layer: Layer) -> str:
    """The layer as a snippet. Twin of web/js/frameworks/codegen/keras.js, but for padding modes and poolings."""
    if isinstance(layer, Pool):
        return "\n".join(_pool(layer))
    return "\n".join(_transposed(layer) if isinstance(layer, ConvTranspose) else _conv(layer))


def _refused(layer: Layer) -> bool:
    return max(layer.stride) > 1 and max(layer.dilation) > 1


def _conv(layer: Layer) -> Lines:
    refused = _refused(layer)
    word = padding_word(layer)
    if refused and word == "same":
        word = ""
    strides = (1,) * len(layer.axes) if refused else layer.stride
    notes = [f"{REFUSED} the stride is 1, and a slice takes every cell that it would stop at."] if refused else []
    lines: Lines = []
    call = "x"
    if not word:
        lines, call, note = _before(layer)
        notes.append(note)
    options = f"{arguments(('strides', strides, 1))}{_padding(word)}{arguments(('dilation_rate', layer.dilation, 1))}"
    made = f"layer = keras.layers.Conv{dimension(layer)}(1, {number(layer.kernel)}{options}, use_bias=False)"
    cut = f"[:, {', '.join('::' + str(step) if step > 1 else ':' for step in layer.stride)}]" if refused else ""
    return _snippet(layer, notes, [*lines, made], f"layer({call}){cut}")


def _before(layer: Layer) -> tuple[Lines, str, str]:
    """Lines that pad the input, what stands for it then, and the comment."""
    mode, amount = borrowing(layer), format_padding(layer.padding)
    if not mode:
        note = f"# Keras pads by name alone, and here p = {amount} (before, after): a layer of its own pads."
        return _sided("pad", "ZeroPadding", layer.padding), "pad(x)", note
    lines: Lines = []
    for axis, (size, sides) in enumerate(zip(layer.input, layer.padding, strict=True), start=1):
        indices = f'np.pad(np.arange({size}), {entries(sides)}, mode="{mode}")'
        lines.append(f"padded = keras.ops.take({'x' if axis == 1 else 'padded'}, {indices}, axis={axis})")
    return (
        lines,
        "padded",
        f"# Keras pads with zeros alone: the cells that {layer.padding_mode} padding borrows are taken.",
    )


def _transposed(layer: Layer) -> Lines:
    """`valid` gives i·s + max(ke − s, 0) cells: the full scatter, and behind it s − ke zeros where s is larger."""
    refused = _refused(layer)
    word = "" if refused else padding_word(layer)
    lines, call, notes = [], "layer(x)", []
    strides = layer.stride
    appended = [max(axis.stride - axis.effective_kernel, 0) for axis in layer.axes]
    if refused:
        notes = [f"{REFUSED} zeros are inserted by hand, and the stride is 1."]
        lines, call = _spread(layer), "layer(spread)"
        strides, appended = (1,) * len(layer.axes), [step - 1 for step in layer.stride]
    options = f"{arguments(('strides', strides, 1))}{_padding(word)}{arguments(('dilation_rate', layer.dilation, 1))}"
    lines.append(
        f"layer = keras.layers.Conv{dimension(layer)}Transpose(1, {number(layer.kernel)}{options}, use_bias=False)"
    )
    if not word:
        cropped = crops(layer)
        ends = [(before, after + more) for (before, after), more in zip(cropped, appended, strict=True)]
        amount = f"# Keras crops by name alone, and here the crop is {format_padding(cropped)} (before, after)."
        notes.append(amount if any(map(any, cropped)) else "# Keras appends zeros where s > k: a crop takes them off.")
        cut = [(before, max(after, 0)) for before, after in ends]
        grown = [(0, max(-after, 0)) for _, after in ends]
        for name, kind, sides in (("pad", "ZeroPadding", grown), ("crop", "Cropping", cut)):
            if any(map(any, sides)):
                lines += _sided(name, kind, sides)
                call = f"{name}({call})"
    return _snippet(layer, notes, lines, call)


def _spread(layer: Layer) -> Lines:
    """Lines that insert s − 1 zeros behind each cell."""
    index = ", ".join(":, None" for _ in layer.axes)
    zeros = ", ".join(f"(0, 0), (0, {step - 1})" for step in layer.stride)
    shape = last([size * step for size, step in zip(layer.input, layer.stride, strict=True)])
    return [
        f"spread = keras.ops.pad(x[:, {index}], ((0, 0), {zeros}, (0, 0)))",
        f"spread = keras.ops.reshape(spread, {shape})",
    ]


def _sided(name: str, kind: str, sides: Sequence[Sequence[int]]) -> Lines:
    """A layer that pads or crops by (before, after) of each axis."""
    cells = {side for pair in sides for side in pair}
    amount = str(cells.pop()) if len(cells) == 1 else pairs(sides) if len(sides) == 2 else entries(sides[0])
    return [f"{name} = keras.layers.{kind}{len(sides)}D({amount})"]


def _padding(word: str) -> str:
    return ', padding="same"' if word == "same" else ""


def _pool(layer: Pool) -> Lines:
    """The named paddings, where they give the same windows: in a mean neither they nor what hangs over counts."""
    sides, steps = around(layer), layer.stride
    measures = zip(layer.input, layer.kernel, steps, strict=True)
    word = "valid" if not any(map(any, sides)) else "same" if sides == [same(*sizes) for sizes in measures] else ""
    if isinstance(layer, AvgPool) and layer.count_include_pad and any(map(any, layer.padding)):
        word = ""
    if not word or set(layer.dilation) != {1}:
        return _windows(layer)
    stride = "" if steps == layer.kernel else f", strides={number(steps)}"
    kind = "Average" if layer.mean else "Max"
    made = f"keras.layers.{kind}Pooling{dimension(layer)}({number(layer.kernel)}{stride}{_padding(word)})"
    return _snippet(layer, [], [f"layer = {made}"], "layer(x)")


def _windows(layer: Pool) -> Lines:
    """Any pooling: the cells under each tap, stacked."""
    note = "# Keras pools without dilation, and pads by name alone: here the cells under each tap are stacked."
    letters = "uv"[: len(layer.axes)]
    spans = [
        f"{u} : {u} + {(out - 1) * step + 1} : {step}"
        for u, out, step in zip(letters, layer.output, layer.stride, strict=True)
    ]
    loops = [
        f"for {u} in range(0, {axis.effective_kernel}, {axis.dilation})"
        for u, axis in zip(letters, layer.axes, strict=True)
    ]
    stacked = f"keras.ops.stack([cells[:, {', '.join(spans)}] {' '.join(loops)}])"
    lines = ["def windows(cells):", f"    return {stacked}", ""]
    if not isinstance(layer, AvgPool):
        held = ', constant_values=-float("inf")'
        return _snippet(
            layer, [note], ["", *lines], f"keras.ops.max(windows({_padded('x', around(layer), held)}), axis=0)"
        )
    cells = counted(layer)
    lines.append(f"total = keras.ops.sum(windows({_padded('x', around(layer))}), axis=0)")
    if cells is None:
        return _snippet(layer, [note], ["", *lines], f"total / {math.prod(layer.kernel)}")
    ones = _padded(_padded("keras.ops.ones_like(x)", cells[0], ", constant_values=1.0"), cells[1])
    lines.append(f"number = keras.ops.sum(windows({ones}), axis=0)")
    return _snippet(layer, [note], ["", *lines], "total / keras.ops.maximum(number, 1)")


def _padded(name: str, sides: Sequence[Sequence[int]], held: str = "") -> str:
    return f"keras.ops.pad({name}, {pairs([(0, 0), *sides, (0, 0)])}{held})" if any(map(any, sides)) else name


def _snippet(layer: Layer, notes: Lines, layers: Lines, call: str) -> Lines:
    return [
        *notes,
        "import keras",
        *(["import numpy as np"] if any("np." in line for line in layers) else []),
        "",
        f"x = keras.random.normal({last(layer.input)})  # (batch, {axes_words(layer)}, channels)",
        *layers,
        f"y = {call}  # {last(layer.output)}",
    ]
