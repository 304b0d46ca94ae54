"""A layer explained in text (steps, size formulas, standard against transposed, diagnostics), and as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from convviz.analysis.diagnostics import diagnostics
from convviz.analysis.size_notes import OutputPaddingNote
from convviz.errors import GeometryError
from convviz.errors.arguments import flag
from convviz.geometry.axis import Axis, ConvAxis, ConvTransposeAxis, PoolAxis
from convviz.geometry.padding import padding_sum
from convviz.geometry.parameters import PARAMETERS
from convviz.geometry.per_axis import axis_names
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer, a_layer
from convviz.layers.pooling import Pool
from convviz.text.formatting import MINUS, format_padding, format_per_axis, format_sizes, signed
from convviz.text.formulas import formula, formulas
from convviz.text.nouns import Noun, axis_nouns, shared_noun
from convviz.text.padding_cells import padding_cells
from convviz.text.table import table_lines

LONGEST_AXIS = 30_000
"""Cells, or window positions, of an axis up to which `geometry` lists them."""
Step = tuple[str, list[str]]
"""Heading and lines."""
LayerOrError = Layer | GeometryError
"""A layer, or why there is none with these parameters."""


def explain(layer: Layer, note: OutputPaddingNote | None = None, *, backward: bool = False) -> str:
    """Return the text of `convviz explain`: how the output size is computed, and what to look out for.

    `note` is what to say about the output padding of a framework that has its own rule. With `backward` the text is on
    the gradients instead: what they are, where they come from, and for a small layer an example in numbers.
    """
    if flag("backward", backward):
        from convviz.analysis.backward import explain_backward

        return "\n\n".join(explain_backward(a_layer(layer)))
    layer = a_layer(layer)
    steps = _transposed_steps(layer) if isinstance(layer, ConvTranspose) else _forward_steps(layer)
    blocks = [f"{layer.title}: input {format_sizes(layer.input)} → output {format_sizes(layer.output)}"]
    blocks += [f"{number}. {title}\n{_indented(lines)}" for number, (title, lines) in enumerate(steps, start=1)]
    if isinstance(layer, Pool):
        blocks.append(f"Output size\n{_indented(_size_lines('', layer))}")
    else:
        standard, transposed = _standard_and_transposed(layer)
        lines = [*_size_lines("standard:", standard), *_size_lines("transposed:", transposed)]
        blocks += [f"Output size\n{_indented(lines)}", _table(standard, transposed)]
    findings = diagnostics(layer, note)
    if findings:
        blocks.append("Worth knowing\n" + _indented(f"- {line}" for line in findings))
    return "\n\n".join(blocks)


def _forward_steps(layer: Layer) -> list[Step]:
    return [
        (f"Pad with p {padding_cells(layer)} on each side", _per_axis(layer, _pad)),
        ("Slide the window with stride s", _per_axis(layer, _slide)),
    ]


def _pad(axis: ConvAxis, noun: Noun) -> str:
    padded = axis.input + sum(axis.padding)
    symbols = "i + 2p" if axis.padding[0] == axis.padding[1] else "i + p₁ + p₂"
    sizes = f"{axis.input} → {noun.counted(padded)}"
    return f"{sizes}: {symbols} = {padding_sum(axis.input, axis.padding)} = {padded}"


def _slide(axis: ConvAxis, noun: Noun) -> str:
    padded = axis.input + sum(axis.padding)
    ceil = isinstance(axis, PoolAxis) and axis.ceil_mode
    left, right = ("⌈", "⌉") if ceil else ("⌊", "⌋")
    less = f" {MINUS} 1" if isinstance(axis, PoolAxis) and axis.dropped else ""
    over = "a window over" if axis.dilation == 1 else "a window that reaches over"
    window = f"{over} {noun.counted(axis.effective_kernel)} with stride {axis.stride}"
    count = f"{left}({padded} − {axis.effective_kernel})/{axis.stride}{right} + 1{less}"
    return f"{window}: {count} = {axis.output}{_unread(axis.remainder, noun)}"


def _unread(remainder: int, noun: Noun) -> str:
    if not remainder:
        return ""
    are = "is" if remainder == 1 and " and " not in noun.one else "are"
    return f"; the {noun.last(remainder)} of the padded input {are} never read"


def _transposed_steps(layer: ConvTranspose) -> list[Step]:
    neighbours = " and ".join(axis_names(len(layer.axes)))
    return [
        ("New parameters", _per_axis(layer, _new_parameters)),
        (f"Insert z zeros between neighbouring {neighbours}", _per_axis(layer, _insert_zeros)),
        ("Pad by p′ on each side (a negative p′ crops)", _per_axis(layer, _pad_implicitly)),
        ("Slide the flipped kernel with stride 1", _per_axis(layer, _slide_flipped)),
    ]


def _new_parameters(axis: ConvTransposeAxis, _noun: Noun) -> str:
    symbols, tail = ("k − p − 1", f" {MINUS} 1") if axis.dilation == 1 else ("d(k − 1) − p", "")
    start = f"{axis.kernel}" if axis.dilation == 1 else f"{axis.dilation}·({axis.kernel} − 1)"
    sides = dict.fromkeys(zip(axis.padding, axis.implicit_padding, strict=True))
    sums = [f"{start} {MINUS} {p}{tail} = {signed(implicit)}" for p, implicit in sides]
    implicit = " before, ".join(sums) + (" after" if len(sums) > 1 else "")
    return f"z = s − 1 = {axis.stride} − 1 = {axis.inserted_zeros};  p′ = {symbols} = {implicit};  s′ = 1"


def _insert_zeros(axis: ConvTransposeAxis, noun: Noun) -> str:
    size, z = axis.sliding_window.zero_inserted_size, axis.inserted_zeros
    return f"{axis.input} → {noun.counted(size)}: i + (i − 1)·z = {axis.input} + {axis.input - 1}·{z} = {size}"


def _pad_implicitly(axis: ConvTransposeAxis, noun: Noun) -> str:
    window, (before, after) = axis.sliding_window, axis.implicit_padding
    verb = "crop" if max(before, after) < 0 else "pad and crop" if min(before, after) < 0 else "pad"
    also = ", and output padding a behind it" if axis.output_padding else ""
    extra = f" + {axis.output_padding}" if axis.output_padding else ""
    both = _plus(before, "2·") if before == after else _plus(before) + _plus(after)
    size, padded = window.zero_inserted_size, window.padded_size
    return f"{verb}{also}: {size} → {noun.counted(padded)}: {size}{both}{extra} = {padded}"


def _slide_flipped(axis: ConvTransposeAxis, noun: Noun) -> str:
    padded = axis.sliding_window.padded_size
    return f"{padded} → {noun.counted(axis.output)}: {padded} − {axis.effective_kernel} + 1 = {axis.output}"


def _plus(number: int, factor: str = "") -> str:
    return f" {MINUS if number < 0 else '+'} {factor}{abs(number)}"


def _standard_and_transposed(layer: Layer) -> tuple[LayerOrError, LayerOrError]:
    """Return the convolution and the transposed convolution with the parameters of `layer`, which is one of them."""
    given = {name: getattr(layer, name) for name in ("input", "kernel", "stride", "dilation")}
    given["padding"] = layer.named_padding or layer.padding
    if isinstance(layer, ConvTranspose):
        return _layer_or_error(lambda: Conv(**given)), layer
    return layer, _layer_or_error(lambda: ConvTranspose(**given))


def _layer_or_error(build: Callable[[], Layer]) -> LayerOrError:
    try:
        return build()
    except GeometryError as error:
        return error


def _size_lines(label: str, layer: LayerOrError) -> list[str]:
    column = f"{label:13}" if label else ""
    if isinstance(layer, GeometryError):
        return [f"{column}not possible: {layer}"]
    return [f"{column}{line.variants()[0]}" for line in formulas(layer)]


def _table(standard: LayerOrError, transposed: LayerOrError) -> str:
    rows = [
        ("operation", "gathers, mostly downsampling", "scatters, mostly upsampling"),
        ("zero insertions", "0", _values(transposed, lambda axis: axis.inserted_zeros, "z = s − 1")),
        ("padding", _padding(standard), _padding(transposed)),
        ("stride", _values(standard, lambda axis: axis.stride, "s"), "s′ = 1"),
        ("output size", _output(standard), _output(transposed)),
    ]
    return "\n".join(table_lines(rows, ("", "standard", "transposed")))


def _output(layer: LayerOrError) -> str:
    return format_sizes(layer.output) if isinstance(layer, Layer) else "none"


def _padding(layer: LayerOrError) -> str:
    if isinstance(layer, ConvTranspose):
        symbols = "p′ = k − p − 1" if set(layer.dilation) == {1} else "p′ = d(k − 1) − p"
        implicit = [axis.implicit_padding for axis in layer.axes if isinstance(axis, ConvTransposeAxis)]
        return f"{symbols} = {format_padding(implicit)}"
    return f"p = {format_padding(layer.padding)}" if isinstance(layer, Layer) else "p"


def _values(layer: LayerOrError, value: Callable[[Any], int], symbols: str) -> str:
    if isinstance(layer, GeometryError):
        return symbols
    return f"{symbols} = {format_per_axis([value(axis) for axis in layer.axes])}"


def _per_axis(layer: Layer, describe: Callable[[Any, Noun], str]) -> list[str]:
    """Return what `describe` returns for each axis; a single line if the axes agree."""
    shared = {describe(axis, shared_noun(len(layer.axes))) for axis in layer.axes}
    if len(shared) == 1:
        return list(shared)
    nouns = axis_nouns(len(layer.axes))
    return [f"{noun.many + ':':8} {describe(axis, noun)}" for axis, noun in zip(layer.axes, nouns, strict=True)]


def _indented(lines: Iterable[str]) -> str:
    return "\n".join(f"   {line}" for line in lines)


def geometry(layer: Layer, note: OutputPaddingNote | None = None, *, backward: bool = False) -> dict[str, Any]:
    """Return a layer as plain data: parameters, sizes, and for each axis its cells and what each window reads.

    With `backward` the shapes of the gradients are added, and the numbers of products that they are sums of.

    Raises `GeometryError` for axes too long to list.
    """
    longest = max(max(window.size, window.outputs * window.kernel) for window in layer.sliding_windows)
    if longest > LONGEST_AXIS:
        raise GeometryError(f"{longest} cells or window positions are too many to list; use at most {LONGEST_AXIS}")
    data = {
        "kind": layer.kind,
        **{name: list(getattr(layer, name)) for name in PARAMETERS},
        "padding_mode": layer.padding_mode,
        "output": list(layer.output),
        "axes": [_axis_data(name, axis) for name, axis in zip(axis_names(len(layer.axes)), layer.axes, strict=True)],
        "diagnostics": diagnostics(layer, note),
    }
    if not backward:
        return data
    from convviz.analysis.backward import backward_data

    return data | {"backward": backward_data(layer)}


def _axis_data(name: str, axis: Axis) -> dict[str, Any]:
    window = axis.sliding_window
    derived: dict[str, Any] = {"remainder": axis.remainder} if isinstance(axis, ConvAxis) else {}
    if isinstance(axis, ConvTransposeAxis):
        derived = {"z": axis.inserted_zeros, "p_prime": list(axis.implicit_padding)}
    return {
        "name": name,
        **derived,
        "formula": formula(axis).variants()[0],
        "kernel_flipped": window.flipped,
        "cells": [{"kind": c.kind, "input": c.source, "read": c.read, "cropped": c.cropped} for c in window.cells],
        "windows": [list(window.taps(output)) for output in range(window.outputs)],
    }
