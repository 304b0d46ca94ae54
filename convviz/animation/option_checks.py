"""Checks of the values of picture options; each raises `PictureError`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from convviz.animation.option_spec import expected
from convviz.errors import PictureError
from convviz.errors.arguments import path, text, texts, whole_number, wrong_type
from convviz.errors.printable import UNDRAWABLE, shown
from convviz.layout.limits import LARGEST_SIDE
from convviz.style.theme import Theme

SMALLEST_SIDE = 64
LARGEST_CHANNELS = 512


def check_range(name: str, value: float, minimum: float, maximum: float | None, unit: str = "") -> None:
    """Refuse a number outside of a range whose maximum may be None."""
    if not (minimum <= value and (maximum is None or value <= maximum)):
        span = f"{minimum} or more" if maximum is None else f"{minimum} to {maximum}"
        got = f"{value:g}" if isinstance(value, float) else value
        raise PictureError(expected(name, f"{span} {unit}".rstrip(), got))


def checked_size(name: str, size: Any) -> tuple[int, int]:
    """Return (width, height) as ints."""
    width, height = _two_whole_numbers(name, "(width, height) in whole pixels", size)
    if not (SMALLEST_SIDE <= width <= LARGEST_SIDE and SMALLEST_SIDE <= height <= LARGEST_SIDE):
        raise PictureError(expected(name, f"{SMALLEST_SIDE} to {LARGEST_SIDE} pixels per side", f"{width}x{height}"))
    return width, height


def check_scaled_size(size: tuple[int, int], scale: int) -> None:
    """Refuse a picture whose sides, times `scale`, are too long."""
    width, height = size
    if max(width, height) * scale > LARGEST_SIDE:
        got = f"{width}x{height} at scale {scale}, which is {width * scale}x{height * scale}"
        limit = f"up to {LARGEST_SIDE} pixels per side"
        raise PictureError(f"{expected('size', limit, got)}; try a smaller size or scale")


def checked_channels(name: str, channels: Any) -> tuple[int, int]:
    """Return the numbers of (input, output) channels as ints."""
    inputs, outputs = _two_whole_numbers(name, "(input channels, output channels)", channels)
    if not (1 <= inputs <= LARGEST_CHANNELS and 1 <= outputs <= LARGEST_CHANNELS):
        got = f"{inputs} input and {outputs} output channels"
        raise PictureError(expected(name, f"1 to {LARGEST_CHANNELS}", got))
    return inputs, outputs


def _two_whole_numbers(name: str, what: str, pair: Any) -> tuple[int, int]:
    try:
        one, other = (whole_number(name, number) for number in pair)
    except Exception:
        raise wrong_type(name, what, pair) from None
    return one, other


def checked_title(name: str, title: Any) -> str:
    """Return a title that a font can draw; a line feed breaks its line."""
    found = UNDRAWABLE.search(text(name, title))
    if found:
        got = f"{found[0]!r} after {shown(title[: found.start()])}"
        raise PictureError(f"{expected(name, 'text that can be drawn', got)}; leave this character out")
    return str(title)


def checked_choice(choices: Sequence[str]) -> Callable[[str, Any], str]:
    """Return the check of a value that is one of `choices`."""
    listed = f"{', '.join(choices[:-1])} or {choices[-1]}"

    def checked(name: str, value: Any) -> str:
        if text(name, value, listed) not in choices:
            raise PictureError(expected(name, listed, shown(value)))
        return str(value)

    return checked


def checked_view(name: str, view: Any) -> str:
    """Return the name of a view, or of a pair of views, `A+B`."""
    if isinstance(view, tuple | list):
        return "+".join(texts(name, view, "two names of views"))
    return text(name, view, "the name of a view, or a pair of them")


def checked_theme(name: str, theme: Any) -> str | Theme:
    """Return a theme, or its name, or that of its file."""
    return theme if isinstance(theme, Theme) else path(name, theme, "the name of a theme, a .toml file, or a Theme")


def checked_font(name: str, font: Any) -> str:
    """Return the name of a font, or that of its file."""
    return path(name, font, "the name of a font, or a .ttf or .otf file")


def checked_parts(name: str, without: Any, parts: Collection[str]) -> tuple[str, ...]:
    """Return what to leave out of a picture, some of `parts`."""
    given = texts(name, without, "a list of parts")
    unknown = [part for part in given if part not in parts]
    if unknown:
        raise PictureError(expected(name, f"some of {', '.join(parts)}", shown(unknown[0])))
    return given
