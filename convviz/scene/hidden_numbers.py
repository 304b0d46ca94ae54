"""Leave out the numbers of panels in which they do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from convviz.scene.model import Change, FloatingCell, Frame, Group, Node, Panel, PlaneStack, Scene

Part = TypeVar("Part", Change, FloatingCell)


def without_numbers(scene: Scene, numbered: Sequence[bool]) -> Scene:
    """Return the scene without the texts of the cells of panels that are not `numbered`."""
    if all(numbered):
        return scene
    body = _without(scene.body, iter(numbered))
    assert isinstance(body, Group)
    return replace(scene, body=body, frames=tuple(_frame(frame, numbered) for frame in scene.frames))


def _without(node: Node, numbered: Iterator[bool]) -> Node:
    """Return a node without numbers; takes one of `numbered` for each panel, in reading order."""
    if isinstance(node, Panel):
        if next(numbered):
            return node
        return replace(node, cells=tuple(tuple(replace(cell, text="") for cell in row) for row in node.cells))
    if isinstance(node, Group):
        return replace(node, children=tuple(_without(child, numbered) for child in node.children))
    if isinstance(node, PlaneStack):
        planes = [_without(plane, numbered) for plane in node.planes]
        shown = tuple(plane for plane in planes if isinstance(plane, Panel | Group))
        return replace(node, planes=shown, side=node.side and _without(node.side, numbered))
    return node


def _frame(frame: Frame, numbered: Sequence[bool]) -> Frame:
    def shown(part: Part) -> Part:
        return part if numbered[part.panel] else replace(part, cell=replace(part.cell, text=""))

    return replace(
        frame,
        changes=tuple(shown(change) for change in frame.changes),
        floating_cells=tuple(shown(cell) for cell in frame.floating_cells),
    )
