"""Break a title into lines: at line feeds, then at words; smaller if that is too long, and then with an ellipsis."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from math import ceil

from convviz.layout.typography import Typography
from convviz.text.formatting import one_line

MOST_LINES = 3
LONGEST = 400
"""Characters of a title; the rest would not fit anyway."""
SMALLEST_SHARE = 0.7
"""A title is broken at words rather than made smaller than this share of its size."""
SMALLEST_MATH = 0.5
"""A title with mathematics is written in plain text rather than drawn smaller than this share of its size."""
WIDE = "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
"""Chinese, Japanese and Korean characters, between any two of which a line may end."""
PIECE = re.compile(rf" *(?:[{WIDE}]|[^ {WIDE}]+)")


def math_title_lines(title: str, typography: Typography, most: int) -> tuple[list[str], int] | None:
    """Return a title with mathematics, broken at line feeds alone, and its font size; None if it does not fit so."""
    lines, largest = title.split("\n"), typography.px("math title")
    smallest = max(typography.smallest_px, ceil(SMALLEST_MATH * largest))
    if len(lines) > most:
        return None
    for px in range(largest, smallest - 1, -1):
        if all(typography.text_width(line, "math title", px) <= typography.content_width for line in lines):
            return lines, px
    return None


def title_lines(title: str, typography: Typography, most: int = MOST_LINES) -> tuple[list[str], int]:
    """Return up to `most` lines, and their font size in pixels: the largest at which they are complete.

    At the smallest size the last line ends in an ellipsis if some text is left.
    """
    limit, largest, smallest = typography.content_width, typography.px("title"), typography.smallest_px
    parts = list(filter(None, (one_line(part) for part in title[:LONGEST].split("\n")))) or [""]
    parts = [" ".join(parts)] if len(parts) > most else parts
    if len(title) > LONGEST:
        parts[-1] += "…"
    for px in range(largest, max(smallest, ceil(SMALLEST_SHARE * largest)) - 1, -1):
        if max(_width(part, typography, px) for part in parts) <= limit:
            return parts, px

    def wrapped(px: int) -> list[str]:
        return [line for part in parts for line in _wrapped(part, limit, lambda text: _width(text, typography, px))]

    fitting = bisect_left(range(largest - smallest + 1), True, key=lambda less: len(wrapped(largest - less)) <= most)
    px = max(smallest, largest - fitting)
    lines = wrapped(px)
    if len(lines) <= most:
        return lines, px
    return [*lines[: most - 1], _shortened(" ".join(lines[most - 1 :]), limit, typography)], px


def _width(text: str, typography: Typography, px: int) -> int:
    """Return the width of a line as the sum of its words, which are measured once."""
    return sum(typography.text_width(piece, "title", px) for piece in PIECE.findall(text))


def _wrapped(text: str, limit: int, width: Callable[[str], int]) -> Iterator[str]:
    """Yield lines that are at most as wide as `limit`; a word that is wider than that is broken."""
    line = ""
    for piece in PIECE.findall(text):
        if not line or width(line + piece) <= limit:
            line += piece
        else:
            yield line
            line = piece.lstrip()
        while width(line) > limit and len(line) > 1:
            kept = max(1, bisect_left(range(len(line)), True, key=lambda count: width(line[: count + 1]) > limit))
            yield line[:kept]
            line = line[kept:]
    yield line


def _shortened(text: str, limit: int, typography: Typography) -> str:
    """Return the beginning of `text` that fits, at the smallest size, with an ellipsis."""
    px = typography.smallest_px
    text = text.rstrip("… ")
    while text and typography.text_width(f"{text}…", "title", px) > limit:
        text = text[:-1].rstrip()
    return f"{text}…"
