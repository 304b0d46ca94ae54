"""Fonts: DejaVu as matplotlib brings it, so that pictures look the same on every machine."""

from __future__ import annotations

import re
from functools import cache
from math import ceil
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

FACES = {
    "sans": "DejaVuSans.ttf",
    "bold": "DejaVuSans-Bold.ttf",
    "oblique": "DejaVuSans-Oblique.ttf",
    "mono": "DejaVuSansMono.ttf",
    "mono-bold": "DejaVuSansMono-Bold.ttf",
}
DPI = 72
"""One point is one pixel."""


def is_mono(face: str) -> bool:
    """Whether every character of the face is equally wide; such text is set character by character."""
    return face.startswith("mono")


def pieces(text: str, face: str) -> list[tuple[str, str]]:
    """`text` in parts, each with a real face: in `math`, single letters are symbols and lean."""
    if face != "math":
        return [(text, face)]
    parts = re.findall(r"[A-Za-z]+|[^A-Za-z]+", text)
    return [(part, "oblique" if len(part) == 1 and part.isalpha() else "sans") for part in parts]


@cache
def font(face: str, px: int) -> FontProperties:
    """The font of a face at a size in pixels."""
    file = Path(matplotlib.get_data_path(), "fonts", "ttf", FACES[face])
    return FontProperties(fname=file, size=px)


@cache
def measure(text: str, face: str, px: int) -> int:
    """Width of `text` in whole pixels."""
    if is_mono(face) and len(text) > 1:
        return len(text) * measure("0", face, px)
    if face == "math":
        return sum(measure(part, real, px) for part, real in pieces(text, face))
    return _advance(text, face, px)


def _advance(text: str, face: str, px: int) -> int:
    """Where a text ends. Measured with a bar behind it, because a ruler sees ink, and blanks have none."""
    with_bar, bar = (_ruler().get_text_width_height_descent(t, font(face, px), False)[0] for t in (f"{text}|", "|"))
    return ceil(with_bar - bar)


@cache
def _ruler() -> RendererAgg:
    return RendererAgg(1, 1, DPI)
