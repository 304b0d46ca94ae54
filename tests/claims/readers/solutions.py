"""The lines of `convviz solve`: layers that turn one size into another, and why one would choose them."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.claims.axis_model import AxisModel, forward, transposed
from tests.claims.inside import evenness_along, hits
from tests.claims.model import Model
from tests.claims.plain import Plain, read_command
from tests.claims.reading import About, NotUnderstoodError, Reader, alternatives, holds, same, sizes
from tests.claims.reading import axis_of as axis_called

reasons = Reader()
nearest = Reader()
NOUNS = {"convolution": False, "transposed convolution": True}


def check(text: str, i: tuple[int, ...], o: tuple[int, ...], is_transposed: bool) -> None:
    """Check the whole answer to a question for sizes."""
    head, *lines = text.split("\n")
    found = re.fullmatch(
        r"([\d×]+) → ([\d×]+)(?: by a (.+?)(?:, the first (\d+) of (\d+) \(--limit shows more\))?"
        r"|: no (.+) with common parameters does this)",
        head,
    )
    if not found:
        raise NotUnderstoodError(f"no reader understands {head!r}")
    same("sizes", (sizes(found[1]), sizes(found[2])), (i, o))
    same("kind", NOUNS.get(found[3] or found[6]), is_transposed)
    if found[6]:
        for line in lines:
            check_nearest(line, i, o, is_transposed)
        return
    solutions = [line for line in lines if line]
    if found[4]:
        same("first ones", int(found[4]), len(solutions))
        holds("there are more", int(found[5]) > int(found[4]))
    for line in solutions:
        check_solution(line, i, o, is_transposed)


def check_solution(line: str, i: tuple[int, ...], o: tuple[int, ...], is_transposed: bool) -> None:
    """Check that the command makes the size, and each reason for it."""
    command, _, why = line.partition("  # ")
    plain = read_command(command)
    model = Model(plain)
    same("the layer", (plain.transposed, plain.i, model.exists and model.o), (is_transposed, i, o))
    about = About(model)
    named = [re.fullmatch(r"(rows|columns) (.+)", part) for part in why.split("; ")]
    if all(named):
        same("axes", [part[1] for part in named if part], list(model.names))
    for n in range(plain.count):
        words = named[n][2] if all(named) and named[n] else why  # type: ignore[index]
        for word in words.split(", "):
            reasons.read(word.strip(), about.on(n))


def axis_in(about: About) -> AxisModel:
    (axis,) = about.chosen
    return axis


@reasons.says("skips cells")
def skips(about: About) -> None:
    axis = axis_in(about)
    longer = forward(axis.i + axis.s, axis.k, axis.s, axis.d, (axis.before, axis.after))
    holds("a cell lies between two windows", longer is not None and longer.windows[1][0] > longer.windows[0][-1] + 1)


@reasons.says("dilated")
def dilated(about: About) -> None:
    holds("the kernel is dilated", axis_in(about).d > 1)


@reasons.says(r"reaches over (?P<reach>\d+)")
def reaches(about: About, reach: str) -> None:
    same("reach", int(reach), axis_in(about).reach)


@reasons.says("each cell alone")
def alone(about: About) -> None:
    axis = axis_in(about)
    same("windows", axis.windows, [[place] for place in range(axis.i)])


@reasons.says("the whole input")
def whole_input(about: About) -> None:
    same("windows", axis_in(about).windows, [list(range(axis_in(about).i))])


@reasons.says("patches side by side")
def side_by_side(about: About) -> None:
    axis = axis_in(about)
    same("cells under windows", [place for window in axis.windows for place in window], list(range(axis.o * axis.k)))
    same("padding", (axis.before, axis.after), (0, 0))


@reasons.says("keeps the size")
def keeps_size(about: About) -> None:
    axis = axis_in(about)
    same("output", axis.o, axis.i)
    longer = forward(axis.i + 1, axis.k, axis.s, axis.d, (axis.before, axis.after))
    same("output for one cell more", longer and longer.o, axis.i + 1)


@reasons.says("centred")
def centred(about: About) -> None:
    axis = axis_in(about)
    first = axis.windows[0]
    same("middle of the first window", first[len(first) // 2], axis.before)
    same("the kernel is odd, and padding equal", (axis.k % 2, axis.before), (1, axis.after))


@reasons.says("fits exactly")
def fits(about: About) -> None:
    same("cells left over", axis_in(about).behind, 0)


@reasons.says("no padding")
def no_padding(about: About) -> None:
    same("padding", (axis_in(about).before, axis_in(about).after), (0, 0))


@reasons.says("(?P<less>less|more) padding than centred")
def off_centre(about: About, less: str) -> None:
    axis = axis_in(about)
    both, reach = axis.before + axis.after, axis.reach - 1
    holds(f"there is {less} padding than half of the reach", both < reach if less == "less" else both > reach)


@reasons.says(r"(?P<rest>\d+) left over")
def left_over(about: About, rest: str) -> None:
    same("cells left over", int(rest), axis_in(about).behind)


@reasons.says("no checkerboard")
def no_checkerboard(about: About) -> None:
    same("evenness", evenness_along(axis_in(about)), "even")


@reasons.says("uneven overlap")
def uneven(about: About) -> None:
    axis = axis_in(about)
    same("evenness", evenness_along(axis), "uneven")
    holds("the counts differ", len({hits(axis, cell) for cell in range(axis.o)}) > 1)


@reasons.says("no cell away from the borders")
def borders(about: About) -> None:
    same("evenness", evenness_along(axis_in(about)), "borders")


@reasons.says("leaves holes")
def holes(about: About) -> None:
    axis = axis_in(about)
    holds("some output cells are hit by no stamp", any(not axis.sources(n, ("input",)) for n in range(axis.o)))


@reasons.says("a single stamp")
def single(about: About) -> None:
    same("stamps", axis_in(about).i, 1)


@reasons.says("stamps side by side")
def stamps(about: About) -> None:
    same("stamps that hit a cell", {len(meeting) for meeting in axis_in(about).full}, {1})


@reasons.says(r"longer at the end by a = (?P<a>\d+)")
def longer(about: About, a: str) -> None:
    axis = axis_in(about)
    shorter = transposed(axis.i, axis.k, axis.s, axis.d, (axis.before, axis.after))
    same("cells that a adds", int(a), axis.o - (shorter.o if shorter else 0))


@reasons.says(r"(?P<behind>\d+) behind the last stamp")
def behind(about: About, behind: str) -> None:
    axis = axis_in(about)
    same("cells behind all stamps", int(behind), sum(axis.before + n >= len(axis.full) for n in range(axis.o)))


# No solution ---------------------------------------------------------------------------------------------------------


def check_nearest(line: str, i: tuple[int, ...], o: tuple[int, ...], is_transposed: bool) -> None:
    """Check a line on the closest sizes; it may be about one axis."""
    kind = "transposed" if is_transposed else "conv"
    ones = (1,) * len(i)
    model = Model(Plain(kind, i, ones, ones, ones, tuple((0, 0) for _ in i)))
    about = replace(About(model), view=repr(o))
    found = re.fullmatch(r"  (?:(rows|columns): )?(.+)", line)
    if not found:
        raise NotUnderstoodError(f"no reader understands {line!r}")
    for n in [axis_called(found[1], about)] if found[1] else range(len(i)):
        nearest.read(found[2], replace(about.on(n), number=o[n]))


@nearest.says(r"this input size gives (?P<sizes>[\dor ]+|no output at all)")
def nearest_outputs(about: About, sizes: str) -> None:
    for size in [] if sizes.startswith("no") else alternatives(sizes):
        holds(f"{size} is not what was asked", size != about.number)


@nearest.says(r"this output size comes from (?P<sizes>[\dor ]+)")
def nearest_inputs(about: About, sizes: str) -> None:
    for size in alternatives(sizes):
        holds(f"{size} is not what was given", size != axis_in(about).i)


@nearest.says("a transposed convolution enlarges: try --transposed")
def enlarge(about: About) -> None:
    holds("the question was for a convolution", not about.plain.transposed)
