"""The content of an animation as frozen data: panels of cells with roles, and frames as small changes.

A scene contains no colours, pixels or fonts, and nothing about convolution. It converts to JSON directly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from convviz.text.lines import Equation, Formula, Sentence

CellRole = Literal["input", "inserted", "padding", "zero", "kernel", "output", "empty", "blank", "bar", "pixel"]
MarkRole = Literal["window", "source"]
BadgeRole = Literal["input", "kernel", "output", "plain", "derived"]
PartName = Literal["header", "legend", "formulas", "caption", "counter", "bar"]
CELL_ROLES: tuple[CellRole, ...] = get_args(CellRole)
MARK_ROLES: tuple[MarkRole, ...] = get_args(MarkRole)
BADGE_ROLES: tuple[BadgeRole, ...] = get_args(BadgeRole)
PARTS: tuple[PartName, ...] = get_args(PartName)
"""Parts around the body, which can be left out."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid. Faded cells are never read, or cropped.

    `level`, from 0 to 100, is the strength of the role: a shade, the height of a `bar`, the grey of a `pixel`.
    """

    role: CellRole
    text: str = ""
    faded: bool = False
    level: int = 100


@dataclass(frozen=True, slots=True)
class Panel:
    """A grid with a caption, shown from `caption_tab` on, or a label, or both; oblique if it is a plane in space."""

    name: str
    cells: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    label: str = ""
    seamless: bool = False
    """No gap between the cells."""
    oblique: bool = False
    caption_tab: int = 0

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.cells)

    @property
    def cols(self) -> int:
        """Number of columns."""
        return len(self.cells[0])


@dataclass(frozen=True, slots=True)
class Operator:
    """A mathematical sign between panels."""

    text: str


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A few lines of text between panels."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes side by side (`row`) or one below the other (`column`)."""

    direction: Literal["row", "column"]
    children: tuple[Node, ...]
    may_turn: bool = False
    """The layout may exchange row and column, for example in a tall picture."""
    equal_widths: bool = False
    """The children of a row stand in slots of equal width across the picture, below the tabs."""
    align_captions: bool = False
    """The captions of a row are on one line, below the tallest grid."""
    table: bool = False
    """The parts of the children are aligned as in a table: first with first, last with last. A child of one part of a
    row of columns is beside the last ones."""

    def panels(self) -> Iterator[Panel]:
        """Yield all panels in reading order, in which `Change.panel` and `Mark.panel` count them."""
        for child in self.children:
            yield from _panels(child)


@dataclass(frozen=True, slots=True)
class PlaneStack:
    """Oblique panels, or rows of them, one above the other, the first on top; labels form a column on the right."""

    planes: tuple[Panel | Group, ...]
    side: Node | None = None
    """Node in the column of labels, between the last two."""

    def panels(self) -> Iterator[Panel]:
        """Yield all panels from the top down, then those of `side`."""
        for node in (*self.planes, *([self.side] if self.side else [])):
            yield from _panels(node)


Node = Panel | Operator | TextBlock | Group | PlaneStack


def _panels(node: Node) -> Iterator[Panel]:
    if isinstance(node, Panel):
        yield node
    elif isinstance(node, Group | PlaneStack):
        yield from node.panels()


@dataclass(frozen=True, slots=True)
class Badge:
    """A parameter in the header, such as `i = 3`."""

    text: str
    role: BadgeRole


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """An entry of the legend: a small cell, or a small mark, and the name of its role."""

    role: CellRole | MarkRole
    text: str
    faded: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """New content of a cell of a panel, from this frame on."""

    panel: int
    row: int
    col: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Mark:
    """In this frame only: an outline around rows × cols of a panel; `highlighted` cells are tinted."""

    panel: int
    rows: tuple[int, ...]
    cols: tuple[int, ...]
    highlighted: bool = False
    role: MarkRole = "window"


@dataclass(frozen=True, slots=True)
class Connector:
    """In this frame only: a vertical line from one panel to a lower one, in a column that both have."""

    upper: int
    lower: int
    col: int


@dataclass(frozen=True, slots=True)
class GuideLine:
    """In this frame only: lines from mark to mark (two between flat panels, four between oblique ones), by index."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FloatingCell:
    """In this frame only: a cell at a fractional position; `row` and `col` are in thousandths of a cell."""

    panel: int
    row: int
    col: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the animation, as its differences from the one before."""

    changes: tuple[Change, ...]
    marks: tuple[Mark, ...]
    caption: Equation | Sentence
    number: int = 0
    """Number of the step, from 1; it stays when other frames are left out."""
    duration: int = 0
    """Milliseconds."""
    connectors: tuple[Connector, ...] = ()
    guides: tuple[GuideLine, ...] = ()
    floating_cells: tuple[FloatingCell, ...] = ()
    tab: int = 0
    """Index of the current tab; those before it are done."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole animation. `Frame.number` runs from 1 to `steps`."""

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
    without: tuple[str, ...] = ()
    """Those of `PARTS` that are not shown."""

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels of the body, in reading order."""
        return tuple(self.body.panels())

    def to_dict(self) -> dict[str, Any]:
        """Convert the scene to dicts, lists, strings and numbers, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Timing:
    """Durations in milliseconds: of a step, and of the hold on the last frame; the first frame gets half the hold."""

    step: int = 600
    hold: int = 2000

    def duration(self, frame: int, frames: int) -> int:
        """Duration of frame number `frame` (from 0) of `frames`."""
        if frame == frames - 1:
            return max(self.hold, self.step)
        return max(self.hold // 2, self.step) if frame == 0 else self.step

    def timed(self, frames: Sequence[Frame]) -> tuple[Frame, ...]:
        """Number `frames` from 1 and set their durations, except those that are set already."""
        return tuple(
            replace(frame, number=index + 1, duration=frame.duration or self.duration(index, len(frames)))
            for index, frame in enumerate(frames)
        )
