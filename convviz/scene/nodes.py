"""The body of a picture as frozen data: panels of cells with roles, and the signs and texts between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

CellRole = Literal[
    "input",
    "inserted",
    "padding",
    "zero",
    "kernel",
    "product",
    "output",
    "empty",
    "blank",
    "bar",
    "pixel",
    "shade",
    "positive",
    "negative",
    "exact zero",
    "pending",
]
BadgeRole = Literal["input", "kernel", "output", "plain", "derived"]
CELL_ROLES: tuple[CellRole, ...] = get_args(CellRole)
BADGE_ROLES: tuple[BadgeRole, ...] = get_args(BadgeRole)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid. Faded cells are never read, or cropped.

    `level`, from 0 to 100, is the strength of the role: a shade, the height of a `bar`, the grey of a `pixel`.
    `note` is a small line above the text: the factors of a product, `3·2`.
    """

    role: CellRole
    text: str = ""
    faded: bool = False
    level: int = 100
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bracket:
    """A dimension beside a grid: the columns (`top`) or rows (`left`) from `start` up to, not including, `end`."""

    side: Literal["top", "left"]
    start: int
    end: int
    texts: tuple[str, ...]
    """From the longest to the shortest, for less space."""
    role: BadgeRole = "derived"


@dataclass(frozen=True, slots=True)
class Panel:
    """A grid with a caption and brackets, shown from `caption_tab` on, or a label; oblique as a plane in space."""

    name: str
    cells: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    label: str = ""
    seamless: bool = False
    """No gap between the cells."""
    oblique: bool = False
    caption_tab: int = 0
    moment_captions: tuple[str, ...] = ()
    """Captions in the moments of a step, if they are not `caption`, which is as long as each of them."""
    brackets: tuple[Bracket, ...] = ()

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
class Tick:
    """A number at an axis of a chart, at a place in thousandths of its length from the left or from the top."""

    place: int
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A line through a point for each number of a frame, from 0; a frame shows it up to its own number.

    The points are (column, row), in thousandths of the width from the left and of the height from the top.
    """

    title: str
    points: tuple[tuple[int, int], ...]
    labels: tuple[str, ...]
    """The text beside the last point that is shown, for each point."""
    below: tuple[Tick, ...]
    beside: tuple[Tick, ...]
    rows: int
    cols: int
    """Its size in cells, at least: in small pictures and beside small cells it takes more."""


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
    magnified: bool = False
    """The grids in it are in a frame, and have larger cells than the others, all of one size: a lens."""
    middle_below: bool = False
    """Of the three children of a row, the second is below the others."""

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


Node = Panel | Operator | TextBlock | Chart | Group | PlaneStack


def _panels(node: Node) -> Iterator[Panel]:
    if isinstance(node, Panel):
        yield node
    elif isinstance(node, Group | PlaneStack):
        yield from node.panels()
