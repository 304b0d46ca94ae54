"""Fonts: another family, or DejaVu as it comes with matplotlib, so that pictures look alike on every machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache
from math import ceil
from pathlib import Path
from threading import Lock
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
"""At this resolution one point is one pixel."""
_registering = Lock()


def face_of_family(face: str, family: str) -> str:
    """Return the face in another family (`bold@Lato`), if any; monospaced text stays, since it is set in columns."""
    return f"{face}@{family}" if family and not is_mono(face) else face


def is_mono(face: str) -> bool:
    """Return whether the face is monospaced; such text is drawn character by character."""
    return face.startswith("mono")


def split_math(text: str, face: str) -> list[tuple[str, str]]:
    """Split `text` into parts with a real face each: in the face `math`, single letters are oblique symbols."""
    base, _, family = face.partition("@")
    if base != "math":
        return [(text, face)]
    parts = re.findall(r"[A-Za-z]+|[^A-Za-z]+", text)
    return [
        (part, face_of_family("oblique" if len(part) == 1 and part.isalpha() else "sans", family)) for part in parts
    ]


@lru_cache(maxsize=256)
def font_properties(face: str, px: int) -> FontProperties:
    """Return the font of a face at a size in pixels; glyphs that another family lacks come from DejaVu."""
    base, _, family = face.partition("@")
    if family:
        weight = "bold" if base == "bold" else "normal"
        style: Literal["italic", "normal"] = "italic" if base == "oblique" else "normal"
        return FontProperties(family=[family, "DejaVu Sans"], weight=weight, style=style, size=px)
    file = Path(matplotlib.get_data_path(), "fonts", "ttf", FACES[face])
    return FontProperties(fname=file, size=px)


@lru_cache(maxsize=1 << 14)
def measure(text: str, face: str, px: int) -> int:
    """Return the width of `text` in whole pixels."""
    if is_mono(face) and len(text) > 1:
        return len(text) * measure("0", face, px)
    if face.startswith("math"):
        return sum(measure(part, real, px) for part, real in split_math(text, face))
    return _advance(text, face, px)


def measure_for(family: str) -> Callable[[str, str, int], int]:
    """Return `measure` for the faces of a family."""
    return (lambda text, face, px: measure(text, face_of_family(face, family), px)) if family else measure


def find_family(name: str) -> str:
    """Return the family of an installed font or of a font file (.ttf, .otf).

    Raises `PictureError`, with similar names, if there is none.
    """
    if Path(name).suffix.lower() in (".ttf", ".otf"):
        return _register_file(Path(name))
    families = {entry.name for entry in fontManager.ttflist}
    family = {family.lower(): family for family in families}.get(name.lower())
    if family is None:
        similar = get_close_matches(name, families, n=3, cutoff=0.5)
        advice = f"did you mean {' or '.join(similar)}?" if similar else "give the path of a .ttf or .otf file"
        raise PictureError(f"there is no font {name!r} on this machine; {advice}")
    return family


def _register_file(path: Path) -> str:
    """Return the family of a font file, which matplotlib's global font manager then knows.

    Registering is the only public way to draw in a font file with DejaVu as fallback: `FontProperties(fname=…)` has no
    fallback, and renderers look fonts up in the global manager. A file is registered once.
    """
    try:
        family = str(FT2Font(path).family_name)
        with _registering:
            if not any(entry.fname == str(path) and entry.name == family for entry in fontManager.ttflist):
                fontManager.addfont(path)
    except (OSError, RuntimeError) as error:
        raise PictureError(f"the font {path} cannot be read: {error}") from None
    return family


def _advance(text: str, face: str, px: int) -> int:
    """Return the advance width of `text`, measured with a bar at its end, because matplotlib ignores blanks there."""
    with_bar, bar = (
        _measuring_renderer().get_text_width_height_descent(string, font_properties(face, px), False)[0]
        for string in (f"{text}|", "|")
    )
    return ceil(with_bar - bar)


@lru_cache(maxsize=1)
def _measuring_renderer() -> RendererAgg:
    return RendererAgg(1, 1, DPI)
