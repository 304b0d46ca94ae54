"""Faces at sizes in pixels, and the width of text in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import lru_cache
from math import ceil

from convviz.render.font_files import drawable, font_file, has_glyph, split_fonts
from convviz.render.hermetic import RendererAgg, font_manager
from convviz.render.math_title import MIXED, TEX, math_width, split_title

DPI = 72
"""At this resolution one point is one pixel."""
NO_FILES: Mapping[str, str] = {}
replaced_files: ContextVar[Mapping[str, str]] = ContextVar("replaced_files", default=NO_FILES)
"""Font file → the file that is drawn with instead, in this thread: one with fewer glyphs."""


def face_of_family(face: str, family: str) -> str:
    """Return the face in another family (`bold@Lato`), if any; monospaced text stays, since it is set in columns."""
    return f"{face}@{family}" if family and not is_mono(face) else face


def is_mono(face: str) -> bool:
    """Return whether the face is monospaced; such text is drawn character by character."""
    return face.startswith("mono")


def split_faces(text: str, face: str) -> list[tuple[str, str]]:
    """Split `text` into parts with a real face each, whose font has their characters."""
    return [
        part
        for symbols, real in _split_math(text, face)
        for part in ([(symbols, real)] if real == TEX else split_fonts(symbols, real))
    ]


def _split_math(text: str, face: str) -> list[tuple[str, str]]:
    """Split `text` into parts with a face each: in the face `math`, single letters are oblique symbols."""
    base, _, family = face.partition("@")
    if base.endswith(MIXED):
        return split_title(text, face)
    if base != "math":
        return [(text, face)]
    parts = re.findall(r"[A-Za-z]+|[^A-Za-z]+", text)
    return [
        (part, face_of_family("oblique" if len(part) == 1 and part.isalpha() else "sans", family)) for part in parts
    ]


def font_properties(face: str, px: int) -> font_manager.FontProperties:
    """Return the font of a face at a size in pixels."""
    file = font_file(face)
    return _properties(replaced_files.get().get(file, file), px)


@lru_cache(maxsize=256)
def _properties(file: str, px: int) -> font_manager.FontProperties:
    # what is left out would come from the settings of the process
    return font_manager.FontProperties(
        fname=file, size=px, family="sans-serif", style="normal", variant="normal", weight="normal", stretch="normal"
    )


@lru_cache(maxsize=1 << 14)
def measure(text: str, face: str, px: int) -> int:
    """Return the width of `text` in whole pixels."""
    if is_mono(face) and len(text) > 1:
        return len(text) * measure("0", face, px)
    return sum(_advance(part, real, px) for part, real in split_faces(text, face))


def measure_for(family: str) -> Callable[[str, str, int], int]:
    """Return `measure` for the faces of a family."""
    return (lambda text, face, px: measure(text, face_of_family(face, family), px)) if family else measure


@lru_cache(maxsize=1 << 14)
def _advance(text: str, face: str, px: int) -> int:
    """Return the advance width of `text`, measured with a sign at its end, because matplotlib ignores blanks there."""
    if face == TEX:
        return math_width(text, px)
    sign = "|" if has_glyph(font_file(face), "|") else (text.strip() or text)[-1]
    return ceil(_drawn_width(f"{text}{sign}", face, px) - _sign_width(sign, face, px))


@lru_cache(maxsize=1024)
def _sign_width(sign: str, face: str, px: int) -> float:
    return _drawn_width(sign, face, px)


def _drawn_width(text: str, face: str, px: int) -> float:
    properties = font_properties(face, px)
    return float(_measuring_renderer().get_text_width_height_descent(drawable(text, face), properties, False)[0])


@lru_cache(maxsize=1)
def _measuring_renderer() -> RendererAgg:
    return RendererAgg(1, 1, DPI)
