"""Parameters as users write them, spread over the axes: 3, (3, 4), ((0, 1), (1, 2)), or the name of a padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convviz.errors import GeometryError
from convviz.geometry.padding import PADDING_RULES

Sizes = int | Sequence[int]
Padding = int | str | Sequence[int | Sequence[int]]


def axis_names(count: int) -> tuple[str, ...]:
    """What the axes are called: `rows` and `columns`, or `cells` for the only one."""
    return ("rows", "columns") if count == 2 else ("cells",)


def axis_count(values: Sequence[Any]) -> int:
    """Number of axes: 1 where a parameter is a 1-tuple, else 2."""
    return 1 if any(is_sequence(value) and len(value) == 1 for value in values) else 2


def as_list(value: Any) -> Any:
    """numpy arrays (and what else knows `tolist`) as lists or numbers."""
    return value.tolist() if hasattr(value, "tolist") else value


def is_sequence(value: Any) -> bool:
    """Whether a parameter speaks of each axis (or side) on its own; arrays are turned into lists before."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def per_axis(name: str, value: Any, count: int) -> tuple[Any, ...]:
    """`value` for each of `count` axes; raises `GeometryError` when it has another number of entries."""
    if not is_sequence(value):
        return (value,) * count
    if len(value) != count:
        expected = "(rows, columns)" if count == 2 else "a 1-tuple, as the layer is 1-D"
        raise GeometryError(
            f"{name.replace('_', ' ')} {tuple(value)} has {len(value)} values: expected one whole number or {expected}"
        )
    return tuple(value)


def padding_per_axis(padding: Padding, count: int) -> tuple[Any, ...]:
    """For each axis a pair (before, after), or a name; raises `GeometryError` for anything else."""
    if isinstance(padding, str):
        if padding not in PADDING_RULES:
            raise GeometryError(f"there is no padding {padding!r}; use a whole number or {', '.join(PADDING_RULES)}")
        return (padding,) * count
    sides = []
    for side in per_axis("padding", padding, count):
        pair = tuple(side) if is_sequence(side) else (side, side)
        if len(pair) != 2:
            raise GeometryError(f"padding {pair} of an axis has {len(pair)} values: expected one, or (before, after)")
        sides.append(pair)
    return tuple(sides)
