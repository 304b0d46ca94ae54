"""A layer in words: its steps with numbers, both size formulas, standard against transposed, what to look out for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from convviz.analysis.diagnostics import diagnostics
from convviz.errors import ConvvizError, GeometryError
from convviz.geometry.axis import Axis, ConvAxis, ConvTransposeAxis, PoolAxis
from convviz.geometry.padding import padding_sum
from convviz.geometry.parameters import PARAMETERS
from convviz.geometry.per_axis import axis_names
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.text.formatting import MINUS, format_padding, format_per_axis, format_sizes, signed
from convviz.text.formulas import formula, formulas
from convviz.text.table import table_lines

LONGEST_AXIS = 100_000
"""Cells of an axis up to which `geometry` lists them one by one."""
Step = tuple[str, list[str]]
Twin = Layer | ConvvizError


def explain(layer: Layer) -> str:
    """The text of `convviz explain`."""
    steps = _transposed_steps(layer) if isinstance(layer, ConvTranspose) else _forward_steps(layer)
    blocks = [f"{layer.title}: input {format_sizes(layer.input)} → output {format_sizes(layer.output)}"]
    blocks += [f"{number}. {title}\n{_indented(lines)}" for number, (title, lines) in enumerate(steps, start=1)]
    if isinstance(layer, Pool):
        blocks.append(f"Output size\n{_indented(_size_lines('', layer))}")
    else:
        standard, transposed = _twins(layer)
        lines = [*_size_lines("standard:", standard), *_size_lines("transposed:", transposed)]
        blocks += [f"Output size\n{_indented(lines)}", _table(standard, transposed)]
    worth_knowing = diagnostics(layer)
    if worth_knowing:
        blocks.append("Worth knowing\n" + _indented(f"- {line}" for line in worth_knowing))
    return "\n\n".join(blocks)


def _forward_steps(layer: Layer) -> list[Step]:
    def pad(axis: ConvAxis) -> str:
        padded = axis.input + sum(axis.padding)
        symbols = "i + 2p" if axis.padding[0] == axis.padding[1] else "i + p₁ + p₂"
        return f"{axis.input} → {padded} cells: {symbols} = {padding_sum(axis.input, axis.padding)} = {padded}"

    def slide(axis: ConvAxis) -> str:
        padded, rest = axis.input + sum(axis.padding), axis.remainder
        ceil = isinstance(axis, PoolAxis) and axis.ceil_mode
        left, right = ("⌈", "⌉") if ceil else ("⌊", "⌋")
        less = f" {MINUS} 1" if isinstance(axis, PoolAxis) and axis.dropped else ""
        last = "the last cell of the padded input is" if rest == 1 else f"the last {rest} cells of the padded input are"
        dropped = f"; {last} never read" if rest else ""
        reaches = "a window over" if axis.dilation == 1 else "a window that reaches over"
        window = f"{reaches} {_cells(axis.effective_kernel)}, {_step(axis.stride)}"
        count = f"{left}({padded} − {axis.effective_kernel})/{axis.stride}{right} + 1{less}"
        return f"{window}: {count} = {axis.output}{dropped}"

    what = {"zeros": "zeros", "reflect": "reflected cells", "replicate": "copies of the border"}
    return [
        (f"Pad with p {what.get(layer.padding_mode, 'cells from the other side')} on each side", _per_axis(layer, pad)),
        ("Slide the window with stride s", _per_axis(layer, slide)),
    ]


def _transposed_steps(layer: Layer) -> list[Step]:
    def parameters(axis: ConvTransposeAxis) -> str:
        before, after = ((f"{MINUS} {p}", signed(b)) for p, b in zip(axis.padding, axis.implicit_padding, strict=True))
        symbols, tail = ("k − p − 1", f" {MINUS} 1") if axis.dilation == 1 else ("d(k − 1) − p", "")
        start = f"{axis.kernel}" if axis.dilation == 1 else f"{axis.dilation}·({axis.kernel} − 1)"
        sides = [f"{start} {p}{tail} = {border}" for p, border in dict.fromkeys((before, after))]
        border = " before, ".join(sides) + (" after" if len(sides) > 1 else "")
        return f"z = s − 1 = {axis.stride} − 1 = {axis.inserted_zeros};  p′ = {symbols} = {border};  s′ = 1"

    def insert(axis: ConvTransposeAxis) -> str:
        spread, z = axis.sliding_window.zero_inserted_size, axis.inserted_zeros
        return f"{axis.input} → {spread} cells: i + (i − 1)·z = {axis.input} + {axis.input - 1}·{z} = {spread}"

    def pad(axis: ConvTransposeAxis) -> str:
        window, (before, after) = axis.sliding_window, axis.implicit_padding
        verb = "crop" if max(before, after) < 0 else "pad and crop" if min(before, after) < 0 else "pad"
        also = ", and output padding a behind it" if axis.output_padding else ""
        extra = f" + {axis.output_padding}" if axis.output_padding else ""
        both = (
            f"{_plus(before)}2·{abs(before)}"
            if before == after
            else f"{_plus(before)}{abs(before)}{_plus(after)}{abs(after)}"
        )
        spread, padded = window.zero_inserted_size, window.padded_size
        return f"{verb}{also}: {spread} → {padded} cells: {spread}{both}{extra} = {padded}"

    def slide(axis: ConvTransposeAxis) -> str:
        return f"{axis.sliding_window.padded_size} − {axis.effective_kernel} + 1 = {axis.output} cells"

    return [
        ("New parameters", _per_axis(layer, parameters)),
        (f"Insert z zeros between neighbouring {' and '.join(axis_names(len(layer.axes)))}", _per_axis(layer, insert)),
        ("Pad by p′ on each side (a negative p′ crops)", _per_axis(layer, pad)),
        ("Slide the flipped kernel with stride 1", _per_axis(layer, slide)),
    ]


def _plus(number: int) -> str:
    return f" {MINUS} " if number < 0 else " + "


def _twins(layer: Layer) -> tuple[Twin, Twin]:
    """The convolution and the transposed convolution with these parameters; an error where there is none."""
    given = {name: getattr(layer, name) for name in ("input", "kernel", "stride", "padding", "dilation")}
    if isinstance(layer, ConvTranspose):
        return _attempt(lambda: Conv(**given)), layer
    return layer, _attempt(lambda: ConvTranspose(**given))


def _attempt(build: Callable[[], Layer]) -> Twin:
    try:
        return build()
    except GeometryError as error:
        return error


def _size_lines(name: str, twin: Twin) -> list[str]:
    column = f"{name:13}" if name else ""
    if isinstance(twin, ConvvizError):
        return [f"{column}not possible: {twin}"]
    return [f"{column}{line.variants()[0]}" for line in formulas(twin)]


def _table(standard: Twin, transposed: Twin) -> str:
    rows = [
        ("", "standard", "transposed"),
        ("operation", "gathers, mostly downsampling", "scatters, mostly upsampling"),
        ("zero insertions", "0", _facts(transposed, lambda axis: axis.inserted_zeros, "z = s − 1")),
        ("padding", _padding(standard), _padding(transposed)),
        ("stride", _facts(standard, lambda axis: axis.stride, "s"), "s′ = 1"),
        (
            "output size",
            *(format_sizes(twin.output) if isinstance(twin, Layer) else "none" for twin in (standard, transposed)),
        ),
    ]
    return "\n".join(table_lines(rows, underline=True))


def _output(twin: Twin) -> str:
    return format_sizes(twin.output) if isinstance(twin, Layer) else "none"


def _padding(twin: Twin) -> str:
    if isinstance(twin, ConvTranspose):
        symbols = "p′ = k − p − 1" if set(twin.dilation) == {1} else "p′ = d(k − 1) − p"
        borders = [axis.implicit_padding for axis in twin.axes if isinstance(axis, ConvTransposeAxis)]
        return f"{symbols} = {format_padding(borders)}"
    return f"p = {format_padding(twin.padding)}" if isinstance(twin, Layer) else "p"


def _facts(twin: Twin, fact: Callable[[Any], int], symbols: str) -> str:
    return f"{symbols} = {format_per_axis([fact(axis) for axis in twin.axes])}" if isinstance(twin, Layer) else symbols


def _per_axis(layer: Layer, say: Callable[[Any], str]) -> list[str]:
    """What `say` says of each axis; once where the axes agree."""
    said = [say(axis) for axis in layer.axes]
    if len(set(said)) == 1:
        return said[:1]
    return [f"{name + ':':8} {line}" for name, line in zip(axis_names(len(said)), said, strict=True)]


def _indented(lines: Iterable[str]) -> str:
    return "\n".join(f"   {line}" for line in lines)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _step(stride: int) -> str:
    return "one cell at a time" if stride == 1 else f"{stride} cells at a time"


def geometry(layer: Layer) -> dict[str, Any]:
    """The geometry for programs: parameters, sizes, and for each axis its cells and the cells under each window.

    Raises `GeometryError` for axes too long to list.
    """
    longest = max(max(window.size, window.outputs * window.kernel) for window in layer.sliding_windows)
    if longest > LONGEST_AXIS:
        raise GeometryError(f"{longest} cells or window positions are too many to list; use at most {LONGEST_AXIS}")
    return {
        "kind": layer.kind,
        **{name: list(getattr(layer, name)) for name in PARAMETERS},
        "padding_mode": layer.padding_mode,
        "output": list(layer.output),
        "axes": [_axis(name, axis) for name, axis in zip(axis_names(len(layer.axes)), layer.axes, strict=True)],
        "notes": diagnostics(layer),
    }


def _axis(name: str, axis: Axis) -> dict[str, Any]:
    window = axis.sliding_window
    derived: dict[str, Any] = {"left_over": axis.remainder} if isinstance(axis, ConvAxis) else {}
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
