"""Colours as `#rrggbb`: mixtures, opacity, contrast."""

from __future__ import annotations

from functools import lru_cache


def mix(colour: str, other: str, share: float) -> str:
    """Blend `colour` with a `share` (0 to 1) of `other`."""
    blended = (round(a + (b - a) * share) for a, b in zip(rgb(colour), rgb(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in blended)


@lru_cache(maxsize=4096)
def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb`, from 0 to 255; an opacity behind them does not count."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def clear(colour: str) -> str:
    """Return the colour without any opacity, `#rrggbb00`: that of a transparent background."""
    return f"{colour[:7]}00"


def is_clear(colour: str) -> bool:
    """Return whether a colour has no opacity."""
    return len(colour) == 9 and colour.endswith("00")


def contrast(colour: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=4096)
def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (value / 255 for value in rgb(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
