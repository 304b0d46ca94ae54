"""Brackets that name the size of a grid with nothing added: i, o, i² of the flattened input, and o of a full output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Literal

from convviz.geometry.axis import Axis
from convviz.layers.layer import Layer
from convviz.scene.model import BadgeRole, Bracket
from convviz.views.full_output import FullAxis

Side = Literal["top", "left"]


def size_brackets(sizes: Sequence[int], symbol: str, role: BadgeRole) -> tuple[Bracket, ...]:
    """Return the bracket above a grid, `i = 5`, and on the left of a 2-D one."""
    return tuple(Bracket(side, 0, size, (f"{symbol} = {size}", str(size)), role) for side, size in _sides(sizes))


def flat_bracket(side: Side, shape: Sequence[int], symbol: str, role: BadgeRole) -> Bracket:
    """Return the bracket along a flattened grid: `i² = 16`, or `i·i = 3·5 = 15` of a rectangle, or `i = 7`."""
    size = prod(shape)
    texts: tuple[str, ...] = (f"{symbol} = {size}", str(size))
    if len(shape) == 2:
        product = f"{shape[0]}·{shape[1]} = {size}"
        texts = (f"{symbol}² = {size}", str(size))
        if shape[0] != shape[1]:
            texts = (f"{symbol}·{symbol} = {product}", product, str(size))
    return Bracket(side, 0, size, texts, role)


def returned_brackets(other: Layer) -> tuple[Bracket, ...]:
    """Return the brackets beside what a transpose sends back: i, of which output padding adds the last cells, a."""
    brackets: list[Bracket] = []
    for (side, size), axis in zip(_sides(other.output), _axes(other), strict=True):
        start, extra = size - axis.output_padding, axis.output_padding
        name = "i − a" if extra else "i"
        if start > 0:
            brackets.append(Bracket(side, 0, start, (f"{name} = {start}", str(start)), "input"))
        if 0 < extra <= size:
            brackets.append(Bracket(side, start, size, (f"a = {extra}", str(extra)), "derived"))
    return tuple(brackets)


def kept_brackets(layer: Layer, full: Sequence[FullAxis]) -> tuple[Bracket, ...]:
    """Return the brackets beside a full output: p cells that are cropped, o that are kept, p − a that are cropped.

    A side on which nothing is cropped has none.
    """
    sides = zip(_sides([axis.size for axis in full]), _axes(layer), reversed(full), strict=True)
    return tuple(one for (side, _), axis, kept in sides if kept.size > kept.kept for one in _kept(axis, kept, side))


def _kept(axis: Axis, full: FullAxis, side: Side) -> Iterator[Bracket]:
    end = full.first + full.kept
    before, after = ("p", "p") if axis.padding[0] == axis.padding[1] else ("p before", "p after")
    if full.first:
        yield Bracket(side, 0, full.first, (f"{before} = {full.first}", str(full.first)))
    yield Bracket(side, full.first, end, (f"o = {full.kept}", str(full.kept)), "output")
    if end < full.size:
        rest = full.size - end
        name = f"{after} − a" if axis.output_padding else after
        yield Bracket(side, end, full.size, (f"{name} = {rest}", str(rest)))


def _sides(sizes: Sequence[int]) -> list[tuple[Side, int]]:
    """Return the sides beside the axes: the last above, the first of two on the left."""
    top: tuple[Side, int] = "top", sizes[-1]
    return [top, ("left", sizes[0])] if len(sizes) == 2 else [top]


def _axes(layer: Layer) -> list[Axis]:
    """Return the axes in the order of `_sides`."""
    return list(reversed(layer.axes))
