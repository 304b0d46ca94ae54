"""Arrange the body of a scene: turn and split its groups, and make the cells as large as the room allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Literal

from convviz.layout.boxes import Box
from convviz.layout.fitting import FitAttempt
from convviz.layout.lens import LARGEST_LENS
from convviz.layout.measured_node import MeasuredNode, Placement
from convviz.layout.typography import Typography
from convviz.scene.model import Group, Node, Panel, PlaneStack

SPACINGS = (38, 32, 26, 20, 16, 12)
CAPTION_WIDTHS = (230, 150, 88)
LARGE_PITCH, LARGEST_PITCH = 72, 216
"""Pixels from cell to cell in a picture of 1280×720: as large as needed, and as large as a small body may get."""
ALL_PITCHES = range(1, 1 << 16)
LEAST_SHARE = 1 / 3
"""Share of its room below which a body counts as small."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A body with rows and columns as they are drawn."""

    body: Group
    flat_stacks: bool = False
    """Whether the planes of stacks are side by side."""
    captions_beside: bool = False
    """Whether the captions of labelled panels are on their right."""


@dataclass(frozen=True)
class Fit:
    """An attempt that fits."""

    attempts: tuple[FitAttempt, ...]
    """Attempts that differ in their spacing, the widest first; the last one fits."""
    body: Group
    room: Box

    @property
    def pitch(self) -> int:
        """Pixels from cell to cell."""
        return self.attempts[0].pitch

    @cached_property
    def placement(self) -> Placement:
        """The body, placed with the most spacing that fits."""
        measured = ((attempt, attempt.measure(self.body)) for attempt in self.attempts)
        attempt, block = next((attempt, block) for attempt, block in measured if _fits(block, self.room))
        placed, room = Placement(), self.room
        x, top = room.x + (room.w - block.width) // 2, room.y + (room.h - block.height) // 2
        attempt.place(block, x, top + block.above, placed)
        return placed

    def share(self) -> float:
        """Share of the room that the body covers: its bounding box."""
        placed = self.placement
        boxes = [*(grid.box for grid in placed.grids), *(text.box for text in placed.texts)]
        width = max(box.right for box in boxes) - min(box.x for box in boxes)
        height = max(box.bottom for box in boxes) - min(box.y for box in boxes)
        return width * height / max(1, self.room.w * self.room.h)


def best_fit(
    body: Group, typography: Typography, room: Box, within: range = ALL_PITCHES, lens_pitch: int = 0
) -> Fit | None:
    """Fit `body` into `room` with the largest cells, and then the most spacing; None if it does not fit.

    The cells of a lens are at least `lens_pitch`, and as large as possible without making the others smaller. Others
    are at most `LARGE_PITCH`, unless the body would cover less than a third of the room. Only pitches `within` a range
    are tried.
    """
    arrangements = list(_arrangements(body))
    if lens_pitch:
        return _with_lens(arrangements, typography, room, lens_pitch, within)
    upright = [one for one in arrangements if not one.flat_stacks]
    fit = _largest(upright, typography, room, pitches(typography, within))
    small = fit is None or fit.share() < LEAST_SHARE
    if (small or _most_planes(body) > 2) and len(upright) < len(arrangements):
        flat = _largest([one for one in arrangements if one.flat_stacks], typography, room, pitches(typography, within))
        fit = max((one for one in (fit, flat) if one), key=lambda one: one.pitch, default=None)
    if fit and fit.pitch >= typography.scaled(LARGE_PITCH) // 2 * 2 and fit.share() < LEAST_SHARE:
        return _enlarged(fit, arrangements, typography, room)
    return fit


def _enlarged(fit: Fit, arrangements: Sequence[Arrangement], typography: Typography, room: Box) -> Fit:
    """Return the fit with the smallest cells that cover the least share, or with the largest that fit."""
    step = 2 * max(1, typography.scaled(2))
    for pitch in range(fit.pitch + step, typography.scaled(LARGEST_PITCH) + 1, step):
        larger = _largest(arrangements, typography, room, (pitch,))
        if larger is None:
            break
        fit = larger
        if fit.share() >= LEAST_SHARE:
            break
    return fit


def _with_lens(
    arrangements: Sequence[Arrangement], typography: Typography, room: Box, least_lens: int, within: range
) -> Fit | None:
    """Return the largest cells with the smallest lens, and then the largest lens."""
    fit = _largest(arrangements, typography, room, pitches(typography, within), least_lens)
    if fit is None:
        return None
    for lens_pitch in range(typography.scaled(LARGEST_LENS) // 2 * 2, max(least_lens, fit.pitch), -2):
        larger = _largest(arrangements, typography, room, (fit.pitch,), lens_pitch)
        if larger:
            return larger
    return fit


def _largest(
    arrangements: Sequence[Arrangement],
    typography: Typography,
    room: Box,
    tried: Iterator[int] | Sequence[int],
    lens_pitch: int = 0,
) -> Fit | None:
    """Return the first cell size that fits, in the first arrangement, with the widest captions.

    The cells of a lens are `lens_pitch`, or as large as the others.
    """
    known = [(one, *_least_cells(one.body)) for one in arrangements]
    for pitch, (arrangement, rows, cols), width in product(tried, known, CAPTION_WIDTHS):
        if rows * pitch > room.h or cols * pitch > room.w:
            continue
        in_lens = max(lens_pitch, pitch) if lens_pitch else 0
        attempts = attempts_at(typography, pitch, room.w, width, arrangement, in_lens)
        if _fits(attempts[-1].measure(arrangement.body), room):
            return Fit(attempts, arrangement.body, room)
    return None


def _least_cells(node: Node) -> tuple[int, int]:
    """Rows and columns that the flat grids of a node take at least, without anything between or around them."""
    if isinstance(node, Panel):
        return (0, 0) if node.oblique else (node.rows, node.cols)
    if not isinstance(node, Group) or node.magnified:
        return 0, 0
    rows, cols = zip(*map(_least_cells, node.children), strict=True)
    return (sum(rows), max(cols)) if node.direction == "column" else (max(rows), sum(cols))


def attempts_at(
    typography: Typography,
    pitch: int,
    body_width: int,
    caption_width: int,
    arrangement: Arrangement | None = None,
    lens_pitch: int = 0,
) -> tuple[FitAttempt, ...]:
    """Return attempts at one cell size, with less and less spacing; captions have a width of the 1280×720 design."""
    width = typography.scaled(caption_width)
    flat, beside = (arrangement.flat_stacks, arrangement.captions_beside) if arrangement else (False, False)
    return tuple(
        FitAttempt(typography, pitch, typography.scaled(spacing), body_width, width, flat, beside, lens_pitch)
        for spacing in SPACINGS
    )


def _fits(measured: MeasuredNode, room: Box) -> bool:
    return measured.width <= room.w and measured.height <= room.h


def _arrangements(body: Group) -> Iterator[Arrangement]:
    """Yield the body as it is, then with groups turned that may turn, and with stacks of planes side by side."""
    variants = list(_variants(body))
    for flat in (False, True) if _most_planes(body) else (False,):
        for variant in variants:
            assert isinstance(variant, Group)
            yield Arrangement(variant, flat)
            if any(panel.label and panel.caption for panel in body.panels()):
                yield Arrangement(variant, flat, captions_beside=True)


def _variants(node: Node) -> Iterator[Node]:
    """Yield the ways to turn a node and everything in it, the original first; three groups also in two lines."""
    if not isinstance(node, Group):
        yield node
        return
    for children in product(*(tuple(_variants(child)) for child in node.children)):
        group = replace(node, children=children)
        yield group
        if node.may_turn:
            yield _turned(group)
            if len(children) == 3 and isinstance(children[1], Group) and children[1].magnified:
                yield replace(group, middle_below=True)
            if len(children) > 2 and all(isinstance(child, Group) for child in children):
                yield from (
                    _in_two_lines(one, split) for one in (group, _turned(group)) for split in range(1, len(children))
                )


def _turned(group: Group) -> Group:
    """Return a row as a column, or a column as a row; a table of a lens is no table in a row."""
    direction: Literal["row", "column"] = "column" if group.direction == "row" else "row"
    return replace(group, direction=direction, table=group.table and not group.magnified)


def _in_two_lines(group: Group, split: int) -> Group:
    """Return two groups, split before a child, in the other direction."""
    lines = replace(group, children=group.children[:split]), replace(group, children=group.children[split:])
    return replace(_turned(group), children=lines)


def _most_planes(node: Node) -> int:
    """Return the number of planes of the largest stack, or 0."""
    if isinstance(node, PlaneStack):
        return len(node.planes)
    return max(map(_most_planes, node.children), default=0) if isinstance(node, Group) else 0


def pitches(typography: Typography, within: range = ALL_PITCHES) -> Iterator[int]:
    """Yield the pitches to try, largest first; large ones are even."""
    least = max(3 * typography.scale, -(-3 * typography.width // 1280))
    most = max(least, typography.scaled(LARGE_PITCH))
    for pitch in range(min(most, within.stop - 1), max(least, min(most - 1, within.start)) - 1, -1):
        if pitch < 16 or pitch % 2 == 0:
            yield pitch
