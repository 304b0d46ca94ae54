"""In-between frames: how outlines, lines and floating cells glide from one key frame to the next.

Scenes hold key frames alone. In the first `Frame.motion` milliseconds of its duration, a key frame is still on its way:
its marks glide from those of the frame before, slowly at both ends. Everything else changes when they arrive, so that
nothing is drawn more often than in a scene without motion; the tint changes half way. Products that are added
appear at once, with the moment, and copies of them glide to the sign of the sum, one after the other; only then the
caption has their sum.
In the last moment of a step, the new cells of the output drop into their places. A kernel that is flipped turns.

Twin of convviz/web/js/scene/motion.js.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import cos, floor, pi, sin

from convviz.scene.frames import Change, Connector, FloatingCell, Frame, Mark
from convviz.scene.nodes import Cell

BLANK = Cell("blank")
DROP = 1000
"""How far above its place a cell starts to drop, in thousandths of a cell."""


@dataclass(frozen=True)
class Glide:
    """The way from one key frame to the next."""

    before: Frame
    after: Frame
    moments: int = 0
    """Number of moments of a step; the last of them writes the output."""
    thrifty: bool = False
    """Only windows of several cells glide; other marks and connectors stay for so long. Guide lines are hidden."""

    @cached_property
    def moves(self) -> bool:
        """Whether anything moves."""
        marks = any(self._distance(*pair) != (0, 0) for pair in self._marks)
        connectors = self._connectors_glide and self.before.connectors != self.after.connectors
        cells = self._cells_glide and _places(self.before) != _places(self.after)
        return marks or connectors or cells or bool(self._dropping or self._turning or self._summands)

    @property
    def windows(self) -> int:
        """Number of windows that glide."""
        return len(self._marks)

    def at(self, progress: float) -> Frame:
        """Return the frame at a share of the way, more than 0 and less than 1."""
        share = _smooth(progress)
        glides = dict(self._marks)
        ghosts = tuple(mark for mark in self.after.marks if mark.role == "last")
        stay = [index for index, mark in enumerate(self.before.marks) if mark.role != "last"]
        marks = [
            self._mark(index, glides[index], share) if index in glides else self.before.marks[index] for index in stay
        ]
        place = {index: len(ghosts) + number for number, index in enumerate(stay)}
        guides = (replace(one, start=place[one.start], end=place[one.end]) for one in self.before.guides)
        return replace(
            self.before,
            changes=(*(replace(one, cell=BLANK) for one in self._turning), *self._summands),
            marks=(*ghosts, *marks),
            guides=() if self.thrifty else tuple(guides),
            connectors=self._connectors(share),
            floating_cells=(*self._floating_cells(share), *self._travelling_cells(progress)),
            arrows=(),
            moment=self.after.moment if self._summands else self.before.moment,
            motion=0,
        )

    # Marks

    @cached_property
    def _marks(self) -> list[tuple[int, int]]:
        """Indices of the marks that glide, before and after: those of the same panel, role and shape."""
        before, after = (_by_shape(frame.marks, self.thrifty) for frame in (self.before, self.after))
        same = [(before[key], after[key]) for key in before.keys() & after.keys()]
        return sorted(pair for one, other in same if len(one) == len(other) for pair in zip(one, other, strict=True))

    def _distance(self, before: int, after: int) -> tuple[int, int]:
        one, other = self.before.marks[before], self.after.marks[after]
        return other.rows[0] - one.rows[0], other.cols[0] - one.cols[0]

    def _mark(self, before: int, after: int, share: float) -> Mark:
        """Return a gliding mark: the one before, moved on, or from half way on the next one, moved back."""
        rows, cols = self._distance(before, after)
        if share < 0.5:
            return replace(self.before.marks[before], shift=(_thousandths(rows * share), _thousandths(cols * share)))
        shift = _thousandths(rows * (share - 1)), _thousandths(cols * (share - 1))
        return replace(self.after.marks[after], shift=shift)

    # Lines

    @cached_property
    def _connectors_glide(self) -> bool:
        one, other = ([(line.upper, line.lower) for line in frame.connectors] for frame in (self.before, self.after))
        return one == other and not self.thrifty

    def _connectors(self, share: float) -> tuple[Connector, ...]:
        if not self._connectors_glide:
            return self.before.connectors
        pairs = zip(self.before.connectors, self.after.connectors, strict=True)
        return tuple(replace(one, shift=_thousandths((other.col - one.col) * share)) for one, other in pairs)

    # Floating cells

    @cached_property
    def _cells_glide(self) -> bool:
        one, other = ([cell.panel for cell in frame.floating_cells] for frame in (self.before, self.after))
        return one == other

    def _floating_cells(self, share: float) -> tuple[FloatingCell, ...]:
        before, after = self.before.floating_cells, self.after.floating_cells
        gliding = before
        if self._cells_glide:
            gliding = tuple(_between(one, other, share) for one, other in zip(before, after, strict=True))
        dropping = (replace(cell, row=cell.row - _thousandths((1 - share) * DROP / 1000)) for cell in self._dropping)
        return (*gliding, *self._turning_cells(share), *dropping)

    @cached_property
    def _turning(self) -> list[Change]:
        """The cells that turn, at their places."""
        changes = [change for change in self.after.changes if change.panel == self.after.turned]
        return changes if len(changes) > 1 else []

    def _turning_cells(self, share: float) -> Iterator[FloatingCell]:
        """Yield the turning cells on their circles about the centre; their texts stay upright."""
        cosine, sine = cos(pi * (1 - share)), sin(pi * (1 - share))
        centre = [max(places) / 2 for places in zip(*((one.row, one.col) for one in self._turning), strict=True)]
        for change in self._turning:
            down, right = change.row - centre[0], change.col - centre[1]
            row, col = centre[0] + down * cosine - right * sine, centre[1] + right * cosine + down * sine
            yield FloatingCell(change.panel, _thousandths(row), _thousandths(col), change.cell)

    @cached_property
    def _summands(self) -> tuple[Change, ...]:
        """The products that the moment before the last one adds up, with their factors."""
        if self.thrifty or self.moments < 2 or self.after.moment != self.moments - 2:
            return ()
        return tuple(change for change in self.after.changes if change.cell.note and change.cell.text)

    def _travelling_cells(self, progress: float) -> Iterator[FloatingCell]:
        """Yield the products on their way to the sign of the sum; they leave one after the other, and each takes half
        of the time.
        """
        last = max(1, len(self._summands) - 1)
        for index, one in enumerate(self._summands):
            own = 2 * progress - index / last
            if 0 < own < 1:
                cell = replace(one.cell, note="")
                yield FloatingCell(one.panel, 1000 * one.row, 1000 * one.col, cell, _thousandths(_smooth(own)))

    @cached_property
    def _dropping(self) -> tuple[FloatingCell, ...]:
        """The cells, at their places, that the last moment of a step, and not the one before, writes to the output."""
        if not self.moments or self.after.moment != self.moments - 1:
            return ()
        written = (one for one in self.after.changes if one.cell.role == "output" and one not in self.before.changes)
        return tuple(FloatingCell(one.panel, 1000 * one.row, 1000 * one.col, one.cell) for one in written)


def _by_shape(marks: Sequence[Mark], thrifty: bool) -> dict[object, list[int]]:
    """Return the indices of the windows by panel and shape, in order."""
    indices: dict[object, list[int]] = defaultdict(list)
    for index, mark in enumerate(marks):
        if mark.role == "window" and (len(mark.rows) * len(mark.cols) > 1 or not thrifty):
            rows, cols = (tuple(place - places[0] for place in places) for places in (mark.rows, mark.cols))
            indices[mark.panel, rows, cols].append(index)
    return indices


def _between(one: FloatingCell, other: FloatingCell, share: float) -> FloatingCell:
    """Return a floating cell on the straight line to its next place."""
    return replace(
        one,
        row=one.row + _thousandths((other.row - one.row) / 1000 * share),
        col=one.col + _thousandths((other.col - one.col) / 1000 * share),
    )


def _places(frame: Frame) -> list[tuple[int, int]]:
    return [(cell.row, cell.col) for cell in frame.floating_cells]


def _smooth(progress: float) -> float:
    """Return a share of the way that grows slowly at both ends."""
    return progress * progress * (3 - 2 * progress)


def _thousandths(cells: float) -> int:
    """Return thousandths of a cell, rounded as JavaScript does."""
    return floor(1000 * cells + 0.5)
