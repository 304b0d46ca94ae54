"""Formulas of output sizes, as symbols and with numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from convviz.geometry.axis import Axis, ConvAxis, ConvTransposeAxis, PoolAxis
from convviz.geometry.padding import padding_sum
from convviz.geometry.per_axis import axis_names
from convviz.text.formatting import MINUS
from convviz.text.lines import Formula

if TYPE_CHECKING:
    from convviz.layers.layer import Layer


def formulas(layer: Layer) -> tuple[Formula, ...]:
    """Return the output size per axis with its numbers; one formula if the axes agree."""
    made = [formula(axis) for axis in layer.axes]
    if len(set(made)) == 1:
        return (made[0],)
    return tuple(replace(one, label=f"{name}: o") for one, name in zip(made, axis_names(len(made)), strict=True))


def formula(axis: Axis) -> Formula:
    """Return the output size of one axis."""
    return _transposed_formula(axis) if isinstance(axis, ConvTransposeAxis) else _forward_formula(axis)


def _forward_formula(axis: Axis) -> Formula:
    effective_kernel, filled_reach = _reach(axis, MINUS)
    left, right, less, note = "⌊", "⌋", "", ""
    if isinstance(axis, PoolAxis) and axis.ceil_mode:
        left, right = "⌈", "⌉"
        less = f" {MINUS} 1" if axis.dropped else ""
        note = "a last window would start in the padding" if axis.dropped else ""
    elif isinstance(axis, ConvAxis) and axis.remainder:
        note = f"{axis.remainder} left over"
    padded = padding_sum(axis.input, axis.padding)
    symbols = "i + 2p" if axis.padding[0] == axis.padding[1] else "i + p₁ + p₂"
    return Formula(
        label="o",
        symbols=f"{left}({symbols} {effective_kernel})/s{right} + 1{less}",
        filled=f"{left}({padded} {filled_reach})/{axis.stride}{right} + 1{less}",
        value=str(axis.output),
        note=note,
    )


def _transposed_formula(axis: ConvTransposeAxis) -> Formula:
    effective_kernel, filled_reach = _reach(axis, "+")
    one = " + 1" if axis.dilation > 1 else ""
    extra, filled_extra = (" + a", f" + {axis.output_padding}") if axis.output_padding else ("", "")
    before, after = axis.padding
    crop, filled_crop = ("2p", f"2·{before}") if before == after else ("p₁ − p₂", f"{before} − {after}")
    return Formula(
        label="o",
        symbols=f"(i − 1)·s {effective_kernel}{one} − {crop}{extra}",
        filled=f"({axis.input} − 1)·{axis.stride} {filled_reach}{one} − {filled_crop}{filled_extra}",
        value=str(axis.output),
    )


def _reach(axis: Axis, sign: str) -> tuple[str, str]:
    """Return the kernel's part of a size, in symbols and in numbers; with the dilation only if it is not 1."""
    if axis.dilation == 1:
        return f"{sign} k", f"{sign} {axis.kernel}"
    one = f" {MINUS} 1" if sign == MINUS else ""
    return f"{sign} d·(k − 1){one}", f"{sign} {axis.dilation}·({axis.kernel} − 1){one}"
