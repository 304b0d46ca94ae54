"""Find the layers that turn one size into another."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from convviz.analysis.axis_solver import AxisParameters, nearest_sizes, reason, solve_axis, sort_key
from convviz.errors import ArgumentError, GeometryError
from convviz.errors.arguments import flag, whole_number
from convviz.errors.printable import shown
from convviz.geometry.parameters import LARGEST_PARAMETER, checked_parameter
from convviz.geometry.per_axis import Sizes, as_list, axis_count, axis_names, per_axis
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.text.notation import runnable_command

MOST_PER_AXIS = 40
"""Solutions of each axis that are combined with those of the other, if no parameters fit both axes."""
Axes = Sequence[Mapping[str, int]]
"""For each axis its input, its output, and the parameters that are fixed."""


@dataclass(frozen=True)
class Solution:
    """A layer that turns the input size into the output size."""

    layer: Conv | ConvTranspose
    reason: str
    """Why one would choose it, in a few words."""
    free_of_checkerboard: bool | None = None
    """Whether all output cells away from the borders receive equally many contributions; None for a convolution."""

    @property
    def command(self) -> str:
        """The command that draws the layer."""
        return runnable_command(self.layer)

    def to_dict(self) -> dict[str, Any]:
        """Return the solution as plain data: command, reason, and parameters per axis."""
        names = ["kernel", "stride", "padding", "dilation"]
        names += ["output_padding"] if self.free_of_checkerboard is not None else []
        parameters: dict[str, Any] = {name: list(getattr(self.layer, name)) for name in names}
        parameters["padding"] = [before for before, _ in self.layer.padding]
        found = {"command": self.command, "reason": self.reason, **parameters}
        if self.free_of_checkerboard is not None:
            found["free_of_checkerboard"] = self.free_of_checkerboard
        return found


@dataclass(frozen=True)
class NearestSizes:
    """The sizes closest to a question that has no solution on one axis."""

    axis: str
    """`rows` or `columns`; empty if the axes agree."""
    outputs: tuple[int, ...]
    """Closest outputs, below and above, of this input."""
    inputs: tuple[int, ...]
    """Closest inputs, below and above, that give this output."""

    def to_dict(self) -> dict[str, Any]:
        """Return the sizes as plain data."""
        return {"axis": self.axis, "outputs": list(self.outputs), "inputs": list(self.inputs)}


@dataclass(frozen=True)
class Solutions:
    """The answer to a question for sizes."""

    kind: Literal["conv", "transposed"]
    input: tuple[int, ...]
    output: tuple[int, ...]
    count: int
    """Number of solutions; `solutions` holds at most `limit` of them."""
    solutions: tuple[Solution, ...]
    """The most common layers first; transposed convolutions free of checkerboards before others."""
    nearest: tuple[NearestSizes, ...] = ()
    """If there is no solution, the closest sizes for each axis without one."""

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, ready for JSON."""
        found: dict[str, Any] = {"kind": self.kind, "input": list(self.input), "output": list(self.output)}
        found |= {"count": self.count, "solutions": [solution.to_dict() for solution in self.solutions]}
        return found if self.count else found | {"nearest": [sizes.to_dict() for sizes in self.nearest]}


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
) -> Solutions:
    """Find the layers that turn `input` cells into `output` cells, the most common first, at most `limit` of them.

    Parameters that are given are fixed. A size is a whole number, (rows, columns), or a 1-tuple for one axis. Of
    transposed convolutions, those free of checkerboards at this size come first.

    >>> solve(input=24, output=12).solutions[0].command
    'convviz conv -i 24 -k 3 -s 2 -p 1'

    Raises `GeometryError` for sizes and parameters that no layer has.
    """
    if output_padding is not None and not transposed:
        raise GeometryError("output padding belongs to a transposed convolution; leave it out, or ask for transposed")
    transposed, limit = flag("transposed", transposed), whole_number("limit", limit)
    if limit < 1:
        raise GeometryError(f"limit {limit} is not a number of ways: use a whole number from 1")
    given = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    axes = _axes({"input": input, "output": output, **given, "output_padding": output_padding})
    found = list(_combine(axes, transposed))
    return Solutions(
        kind="transposed" if transposed else "conv",
        input=tuple(axis["input"] for axis in axes),
        output=tuple(axis["output"] for axis in axes),
        count=len(found),
        solutions=tuple(_solution(axes, chosen, transposed) for chosen in found[:limit]),
        nearest=() if found else tuple(_nearest(axes, transposed)),
    )


def _axes(given: Mapping[str, Any]) -> Axes:
    listed = {name: as_list(value) for name, value in given.items() if value is not None or name in ("input", "output")}
    count = axis_count(list(listed.values()))
    split = {name: per_axis(name, value, count) for name, value in listed.items()}
    return [{name: _number(name, values[axis]) for name, values in split.items()} for axis in range(count)]


def _number(name: str, value: Any) -> int:
    if name != "output":
        return checked_parameter(name, value)
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)
    except Exception:  # whatever an object answers that is no number
        raise ArgumentError(f"output {shown(value)} is not a size: o is a whole number from 1 to 1 000 000") from None
    if not 1 <= number <= LARGEST_PARAMETER:
        raise GeometryError(f"output {shown(value)} is not a size: o is a whole number from 1 to 1 000 000")
    return number


def _combine(axes: Axes, transposed: bool) -> Iterator[tuple[AxisParameters, ...]]:
    """Yield parameters for all axes: the same for all if any fit all, else pairs, those with one kernel size first."""
    each = [solve_axis(axis, transposed) for axis in axes]
    pairs = [(found,) * len(axes) for found in each[0] if all(found in others for others in each[1:])]
    keys = [sort_key(axis["input"], transposed) for axis in axes]
    ranks = {}
    for pair in pairs or product(*(found[:MOST_PER_AXIS] for found in each)):
        worst_first = sorted((key(one) for key, one in zip(keys, pair, strict=True)), reverse=True)
        ranks[pair] = len({one.kernel for one in pair}), worst_first
    yield from sorted(ranks, key=ranks.__getitem__)


def _solution(axes: Axes, chosen: tuple[AxisParameters, ...], transposed: bool) -> Solution:
    """Return a solution from the parameters of each axis."""
    sizes = tuple(axis["input"] for axis in axes)
    names = ("kernel", "stride", "padding", "dilation", *(["output_padding"] if transposed else []))
    parameters: dict[str, Any] = {name: tuple(getattr(one, name) for one in chosen) for name in names}
    reasons = [reason(one, size, transposed) for one, size in zip(chosen, sizes, strict=True)]
    named = zip(axis_names(len(axes)), reasons, strict=True)
    why = reasons[0] if len(set(reasons)) == 1 else "; ".join(f"{name} {words}" for name, words in named)
    if transposed:
        overlaps = {one.overlap(size) for one, size in zip(chosen, sizes, strict=True)}
        return Solution(ConvTranspose(sizes, **parameters), why, overlaps <= {"even", "borders"})
    return Solution(Conv(sizes, **parameters), why)


def _nearest(axes: Axes, transposed: bool) -> Iterator[NearestSizes]:
    """Yield the closest sizes for each axis without a solution."""
    alike = all(axis == axes[0] for axis in axes)
    named = [("", axes[0])] if alike else zip(axis_names(len(axes)), axes, strict=True)
    for name, axis in named:
        if not solve_axis(axis, transposed):
            outputs, inputs = nearest_sizes(axis, transposed)
            yield NearestSizes(name, tuple(outputs), tuple(inputs))
