"""Texts of the brackets beside a grid, and of the arrow from the last window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.claims.axis_model import AxisModel, Spot
from tests.claims.readers import sizes
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
    cropped: list[bool]
    line: list[Spot]


def check_bracket(text: str, about: About, panel: Any, bracket: Any) -> None:
    """Check a text of a bracket of a panel against the line of its axis, and the number of cells along it."""
    axis = about.model.axes[-1 if bracket.side == "top" else 0]
    cells = panel.cols if bracket.side == "top" else panel.rows
    holds("a bracket is inside its grid", bracket.start < bracket.end <= cells)
    if about.view == "upsample" or (about.view in sizes.VIEWS and panel.name != "kernel"):
        sizes.check(text, about, panel, bracket)
        return
    line = axis.line
    if panel.name == "spread":
        line = [spot for spot in line if spot.kind in ("input", "inserted")]
    if panel.name != "kernel":
        same("cells of the grid", cells, len(line))
    spots = line[bracket.start : bracket.end]
    beside = Beside(bracket, axis, len(spots), [spot.kind for spot in spots], [spot.cropped for spot in spots], line)
    brackets.read(text, Dimension(about, panel.name == "kernel", beside))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Dimension:
    """What a text of a bracket is about."""

    about: About
    is_kernel: bool
    beside: Beside


@brackets.says(r"(?P<minus>−?)(?P<number>\d+)")
def count(on: Dimension, minus: str, number: str) -> None:
    same("cells of the bracket", whole(number), on.beside.length)
    holds("a negative number is of cropped cells", not minus or all(on.beside.cropped))


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


@brackets.says(r"(?P<count>\d+) cropped, (?P<why>p′.*)")
def cropped(on: Dimension, count: str, why: str) -> None:
    same("cropped cells", whole(count), on.beside.length)
    brackets.read(why, on)  # type: ignore[arg-type]


@brackets.says(r"p′(?P<end> before| after| \+ a)? = −(?P<number>\d+)")
def cropping(on: Dimension, end: str | None, number: str) -> None:
    axis = on.beside.axis
    same("cells of the bracket", whole(number), on.beside.length)
    holds("all of them are cropped", all(on.beside.cropped))
    is_first = on.beside.bracket.start == 0 or not any(
        spot.kind in ("input", "inserted") for spot in axis.line[: on.beside.bracket.start]
    )
    same("p′ on this side", -whole(number), axis.implicit[not is_first] + (0 if is_first else axis.a))
    same("with output padding", end == " + a", not is_first and axis.a > 0)
    if end in (" before", " after"):
        same("side", end, " before" if is_first else " after")
        holds("the sides differ", axis.implicit[0] != axis.implicit[1])


@brackets.says(r"(?:(?P<symbols>i|i \+ \(i−1\)·z) \+ 2p′ = )?(?P<all>\d+) − (?P<cut>\d+) = (?P<kept>\d+)")
def kept(on: Dimension, symbols: str | None, all: str, cut: str, kept: str) -> None:
    axis = on.beside.axis
    inner = [spot for spot in axis.line if spot.kind in ("input", "inserted")]
    same("zero-inserted input", whole(all), len(inner))
    same("cropped cells", whole(cut), sum(spot.cropped for spot in inner))
    same("what is left", (whole(kept), True in on.beside.cropped), (on.beside.length, False))
    same("difference", whole(all) - whole(cut), whole(kept))
    if symbols:
        same("i, or i with zeros", symbols == "i", len(inner) == axis.i)
        same("2p′", -2 * axis.implicit[0], whole(cut))
        same("p′ on both sides, and no a", (axis.implicit[1], axis.a), (axis.implicit[0], 0))


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
    places = [place for place, spot in enumerate(on.beside.line) if spot.kind == "input"]
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
    axis, transposed = 0 if moved[0] else -1, about.plain.transposed
    if about.view.startswith("backward"):  # a convolution slides over dL/dy with stride 1, and stamps with stride s
        name = about.scene.panels[about.frame.arrows[0].panel].name
        transposed = name == "zero-inserted dL/dy"
    same("s", whole(number), 1 if transposed else about.plain.s[axis])
    same("s′ of a transposed convolution", bool(prime), transposed)
