"""What the view overlap says of an input whose cells are equal, of the kernel, and of the output."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

from tests.claims.digits import NUMBER, check_value
from tests.claims.inside import hits, inner_cells
from tests.claims.readers import panels
from tests.claims.reading import About, holds, same, sizes

VALUE = rf"≈?{NUMBER}"


def check_equal(name: str, numbers: Any, value: str, about: About) -> None:
    """Check `all 3`."""
    same("view", about.view, "overlap")
    same(f"different values of the {name}", len(set(numbers.flat)), 1)
    check_value(f"all values of the {name}", value, numbers.flat[0])


def weights(about: About) -> Any:
    return about.values.shown.kernel(0, True)


@panels.captions.says(rf"input (?P<size>[\d×]+): all (?P<value>{VALUE})")
def constant_input(about: About, size: str, value: str) -> None:
    same("input", sizes(size), about.plain.i)
    check_equal("input", about.values.shown.input(0), value, about)


@panels.captions.says(
    rf"kernel (?P<size>[\d×]+): all (?P<value>{VALUE})(?P<equal>; output = counts)?",
)
def constant_kernel(about: About, size: str, value: str, equal: str | None) -> None:
    same("kernel", sizes(size), about.plain.k)
    check_equal("kernel", weights(about), value, about)
    same("the output is left out", bool(equal), all(panel.name != "output" for panel in about.scene.panels))
    if equal:
        check_multiple(about, 1)


def count_of(about: About, output: tuple[int, ...]) -> int:
    return prod(hits(axis, cell) for axis, cell in zip(about.model.axes, output, strict=True))


def check_multiple(about: About, factor: Any) -> None:
    for output, value in about.values.all.items():
        same(f"y{list(output)}", factor * count_of(about, output), value)


@panels.captions.says(
    r"output (?P<size>[\d×]+): (?P<equal>equal to the counts)",
    rf"output (?P<size>[\d×]+): (?P<factor>{VALUE}) times the counts",
)
def multiple_of_counts(about: About, size: str, factor: str | None = None, **words: str | None) -> None:
    same("output", sizes(size), about.model.o)
    true = about.values.shown.input(0).flat[0] * weights(about).flat[0]
    check_multiple(about, 1 if words.get("equal") else true)
    same("the factor is written", bool(factor), true != 1)
    if factor:
        check_value("factor", factor, true)


@panels.captions.says(
    r"output (?P<size>[\d×]+): (?P<count>\d+) different values inside",
    r"output (?P<size>[\d×]+): (?P<same>all cells inside are equal)",
    r"output (?P<size>[\d×]+): (?P<none>no cell is inside)",
)
def values_inside(about: About, size: str, count: str = "0", **words: str) -> None:
    same("output", sizes(size), about.model.o)
    holds("weights differ", len(set(weights(about).flat)) > 1)
    inner = product(*map(inner_cells, about.model.axes))
    found = {about.values.y(output) for output in inner}
    same("different values inside", 1 if "same" in words else int(count), len(found))
