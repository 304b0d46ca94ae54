"""What the command line, recipes and pages know of an option: its spelling, its type, its default and its help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from convviz.errors import PictureError
from convviz.text import parsing
from convviz.text.notation import Arguments


@dataclass(frozen=True)
class ValueType:
    """A type of option values."""

    name: str
    read: Callable[[str, str], Any]
    """Takes text and the option's name; returns the value or raises `ConvvizError`."""


def _whole_number(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise PictureError(expected(name.replace("_", "-"), "a whole number", repr(text[:40]))) from None


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise PictureError(expected(name.replace("_", "-"), "a number", repr(text[:40]))) from None


FLAG = ValueType("flag", lambda text, _: text)
INTEGER = ValueType("integer", _whole_number)
SECONDS = ValueType("seconds", _number)
NUMBER = ValueType("number", _number)
TEXT = ValueType("text", lambda text, _: text)
VALUES = ValueType("values", lambda text, _: text)
"""Numbers, a file or the name of a kernel; read together with the layer."""
SIZES = ValueType("sizes", parsing.parse_sizes)
PADDING = ValueType("padding", lambda text, _: parsing.parse_padding(text))
PICTURE_SIZE = ValueType("picture size", lambda text, _: parsing.parse_picture_size(text))
FRAME = ValueType("frame", lambda text, _: parsing.parse_frame(text))


@dataclass(frozen=True)
class OptionSpec:
    """An option of the command line, and the recipe key of the same name."""

    name: str
    type: ValueType
    help: str
    metavar: str = ""
    default: str = ""
    """The default as help shows it."""
    letter: str = ""
    """The short spelling, such as `-i`."""
    long_name: str = ""
    """The long spelling without dashes, if it is not `name`."""
    negatable: bool = False
    """Whether `--no-…` turns a flag off."""
    multiple: bool = False
    in_recipes: bool = True
    """Whether it is also a recipe key."""
    in_pages: bool = True
    """Whether Sphinx pages take it."""
    names_file: Callable[[str], bool] | None = None
    """Tells whether a value names a file."""

    @property
    def key(self) -> str:
        """The key in a recipe, with underscores."""
        return self.long_name or self.name

    @property
    def long(self) -> str:
        """The long spelling, such as `--max-frames`."""
        return f"--{self.key.replace('_', '-')}"

    @property
    def negated(self) -> str:
        """The spelling that turns a flag off, such as `--no-numbers`; empty if there is none."""
        return f"--no-{self.long[2:]}" if self.negatable else ""

    @property
    def spellings(self) -> Arguments:
        """All spellings on the command line."""
        return tuple(filter(None, (self.letter, self.long, self.negated)))

    def arguments(self, value: Any) -> Arguments:
        """Return the words that give `value` on the command line."""
        if self.type is FLAG:
            return (self.long if value else self.negated,)
        if isinstance(value, tuple):
            return self.long, "x".join(map(str, value))
        return self.long, f"{value:g}" if isinstance(value, float) else str(value)


def expected(name: str, what: str, got: object) -> str:
    """Return `max-frames: expected 1 or more, got 0`."""
    return f"{name}: expected {what}, got {got}"
