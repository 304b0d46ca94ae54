"""What an expression in code is read as, besides plain numbers, strings and tuples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convviz.frameworks.parse.call import Call


@dataclass(frozen=True, slots=True)
class Symbol:
    """An expression with an unknown value: `ngf * 8`, `get_padding(k)`."""

    text: str
    unknown: str = field(default="", compare=False)
    """The first name in it, from which its value would follow; empty if code would have to run."""
    is_condition: bool = field(default=False, compare=False)
    """Whether that name is a condition, True or False."""


@dataclass(frozen=True, slots=True)
class OpaqueCall:
    """A call whose result has no size of its own here, such as an initializer or a layer; it is never made."""

    text: str
    call: Call | None = field(default=None, compare=False, repr=False)
    """Its name and arguments."""


@dataclass(frozen=True, slots=True)
class ShapedArray:
    """An array of which only the shape is known: `torch.randn(1, 64, 12, 12)`."""

    sizes: tuple[int, ...]
    text: str


def unknown_parts(value: Any) -> Iterator[Symbol | OpaqueCall]:
    """Yield the parts of a value that are unknown, also those in a tuple."""
    if isinstance(value, Symbol | OpaqueCall):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from unknown_parts(part)
