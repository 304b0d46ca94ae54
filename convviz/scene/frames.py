"""The frames of an animation as frozen data: each as its differences from the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from convviz.scene.nodes import Cell
from convviz.text.lines import Equation, Sentence

MarkRole = Literal["window", "last", "source", "kept"]
"""The window, that of the step before, input cells that padding repeats, and what is kept of a full output."""
MARK_ROLES: tuple[MarkRole, ...] = get_args(MarkRole)


@dataclass(frozen=True, slots=True)
class Change:
    """New content of a cell of a panel, from this frame on."""

    panel: int
    row: int
    col: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Mark:
    """In this frame only: an outline around rows × cols of a panel; `highlighted` cells are tinted.

    `shift` moves the outline by rows and columns, in thousandths of a cell, and leaves the tint where it is.
    """

    panel: int
    rows: tuple[int, ...]
    cols: tuple[int, ...]
    highlighted: bool = False
    role: MarkRole = "window"
    shift: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Connector:
    """In this frame only: a vertical line from one panel to a lower one, in a column that both have.

    `shift` moves the line by columns, in thousandths of a cell.
    """

    upper: int
    lower: int
    col: int
    shift: int = 0


@dataclass(frozen=True, slots=True)
class GuideLine:
    """In this frame only: lines from mark to mark (two between flat panels, four between oblique ones), by index."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FloatingCell:
    """In this frame only: a cell at a fractional position; `row` and `col` are in thousandths of a cell.

    Where two neighbouring frames have floating cells in the same panels, the cells glide; see `motion`. A product is
    drawn `share` thousandths of the way from there to the sign of the sum.
    """

    panel: int
    row: int
    col: int
    cell: Cell
    share: int = 0


@dataclass(frozen=True, slots=True)
class Arrow:
    """In this frame only: an arrow on a panel with a text; row and column of its ends in thousandths of a cell."""

    panel: int
    start: tuple[int, int]
    end: tuple[int, int]
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the animation, as its differences from the one before."""

    changes: tuple[Change, ...]
    marks: tuple[Mark, ...]
    caption: Equation | Sentence
    number: int = 0
    """Number of the step, from 1, or 0 before any; it stays when other frames are left out."""
    duration: int = 0
    """Milliseconds."""
    connectors: tuple[Connector, ...] = ()
    guides: tuple[GuideLine, ...] = ()
    floating_cells: tuple[FloatingCell, ...] = ()
    tab: int = 0
    """Index of the current tab; those before it are done."""
    arrows: tuple[Arrow, ...] = ()
    moment: int | None = None
    """Index of the current moment of the step, in `Scene.moments`; None if the frame shows all of them at once."""
    motion: int = 0
    """Milliseconds, at the start of its duration, in which marks glide to their places from those in the last frame."""
    turned: int | None = None
    """Panel whose cells all change, to those of the frame before turned by 180°; on the way they turn."""
