"""Notes that count cells: those that are never read, that receive nothing, or too much, or that are cropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from math import prod

from tests.claims.axis_model import AxisModel, axis_of, forward
from tests.claims.inside import inner_counts, long_counts
from tests.claims.readers.notes import check_counted, check_last, contributions, meant, nouns, reader, unread
from tests.claims.reading import About, Reader, alternatives, holds, per_axis, same
from tests.claims.reading import axis_of as axis_called

causes_of = {topic: Reader() for topic in ("never read", "holes", "cropped")}


def check_causes(topic: str, causes: str | None, about: About) -> None:
    """Check what explains a note: `; cause; rows: cause`."""
    for cause in (causes or "").split("; ")[1:]:
        found = re.fullmatch(r"(rows|columns): (.+)", cause)
        meant = about.on(axis_called(found[1], about)) if found else about
        causes_of[topic].read(found[2] if found else cause, meant)


def all_of(about: About, what: str, claim: Callable[[AxisModel], bool]) -> None:
    """Check a claim about each axis that is meant."""
    for axis in about.chosen:
        holds(what, claim(axis))


# Never read ----------------------------------------------------------------------------------------------------------


@reader.says(r"never read: (?P<count>\d+) of (?P<all>\d+) input cells?(?P<causes>; .+)?")
def never_read(about: About, count: str, all: str, causes: str | None) -> None:
    same("input cells", int(all), prod(about.plain.i))
    same("input cells that are never read", int(count), len(unread(about.model)))
    check_causes("never read", causes, about)


@reader.says(r"never read: padding(?: alone|(?P<copies>, and cells that windows read as copies))(?P<causes>; .+)?")
def padding_alone(about: About, causes: str | None, copies: str | None) -> None:
    same("input cells that are never read", unread(about.model), set())
    same("copies are read instead", bool(copies), bool(about.model.copied_inputs()))
    holds("padding is never read", any(axis.unread for axis in about.model.axes))
    check_causes("never read", causes, about)


@causes_of["never read"].says(
    r"the floor drops the (?P<last>last .+?) of the padded input(?:, i = (?P<fitting>.+) leaves nothing over)?"
)
def floor_drops(about: About, last: str, fitting: str | None) -> None:
    for n in meant(about):
        axis = about.model.axes[n]
        check_last(last, axis.behind, about)
        for i in alternatives(fitting) if fitting else []:
            same(f"cells left over for i = {i}", left_over(about, n, i), 0)


def left_over(about: About, n: int, i: int) -> int | None:
    other = axis_of(about.plain, n, i)
    return None if other is None else other.behind


@causes_of["never read"].says(
    r"each step skips (?P<count>.+?) \((?P<symbols>.+) = (?P<value>\d+)\), use s ≤ (?P<most>\d+) to skip none"
)
def steps_skip(about: About, count: str, symbols: str, value: str, most: str) -> None:
    for axis in about.chosen:
        gap = axis.windows[1][0] - axis.windows[0][-1] - 1
        holds("there is a gap", gap > 0)
        check_counted(count, gap, about)
        same("value", int(value), gap)
        same("symbols", symbols, "s − k" if axis.d == 1 else "s − d(k−1) − 1")
        closer = forward(axis.i, axis.k, int(most), axis.d, (axis.before, axis.after), axis.mode, axis.ceil)
        holds("the smaller stride skips none", closer is not None and (closer.o < 2 or adjacent(closer)))
        wider = forward(axis.i, axis.k, int(most) + 1, axis.d, (axis.before, axis.after), axis.mode, axis.ceil)
        holds("a larger one does", wider is None or wider.o < 2 or not adjacent(wider))


def adjacent(axis: AxisModel) -> bool:
    """Whether each window begins where the one before ended, or earlier."""
    return axis.windows[1][0] <= axis.windows[0][-1] + 1


@causes_of["never read"].says(
    r"s = (?P<s>\d+) and d = (?P<d>\d+) share the factor (?P<factor>\d+), so that windows read at most one of every "
    r"(?P<every>\d+) (?P<noun>.+?), use s and d without a common factor"
)
def shared_factor(about: About, s: str, d: str, factor: str, every: str, noun: str) -> None:
    same("noun", noun, nouns(about)[1])
    for axis in about.chosen:
        same("s and d", (int(s), int(d)), (axis.s, axis.d))
        holds("both are multiples", axis.s % int(factor) == axis.d % int(factor) == 0)
        same("both numbers", every, factor)
        residues = {place % int(factor) for place in axis.read}
        same("residues that are read", len(residues), 1)


# Holes, checkerboards, crops -----------------------------------------------------------------------------------------


@reader.says(
    r"holes: (?P<count>\d+) of (?P<all>\d+) output cells? (?P<verb>gets?) no contribution, only the bias"
    r"(?P<causes>; .+)?"
)
def no_contribution(about: About, count: str, all: str, verb: str, causes: str | None) -> None:
    empty = [output for output in about.model.outputs() if not contributions(about.model, output)]
    same("output cells", (int(count), int(all)), (len(empty), prod(about.model.o)))
    same("verb", verb, "gets" if len(empty) == 1 else "get")
    check_causes("holes", causes, about)


@causes_of["holes"].says(r"use a dilation that shares no factor with s = (?P<s>\d+)(?: and k ≥ (?P<k>\d+))?")
def denser(about: About, s: str, k: str | None) -> None:
    for axis in about.chosen:
        same("stride", int(s), axis.s)
        holds("a divisor is shared", any(axis.d % f == axis.s % f == 0 for f in range(2, axis.s + 1)))
        for d in range(1, 8):
            if all(d % factor or axis.s % factor for factor in range(2, axis.s + 1)):
                holds(f"d = {d} closes the holes", 0 not in long_counts(max(axis.k, int(k or 1)), axis.s, d))


@causes_of["holes"].says(r"k is smaller than s = (?P<s>\d+), use k ≥ (?P<k>\d+)")
def longer(about: About, s: str, k: str) -> None:
    for axis in about.chosen:
        same("stride", int(s), axis.s)
        holds("k is smaller", axis.k < axis.s)
        holds(f"k = {k} closes the holes", 0 not in long_counts(int(k), axis.s, axis.d))
        holds("a smaller one does not", 0 in long_counts(int(k) - 1, axis.s, axis.d))


@causes_of["holes"].says(r"near the borders, the taps of the dilated kernel \(d = (?P<d>\d+)\) leave gaps")
def near_borders(about: About, d: str) -> None:
    for axis in about.chosen:
        same("dilation", int(d), axis.d)
        holds("there are no holes inside", 0 not in long_counts(axis.k, axis.s, axis.d))
        empty = [n for n in range(axis.o) if not axis.sources(n, ("input",)) and axis.before + n < len(axis.full)]
        holds("there are gaps between stamps", bool(empty))


@causes_of["holes"].says(r"output padding adds the (?P<last>last .+?) behind the last stamp")
def beyond_stamps(about: About, last: str) -> None:
    for axis in about.chosen:
        check_last(last, sum(axis.before + n >= len(axis.full) for n in range(axis.o)), about)
        holds("there is output padding", axis.a > 0)


@reader.says(
    r"checkerboard: inside, output cells receive (?P<counts>.+) contributions, as k mod s = (?P<rests>[\d×]+); "
    r"use k = (?P<even>[\d× or]+)(?P<apart>, and d and s without a common factor,)? "
    r"for even counts inside \(borders and learnt weights can still be uneven\)"
)
def checkerboard(about: About, counts: str, rests: str, even: str, apart: str | None) -> None:
    axes = about.model.axes
    same("contributions", alternatives(counts), sorted(inner_counts(about.model)))
    same("k mod s", per_axis(rests, about.plain.count), tuple(axis.k % axis.s for axis in axes))
    for kernel in even.split(" or "):
        for axis, k in zip(axes, per_axis(kernel, about.plain.count), strict=True):
            same(f"different counts for k = {k}", len(set(long_counts(k, axis.s, 1 if apart else axis.d))), 1)


@reader.says(
    r"cropped: (?P<count>\d+) of (?P<all>\d+) input cells? (?P<verb>does|do) not reach the output(?P<causes>; .+)?"
)
def cropped(about: About, count: str, all: str, verb: str, causes: str | None) -> None:
    lost = unread(about.model)
    same("input cells", (int(count), int(all)), (len(lost), prod(about.plain.i)))
    same("verb", verb, "does" if len(lost) == 1 else "do")
    check_causes("cropped", causes, about)


@reader.says(r"cropped: every input cell still reaches the output(?P<causes>; .+)?")
def nothing_lost(about: About, causes: str | None) -> None:
    same("input cells that do not reach the output", unread(about.model), set())
    holds("cells are cropped", any(spot.cropped for axis in about.model.axes for spot in axis.line))
    check_causes("cropped", causes, about)


@causes_of["cropped"].says(
    r"p is larger than d\(k−1\) = (?P<most>\d+), so that p′ is negative, use p ≤ (?P<advised>\d+)"
)
def negative_border(about: About, most: str, advised: str) -> None:
    same("advice", advised, most)
    for axis in about.chosen:
        same("d(k − 1)", int(most), axis.reach - 1)
        holds("p′ is negative", min(axis.implicit) < 0)
    plain = about.plain
    gentler = tuple((min(b, int(most)), min(a, int(most))) for b, a in [(x.before, x.after) for x in about.chosen])
    for n, p in zip(meant(about), gentler, strict=True):
        other = axis_of(replace(plain, p=(p,) * plain.count), n)
        holds("that p crops no cell", other is not None and not any(spot.cropped for spot in other.line))
