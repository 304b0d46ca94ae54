"""What a picture shows, as plain frozen data: panels of cells with roles, and frames as small changes.

A scene knows no colours, pixels or fonts, and nothing about convolution; it turns into JSON as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from convviz.text.lines import Equation, Formula, Sentence

CELL_ROLES = ("input", "inserted", "padding", "kernel", "output", "empty", "blank", "bar", "pixel")
MARK_ROLES = ("window", "source")
BADGE_ROLES = ("input", "kernel", "output", "plain", "derived")
PartName = Literal["header", "legend", "formulas", "caption", "counter", "bar"]
PARTS: tuple[PartName, ...] = get_args(PartName)
"""What stands around the stage: title, sizes and parameters; names of roles; sizes computed; what the step does; its
number; how far it is."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid. Faded cells take no part: never read, or cropped.

    `level`, from 0 to 100, is how much of its role a cell shows: a shade, the height of a `bar`, the grey of a `pixel`.
    """

    role: str
    text: str = ""
    faded: bool = False
    level: int = 100


@dataclass(frozen=True, slots=True)
class Panel:
    """A grid with a caption below it, or a label on its left, or both."""

    name: str
    cells: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    label: str = ""
    shrink: int = 1
    """Cells are this many times smaller than those of the other panels."""
    seamless: bool = False
    """No space between the cells."""
    oblique: bool = False
    """Seen at a slant, as a plane in space."""

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
    """Nodes side by side (`row`) or one below the other (`column`); a tall picture may turn a group that `turns`.

    The children of an `equal` row stand in slots of the same width over the whole picture, as the tabs do; the captions
    of a `level` row stand on one line, below the tallest grid.
    """

    direction: Literal["row", "column"]
    children: tuple[Node, ...]
    may_turn: bool = False
    equal_widths: bool = False
    align_captions: bool = False

    def panels(self) -> Iterator[Panel]:
        """All panels, in reading order: `Change.panel` and `Mark.panel` count them."""
        for child in self.children:
            yield from _panels(child)


@dataclass(frozen=True, slots=True)
class PlaneStack:
    """Slanted panels, or rows of them, one above the other, the first on top; labels stand in a column on the right.

    `side` stands in that column, too, between the labels of the last two storeys.
    """

    planes: tuple[Panel | Group, ...]
    side: Node | None = None

    def panels(self) -> Iterator[Panel]:
        """All panels from the top down, then those of `side`."""
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
    role: str


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """An entry of the legend: a small cell, or a small mark (role `window` or `source`), and its name."""

    role: str
    text: str
    faded: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """From this frame on, a cell of a panel looks like this."""

    panel: int
    row: int
    col: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Mark:
    """In this frame only: an outline around rows × cols of a panel; `lit` cells wear the window's tint."""

    panel: int
    rows: tuple[int, ...]
    cols: tuple[int, ...]
    highlighted: bool = False
    role: str = "window"


@dataclass(frozen=True, slots=True)
class Connector:
    """In this frame only: a line from the bottom of one panel to the top of a lower one, in a column that both have."""

    upper: int
    lower: int
    col: int


@dataclass(frozen=True, slots=True)
class GuideLine:
    """In this frame only: thin lines that join the outlines of two of its marks, counted from 0.

    Two lines on flat panels; on slanted ones four, from corner to corner, which the panel of `end` hides.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FloatingCell:
    """In this frame only: a cell between places, at `row` and `col` in thousandths of a cell."""

    panel: int
    row: int
    col: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the animation, as what differs from the one before."""

    changes: tuple[Change, ...]
    marks: tuple[Mark, ...]
    caption: Equation | Sentence
    number: int = 0
    """Which step this is, from 1; frames may be left out, steps keep their numbers."""
    duration: int = 0
    """Milliseconds."""
    connectors: tuple[Connector, ...] = ()
    guides: tuple[GuideLine, ...] = ()
    floating_cells: tuple[FloatingCell, ...] = ()
    tab: int = 0
    """Which of the scene's tabs is the present one, from 0; those before it are done."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole animation. `Frame.number` runs to `steps`."""

    title: str
    sizes: str
    badges: tuple[Badge, ...]
    body: Group
    legend: tuple[LegendEntry, ...]
    formulas: tuple[Formula, ...]
    frames: tuple[Frame, ...]
    steps: int
    tabs: tuple[str, ...] = ()
    """Headings of the stages that the animation goes through."""
    without: tuple[str, ...] = ()
    """Which of `PARTS` are not shown."""

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels of the stage, in reading order."""
        return tuple(self.body.panels())

    def to_dict(self) -> dict[str, Any]:
        """The scene as dicts, lists, strings and numbers, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds as milliseconds: a step, and the hold on the last frame; the first frame gets half the hold."""

    step: int = 600
    hold: int = 2000

    def duration(self, frame: int, frames: int) -> int:
        """How long frame number `frame` (from 0) of `frames` stays."""
        if frame == frames - 1:
            return max(self.hold, self.step)
        return max(self.hold // 2, self.step) if frame == 0 else self.step

    def timed(self, frames: Sequence[Frame]) -> tuple[Frame, ...]:
        """`frames` numbered from 1, each with its duration; one that brings a duration of its own keeps it."""
        return tuple(
            replace(frame, number=index + 1, duration=frame.duration or self.duration(index, len(frames)))
            for index, frame in enumerate(frames)
        )
