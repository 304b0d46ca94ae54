"""Brackets of the upsample view: padding and copies, f·i of them, and the weights of the grown kernel, k + f − 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from convviz.scene.model import BadgeRole, Bracket, Group, Node, Panel
from convviz.views.phases import PhaseAxis, Phases

Side = Literal["top", "left"]


def with_phase_brackets(body: Group, phases: Phases) -> Group:
    """Return the body of the view with brackets above its panels, and on the left of 2-D ones."""
    sides: tuple[Side, ...] = ("top", "left")
    axes = list(zip(sides, reversed(phases.axes), strict=False))

    def with_brackets(node: Node) -> Node:
        if isinstance(node, Group):
            return replace(node, children=tuple(map(with_brackets, node.children)))
        if isinstance(node, Panel):
            return replace(node, brackets=tuple(one for side, axis in axes for one in _brackets(node.name, axis, side)))
        return node

    return replace(body, children=tuple(map(with_brackets, body.children)))


def _brackets(panel: str, axis: PhaseAxis, side: Side) -> Iterator[Bracket]:
    """Yield the brackets of a panel beside one axis; the grid of all phases has none."""
    copies, before = axis.input * axis.factor, axis.padding[0]
    product = f"f·i = {axis.factor}·{axis.input} = {copies}", f"f·i = {copies}", str(copies)
    sizes: dict[str, tuple[int, int, tuple[str, ...], BadgeRole]] = {
        "input": (0, axis.input, (f"i = {axis.input}", str(axis.input)), "input"),
        "copied": (before, before + copies, product, "input"),
        "kernel": (0, axis.kernel, (f"k = {axis.kernel}", str(axis.kernel)), "kernel"),
        "grown": (0, axis.grown, (f"k + f − 1 = {axis.grown}", str(axis.grown)), "kernel"),
        "output": (0, copies, product, "output"),
    }
    if panel not in sizes:
        return
    if panel == "copied" and before:
        yield Bracket(side, 0, before, _padding(axis, 0))
    yield Bracket(side, *sizes[panel])
    if panel == "copied" and axis.padding[1]:
        yield Bracket(side, before + copies, axis.padded, _padding(axis, 1))


def _padding(axis: PhaseAxis, end: int) -> tuple[str, ...]:
    size, is_even = axis.padding[end], axis.padding[0] == axis.padding[1]
    texts = f"p = {size}", str(size)
    return texts if is_even else (f"p {('before', 'after')[end]} = {size}", *texts)
