"""Keras code: padding only by name; a separate layer pads, before a convolution, or crops, after a transposed one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from convviz.frameworks.codegen.text import (
    Snippet,
    arguments_text,
    axes_text,
    channels_last,
    mean_padding,
    number_text,
    numpy_mode,
    output_crops,
    pad_call,
    padding_name,
    pairs_text,
    tuple_text,
    window_padding,
)
from convviz.frameworks.names import class_name_of
from convviz.geometry.padding import same
from convviz.layers.convolution import Conv, ConvLayer, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, Pool
from convviz.text.formatting import format_padding

REFUSED = "# Keras refuses strides > 1 together with dilation_rate > 1:"


def conv(layer: Conv) -> Snippet:
    """Return the lines for a convolution."""
    is_refused, name = _is_refused(layer), padding_name(layer)
    lines: Snippet = []
    notes: Snippet = []
    strides, call, sliced = layer.stride, "x", ""
    if is_refused:
        name = "" if name == "same" else name
        strides = (1,) * len(layer.axes)
        notes = [f"{REFUSED} convolve with stride 1 and slice with the strides."]
        sliced = f"[:, {', '.join(f'::{step}' if step > 1 else ':' for step in layer.stride)}]"
    if not name:
        lines, call, note = _pad_before(layer)
        notes.append(note)
    return _snippet(layer, notes, [*lines, _layer(layer, strides, name)], f"layer({call}){sliced}")


def _is_refused(layer: Layer) -> bool:
    return max(layer.stride) > 1 and max(layer.dilation) > 1


def _layer(layer: ConvLayer, strides: Sequence[int], padding: str) -> str:
    options = arguments_text(("strides", strides, 1)) + _padding_option(padding)
    options += arguments_text(("dilation_rate", layer.dilation, 1))
    return (
        f"layer = keras.layers.{class_name_of('keras', layer)}(1, {number_text(layer.kernel)}{options}, use_bias=False)"
    )


def _padding_option(name: str) -> str:
    return ', padding="same"' if name == "same" else ""


def _pad_before(layer: Conv) -> tuple[Snippet, str, str]:
    """Return the lines that pad the input, the padded input, and a comment."""
    mode = numpy_mode(layer)
    if not mode:
        amount = format_padding(layer.padding)
        note = f"# Keras pads only by name, but here p = {amount} (before, after): use a padding layer."
        return [_side_layer("pad", "ZeroPadding", layer.padding)], "pad(x)", note
    lines: Snippet = []
    for axis, (size, sides) in enumerate(zip(layer.input, layer.padding, strict=True), start=1):
        indices = f'np.pad(np.arange({size}), {tuple_text(sides)}, mode="{mode}")'
        lines.append(f"padded = keras.ops.take({'x' if axis == 1 else 'padded'}, {indices}, axis={axis})")
    return lines, "padded", f"# Keras pads only with zeros: take copies the cells of {layer.padding_mode} padding."


def transposed(layer: ConvTranspose) -> Snippet:
    """Return the lines for a transposed convolution.

    `valid` gives i·s + max(ke − s, 0) cells: the full transposed convolution, and s − ke zeros at the end if s > ke.
    """
    is_refused = _is_refused(layer)
    name = "" if is_refused else padding_name(layer)
    lines: Snippet = []
    notes: Snippet = []
    strides, call = layer.stride, "layer(x)"
    appended = [max(axis.stride - axis.effective_kernel, 0) for axis in layer.axes]
    if is_refused:
        notes = [f"{REFUSED} insert the zeros first and use stride 1."]
        lines, call = _insert_zeros(layer), "layer(spread)"
        strides, appended = (1,) * len(layer.axes), [step - 1 for step in layer.stride]
    lines.append(_layer(layer, strides, name))
    if not name:
        crops = output_crops(layer)
        amount = f"# Keras crops only by name, but here the crop is {format_padding(crops)} (before, after)."
        notes.append(amount if any(map(any, crops)) else "# Keras appends zeros if s > k: crop them.")
        ends = [(before, after + zeros) for (before, after), zeros in zip(crops, appended, strict=True)]
        padding = [(0, max(-after, 0)) for _, after in ends]
        cropping = [(before, max(after, 0)) for before, after in ends]
        for variable, kind, sides in (("pad", "ZeroPadding", padding), ("crop", "Cropping", cropping)):
            if any(map(any, sides)):
                lines.append(_side_layer(variable, kind, sides))
                call = f"{variable}({call})"
    return _snippet(layer, notes, lines, call)


def _insert_zeros(layer: Layer) -> Snippet:
    """Return the lines that insert s − 1 zeros after each cell."""
    index = ", ".join(":, None" for _ in layer.axes)
    zeros = ", ".join(f"(0, 0), (0, {step - 1})" for step in layer.stride)
    shape = channels_last([size * step for size, step in zip(layer.input, layer.stride, strict=True)])
    return [
        f"spread = keras.ops.pad(x[:, {index}], ((0, 0), {zeros}, (0, 0)))",
        f"spread = keras.ops.reshape(spread, {shape})",
    ]


def _side_layer(variable: str, kind: str, sides: Sequence[Sequence[int]]) -> str:
    """Return the line for a layer that pads or crops each axis by (before, after)."""
    cells = {side for pair in sides for side in pair}
    amount = str(cells.pop()) if len(cells) == 1 else pairs_text(sides) if len(sides) == 2 else tuple_text(sides[0])
    return f"{variable} = keras.layers.{kind}{len(sides)}D({amount})"


def pool(layer: Pool) -> Snippet:
    """Return the lines for a pooling: by name if the windows are the same, as neither padding nor overhang counts."""
    sides = window_padding(layer)
    sizes = zip(layer.input, layer.kernel, layer.stride, strict=True)
    name = "valid" if not any(map(any, sides)) else "same" if sides == [same(*axis) for axis in sizes] else ""
    padding_counts = isinstance(layer, AvgPool) and layer.count_include_pad and any(map(any, layer.padding))
    if not name or padding_counts or set(layer.dilation) != {1}:
        return _stacked_windows(layer)
    strides = "" if layer.stride == layer.kernel else f", strides={number_text(layer.stride)}"
    options = f"{number_text(layer.kernel)}{strides}{_padding_option(name)}"
    return _snippet(layer, [], [f"layer = keras.layers.{class_name_of('keras', layer)}({options})"], "layer(x)")


def _stacked_windows(layer: Pool) -> Snippet:
    """Return the lines for any pooling: the cells under each tap, stacked."""
    note = "# Keras pools without dilation and pads only by name: stack the cells under each tap."
    lines = ["", *_windows_function(layer)]
    if not isinstance(layer, AvgPool):
        padded = _pad("x", window_padding(layer), ', constant_values=-float("inf")')
        return _snippet(layer, [note], lines, f"keras.ops.max(windows({padded}), axis=0)")
    lines.append(f"total = keras.ops.sum(windows({_pad('x', window_padding(layer))}), axis=0)")
    padding = mean_padding(layer)
    if padding is None:
        return _snippet(layer, [note], lines, f"total / {math.prod(layer.kernel)}")
    ones = _pad(_pad("keras.ops.ones_like(x)", padding[0], ", constant_values=1.0"), padding[1])
    lines.append(f"number = keras.ops.sum(windows({ones}), axis=0)")
    return _snippet(layer, [note], lines, "total / keras.ops.maximum(number, 1)")


def _windows_function(layer: Pool) -> Snippet:
    """Return the lines of a function that stacks the cells under each tap of the kernel."""
    letters = "uv"[: len(layer.axes)]
    spans = [
        f"{u} : {u} + {(output - 1) * step + 1} : {step}"
        for u, output, step in zip(letters, layer.output, layer.stride, strict=True)
    ]
    loops = [
        f"for {u} in range(0, {axis.effective_kernel}, {axis.dilation})"
        for u, axis in zip(letters, layer.axes, strict=True)
    ]
    stacked = f"keras.ops.stack([cells[:, {', '.join(spans)}] {' '.join(loops)}])"
    return ["def windows(cells):", f"    return {stacked}", ""]


def _pad(array: str, sides: Sequence[Sequence[int]], options: str = "") -> str:
    return pad_call("keras.ops.pad", array, [(0, 0), *sides, (0, 0)], options)


def _snippet(layer: Layer, notes: Snippet, lines: Snippet, call: str) -> Snippet:
    return [
        *notes,
        "import keras",
        *(["import numpy as np"] if any("np." in line for line in lines) else []),
        "",
        f"x = keras.random.normal({channels_last(layer.input)})  # (batch, {axes_text(layer)}, channels)",
        *lines,
        f"y = {call}  # {channels_last(layer.output)}",
    ]
