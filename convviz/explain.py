"""A layer in words: its steps with numbers, both size formulas, and standard against transposed convolution."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from convviz.errors import ConvvizError, GeometryError
from convviz.geometry import Axis, ForwardAxis, TransposedAxis, padding_sum
from convviz.layers import AXIS_NAMES, Conv, ConvTranspose, Layer
from convviz.wording import MINUS, formula, formulas, short, signed, sizes

LONGEST_TRACK = 100_000
"""Cells of an axis up to which `geometry` lists them one by one."""


def explain(layer: Layer) -> str:
    """The text of `convviz explain`."""
    steps = _transposed_steps(layer) if isinstance(layer, ConvTranspose) else _forward_steps(layer)
    name = "Transposed convolution" if isinstance(layer, ConvTranspose) else "Convolution"
    blocks = [f"{name}: input {sizes(layer.input)} → output {sizes(layer.output)}"]
    blocks += [f"{number}. {title}\n{_indented(lines)}" for number, (title, lines) in enumerate(steps, start=1)]
    standard, transposed = _twins(layer)
    blocks.append(
        f"Output size\n{_indented([*_size_lines('standard', standard), *_size_lines('transposed', transposed)])}"
    )
    blocks.append(_table(standard, transposed))
    return "\n\n".join(blocks)


Step = tuple[str, list[str]]
Twin = Layer | ConvvizError


def _forward_steps(layer: Layer) -> list[Step]:
    def pad(axis: ForwardAxis) -> str:
        padded = axis.input + sum(axis.padding)
        return f"{axis.input} → {padded} cells: i + 2p = {padding_sum(axis.input, axis.padding)} = {padded}"

    def slide(axis: ForwardAxis) -> str:
        padded = axis.input + sum(axis.padding)
        rest = axis.left_over
        last = "the last cell of the padded input is" if rest == 1 else f"the last {rest} cells of the padded input are"
        dropped = f"; {last} never read" if rest else ""
        covers = (
            f"a window over {_cells(axis.reach)}"
            if axis.dilation == 1
            else f"a window that reaches over {axis.reach} cells"
        )
        return f"{covers}, {_step(axis.stride)}: ⌊({padded} − {axis.reach})/{axis.stride}⌋ + 1 = {axis.output}{dropped}"

    return [
        ("Pad with p zeros on each side", _per_axis(layer, pad)),
        ("Slide the window with stride s", _per_axis(layer, slide)),
    ]


def _transposed_steps(layer: Layer) -> list[Step]:
    def parameters(axis: TransposedAxis) -> str:
        border = _border(axis)
        return f"z = s − 1 = {axis.stride} − 1 = {axis.inserted};  p′ = {border} = {signed(axis.borders[0])};  s′ = 1"

    def insert(axis: TransposedAxis) -> str:
        spread, z = axis.track.spread, axis.inserted
        return f"{axis.input} → {spread} cells: i + (i − 1)·z = {axis.input} + {axis.input - 1}·{z} = {spread}"

    def pad(axis: TransposedAxis) -> str:
        track, border = axis.track, axis.borders[0]
        sign, verb = (MINUS, "crop") if border < 0 else ("+", "pad")
        extra, also = (
            (f" + {axis.output_padding}", ", and output padding a behind it") if axis.output_padding else ("", "")
        )
        total = f"{track.spread} {sign} 2·{abs(border)}{extra} = {track.kept}"
        return f"{verb}{also}: {track.spread} → {track.kept} cells: {total}"

    def slide(axis: TransposedAxis) -> str:
        kept = axis.track.kept
        return f"{kept} − {axis.reach} + 1 = {axis.output} cells"

    return [
        ("New parameters", _per_axis(layer, parameters)),
        ("Insert z zeros between neighbouring rows and columns", _per_axis(layer, insert)),
        ("Pad by p′ on each side (a negative p′ crops)", _per_axis(layer, pad)),
        ("Slide the flipped kernel with stride 1", _per_axis(layer, slide)),
    ]


def _border(axis: TransposedAxis) -> str:
    if axis.dilation == 1:
        return f"k − p − 1 = {axis.kernel} − {axis.padding[0]} − 1"
    return f"d(k − 1) − p = {axis.dilation}·({axis.kernel} − 1) − {axis.padding[0]}"


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
    if isinstance(twin, ConvvizError):
        return [f"{name + ':':12} not possible: {twin}"]
    return [f"{name + ':':12} {line.variants()[0]}" for line in formulas(twin)]


def _table(standard: Twin, transposed: Twin) -> str:
    rows = [
        ("", "standard", "transposed"),
        ("operation", "gathers, mostly downsampling", "scatters, mostly upsampling"),
        ("zero insertions", "0", _facts(transposed, lambda axis: axis.inserted, "z = s − 1")),
        ("padding", _facts(standard, lambda axis: axis.padding[0], "p"), _padding(transposed)),
        ("stride", _facts(standard, lambda axis: axis.stride, "s"), "s′ = 1"),
        (
            "output size",
            *(sizes(twin.output) if isinstance(twin, Layer) else "none" for twin in (standard, transposed)),
        ),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def _padding(transposed: Twin) -> str:
    dilated = isinstance(transposed, Layer) and set(transposed.dilation) != {1}
    return _facts(transposed, lambda axis: axis.borders[0], "p′ = d(k − 1) − p" if dilated else "p′ = k − p − 1")


def _facts(twin: Twin, fact: Callable[[Any], int], symbols: str) -> str:
    return f"{symbols} = {short([fact(axis) for axis in twin.axes])}" if isinstance(twin, Layer) else symbols


def _per_axis(layer: Layer, say: Callable[[Any], str]) -> list[str]:
    """What `say` says of each axis; once where the axes agree."""
    said = [say(axis) for axis in layer.axes]
    if len(set(said)) == 1:
        return said[:1]
    return [f"{name + ':':8} {line}" for name, line in zip(AXIS_NAMES, said, strict=True)]


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
    longest = max(max(track.size, track.outputs * track.kernel) for track in layer.tracks)
    if longest > LONGEST_TRACK:
        raise GeometryError(f"an axis of {longest} cells is too long to list; use at most {LONGEST_TRACK}")
    names = ("input", "kernel", "stride", "padding", "dilation", "output_padding", "output")
    return {
        "kind": "transposed" if isinstance(layer, ConvTranspose) else "conv",
        **{name: list(getattr(layer, name)) for name in names},
        "axes": [_axis(name, axis) for name, axis in zip(AXIS_NAMES, layer.axes, strict=True)],
    }


def _axis(name: str, axis: Axis) -> dict[str, Any]:
    track = axis.track
    derived = (
        {"z": axis.inserted, "p_prime": axis.borders[0]}
        if isinstance(axis, TransposedAxis)
        else {"left_over": axis.left_over if isinstance(axis, ForwardAxis) else 0}
    )
    return {
        "name": name,
        **derived,
        "formula": formula(axis).variants()[0],
        "kernel_flipped": track.flipped,
        "cells": [
            {"kind": cell.kind, "input": cell.source, "read": cell.read, "cropped": cell.cropped}
            for cell in track.cells
        ],
        "windows": [list(track.taps(output)) for output in range(track.outputs)],
    }
