"""Why there is no layer with some parameters, and what to use instead."""

from __future__ import annotations

from tests.claims.axis_model import axis_of as axis_model
from tests.claims.padding import fitting, named_crop, named_padding, reach, stamped
from tests.claims.reading import About, Reader, axis_of, holds, same
from tests.oracles import evaluate

reader = Reader()
AXIS = r"(?:(?P<axis>rows|columns): )?"


def refused(axis: str | None, about: About) -> int:
    """Return the index of the axis that has no layer; the first one that has none, if it is not named."""
    none = [n for n in range(about.plain.count) if axis_model(about.plain, n) is None]
    holds("there is no such layer", bool(none))
    first = none[0]
    if axis:
        same("axis", axis_of(axis, about), first)
    return first


def crops(about: About, n: int) -> tuple[int, int]:
    """Return the padding of an axis; by name, what the name gives."""
    plain = about.plain
    if not isinstance(plain.p, str):
        return plain.p[n]
    sizes = (plain.i[n], plain.k[n], plain.s[n], plain.d[n])
    return named_crop(plain.p, *sizes)[0] if plain.transposed else named_padding(plain.p, *sizes)


@reader.says(
    AXIS + r"padding (?P<p>\d+) leaves no output: it crops (?P<crop>\d+) of (?P<full>\d+) cells?; "
    r"use p ≤ (?P<most>\d+) or a larger input"
)
def no_output(about: About, axis: str | None, p: str, crop: str, full: str, most: str) -> None:
    n = refused(axis, about)
    plain, sides = about.plain, crops(about, n)
    same("padding", int(p), max(sides))
    same("cropped", int(crop), sum(sides))
    reached = len(stamped(plain.i[n], plain.k[n], plain.s[n], plain.d[n]))
    same("cells", int(full), reached)
    holds(f"p = {most} leaves an output", reached - 2 * int(most) >= 1)
    holds(f"p = {int(most) + 1} leaves none", reached - 2 * (int(most) + 1) < 1)


@reader.says(
    AXIS + r"kernel (?P<k>\d+)(?: with dilation (?P<d>\d+) reaches over (?P<over>\d+) cells and)? does not fit: "
    r"the padded input is (?P<sum>.+) = (?P<padded>\d+); use k ≤ (?P<shorter>\d+)(?:, d ≤ (?P<denser>\d+))? "
    r"or p ≥ (?P<p>\d+)"
)
def no_window(about: About, axis: str | None, k: str, sum: str, padded: str, shorter: str, **more: str | None) -> None:
    n = refused(axis, about)
    plain, sides = about.plain, crops(about, n)
    i, s, d = plain.i[n], plain.s[n], plain.d[n]
    same("kernel", (int(k), int(more["d"] or 1)), (plain.k[n], d))
    same("reach", int(more["over"] or plain.k[n]), reach(plain.k[n], d))
    size = i + sides[0] + sides[1]
    same("padded input", (int(padded), evaluate(sum)), (size, size))
    holds(f"k = {shorter} is the largest that fits", fits(size, int(shorter), s, d))
    holds(f"k = {int(shorter) + 1} does not fit", not fits(size, int(shorter) + 1, s, d))
    if more["denser"]:
        holds(f"d = {more['denser']} fits", fits(size, plain.k[n], s, int(more["denser"])))
        holds("a larger d does not fit", not fits(size, plain.k[n], s, int(more["denser"]) + 1))
    p = int(more["p"] or 0)
    holds(f"p = {p} is the least that fits", fits(i + 2 * p, plain.k[n], s, d))
    holds(f"p = {p - 1} does not fit", not fits(i + 2 * (p - 1), plain.k[n], s, d))


def fits(size: int, k: int, s: int, d: int) -> bool:
    return bool(fitting(size, k, s, d))
