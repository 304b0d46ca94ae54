"""Make text of others safe to print: control characters as pictures of themselves, and values in few characters."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_REPR = 40
"""Characters of a value in an error."""
CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
"""Control characters other than tab and line feed, and what no UTF-8 or XML file can hold: halves of surrogate pairs
and two noncharacters."""
UNSTORABLE = re.compile(f"[{CONTROLS}]")
"""Characters that no text in a file may have."""
UNDRAWABLE = re.compile(f"[{CONTROLS}\t]")
"""Characters that no text in a picture may have: no font has a glyph for them. A line feed breaks the line."""
UNPRINTABLE = re.compile(f"[{CONTROLS}\u202a-\u202e\u2066-\u2069]")
"""Characters that a terminal obeys instead of showing them; they include overrides of the text direction."""

IN_ASCII = {
    **dict(zip("×·∗⋆−–─′⋮↑↓≡≈₁₂", "x***---':^v=~12", strict=True)),
    **{"…": "...", "⋯": "...", "→": "->", "←": "<-", "↔": "<->", "≤": "<=", "≥": ">=", "⌊": "floor(", "⌋": ")"},
    **{"⌈": "ceil(", "⌉": ")", "ᵀ": "^T", "²": "^2", "∞": "inf", "Σ": "sum ", "°": " degrees"},
}
"""Signs of formulas and texts → how they are written where a terminal, or TeX, has ASCII only."""


def count_of(count: int | str, noun: str) -> str:
    """`1 cell`, `3 cells`, `2 to 3 cells`, `1 second`: a count with its noun, in the singular for 1."""
    return f"{count} {noun}" if str(count) == "1" else f"{count} {noun}s"


def visible(text: str) -> str:
    """Replace each unprintable character by a picture of itself: an escape by ␛, and those without one by <U+202E>."""
    return UNPRINTABLE.sub(lambda match: _picture(ord(match[0])), text)


def in_encoding(text: str, encoding: str) -> str:
    """Return `text` with other words for the signs that an encoding lacks, and ? for other characters."""

    def fitting(character: str) -> str:
        try:
            character.encode(encoding)
        except UnicodeEncodeError:
            return IN_ASCII.get(character, "?")
        return character

    return text.translate({ord(character): fitting(character) for character in set(text)})


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `did you mean slide? Use ` if `name` is like one of the names that are known, else `use `."""
    near = get_close_matches(name.lower(), known, 1, 0.7)
    return f"did you mean {near[0]}? Use " if near else "use "


def _picture(code: int) -> str:
    """Return the symbol of a control character; one of 8 bits is an escape and a letter, as in 7 bits."""
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"␛{chr(code - 0x40)}" if code < 0xA0 else f"<U+{code:04X}>"


class _ShortRepr(reprlib.Repr):
    """`repr` of at most `LONGEST_REPR` characters, also of values whose own `repr` is long, fails, or is not text."""

    def __init__(self) -> None:
        super().__init__()
        self.maxother = LONGEST_REPR
        self.maxlevel = 3

    def repr_str(self, value: str, _level: int) -> str:
        """Return the beginning of a text in quotes."""
        return repr(value) if len(value) <= LONGEST_REPR else f"{value[:LONGEST_REPR]!r}…"

    def repr_int(self, value: int, _level: int) -> str:
        """Return a whole number, or how many bits it has."""
        return repr(value) if value.bit_length() < 100 else f"a whole number of {value.bit_length()} bits"

    def repr_instance(self, value: object, _level: int) -> str:
        """Return the beginning of a value's own `repr`, or its type if that fails."""
        try:
            text = repr(value)
        except Exception:
            return f"a {type(value).__name__}"
        return text if len(text) <= LONGEST_REPR else f"{text[: LONGEST_REPR - 1]}…"


def shown(value: object) -> str:
    """Return a value as an error shows it: its `repr` in one line of a few characters, without control characters."""
    try:
        text = " ".join(visible(_ShortRepr().repr(value)).split())
    except Exception:  # a type that cannot be examined
        return f"a {type(value).__name__}"
    return text if len(text) <= 2 * LONGEST_REPR else f"{text[: 2 * LONGEST_REPR]}…"
