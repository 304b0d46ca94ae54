"""Parameters as users write them, one value for each axis: 3, (3, 4), ((0, 1), (1, 2)), or the name of a padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convviz.errors import GeometryError
from convviz.errors.printable import shown
from convviz.geometry.padding import PADDING_RULES, PaddingName

Sizes = int | Sequence[int]
"""One size for all axes, or one for each."""
Padding = int | PaddingName | Sequence[int | Sequence[int]]
"""Padding for all sides, for each axis, or before and after for each axis; or the name of a rule."""


def axis_names(count: int) -> tuple[str, ...]:
    """Return the names of the axes: `rows` and `columns`, or `cells` for a single axis."""
    return ("rows", "columns") if count == 2 else ("cells",)


def axis_count(values: Sequence[Any]) -> int:
    """Return the number of axes: 1 if any parameter is a 1-tuple, else 2."""
    return 1 if any(is_sequence(value) and len(value) == 1 for value in values) else 2


def as_list(value: Any) -> Any:
    """Turn numpy arrays (and others with `tolist`) into lists or numbers."""
    try:
        return value.tolist() if hasattr(value, "tolist") else value
    except Exception:  # an object that only looks like an array
        return value


def is_sequence(value: Any) -> bool:
    """Tell whether a parameter has a value for each axis or side; arrays must be lists by now."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview | range)


def per_axis(name: str, value: Any, count: int) -> tuple[Any, ...]:
    """Return `value` for each of `count` axes; raise `GeometryError` if it has another number of entries."""
    if not is_sequence(value):
        return (value,) * count
    if len(value) != count:
        expected = "(rows, columns)" if count == 2 else "a 1-tuple, as the layer is 1-D"
        raise GeometryError(
            f"{name.replace('_', ' ')} {shown(tuple(value))} has {len(value)} values: "
            f"expected one whole number or {expected}"
        )
    return tuple(value)


def padding_per_axis(padding: Padding | str, count: int) -> tuple[Any, ...]:
    """Return (before, after), or a name, for each axis; raise `GeometryError` for anything else."""
    if isinstance(padding, str):
        if padding not in PADDING_RULES:
            raise GeometryError(
                f"there is no padding {shown(padding)}; use a whole number or {', '.join(PADDING_RULES)}"
            )
        return (padding,) * count
    sides = []
    for side in per_axis("padding", padding, count):
        pair = tuple(side) if is_sequence(side) else (side, side)
        if len(pair) != 2:
            raise GeometryError(
                f"padding {shown(pair)} of an axis has {len(pair)} values: expected one, or (before, after)"
            )
        sides.append(pair)
    return tuple(sides)
