"""Texts of the brackets beside a grid, and of the arrow from the last window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.claims.axis_model import AxisModel
from tests.claims.reading import About, Reader, holds, same, whole

brackets = Reader()
arrows = Reader()


@dataclass(frozen=True)
class Beside:
    """A bracket, the axis that it is beside, and the kinds of cells along it."""

    bracket: Any
    axis: AxisModel
    length: int
    kinds: list[str]


def check_bracket(text: str, about: About, panel: Any, bracket: Any) -> None:
    """Check a text of a bracket of a panel against the line of its axis, and the number of cells along it."""
    axis = about.model.axes[-1 if bracket.side == "top" else 0]
    kinds = [spot.kind for spot in axis.line[bracket.start : bracket.end]]
    beside = Beside(bracket, axis, bracket.end - bracket.start, kinds)
    holds("a bracket is inside its grid", bracket.end <= (panel.cols if bracket.side == "top" else panel.rows))
    brackets.read(text, Dimension(about, panel.name == "kernel", beside))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Dimension:
    """What a text of a bracket is about."""

    about: About
    is_kernel: bool
    beside: Beside


@brackets.says(r"(?P<number>\d+)")
def count(on: Dimension, number: str) -> None:
    same("cells of the bracket", whole(number), on.beside.length)


@brackets.says(r"(?P<name>p′?|a|overhang|z)(?P<end> before| after)? = (?P<number>\d+)")
def cells_of(on: Dimension, name: str, end: str | None, number: str) -> None:
    axis, kinds = on.beside.axis, set(on.beside.kinds)
    same("cells of the bracket", whole(number), on.beside.length)
    same("what they are", kinds, {{"z": "inserted", "overhang": "beyond"}.get(name, "padding")})
    if name == "a":
        same("a", whole(number), axis.a)
    if name in ("p", "p′"):
        same("symbol of the padding", name, "p′" if axis.transposed else "p")
        pair = axis.implicit if axis.transposed else (axis.before, axis.after)
        is_first = on.beside.bracket.start == 0
        same("padding on this side", whole(number), pair[0 if is_first else 1])
        if end:
            same("side", end, " before" if is_first else " after")
            holds("the sides differ", pair[0] != pair[1])


@brackets.says(r"p′ \+ a = (?P<number>\d+)")
def padding_and_more(on: Dimension, number: str) -> None:
    axis = on.beside.axis
    same("sum", whole(number), axis.implicit[1] + axis.a)
    same("cells of the bracket", whole(number), on.beside.length)


@brackets.says(r"i = (?P<number>\d+)")
def inputs(on: Dimension, number: str) -> None:
    same("i", whole(number), on.beside.axis.i)
    same("what the cells are", set(on.beside.kinds), {"input"})


@brackets.says(r"(?P<symbols>i \+ \(i−1\)·z = )?(?:(?P<i>\d+) \+ (?P<runs>\d+)·(?P<z>\d+) = )?(?P<sum>\d+)")
def spread(on: Dimension, symbols: str | None, i: str | None, runs: str | None, z: str | None, sum: str) -> None:
    axis, kinds = on.beside.axis, on.beside.kinds
    same("sum", whole(sum), axis.spread)
    same("cells of the bracket", len(kinds), axis.spread)
    if i and runs and z:
        same("input cells", whole(i), kinds.count("input"))
        same("inserted zeros", whole(runs) * whole(z), kinds.count("inserted"))
        same("z", whole(z), axis.s - 1)


@brackets.says(r"(?P<which>first|last)")
def end_row(on: Dimension, which: str) -> None:
    places = [place for place, spot in enumerate(on.beside.axis.line) if spot.kind == "input"]
    same("row", on.beside.bracket.start, places[0 if which == "first" else -1])


@brackets.says(r"k = (?P<k>\d+)(?:, (?:reach|d\(k−1\) \+ 1 =)(?P<product> \d+·\d+ \+ 1 =)? (?P<reach>\d+))?")
def kernel(on: Dimension, k: str, product: str | None, reach: str | None) -> None:
    axis = on.beside.axis
    holds("it is beside a kernel", on.is_kernel)
    same("k", whole(k), axis.k)
    same("weights along the bracket", whole(k), on.beside.length)
    if reach:
        same("reach", whole(reach), axis.windows[0][-1] - axis.windows[0][0] + 1)
    if product:
        d, gaps = product.split(" ")[1].split("·")
        same("product", (int(d), int(gaps)), (axis.d, axis.k - 1))


@arrows.says(r"s(?P<prime>′?) = (?P<number>\d+)")
def stride(about: About, prime: str, number: str) -> None:
    (arrow,) = {(one.start, one.end) for one in about.frame.arrows}
    moved = [(end - start) // 1000 for start, end in zip(*arrow, strict=True)]
    same("cells that the window moves", sum(moved), whole(number))
    axis = 0 if moved[0] else -1
    same("s", whole(number), 1 if about.plain.transposed else about.plain.s[axis])
    same("s′ of a transposed convolution", bool(prime), about.plain.transposed)
