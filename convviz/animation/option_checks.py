"""Checks of the values of picture options; each raises `PictureError`."""

from __future__ import annotations

import operator
from collections.abc import Collection, Sequence
from typing import Any

from convviz.animation.option_spec import expected
from convviz.errors import PictureError
from convviz.layout.limits import LARGEST_SIDE

SMALLEST_SIDE = 64
LARGEST_CHANNELS = 512


def checked_integer(name: str, value: Any) -> int:
    """Return a whole number as an int."""
    try:
        if isinstance(value, bool):
            raise TypeError
        return operator.index(value)
    except TypeError:
        raise PictureError(expected(name, "a whole number", repr(value)[:40])) from None


def check_range(name: str, value: Any, minimum: float, maximum: float | None, unit: str = "") -> None:
    """Refuse a number outside of a range whose maximum may be None."""
    try:
        fits = minimum <= value and (maximum is None or value <= maximum)
    except TypeError:
        fits = False
    if not fits:
        span = f"{minimum} or more" if maximum is None else f"{minimum} to {maximum}"
        got = f"{value:g}" if isinstance(value, float) else repr(value)
        raise PictureError(expected(name, f"{span} {unit}".rstrip(), got))


def checked_size(size: Any, scale: int) -> tuple[int, int]:
    """Return (width, height) as ints; both, times `scale`, must be possible."""
    try:
        width, height = (operator.index(side) for side in size)
    except (TypeError, ValueError):
        raise PictureError(expected("size", "(width, height) in whole pixels", repr(size)[:40])) from None
    if not (SMALLEST_SIDE <= width <= LARGEST_SIDE and SMALLEST_SIDE <= height <= LARGEST_SIDE):
        raise PictureError(expected("size", f"{SMALLEST_SIDE} to {LARGEST_SIDE} pixels per side", f"{width}x{height}"))
    if max(width, height) * scale > LARGEST_SIDE:
        got = f"{width}x{height} at scale {scale}, which is {width * scale}x{height * scale}"
        limit = f"up to {LARGEST_SIDE} pixels per side"
        raise PictureError(f"{expected('size', limit, got)}; try a smaller size or scale")
    return width, height


def check_channels(channels: tuple[int, int] | None) -> None:
    """Refuse impossible numbers of (input, output) channels."""
    if channels is not None and not all(isinstance(n, int) and 1 <= n <= LARGEST_CHANNELS for n in channels):
        got = f"{channels[0]} input and {channels[1]} output channels"
        raise PictureError(expected("channels", f"1 to {LARGEST_CHANNELS}", got))


def check_parts(without: Sequence[str], parts: Collection[str]) -> None:
    """Refuse to leave out what is none of `parts`."""
    unknown = [part for part in without if part not in parts]
    if unknown:
        raise PictureError(expected("without", f"some of {', '.join(parts)}", repr(unknown[0])))
