"""Sizes as questions: which layers turn one size into another?"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from convviz.analysis.axis_solver import AxisParameters, nearest_sizes, reason, solve_axis, sort_key
from convviz.errors import GeometryError
from convviz.geometry.parameters import LARGEST_PARAMETER, checked_parameter
from convviz.geometry.per_axis import Sizes, as_list, axis_count, axis_names, per_axis
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.text.notation import command

COMBINED = 40
"""Of so many ways for each axis all pairs are tried, where no way fits both."""
Axes = Sequence[Mapping[str, int]]
"""For each axis its input, its output, and the parameters that are given."""


def solve(
    *,
    input: Sizes,
    output: Sizes,
    transposed: bool = False,
    kernel: Sizes | None = None,
    stride: Sizes | None = None,
    padding: Sizes | None = None,
    dilation: Sizes | None = None,
    output_padding: Sizes | None = None,
    limit: int = 10,
) -> dict[str, Any]:
    """The layers that turn `input` cells into `output` cells, the most usual first, as plain data.

    Parameters that are given are kept. A size is a whole number, (rows, columns), or a 1-tuple for a line. The result
    has `kind`, `input`, `output`, `found` (how many ways there are) and `ways` (at most `limit` of them, each with its
    `command`, a `reason` and its parameters per axis; of transposed layers those free of checkerboard come first).
    Where there is none, `nearest` has for each axis the next outputs and inputs that would do.

    >>> solve(input=24, output=12)["ways"][0]["command"]
    'convviz conv -i 24 -k 3 -s 2 -p 1'

    Raises `GeometryError` for sizes and parameters that no layer has.
    """
    if output_padding is not None and not transposed:
        raise GeometryError("output padding belongs to a transposed convolution; leave it out, or ask for transposed")
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise GeometryError(f"limit {limit!r} is not a number of ways: use a whole number from 1")
    given = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    axes = _axes({"input": input, "output": output, **given, "output_padding": output_padding})
    found = list(_joined(axes, transposed))
    result = {
        "kind": "transposed" if transposed else "conv",
        "input": [axis["input"] for axis in axes],
        "output": [axis["output"] for axis in axes],
        "found": len(found),
        "ways": [_plain(axes, chosen, transposed) for chosen in found[:limit]],
    }
    return result if found else result | {"nearest": list(_nearest(axes, transposed))}


def _axes(given: Mapping[str, Any]) -> Axes:
    listed = {name: as_list(value) for name, value in given.items() if value is not None}
    count = axis_count(list(listed.values()))
    split = {name: per_axis(name, value, count) for name, value in listed.items()}
    return [{name: _number(name, values[axis]) for name, values in split.items()} for axis in range(count)]


def _number(name: str, value: Any) -> int:
    if name != "output":
        return checked_parameter(name, value)
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = -1
    if not 1 <= number <= LARGEST_PARAMETER:
        raise GeometryError(f"output {repr(value)[:40]} is not a size: o is a whole number from 1 to 1 000 000")
    return number


def _joined(axes: Axes, transposed: bool) -> Iterator[tuple[AxisParameters, ...]]:
    """Ways for all axes together: the same for all where there is one, else pairs, those with one kernel first."""
    each = [solve_axis(axis, transposed) for axis in axes]
    common = [way for way in each[0] if all(way in others for others in each[1:])]
    if common or len(axes) == 1:
        yield from ((way,) * len(axes) for way in common)
        return
    rank = sort_key(transposed)
    pairs = product(*(found[:COMBINED] for found in each))
    ranks = {pair: (len({way.kernel for way in pair}), sorted(map(rank, pair), reverse=True)) for pair in pairs}
    yield from sorted(ranks, key=ranks.__getitem__)


def _plain(axes: Axes, chosen: tuple[AxisParameters, ...], transposed: bool) -> dict[str, Any]:
    """A way as plain data, with the command that draws it and the reason for it."""
    sizes = tuple(axis["input"] for axis in axes)
    names = ("kernel", "stride", "padding", "dilation", *(["output_padding"] if transposed else []))
    given: dict[str, Any] = {name: tuple(getattr(way, name) for way in chosen) for name in names}
    layer = ConvTranspose(sizes, **given) if transposed else Conv(sizes, **given)
    reasons = [reason(way, size, transposed) for way, size in zip(chosen, sizes, strict=True)]
    named = zip(axis_names(len(axes)), reasons, strict=True)
    why = reasons[0] if len(set(reasons)) == 1 else "; ".join(f"{name} {words}" for name, words in named)
    plain: dict[str, Any] = {
        "command": command(layer),
        "reason": why,
        **{name: list(values) for name, values in given.items()},
    }
    if transposed:
        plain["free_of_checkerboard"] = all(way.overlap == "even" for way in chosen)
    return plain


def _nearest(axes: Axes, transposed: bool) -> Iterator[dict[str, Any]]:
    """For each axis that has no way the next outputs below and above, and the next inputs that would do."""
    alike = all(axis == axes[0] for axis in axes)
    named = [("", axes[0])] if alike else zip(axis_names(len(axes)), axes, strict=True)
    for name, axis in named:
        if not solve_axis(axis, transposed):
            outputs, inputs = nearest_sizes(axis, transposed)
            yield {"axis": name, "outputs": outputs, "inputs": inputs}
