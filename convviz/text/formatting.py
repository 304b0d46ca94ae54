"""Numbers, sizes, indices and values as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from convviz.geometry.per_axis import axis_names
from convviz.layers.number_notation import LARGEST_DENOMINATOR, Notation, is_close, nearest_fraction

MINUS = "−"


def signed(number: int) -> str:
    """Format a whole number with a typographic minus."""
    return f"{MINUS}{-number}" if number < 0 else str(number)


def format_value(value: Any, notation: Notation | None = None) -> str:
    """Format a value: whole numbers in full, others with three digits or as a fraction, extremes as 1.2e9.

    `notation` is that of a grid; a single value is a fraction if that is exact and shorter.
    """
    number = value.item() if hasattr(value, "item") else value
    magnitude = abs(number)
    if type(number) is int and magnitude < 1e7:
        return signed(number)
    if not math.isfinite(number):
        text = "nan" if math.isnan(number) else "∞" if number > 0 else "-∞"
    elif magnitude >= 1e7 or 0 < magnitude < 1e-3:
        rounded = f"{number:.1e}"
        if math.isinf(float(rounded)):  # two digits would round beyond the largest float
            rounded = f"{math.copysign(1.79, number)}e308"
        mantissa, exponent = rounded.split("e")
        text = f"{mantissa}e{int(exponent)}"
    elif notation == "fraction" and number != int(number) and (fraction := nearest_fraction(number)):
        text = "/".join(map(str, fraction))
    elif number == int(number) or magnitude >= 100:
        text = str(round(number))
    else:
        text = f"{number:.3g}" if notation else _format_decimal(number)
    return MINUS + text[1:] if text.startswith("-") else text


def _format_decimal(number: float) -> str:
    """Format with up to three significant digits, or, below 1, as an exact fraction that is shorter: 3/16."""
    text = f"{number:.3g}"
    if abs(number) >= 1 or (float(text) == number and len(text.lstrip("-")) <= 4):
        return text
    fraction = Fraction(number).limit_denominator(LARGEST_DENOMINATOR)
    return str(fraction) if float(fraction) == number else text


def format_cell(value: Any, notation: Notation) -> str:
    """Format a value in the notation of its grid, with ≈ in front if it is rounded."""
    return ("" if is_shown_exactly(value, notation) else "≈") + format_value(value, notation)


def is_shown_exactly(value: Any, notation: Notation | None = None) -> bool:
    """Tell whether `format_value` gives the exact value; in the notation of a grid, but for rounding errors of sums."""
    text = format_value(value, notation).replace(MINUS, "-").replace("∞", "inf")
    shown, exact = float(Fraction(text) if "/" in text else text), float(value)
    return shown == exact or (notation is not None and is_close(exact, shown))


def are_shown_exactly(values: Any, notation: Notation | None = None) -> bool:
    """Tell whether `format_value` gives the exact value of each entry of an array."""
    if values.dtype.kind == "i" and abs(values).max(initial=0) < 1e7:
        return True
    return all(is_shown_exactly(value, notation) for value in set(values.tolist()))


def format_factor(text: str) -> str:
    """Format a value in a product: negative values and fractions in parentheses."""
    return f"({text})" if text.startswith(MINUS) or "/" in text else text


def format_sizes(numbers: Sequence[int]) -> str:
    """Format sizes as `3×4`, rows first."""
    return "×".join(map(str, numbers))


def format_per_axis(numbers: Sequence[int]) -> str:
    """Format a parameter: `3` if all axes agree, else `3×4`."""
    return format_padding([(number, number) for number in numbers])


def format_padding(pairs: Sequence[tuple[int, int]]) -> str:
    """Format padding: `1`, `0,1` if the sides of an axis differ, `1×0,1` if the axes differ."""
    sides = [signed(a) if a == b else f"{signed(a)},{signed(b)}" for a, b in pairs]
    return sides[0] if len(set(sides)) == 1 else "×".join(sides)


def format_indices(numbers: Iterable[int]) -> str:
    """Format increasing indices: `2`, `1–3`, `0, 2`, `0, 2, …, 8`; those without a common step as `0–1, 4–5`."""
    listed = list(numbers)
    steps = {after - before for before, after in pairwise(listed)}
    if steps == {1}:
        return f"{listed[0]}–{listed[-1]}"
    if len(listed) > 3 and len(steps) == 1:
        return f"{listed[0]}, {listed[1]}, …, {listed[-1]}"
    return ", ".join(map(str, listed) if len(listed) < 4 else map(format_indices, _runs(listed)))


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Split increasing numbers into runs of consecutive ones."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def format_counted(noun: str, numbers: Sequence[int]) -> str:
    """Format indices with what they count: `row 2`, `rows 1–3`."""
    return f"{noun if len(numbers) == 1 else noun + 's'} {format_indices(numbers)}"


def format_alternatives(numbers: Sequence[int]) -> str:
    """Format alternatives: `5`, `5 or 6`, `5, 6 or 7`."""
    *head, last = map(str, numbers)
    return f"{', '.join(head)} or {last}" if head else last


def format_axis_indices(indices: Sequence[Sequence[int]]) -> str:
    """Format indices of each axis: `rows 2–4, columns 2–4`, or `cells 2–4` for a single axis."""
    nouns = [name.removesuffix("s") for name in axis_names(len(indices))]
    return ", ".join(format_counted(noun, numbers) for noun, numbers in zip(nouns, indices, strict=True))


def one_line(text: str) -> str:
    """Return a title of several lines as one."""
    return " ".join(text.split())


def is_sum(text: str) -> bool:
    """Whether the text of a cell is a sum that is not computed yet: `9 + 8`, `9 − 2`."""
    return " " in text
