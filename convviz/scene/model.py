"""The content of an animation as frozen data: panels of cells with roles, and frames as small changes.

A scene contains no colours, pixels or fonts, and nothing about convolution. It converts to JSON directly. Its parts are
in `nodes`, `frames` and `timing`, whose names this module offers, too.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from convviz.scene.frames import (
    MARK_ROLES,
    Arrow,
    Change,
    Connector,
    FloatingCell,
    Frame,
    GuideLine,
    Mark,
    MarkRole,
)
from convviz.scene.nodes import (
    BADGE_ROLES,
    CELL_ROLES,
    BadgeRole,
    Bracket,
    Cell,
    CellRole,
    Chart,
    Group,
    Node,
    Operator,
    Panel,
    PlaneStack,
    TextBlock,
    Tick,
)
from convviz.scene.timing import Timing
from convviz.text.lines import Formula

__all__ = [
    "BADGE_ROLES",
    "CELL_ROLES",
    "MARK_ROLES",
    "PARTS",
    "Arrow",
    "Badge",
    "BadgeRole",
    "Bracket",
    "Cell",
    "CellRole",
    "Change",
    "Chart",
    "Connector",
    "FloatingCell",
    "Frame",
    "Group",
    "GuideLine",
    "LegendEntry",
    "Mark",
    "MarkRole",
    "Node",
    "Operator",
    "Panel",
    "PartName",
    "PlaneStack",
    "ScalePart",
    "Scene",
    "TextBlock",
    "Tick",
    "Timing",
]

PartName = Literal["header", "legend", "formulas", "caption", "counter", "bar"]
PARTS: tuple[PartName, ...] = get_args(PartName)
"""Parts around the body, which can be left out."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A parameter in the header, such as `i = 3`."""

    text: str
    role: BadgeRole


@dataclass(frozen=True, slots=True)
class ScalePart:
    """A value of a scale of colours, and the cells that follow it."""

    text: str
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """An entry of the legend: a small cell, a small mark or a scale of colours, and the name of its role."""

    role: CellRole | MarkRole
    text: str
    faded: bool = False
    scale: tuple[ScalePart, ...] = ()
    """From the lowest to the highest value."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole animation. `Frame.number` runs from 1 to `steps`; a start before the first step is 0."""

    title: str
    sizes: str
    badges: tuple[Badge, ...]
    body: Group
    legend: tuple[LegendEntry, ...]
    formulas: tuple[Formula, ...]
    frames: tuple[Frame, ...]
    steps: int
    tabs: tuple[str, ...] = ()
    """Headings of the stages of the animation."""
    coarse: bool = False
    """Marks glide in a few steps only."""
    moments: tuple[str, ...] = ()
    """Names of the moments of a step, such as window, multiply, add, write."""
    math_title: str = ""
    """The title with its mathematics between dollars, if it has any; `title` is the same in plain text."""
    without: tuple[str, ...] = ()
    """Those of `PARTS` that are not shown."""

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels of the body, in reading order."""
        return tuple(self.body.panels())

    @property
    def lens(self) -> bool:
        """Whether a part of the body is magnified."""
        return any(isinstance(child, Group) and child.magnified for child in self.body.children)

    @property
    def has_chart(self) -> bool:
        """Whether the body has a chart."""
        return _has_chart(self.body)

    def to_dict(self) -> dict[str, Any]:
        """Convert the scene to dicts, lists, strings and numbers, ready for JSON."""
        return asdict(self)


def _has_chart(node: Node) -> bool:
    return any(map(_has_chart, node.children)) if isinstance(node, Group) else isinstance(node, Chart)
