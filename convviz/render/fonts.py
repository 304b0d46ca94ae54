"""Fonts: DejaVu as matplotlib brings it, so that pictures look the same on every machine; or one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from math import ceil
from pathlib import Path
from typing import Literal

import matplotlib
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font

from convviz.errors import PictureError

FACES = {
    "sans": "DejaVuSans.ttf",
    "bold": "DejaVuSans-Bold.ttf",
    "oblique": "DejaVuSans-Oblique.ttf",
    "mono": "DejaVuSansMono.ttf",
    "mono-bold": "DejaVuSansMono-Bold.ttf",
}
DPI = 72
"""One point is one pixel."""


def faced(face: str, family: str) -> str:
    """The face of another family (`bold@Lato`), where there is one; fixed pitch stays, since it is set in columns."""
    return f"{face}@{family}" if family and not is_mono(face) else face


def is_mono(face: str) -> bool:
    """Whether every character of the face is equally wide; such text is set character by character."""
    return face.startswith("mono")


def pieces(text: str, face: str) -> list[tuple[str, str]]:
    """`text` in parts, each with a real face: in `math`, single letters are symbols and lean."""
    base, _, family = face.partition("@")
    if base != "math":
        return [(text, face)]
    parts = re.findall(r"[A-Za-z]+|[^A-Za-z]+", text)
    return [(part, faced("oblique" if len(part) == 1 and part.isalpha() else "sans", family)) for part in parts]


@cache
def font(face: str, px: int) -> FontProperties:
    """The font of a face at a size in pixels; what another family lacks comes from DejaVu."""
    base, _, family = face.partition("@")
    if family:
        weight = "bold" if base == "bold" else "normal"
        style: Literal["italic", "normal"] = "italic" if base == "oblique" else "normal"
        return FontProperties(family=[family, "DejaVu Sans"], weight=weight, style=style, size=px)
    file = Path(matplotlib.get_data_path(), "fonts", "ttf", FACES[face])
    return FontProperties(fname=file, size=px)


@cache
def measure(text: str, face: str, px: int) -> int:
    """Width of `text` in whole pixels."""
    if is_mono(face) and len(text) > 1:
        return len(text) * measure("0", face, px)
    if face.startswith("math"):
        return sum(measure(part, real, px) for part, real in pieces(text, face))
    return _advance(text, face, px)


def installed(name: str) -> str:
    """The family of a font that is installed, or in a file (.ttf, .otf). Raises `PictureError` naming similar ones."""
    if Path(name).suffix.lower() in (".ttf", ".otf"):
        return _from_file(Path(name))
    families = {entry.name for entry in fontManager.ttflist}
    found = {family.lower(): family for family in families}.get(name.lower())
    if found is None:
        similar = get_close_matches(name, families, n=3, cutoff=0.5)
        advice = f"did you mean {' or '.join(similar)}?" if similar else "give the path of a .ttf or .otf file"
        raise PictureError(f"there is no font {name!r} on this machine; {advice}")
    return found


def _from_file(path: Path) -> str:
    try:
        family = FT2Font(path).family_name
        fontManager.addfont(path)
    except (OSError, RuntimeError) as error:
        raise PictureError(f"the font {path} cannot be read: {error}") from None
    return str(family)


def measure_in(family: str) -> Callable[[str, str, int], int]:
    """`measure` with the faces of a family."""
    return (lambda text, face, px: measure(text, faced(face, family), px)) if family else measure


def _advance(text: str, face: str, px: int) -> int:
    """Where a text ends. Measured with a bar behind it, because a ruler sees ink, and blanks have none."""
    with_bar, bar = (_ruler().get_text_width_height_descent(t, font(face, px), False)[0] for t in (f"{text}|", "|"))
    return ceil(with_bar - bar)


@cache
def _ruler() -> RendererAgg:
    return RendererAgg(1, 1, DPI)
