"""Texts of the brackets that name the size of a grid, and of the brackets beside a full output."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from tests.claims.readers.rules import transpose_of
from tests.claims.reading import About, Reader, holds, same, whole

VIEWS = ("pair", "matrix", "scatter", "upsample")
INPUTS, OUTPUTS = ("input", "back", "x"), ("output", "y")
"""Names of panels along which i, or o, is told; along the transposed matrix, both are."""
brackets = Reader()


@dataclass(frozen=True)
class Sized:
    """A bracket beside a panel."""

    about: About
    panel: Any
    bracket: Any

    @property
    def length(self) -> int:
        return int(self.bracket.end - self.bracket.start)

    @property
    def number(self) -> int:
        """Index of the axis beside which the bracket is."""
        return -1 if self.bracket.side == "top" else 0

    @property
    def symbol(self) -> str:
        """The symbol of the size along the bracket."""
        if self.panel.name == "transposed":
            return "o" if self.bracket.side == "top" else "i"
        return "i" if self.panel.name in INPUTS else "o"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.about.plain.i if self.symbol == "i" else self.about.model.o


def check(text: str, about: About, panel: Any, bracket: Any) -> None:
    """Check a text of a bracket against the number of cells along it, and the size of the tensor."""
    brackets.read(text, Sized(about, panel, bracket))  # type: ignore[arg-type]


@brackets.says(r"(?P<number>\d+)")
def count(on: Sized, number: str) -> None:
    same("cells of the bracket", whole(number), on.length)


@brackets.says(r"(?P<symbol>[io]) = (?P<number>\d+)")
def size(on: Sized, symbol: str, number: str) -> None:
    same("symbol", symbol, on.symbol)
    same("size", whole(number), on.shape[on.number])
    same("cells of the bracket", whole(number), on.length)


@brackets.says(r"(?P<symbol>[io])² = (?P<number>\d+)")
def square(on: Sized, symbol: str, number: str) -> None:
    same("symbol", symbol, on.symbol)
    same("sizes", on.shape, (on.shape[0], on.shape[0]))
    same("cells of the bracket", (whole(number), on.length), (prod(on.shape), prod(on.shape)))


@brackets.says(r"(?:(?P<symbols>i·i|o·o) = )?(?P<rows>\d+)·(?P<cols>\d+) = (?P<number>\d+)")
def rectangle(on: Sized, symbols: str | None, rows: str, cols: str, number: str) -> None:
    holds("the symbol is that of the tensor", symbols in (None, f"{on.symbol}·{on.symbol}"))
    same("sizes", on.shape, (whole(rows), whole(cols)))
    same("cells of the bracket", (whole(number), on.length), (prod(on.shape), prod(on.shape)))


@brackets.says(r"(?P<name>a|i − a) = (?P<number>\d+)")
def with_output_padding(on: Sized, name: str, number: str) -> None:
    added = transpose_of(on.about).axes[on.number].a
    i = on.about.plain.i[on.number]
    holds("it is beside what is sent back, to which a adds cells", on.panel.name == "back" and added > 0)
    start, end = (i - added, i) if name == "a" else (0, i - added)
    same("place of the bracket", (on.bracket.start, on.bracket.end), (start, end))
    same("cells of the bracket", whole(number), on.length)


@brackets.says(r"k(?P<grown> \+ f − 1)? = (?P<number>\d+)")
def weights(on: Sized, grown: str | None, number: str) -> None:
    """Check the weights along a kernel, or those of a kernel grown from it: its taps, spread by each copy."""
    axis = on.about.model.axes[on.number]
    places = {tap + copy for tap in range(axis.k) for copy in range(axis.s if grown else 1)}
    same("panel", on.panel.name, "grown" if grown else "kernel")
    same("weights", (whole(number), on.length), (len(places), len(places)))


@brackets.says(r"f·i = (?:(?P<f>\d+)·(?P<i>\d+) = )?(?P<number>\d+)")
def copies(on: Sized, f: str | None, i: str | None, number: str) -> None:
    """Check the copies of all cells along an axis, or the output, which is as large."""
    axis = on.about.model.axes[on.number]
    holds("it is beside the copies or the output", on.panel.name in ("copied", "output"))
    all_copies = [cell for cell in range(axis.i) for _ in range(axis.s)]
    same("copies", (whole(number), on.length), (len(all_copies), len(all_copies)))
    if f and i:
        same("factors", (whole(f), whole(i)), (axis.s, axis.i))
    if on.panel.name == "copied":
        rows = on.panel.cells if on.bracket.side == "top" else list(zip(*on.panel.cells, strict=True))
        roles = [cell.role for cell in rows[len(rows) // 2]]
        same("where the copies are", set(roles[on.bracket.start : on.bracket.end]), {"empty"})
        same("all of them", roles.count("empty"), len(all_copies))


def check_zeros(on: Sized, end: str | None, number: str) -> None:
    """Check the zeros on one side of the copies: k − 1 in all, the odd one at the end."""
    axis = on.about.model.axes[on.number]
    is_first = on.bracket.start == 0
    zeros = [tap for tap in range(1, axis.k) if (tap % 2 == 0) == is_first]
    same("panel", on.panel.name, "copied")
    same("zeros", (whole(number), on.length), (len(zeros), len(zeros)))
    if end:
        same("side", (end, axis.k % 2), (" before" if is_first else " after", 0))


@brackets.says(r"p(?P<end> before| after)?(?P<less> − a)? = (?P<number>\d+)")
def cropped(on: Sized, end: str | None, less: str | None, number: str) -> None:
    if on.about.view == "upsample":
        check_zeros(on, end, number)
        return
    axis = on.about.model.axes[on.number]
    is_first = on.bracket.start == 0
    holds("it is beside the output of a scatter view", on.about.view == "scatter" and on.panel.name == "output")
    same("cells of the bracket", whole(number), on.length)
    reached = len(axis.full) - axis.before - axis.o
    same("cropped cells", on.length, axis.before if is_first else reached)
    same("place of the bracket", on.bracket.start, 0 if is_first else axis.before + axis.o)
    same("what is subtracted", bool(less), not is_first and axis.a > 0)
    same("padding", on.length, axis.before if is_first else axis.after - axis.a)
    same("side", end, None if axis.before == axis.after else " before" if is_first else " after")
