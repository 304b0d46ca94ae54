"""The numbered steps of `convviz explain`: padding and sliding, or the four steps of a transposed convolution."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.claims.axis_model import AxisModel
from tests.claims.readers.notes import check_counted, check_last
from tests.claims.reading import About, Reader, axis_of, holds, same, whole
from tests.oracles import evaluate

heads = Reader()
lines_of = {name: Reader() for name in ("pad", "slide", "parameters", "insert", "border", "flipped")}


def check_step(head: str, lines: list[str], about: About) -> None:
    """Check the heading of a step, and what it says of each axis; one line only if it holds for all axes."""
    heads.read(head, about)
    order = ("parameters", "insert", "border", "flipped") if about.plain.transposed else ("pad", "slide")
    reader = lines_of[order[int(head[0]) - 1]]
    named = [re.fullmatch(r"   (?:(rows|columns): +)?(.*)", line) for line in lines]
    same("axes", [found and found[1] for found in named], list(about.model.names) if len(named) > 1 else [None])
    for found in named:
        assert found
        for n in [axis_of(found[1], about)] if found[1] else range(len(about.model.axes)):
            reader.read(found[2], replace(about.on(n), shared=not found[1]))


PADDED_WITH = {
    "reflect": "reflected cells",
    "replicate": "copies of the border",
    "circular": "cells from the other side",
}


@heads.says(r"1\. Pad with p (?P<cells>.+?) on each side")
def pad_head(about: About, cells: str) -> None:
    check_padding_cells(cells, about)


def check_padding_cells(cells: str, about: About) -> None:
    """Check what padding consists of: a maximum is padded with −∞, as a zero could win."""
    plain = about.plain
    if plain.kind == "maxpool":
        same("padding of a maximum", cells, "cells of −∞")
    elif not plain.include:
        same("padding that is not counted", cells, "cells that do not count")
    else:
        same("what padding consists of", cells, PADDED_WITH.get(plain.mode, "zeros"))


@heads.says(r"2\. Slide the window with stride s", r"1\. New parameters", r"4\. Slide the flipped kernel with stride 1")
def plain_head(about: About) -> None:
    """Claims nothing but the order, which `explain.read` checks."""


@heads.says(r"2\. Insert z zeros between neighbouring (?P<names>.+)")
def insert_head(about: About, names: str) -> None:
    same("axes", tuple(names.split(" and ")), about.model.names)


@heads.says(r"3\. Pad by p′ on each side \(a negative p′ crops\)")
def border_head(about: About) -> None:
    """Claims nothing but the order."""


def check_sum(sum: str, axis: AxisModel, true: int) -> None:
    """Check the chain `i + 2p = 5 + 2·1 = 7`: each part has the value."""
    known = {"i": axis.i, "z": axis.s - 1, "p1": axis.before, "p2": axis.after}
    known |= {"p": axis.before} if axis.before == axis.after else {}
    for part in sum.split(" = "):
        same(f"value of {part}", evaluate(part, known), true)


@lines_of["pad"].says(r"(?P<i>\d+) → (?P<padded>\d+ [a-z ]+): (?P<sum>.+)")
def pad(about: About, i: str, padded: str, sum: str) -> None:
    (axis,) = about.chosen
    same("input", int(i), axis.i)
    check_counted(padded, axis.padded, about)
    check_sum(sum, axis, axis.padded)
    same("numbers", sorted(re.findall(r"\d+", sum.split(" = ")[1])), padding_numbers(axis))


def padding_numbers(axis: AxisModel) -> list[str]:
    sides = [2, axis.before] if axis.before == axis.after else [axis.before, axis.after]
    return sorted(map(str, [axis.i, *sides]))


@lines_of["slide"].says(
    r"a window (?P<over>over|that reaches over) (?P<reach>\d+ [a-z ]+?) with stride (?P<stride>\d+): "
    r"(?P<sum>.+) = (?P<o>\d+)(?:; (?P<rest>.+))?"
)
def slide(about: About, over: str, reach: str, stride: str, sum: str, o: str, rest: str | None) -> None:
    (axis,) = about.chosen
    check_counted(reach, axis.reach, about)
    holds("a window without dilation covers its cells", (over == "over") == (axis.d == 1))
    same("stride", int(stride), axis.s)
    same("output", int(o), axis.o)
    same(f"value of {sum}", evaluate(sum), axis.o)
    same("numbers", re.findall(r"\d+", sum)[:3], [str(axis.padded), str(axis.reach), str(axis.s)])
    check_unread(rest, axis, about)


def check_unread(rest: str | None, axis: AxisModel, about: About) -> None:
    """Check `the last 2 rows of the padded input are never read`; it must be said if it is so."""
    same("unread cells at the end are said", bool(rest), axis.behind > 0)
    if rest:
        found = re.fullmatch(r"the (last .+) of the padded input (is|are) never read", rest)
        holds(f"{rest!r} is about the end", bool(found))
        assert found
        check_last(found[1], axis.behind, about)
        same("verb", found[2], "is" if axis.behind == 1 and " and " not in found[1] else "are")


@lines_of["parameters"].says(r"z = s − 1 = (?P<s>\d+) − 1 = (?P<z>\d+);  p′ = (?P<p>.+);  s′ = 1")
def parameters(about: About, s: str, z: str, p: str) -> None:
    (axis,) = about.chosen
    same("s", int(s), axis.s)
    same("z", int(z), axis.s - 1)
    symbols, numbers = p.split(" = ", 1)
    same("symbols", symbols, "k − p − 1" if axis.d == 1 else "d(k − 1) − p")
    found = re.fullmatch(r"(.+?) = (−?\d+)(?: before, (.+?) = (−?\d+) after)?", numbers)
    holds(f"{numbers} are one side or two", bool(found))
    assert found
    sides = [(found[1], found[2], 0), (found[3] or found[1], found[4] or found[2], 1)]
    for filled, value, side in sides:
        crop = (axis.before, axis.after)[side]
        same("p′", whole(value), axis.implicit[side])
        same(f"value of {filled}", evaluate(filled), axis.implicit[side])
        start = f"{axis.k} − {crop} − 1" if axis.d == 1 else f"{axis.d}·({axis.k} − 1) − {crop}"
        same("numbers of p′", filled, start)


@lines_of["insert"].says(r"(?P<i>\d+) → (?P<size>\d+ [a-z ]+): i \+ \(i − 1\)·z = (?P<sum>.+) = (?P<again>\d+)")
def insert(about: About, i: str, size: str, sum: str, again: str) -> None:
    (axis,) = about.chosen
    same("input", int(i), axis.i)
    check_counted(size, axis.spread, about)
    same("with zeros", int(again), axis.spread)
    same("sum", sum, f"{axis.i} + {axis.i - 1}·{axis.s - 1}")
    same("value of the sum", evaluate(sum), axis.spread)


@lines_of["border"].says(
    r"(?P<verb>crop|pad and crop|pad)(?P<a>, and output padding a behind it)?: "
    r"(?P<size>\d+) → (?P<padded>\d+ [a-z ]+): (?P<sum>.+) = (?P<again>\d+)"
)
def border(about: About, verb: str, a: str | None, size: str, padded: str, sum: str, again: str) -> None:
    (axis,) = about.chosen
    before, after = axis.implicit
    same("verb", verb, "crop" if max(before, after) < 0 else "pad and crop" if min(before, after) < 0 else "pad")
    same("output padding is said", bool(a), axis.a > 0)
    check_counted(padded, gathered(axis), about)
    same("sizes", (int(size), int(again)), (axis.spread, gathered(axis)))
    same(f"value of {sum}", evaluate(sum), gathered(axis))
    same("first number", sum.partition(" ")[0], str(axis.spread))


def gathered(axis: AxisModel) -> int:
    """Count the places from the first to the last that windows reach."""
    return axis.windows[-1][-1] - axis.windows[0][0] + 1


@lines_of["flipped"].says(r"(?P<size>\d+) → (?P<o>\d+ [a-z ]+): (?P<sum>.+) = (?P<again>\d+)")
def flipped(about: About, size: str, o: str, sum: str, again: str) -> None:
    (axis,) = about.chosen
    check_counted(o, axis.o, about)
    same("sizes", (int(size), int(again)), (gathered(axis), axis.o))
    same("sum", sum, f"{gathered(axis)} − {axis.reach} + 1")
    same("value of the sum", evaluate(sum), axis.o)
