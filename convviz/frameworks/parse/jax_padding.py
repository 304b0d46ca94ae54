"""Padding as JAX and Flax write it: by name, or (before, after) per axis."""

from __future__ import annotations

from typing import Any, cast

from convviz.errors import ReadingError
from convviz.frameworks.parse.arguments import Arguments
from convviz.frameworks.parse.values import Symbol
from convviz.geometry.padding import PaddingName, PaddingPair

Padding = str | tuple[PaddingPair, ...]


def padding_argument(arguments: Arguments, axes: int) -> Padding:
    """Return padding by name, or (before, after) per axis."""
    value = arguments["padding"]
    if isinstance(value, Symbol) and "Padding" in value.text:
        value = value.text.rpartition(".")[2]
    if isinstance(value, str):
        return value
    pairs = value if isinstance(value, tuple) else ()
    if len(pairs) != axes or not all(is_pair(pair) for pair in pairs):
        raise arguments.invalid("padding", f"'SAME', 'VALID' or {axes} pair{'s' * (axes > 1)} (before, after)", "SAME")
    return tuple(pairs)


def is_pair(value: Any) -> bool:
    """Return whether a value is (before, after)."""
    return isinstance(value, tuple) and len(value) == 2 and all(type(side) is int for side in value)


def padding_name(name: str) -> PaddingName:
    """Return convviz's name of a padding. Raises `ReadingError`."""
    if name.lower() not in ("same", "valid", "same_lower"):
        raise ReadingError(f"padding: expected 'SAME', 'SAME_LOWER', 'VALID' or pairs (before, after), got {name!r}")
    return cast(PaddingName, name.lower())
