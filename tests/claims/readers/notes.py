"""Diagnostics: ambiguous sizes, cells that are never read, holes, checkerboards, crops, and what is advised."""

from __future__ import annotations

import re
from functools import cache

from tests.claims.axis_model import AxisModel, axis_of, forward, transposed
from tests.claims.model import Model
from tests.claims.padding import Pair, fitting
from tests.claims.reading import About, Reader, alternatives, holds, same
from tests.claims.reading import axis_of as axis_called

reader = Reader()
LONG = 40
"""Cells of an input so long that whole periods of the stride lie inside."""


def check(sentence: str, about: About) -> None:
    """Check a note about all axes, or about the one that it names."""
    found = re.fullmatch(r"(rows|columns): (.+)", sentence)
    if found:
        reader.read(found[2], about.on(axis_called(found[1], about)))
    else:
        reader.read(sentence, about)


def inputs_of(about: About, n: int) -> list[int]:
    """All input sizes that give the output of axis n; padding by name follows each."""
    axis = about.model.axes[n]
    found = []
    for i in range(1, axis.o * axis.s + axis.reach + axis.s + 1):
        other = axis_of(about.plain, n, i)
        if other is not None and other.o == axis.o:
            found.append(i)
    return found


def check_back(back: str, i: int, axis: AxisModel) -> None:
    """Check `a = 0 gives 5, a = 1 gives 6`: each output padding of the transposed layer gives its size."""
    for choice in back.split(", "):
        found = re.fullmatch(r"a = (\d+) gives (\d+)", choice)
        holds(f"{choice!r} is a choice", bool(found))
        assert found
        other = transposed(i, axis.k, axis.s, axis.d, (axis.before, axis.after), int(found[1]))
        same(f"size for a = {found[1]}", int(found[2]), other and other.o)


@reader.says(
    r"ambiguous size: inputs of (?P<inputs>.+) cells all give (?P<o>\d+); transposed back with the same k, s, p, "
    r"output padding chooses: (?P<back>.+)"
)
def ambiguous_input(about: About, inputs: str, o: str, back: str) -> None:
    for n in about.axes or range(about.plain.count):
        axis = about.model.axes[n]
        same("output", int(o), axis.o)
        same("inputs of one output", alternatives(inputs), inputs_of(about, n))
        check_back(back, axis.o, axis)
        same("sizes back", [int(size) for size in re.findall(r"gives (\d+)", back)], alternatives(inputs))


@reader.says(
    r"ambiguous size: the convolution with the same k, s, p maps (?P<outputs>.+) cells to (?P<i>\d+); "
    r"output padding chooses: (?P<back>.+)"
)
def ambiguous_output(about: About, outputs: str, i: str, back: str) -> None:
    for axis in about.chosen:
        same("input", int(i), axis.i)
        same("sizes", alternatives(outputs), sizes_to(axis, (axis.before, axis.after)))
        check_back(back, axis.i, axis)
        same("sizes of a", [int(size) for size in re.findall(r"gives (\d+)", back)], alternatives(outputs))


def sizes_to(axis: AxisModel, p: Pair) -> list[int]:
    """All sizes that the convolution with these parameters maps to the input of a transposed one."""
    most = axis.i * axis.s + axis.reach + axis.s
    return [size for size in range(1, most) if len(fitting(size + sum(p), axis.k, axis.s, axis.d)) == axis.i]


@reader.says(
    r"never read: the floor drops the last (?:cell|(?P<count>\d+) cells) of the padded input \((?P<lost>.+)\); "
    r"i = (?P<fitting>.+) leaves nothing over"
)
def floor_drops(about: About, count: str | None, lost: str, fitting: str) -> None:
    for axis in about.chosen:
        same("cells dropped", int(count or 1), axis.behind)
        dropped = axis.line[len(axis.line) - axis.behind :]
        data = sum(spot.kind == "input" for spot in dropped)
        words = "1 cell" if data == 1 else f"{data} cells"
        same("input among them", lost, f"{words} of the input among them" if data else "only padding is lost")
        for i in alternatives(fitting):
            other = forward(i, axis.k, axis.s, axis.d, (axis.before, axis.after), axis.mode, axis.ceil)
            same(f"cells left over for i = {i}", other and other.behind, 0)


@reader.says(
    r"never read: each step skips (?P<skipped>\d+) cells? \((?P<symbols>.+) = (?P<value>\d+)\); "
    r"use s ≤ (?P<most>\d+) to read all"
)
def steps_skip(about: About, skipped: str, symbols: str, value: str, most: str) -> None:
    for axis in about.chosen:
        gap = axis.windows[1][0] - axis.windows[0][-1] - 1
        same("cells skipped", (int(skipped), int(value)), (gap, gap))
        same("symbols", symbols, "s − k" if axis.d == 1 else "s − d(k−1) − 1")
        closer = forward(axis.i, axis.k, int(most), axis.d, (axis.before, axis.after), axis.mode, axis.ceil)
        holds("a smaller stride reads all", closer is not None and not set(range(closer.windows[-1][-1])) - closer.read)


@reader.says("dropped window: ceil mode would add one that starts in the padding, so that it is left out")
def dropped(about: About) -> None:
    holds("a window is dropped", all(axis.dropped for axis in about.chosen))


@cache
def inside(k: int, s: int, d: int, i: int = LONG) -> tuple[int, ...]:
    """Contributions to the output cells of a long input, away from its borders."""
    axis = transposed(i, k, s, d, (0, 0))
    assert axis is not None
    counts = tuple(len(meeting) for meeting in axis.full)
    return counts[axis.reach - 1 : len(counts) - axis.reach + 1]


@reader.says(
    r"checkerboard: output cells receive (?P<least>\d+) or (?P<most>\d+) contributions along this axis, "
    r"k mod s = (?P<rest>\d+); use k = (?P<even>.+) for even counts inside "
    r"\(borders and learnt weights can still be uneven\)"
)
def checkerboard(about: About, least: str, most: str, rest: str, even: str) -> None:
    for axis in about.chosen:
        counts = inside(axis.k, axis.s, axis.d)
        same("contributions", {int(least), int(most)}, set(counts))
        same("k mod s", int(rest), axis.k % axis.s)
        for k in alternatives(even):
            same(f"different counts for k = {k}", len(set(inside(k, axis.s, axis.d))), 1)


def evenness_of(model: Model) -> str:
    """Return how evenly stamps overlap far from all borders: `even`, `uneven` or `holes`."""
    counts: list[set[int]] = [set(inside(axis.k, axis.s, axis.d)) for axis in model.axes]
    if any(0 in one for one in counts):
        return "holes"
    return "even" if all(len(one) == 1 for one in counts) else "uneven"
