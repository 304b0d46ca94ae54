"""The parameters of an axis: symbol, limits, default and help of each, and the check of a value."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from convviz.errors import ArgumentError, GeometryError
from convviz.errors.printable import shown

LARGEST_PARAMETER = 1_000_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an axis, a whole number from `minimum` to `LARGEST_PARAMETER`."""

    symbol: str
    minimum: int
    default: Any
    help: str


PARAMETERS: Mapping[str, Parameter] = {
    "input": Parameter("i", 1, 5, "cells of the input"),
    "kernel": Parameter("k", 1, 3, "cells of the kernel"),
    "stride": Parameter("s", 1, 1, "step of the window (conv) or of the stamp (transposed)"),
    "padding": Parameter("p", 0, (0, 0), "zeros around the input (conv), crop of the output (transposed)"),
    "dilation": Parameter("d", 1, 1, "distance between kernel cells"),
    "output_padding": Parameter("a", 0, 0, "extra output cells at the end (transposed only)"),
}
"""Name → parameter, in the order of the command line's options."""


def checked_parameter(name: str, value: Any) -> int:
    """Return `value` as an int; raise `GeometryError` if it is not a whole number within the limits of `name`."""
    parameter = PARAMETERS[name]
    label = name.replace("_", " ")
    limits = f"{parameter.minimum} to {LARGEST_PARAMETER:,}".replace(",", " ")
    expected = f"{parameter.symbol} is a whole number from {limits}"
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except Exception:  # whatever an object answers that is no number
        raise ArgumentError(f"{label} {shown(value)} is not a whole number: {expected}") from None
    if not parameter.minimum <= number <= LARGEST_PARAMETER:
        size = "small" if number < parameter.minimum else "large"
        got = number if abs(number) < 10**15 else "(more than 15 digits)"
        raise GeometryError(f"{label} {got} is too {size}: {expected}")
    return number


def padding_pair(padding: Any) -> tuple[int, int]:
    """Return padding before and after, in cells; a single number holds for both sides. Raises `GeometryError`."""
    before, after = padding if isinstance(padding, tuple) and len(padding) == 2 else (padding, padding)
    return checked_parameter("padding", before), checked_parameter("padding", after)
