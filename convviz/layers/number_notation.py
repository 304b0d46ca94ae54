"""One notation for all numbers of a grid: decimals, or fractions where these say exactly what decimals would round."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Literal

Notation = Literal["decimal", "fraction"]
LARGEST_DENOMINATOR = 256
LONGEST_FRACTION = 6
"""Characters of a fraction, without its sign."""
TOLERANCE = 1e-12
"""Relative difference that is taken for the rounding error of sums."""


def is_close(number: float, other: float) -> bool:
    """Whether two numbers differ by a rounding error at most."""
    return number == other or abs(number - other) <= TOLERANCE * abs(number)


def nearest_fraction(number: float) -> tuple[int, int] | None:
    """Return numerator and denominator of a fraction with a small denominator that is `number`, if there is one."""
    for denominator in range(2, LARGEST_DENOMINATOR + 1):
        numerator = round(number * denominator)
        if is_close(number, numerator / denominator):
            return numerator, denominator
    return None


def _is_short_decimal(number: float) -> bool:
    """Whether at most four characters say the number exactly: 0.25, 1.5, 12.5."""
    scale = 100 if abs(number) < 10 else 10
    return abs(number) < 100 and is_close(number, round(number * scale) / scale)


def _is_short_fraction(number: float) -> bool:
    found = nearest_fraction(number)
    return found is not None and len(f"{abs(found[0])}/{found[1]}") <= LONGEST_FRACTION


def _flat(array: Any) -> Iterable[float]:
    """Return the numbers of an array, a list, or a number; none of an array of whole numbers."""
    if hasattr(array, "ravel"):
        return [] if array.dtype.kind in "biu" else array.ravel().tolist()
    return map(float, array) if isinstance(array, list) else [float(array)]


def notation_of(*arrays: Any) -> Notation:
    """Return the notation that says the most numbers of a grid exactly: decimals if they are short, else fractions."""
    found = {value for array in arrays for value in _flat(array)}
    numbers = [value for value in found if math.isfinite(value) and value != round(value)]
    if all(map(_is_short_decimal, numbers)):
        return "decimal"
    return "fraction" if all(map(_is_short_fraction, numbers)) else "decimal"
