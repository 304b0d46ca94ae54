"""Mathematics in titles, drawn as outlines of glyphs by matplotlib's mathtext."""

from __future__ import annotations

import re
from functools import lru_cache
from math import ceil
from typing import Any

from convviz.errors import PictureError
from convviz.errors.printable import shown
from convviz.render.hermetic import copy_of, font_manager
from convviz.text.math_text import PART, split_math

TEX = "tex"
"""The face of mathematics; `bold+tex` is a face in which the rest is bold."""
MIXED = "+tex"
SIZE = 100
HIGHEST, DEEPEST = 1.05, 0.35
"""Height above and below the baseline, as shares of the font size, beyond which mathematics is drawn smaller."""
Outline = tuple[tuple[tuple[float, float], ...], tuple[int, ...]]


def split_title(text: str, face: str) -> list[tuple[str, str]]:
    """Split a title in a mixed face into parts with the face of text, or that of mathematics."""
    return [(part, TEX if is_math else face.replace(MIXED, "")) for part, is_math in split_math(text)]


def check_math(title: str) -> None:
    """Raise `PictureError` for mathematics that cannot be drawn, with its place."""
    start = 0
    for part in PART.findall(title):
        place, reason = start, ""
        if part == "$":
            reason = "a dollar without a partner; write \\$ for a dollar"
        elif len(part) > 1 and part[0] == part[-1] == "$":
            place, reason = _fault(part, start)
        if reason:
            raise PictureError(
                f"title: expected mathematics between dollars, as matplotlib's mathtext reads it, got {reason} "
                f"at character {place + 1} of {shown(title)}; correct it, or leave --math out"
            )
        start += len(part)


def _fault(part: str, start: int) -> tuple[int, str]:
    """Return the place of the first fault, and what it is; an empty text if there is none."""
    try:
        _drawn(part)
    except ValueError as error:
        found = re.search(r"at char (\d+)", str(error))
        offset = min(int(found[1]) if found else 0, len(part) - 2)
        rest = part[1 + offset : -1]
        return start + 1 + offset, shown(rest) if rest else "an end that is too early"
    except Exception:
        return start, shown(part)
    return start, ""


def math_width(part: str, px: int) -> int:
    """Return the width of mathematics in whole pixels."""
    width, _ = _drawn(part)
    return ceil(width * _scale(part, px))


def math_outline(part: str, px: int) -> Outline:
    """Return vertices, y upwards from the baseline, and codes of the outline, as in a matplotlib path."""
    _, (vertices, codes) = _drawn(part)
    scale = _scale(part, px)
    return tuple((x * scale, y * scale) for x, y in vertices), codes


def _scale(part: str, px: int) -> float:
    heights = [y / SIZE for _, y in _drawn(part)[1][0]] or [0.0]
    return px / SIZE * min(1.0, HIGHEST / max(*heights, 1e-9), DEEPEST / max(-min(heights), 1e-9))


@lru_cache(64)
def _drawn(part: str) -> tuple[float, Outline]:
    """Return width and outline at `SIZE` pixels."""
    properties = font_manager.FontProperties(size=SIZE, math_fontfamily="dejavusans")
    outlines: Any = copy_of("textpath").text_to_path
    vertices, codes = outlines.get_text_path(properties, part, ismath=True)
    width = outlines.get_text_width_height_descent(part, properties, True)[0]
    return float(width), (tuple((float(x), float(y)) for x, y in vertices), tuple(map(int, codes)))


def svg_path(part: str, px: int, x: int, baseline: int) -> str:
    """Return the outline as the data of an SVG path."""
    vertices, codes = math_outline(part, px)
    letters = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "z"}
    words, before = [], 0
    for (dx, dy), code in zip(vertices, codes, strict=True):
        if code == 79:
            words.append("z")
        else:
            letter = "" if code == before and code in (3, 4) and _is_inside(words, code) else letters[code]
            words.append(f"{letter}{x + dx:.2f} {baseline - dy:.2f}")
        before = code
    return " ".join(words)


def _is_inside(words: list[str], code: int) -> bool:
    """Whether the last curve still lacks points: it has two or three, with its letter before the first."""
    letter, needed = {3: ("Q", 2), 4: ("C", 3)}[code]
    points = next(count for count, word in enumerate(reversed(words), start=1) if word.startswith(letter))
    return points < needed
