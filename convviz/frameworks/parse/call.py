"""A call as data: its name, its arguments, and those that its result is called with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from convviz.errors import ConvvizError, ReadingError
from convviz.frameworks.parse.syntax import truncate

UNDERSTOOD = "; understood so far: "


@contextmanager
def parse_context(understood: str) -> Iterator[None]:
    """Add what was understood so far to the text of an error, unless an inner context did."""
    try:
        yield
    except ConvvizError as error:
        text = str(error)
        raise ReadingError(text if UNDERSTOOD in text else text + UNDERSTOOD + understood) from None


CallArguments = tuple[tuple[Any, ...], dict[str, Any]]
"""Positional and named arguments."""


@dataclass(frozen=True, slots=True)
class Call:
    """A dotted name, its arguments, and those that the result is called with: `nn.Conv2d(3, 64, 3)(x)`."""

    path: tuple[str, ...]
    positional: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)
    called_with: CallArguments | None = None
    unpacked: tuple[str, ...] = ()
    """Arguments whose contents are unknown: `*args`, `**kwargs`."""

    @property
    def text(self) -> str:
        """The dotted name, truncated."""
        return truncate(".".join(self.path))
