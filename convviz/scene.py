"""What a picture shows, as plain frozen data: panels of cells with roles, and frames as small changes.

A scene knows no colours, pixels or fonts, and nothing about convolution; it turns into JSON as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

CELL_ROLES = ("input", "inserted", "padding", "kernel", "output", "empty", "blank")
MARK_ROLES = ("window", "source")
CHIP_ROLES = ("input", "kernel", "output", "plain", "derived")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid. Faded cells take no part: never read, or cropped."""

    role: str
    text: str = ""
    faded: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A grid with a caption below it, or a label on its left, or both."""

    name: str
    cells: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    label: str = ""

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.cells)

    @property
    def cols(self) -> int:
        """Number of columns."""
        return len(self.cells[0])


@dataclass(frozen=True, slots=True)
class Sign:
    """A mathematical sign between panels."""

    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes side by side (`row`) or one below the other (`column`); a tall picture may turn a group that `turns`."""

    direction: Literal["row", "column"]
    children: tuple[Node, ...]
    turns: bool = False

    def panels(self) -> Iterator[Panel]:
        """All panels, in reading order: `Change.panel` and `Mark.panel` count them."""
        for child in self.children:
            if isinstance(child, Group):
                yield from child.panels()
            elif isinstance(child, Panel):
                yield child


Node = Panel | Sign | Group


@dataclass(frozen=True, slots=True)
class Chip:
    """A parameter in the header, such as `i = 3`."""

    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: a small cell, or a small mark (role `window` or `source`), and its name."""

    role: str
    text: str
    faded: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """A size as symbols, with numbers filled in, and as a value: `o = i − k + 1 = 5 − 3 + 1 = 3 (note)`."""

    label: str
    symbols: str
    filled: str
    value: str
    note: str = ""

    def variants(self) -> tuple[str, ...]:
        """From the whole line to its bare result, for pictures with less room."""
        tail = f"{self.value} ({self.note})" if self.note else self.value
        return (
            f"{self.label} = {self.symbols} = {self.filled} = {tail}",
            f"{self.label} = {self.symbols} = {tail}",
            f"{self.label} = {self.symbols} = {self.value}",
            f"{self.label} = {tail}",
            f"{self.label} = {self.value}",
        )


@dataclass(frozen=True, slots=True)
class Equation:
    """A sum written out: `y[1,2] = 3·2 + 1·2 = 8`, or something else of many terms: `y[0,0] = max(3, 4) = 4`."""

    left: str
    terms: tuple[str, ...]
    right: str
    relation: str = "="
    joint: str = " + "
    opening: str = ""
    closing: str = ""

    def fitted(self, length: int) -> str:
        """The line in at most `length` characters where possible, terms left out in the middle: `3·2 + … + 1·2`."""
        for kept in range(len(self.terms), -1, -1):
            line = self._line(kept)
            if len(line) <= length:
                return line
        return f"{self.left} {self.relation} {self.right}"

    def _line(self, kept: int) -> str:
        shown = self.terms
        if kept < len(self.terms):
            shown = (*self.terms[: max(kept - 1, 0)], "…", *self.terms[len(self.terms) - min(kept, 1) :])
        start = f"{self.left} = {self.opening}{self.joint.join(shown)}{self.closing}" if shown else self.left
        return f"{start} {self.relation} {self.right}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line in words, with shorter ways to say it."""

    variants: tuple[str, ...]

    def fitted(self, length: int) -> str:
        """The longest way to say it in at most `length` characters, or the shortest."""
        return next((text for text in self.variants if len(text) <= length), self.variants[-1])


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
    lit: bool = False
    role: str = "window"


@dataclass(frozen=True, slots=True)
class Link:
    """In this frame only: a line from the bottom of one panel to the top of a lower one, in a column that both have."""

    upper: int
    lower: int
    col: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the animation, as what differs from the one before."""

    changes: tuple[Change, ...]
    marks: tuple[Mark, ...]
    line: Equation | Sentence
    number: int
    """Which step this is, from 1; frames may be left out, steps keep their numbers."""
    duration: int
    """Milliseconds."""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole animation. `Frame.number` runs to `steps`."""

    title: str
    sizes: str
    chips: tuple[Chip, ...]
    stage: Group
    legend: tuple[Key, ...]
    formulas: tuple[Formula, ...]
    frames: tuple[Frame, ...]
    steps: int

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels of the stage, in reading order."""
        return tuple(self.stage.panels())

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


def thin(scene: Scene, wanted: int) -> Scene:
    """The scene with `wanted` of its frames, first and last included, evenly chosen; nothing that happens is lost."""
    kept: list[Frame] = []
    pending: list[Change] = []
    chosen = set(evenly(len(scene.frames), wanted))
    for index, frame in enumerate(scene.frames):
        pending.extend(frame.changes)
        if index in chosen:
            kept.append(replace(frame, changes=tuple(pending)))
            pending.clear()
    return replace(scene, frames=tuple(kept))


def evenly(count: int, wanted: int) -> list[int]:
    """`wanted` of the numbers 0 … count − 1, first and last included, spread evenly."""
    if wanted >= count:
        return list(range(count))
    if wanted == 1:
        return [count - 1]
    return [(index * (count - 1) + (wanted - 1) // 2) // (wanted - 1) for index in range(wanted)]
