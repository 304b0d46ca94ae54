"""Shade the cells of panels by the numbers that they cannot show: the cells of input and output."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from convviz.scene.model import (
    Cell,
    CellRole,
    Change,
    FloatingCell,
    Frame,
    Group,
    LegendEntry,
    Node,
    Panel,
    PlaneStack,
    Scene,
)
from convviz.scene.shades import EXACT_ZERO, Shades, shades_of
from convviz.text.formatting import MINUS

SHADED_ROLES: dict[CellRole, CellRole] = {"input": "shade", "output": "positive"}
"""Role of cells with numbers → role of their shades."""
Part = TypeVar("Part", Change, FloatingCell)


def with_shades(scene: Scene, numbered: Sequence[bool]) -> Scene:
    """Return the scene with shades in place of the numbers of input and output cells in panels that are not `numbered`.

    Their scales are in the legend, in place of the names of input and output. All panels of a role have the same scale.
    A scene without such numbers is returned as it is.
    """
    numbers = _numbers(scene, numbered)
    if not numbers:
        return scene
    shading = _Shading(numbered, {role: shades_of(SHADED_ROLES[role], found) for role, found in numbers.items()})
    body = shading.node(scene.body, iter(numbered))
    assert isinstance(body, Group)
    legend = [_entry(entry, numbers, shading.shades) for entry in scene.legend]
    if any(0 in found for found in numbers.values()):
        legend.append(LegendEntry(EXACT_ZERO, "exactly 0"))
    return replace(scene, body=body, legend=tuple(legend), frames=tuple(map(shading.frame, scene.frames)))


def is_shaded(scene: Scene) -> bool:
    """Whether a scene has cells that are shaded by their values."""
    return any(entry.scale for entry in scene.legend)


def value_of(text: str) -> float | None:
    """Return the value of the text of a cell, such as `−3`, `3/16`, `≈0.3` or `9 + 8`; None if it has none."""
    try:
        return float(sum(_number(summand) for summand in text.split(" + ")))
    except (ValueError, ZeroDivisionError):
        return None


def _number(text: str) -> float:
    bare = text.strip("()").removeprefix("≈").replace(MINUS, "-")
    return float(Fraction(bare)) if "/" in bare else float(bare.replace("∞", "inf"))


def _numbers(scene: Scene, numbered: Sequence[bool]) -> dict[CellRole, dict[float, str]]:
    """Return the values of each role in panels that are not numbered, with their texts."""
    found: dict[CellRole, dict[float, str]] = defaultdict(dict)
    cells = [cell for cell in _cells(scene, numbered) if cell.text and cell.role in SHADED_ROLES]
    if any(cell.role == "input" and cell.level != 100 for cell in cells):
        return {}  # its tints mean something else
    texts = {(cell.role, cell.text) for cell in cells}
    for role, text in sorted(texts):
        value = value_of(text)
        if value is not None:
            found[role][value] = text
    return found


def _cells(scene: Scene, numbered: Sequence[bool]) -> Iterator[Cell]:
    for panel, shown in zip(scene.panels, numbered, strict=True):
        if not shown:
            yield from (cell for row in panel.cells for cell in row)
    for frame in scene.frames:
        yield from (change.cell for change in frame.changes if not numbered[change.panel])
        yield from (floating.cell for floating in frame.floating_cells if not numbered[floating.panel])


def _entry(
    entry: LegendEntry, numbers: dict[CellRole, dict[float, str]], shades: dict[CellRole, Shades]
) -> LegendEntry:
    """Return the entry of the legend, with its scale if its cells are shaded."""
    if entry.role not in shades or entry.faded:
        return entry
    role = next(role for role in shades if role == entry.role)
    found = numbers[role]
    low, high = min(found), max(found)
    scale = shades[role].scale((low, found[low]), (high, found[high]), has_zero=0 in found)
    return LegendEntry(SHADED_ROLES[role], entry.text, scale=scale)


@dataclass(frozen=True)
class _Shading:
    """Replaces cells of panels that are not numbered."""

    numbered: Sequence[bool]
    shades: dict[CellRole, Shades]

    def cell(self, cell: Cell) -> Cell:
        """Return the shade of a cell with a number, or the cell as it is."""
        value = value_of(cell.text) if cell.text and cell.role in self.shades else None
        return cell if value is None else self.shades[cell.role].cell(value, cell.faded)

    def node(self, node: Node, numbered: Iterator[bool]) -> Node:
        """Return a node with shades; takes one of `numbered` for each panel, in reading order."""
        if isinstance(node, Panel):
            if next(numbered):
                return node
            return replace(node, cells=tuple(tuple(map(self.cell, row)) for row in node.cells))
        if isinstance(node, Group):
            return replace(node, children=tuple(self.node(child, numbered) for child in node.children))
        if isinstance(node, PlaneStack):
            planes = [self.node(plane, numbered) for plane in node.planes]
            shown = tuple(plane for plane in planes if isinstance(plane, Panel | Group))
            return replace(node, planes=shown, side=node.side and self.node(node.side, numbered))
        return node

    def frame(self, frame: Frame) -> Frame:
        """Return a frame with shades."""

        def shaded(part: Part) -> Part:
            return part if self.numbered[part.panel] else replace(part, cell=self.cell(part.cell))

        changes, floating = tuple(map(shaded, frame.changes)), tuple(map(shaded, frame.floating_cells))
        return replace(frame, changes=changes, floating_cells=floating)
