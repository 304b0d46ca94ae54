"""The text of `convviz explain --backward`: its sentences, and its example in numbers."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from math import prod
from typing import Any

from tests.claims.model import Index, Model, divisor
from tests.claims.reading import About, Reader, holds, same, sizes

reader = Reader()
HEADINGS = {
    "conv": ["dL/dx: the transposed convolution of dL/dy with the same kernel", "dL/dw", "dL/db: the sum of dL/dy"],
    "transposed": [
        "dL/dx: the convolution of dL/dy with the same kernel, which is not flipped",
        "dL/dw",
        "dL/db: the sum of dL/dy",
    ],
    "maxpool": ["dL/dx: dL/dy, sent to the maxima"],
    "avgpool": ["dL/dx: dL/dy, shared by the cells of each window"],
}
EACH = {
    "conv": "each dL/dy adds the kernel where its window was",
    "transposed": "each x collects from all places where it was stamped",
}


def read(text: str, about: About) -> None:
    """Check each line of the text, and that none is missing."""
    title, *blocks = text.split("\n\n")
    reader.read(title, about)
    said: list[str] = []
    headings: list[str] = []
    numbers: list[list[str]] = []
    for block in blocks:
        head, *lines = block.split("\n")
        if head == "In numbers":
            numbers.append([line.removeprefix("   ") for line in lines])
            continue
        number, _, heading = head.partition(". ")
        same("number of the step", number, str(len(headings) + 1))
        headings.append(heading)
        for line in lines:
            said.append(line.strip())
            reader.read(line.strip(), about)
    check_headings(headings, about)
    check_missing(said, about)
    largest = max(*about.plain.i, *about.model.o, *about.plain.k)
    same("an example is written out", len(numbers), int(largest <= 8))
    if numbers:
        check_example(numbers[0], about)


def check_headings(headings: list[str], about: About) -> None:
    expected = list(HEADINGS[about.plain.kind])
    if not about.plain.pools:
        pair = "dL/dy with x" if about.plain.transposed else "x with dL/dy"
        dilated = ", dilated by the stride" if max(about.plain.s) > 1 else ""
        expected[1] = f"dL/dw: the cross-correlation of {pair}{dilated}"
    same("headings", headings, expected)


def check_missing(said: list[str], about: About) -> None:
    same("products outside are told", any("products" in line for line in said), bool(outside(about.model)))
    if about.plain.pools:
        same(
            "overlap is told",
            any("overlap" in line for line in said),
            max(readers(about.model).values(), default=0) > 1,
        )


def products(model: Model) -> list[tuple[Index, Index | None, Index]]:
    """Output cell, input cell or None, and tap of each product that the windows make."""
    return [
        (output, model.source(place), tap)
        for output in model.outputs()
        for place, tap in zip(model.window(output), model.taps(), strict=True)
    ]


def readers(model: Model) -> Counter[Index]:
    """How many windows each input cell is under."""
    return Counter(model.source(place) for o in model.outputs() for place in model.window(o) if model.is_input(place))


def outside(model: Model) -> int:
    """Products with a cell of the padding, or stamps on a cropped cell."""
    if model.plain.pools:
        return 0
    inside = sum(model.is_input(place) for output in model.outputs() for place in model.window(output))
    return total(model) - inside


def total(model: Model) -> int:
    moving = model.plain.i if model.plain.transposed else model.o
    return prod(moving) * prod(model.plain.k)


@reader.says(r"Backward: dL/dy (?P<dy>[\d×]+) → dL/dx (?P<dx>[\d×]+)(?:, dL/dw (?P<dw>[\d×]+), dL/db)?")
def headline(about: About, dy: str, dx: str, dw: str | None) -> None:
    same("dL/dy", sizes(dy), about.model.o)
    same("dL/dx", sizes(dx), about.plain.i)
    same("dL/dw", dw and sizes(dw), None if about.plain.pools else about.plain.k)


@reader.says(
    r"dL/dx\[o·s − p \+ u·d\] \+= dL/dy\[o\]·w\[u\]: (?P<why>.+)",
    r"dL/dx\[i\] = Σ dL/dy\[i·s − p \+ u·d\]·w\[u\]: (?P<why>.+)",
)
def of_input(about: About, why: str) -> None:
    """The formula itself is checked by the example in numbers."""
    same("why", why, EACH[about.plain.kind])


@reader.says(
    r"dL/dw\[u\] = Σ (?P<sum>x\[o·s − p \+ u·d\]·dL/dy\[o\]|x\[i\]·dL/dy\[i·s − p \+ u·d\]): "
    "each weight collects from all places where it was used"
)
def of_weight(about: About, sum: str) -> None:
    same("the sum is over", "[i]" in sum, about.plain.transposed)


@reader.says(r"(?:(?P<axis>rows|columns): )?(?P<before>\d+) → (?P<after>\d+) (?P<nouns>[a-z ]+): (?P<sum>.+) = \d+")
def size(about: About, axis: str | None, before: str, after: str, nouns: str, sum: str) -> None:
    names = list(about.model.names)
    chosen = [names.index(axis)] if axis else range(len(names))
    for n in chosen:
        same("from", int(before), about.model.o[n])
        same("to", int(after), about.plain.i[n])
        plural = [axis] if axis else names
        same("noun", nouns, " and ".join(plural if int(after) > 1 else [name.removesuffix("s") for name in plural]))
        digits = sum.replace("·", "*").replace("−", "-")
        same("sum", eval(re.sub("⌊(.+)/(.+?)⌋", r"((\1)//(\2))", digits)), int(after))


@reader.says("the output padding is so large that no convolution has these sizes")
def impossible(about: About) -> None:
    axes = zip(about.model.sizes("a"), about.plain.s, strict=True)
    holds("the output padding reaches the stride", any(a >= s for a, s in axes))


@reader.says(r"(?P<count>\d+) of (?P<all>\d+) products (?P<what>.+)")
def lost(about: About, count: str, all: str, what: str) -> None:
    same("products", int(all), total(about.model))
    same("products outside", int(count), outside(about.model))
    zeros = about.plain.mode == "zeros"
    same(
        "what becomes of them",
        what,
        "would be with a cropped cell, which has no gradient"
        if about.plain.transposed
        else f"fall on the padding and are {'dropped' if zeros else 'added to the cells that it repeats'}",
    )


@reader.says(r"(?P<count>\d+) places? per weight")
def per_weight(about: About, count: str) -> None:
    same("places", int(count), prod(about.plain.i if about.plain.transposed else about.model.o))


@reader.says(r"a sum of (?P<count>\d+) numbers?")
def bias(about: About, count: str) -> None:
    same("numbers", int(count), prod(about.model.o))


@reader.says(
    "each dL/dy goes to the cell that is the maximum of its window, the first one of equal maxima",
    "windows overlap: what a cell receives from several of them is added",
)
def of_pooling(about: About) -> None:
    """Checked by the example in numbers, and by `check_missing`."""
    holds("the layer is a pooling", about.plain.pools)


@reader.says(r"each cell of a window receives dL/dy divided by (?P<by>\d+|the number of cells that its mean counts)")
def share(about: About, by: str) -> None:
    divisors = {divisor(about.model, output) for output in about.model.outputs()}
    if by.isdigit():
        same("divisors", divisors, {int(by)})
    else:
        uncounted = any(axis.before or axis.after or axis.beyond for axis in about.model.axes)
        holds("means may count fewer cells than the kernel has", divisors != {prod(about.plain.k)} or uncounted)


def check_example(lines: list[str], about: About) -> None:
    """Recompute the gradients from the numbers that are printed."""
    names = list(re.finditer(r"\S+", lines[0]))
    ends = [*(name.start() for name in names[1:]), None]
    grids: dict[str, list[Fraction]] = {}
    for name, end in zip(names, ends, strict=True):
        cells = " ".join(line[name.start() : end] for line in lines[1:]).split()
        grids[name[0]] = [Fraction(cell.removeprefix("≈").replace("−", "-")) for cell in cells]
    model = about.model
    dy = dict(zip(model.outputs(), grids["dL/dy"], strict=True))
    x = dict(zip(model.inputs(), grids["x"], strict=True)) if "x" in grids else {}
    if about.plain.pools:
        check("dL/dx", grids, pooled(model, x, dy), model.inputs())
        return
    taps = sorted(set(model.taps()))
    w = dict(zip(taps, grids["w"], strict=True))
    dx: Counter[Any] = Counter()
    dw: Counter[Any] = Counter()
    for output, source, tap in products(model):
        if source is not None:
            dx[source] += dy[output] * w[tap]
            dw[tap] += dy[output] * x[source]
    check("dL/dx", grids, dx, model.inputs())
    check("dL/dw", grids, dw, taps)
    same("dL/db", grids["dL/db"], [sum(dy.values())])


def pooled(model: Model, x: dict[Index, Fraction], dy: dict[Index, Fraction]) -> Counter[Any]:
    """What each input cell receives through a pooling."""
    dx: Counter[Any] = Counter()
    for output in model.outputs():
        cells = [model.source(place) for place in model.window(output) if model.is_input(place)]
        if model.plain.kind == "maxpool" and cells:
            dx[max(cells, key=lambda cell: x[cell])] += dy[output]  # type: ignore[index, arg-type]
        elif model.plain.kind == "avgpool":
            for cell in cells:
                dx[cell] += dy[output] / max(divisor(model, output), 1)
    return dx


def check(name: str, grids: dict[str, list[Fraction]], true: Counter[Any], cells: list[Index]) -> None:
    """Compare numbers, of which up to four characters are printed."""
    for cell, said in zip(cells, grids[name], strict=True):
        if abs(said - true[cell]) > Fraction(6, 10) * Fraction(1, 100):
            same(f"{name} of {cell}", said, true[cell])
