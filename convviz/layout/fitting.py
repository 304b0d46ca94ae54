"""Placing the stage: one cell size for all grids, as large as the picture allows.

The stage is a tree of rows and columns. Every node is measured as a width and as heights above and below its centre
line; panels in a row share that line, captions hang below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from convviz.layout.blocks import Block, Placed
from convviz.layout.boxes import CAPITALS, Box, Grid
from convviz.layout.oblique_grid import ObliqueGrid
from convviz.layout.planes import measure_planes, place_planes
from convviz.layout.typography import TooSmallError, Typography, above, below, leading
from convviz.scene.model import Group, Node, Operator, Panel, PlaneStack, TextBlock

SMALLEST_SLANTED = 4
"""Smallest pitch of slanted cells, which are flatter than others."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """One attempt: a cell size, the air between neighbours, and whether rows that may turn stand upright."""

    type: Typography
    pitch: int
    air: int
    turned: bool
    room: int
    """Width of the stage."""
    narrow: int
    """Captions wrap at this width, or at that of their grid."""

    def pitch_of(self, panel: Panel) -> int:
        """From cell to cell."""
        return max(1, self.pitch // panel.shrink)

    def extent(self, panel: Panel) -> tuple[int, int]:
        """Width and height of the cells of a panel. Raises `TooSmallError` where slanted ones are too small."""
        if not panel.oblique:
            return panel.cols * self.pitch_of(panel), panel.rows * self.pitch_of(panel)
        if self.pitch < SMALLEST_SLANTED:
            raise TooSmallError("slanted cells")
        box = ObliqueGrid(0, 0, panel.rows, panel.cols, self.pitch).box
        return box.w, box.h

    @property
    def air_below(self) -> int:
        """The space between things that stand one below the other."""
        outlines = 2 * outline(self.pitch) + 1
        return max(6, outlines, round(self.air * 0.6))

    def is_row(self, group: Group) -> bool:
        """Whether the children of `group` stand side by side in this attempt."""
        return (group.direction == "row") != (group.may_turn and self.turned)

    def measure(self, node: Node) -> Block:
        """The size of `node`, and of everything in it."""
        if isinstance(node, Panel):
            return self._panel(node)
        if isinstance(node, TextBlock):
            return self._note(node)
        if isinstance(node, PlaneStack):
            return measure_planes(self, node)
        return self._sign(node) if isinstance(node, Operator) else self._group(node)

    def _group(self, group: Group) -> Block:
        children = tuple(self.measure(child) for child in group.children)
        spaces = len(children) - 1
        if group.equal_widths and self.is_row(group):
            slots = len(children) * (max(child.wide for child in children) + self.air)
            return Block(
                group, max(slots, self.room), max(c.rise for c in children), max(c.fall for c in children), children
            )
        if self.is_row(group):
            wide = sum(child.wide for child in children) + spaces * self.air
            if group.align_captions:
                captions = max(child.fall - self._grid_fall(child) for child in children)
                fall = max(self._grid_fall(child) for child in children) + captions
                return Block(group, wide, max(c.rise for c in children), fall, children)
            return Block(group, wide, max(c.rise for c in children), max(c.fall for c in children), children)
        height = sum(child.height for child in children) + spaces * self.air_below
        return Block(group, max(child.wide for child in children), height // 2, height - height // 2, children)

    def _grid_fall(self, block: Block) -> int:
        """How far the grid of a panel reaches below the centre line, its caption not counted."""
        if not isinstance(block.node, Panel):
            return block.fall
        high = self.extent(block.node)[1]
        return high - high // 2

    def _panel(self, panel: Panel) -> Block:
        wide, high = self.extent(panel)
        lines: list[str] = []
        if panel.caption:
            lines = self.type.wrapped(panel.caption, "panel caption", max(wide, self.narrow))
        below_grid = self.type.scaled(12) + len(lines) * leading(self.type.px("caption")) if lines else 0
        labelled = panel.label and not panel.oblique
        label = self.type.wide(panel.label, "panel label") + self.type.scaled(24) if labelled else 0
        widest = max([wide + 2 * label, *(self.type.wide(line, "panel caption") for line in lines)])
        half = leading(self.type.px("panel label")) // 2 + 1 if labelled else 0
        rise, fall = max(high // 2, half), max(high - high // 2, half)
        return Block(panel, widest, rise, fall + below_grid, lines=tuple(lines))

    def _note(self, note: TextBlock) -> Block:
        height = len(note.lines) * self._note_leading()
        return Block(
            note, max(self.type.wide(line, "text block") for line in note.lines), height // 2, height - height // 2
        )

    def _note_leading(self) -> int:
        return round(1.3 * leading(self.type.px("text block")))

    def _sign(self, sign: Operator) -> Block:
        """Mathematical signs stand around 0.31 of their size above the baseline."""
        style, px = sign_style(sign), self.type.px(sign_style(sign))
        drop = round(px * 0.31)
        return Block(sign, self.type.wide(sign.text, style), above(px) - drop, below(px) + drop)

    def place(self, block: Block, x: int, centre: int, placed: Placed, low: int = 0) -> None:
        """Put `block` with its left edge at `x`, its centre line at `centre`, its caption at least `low` below that."""
        if isinstance(block.node, Panel):
            self._place_panel(block, block.node, x, centre, placed, low)
        elif isinstance(block.node, Operator):
            style = sign_style(block.node)
            baseline = centre - block.rise + above(self.type.px(style))
            placed.texts.append(self.type.text(block.node.text, style, x, baseline))
        elif isinstance(block.node, TextBlock):
            self._place_note(block, block.node, x, centre, placed)
        elif isinstance(block.node, PlaneStack):
            place_planes(self, block.node, x, centre - block.rise, placed)
        elif block.node.equal_widths and self.is_row(block.node):
            slot = block.wide // len(block.children)
            for index, child in enumerate(block.children):
                self.place(child, x + index * slot + (slot - child.wide) // 2, centre, placed)
        elif self.is_row(block.node):
            low = max(self._grid_fall(child) for child in block.children) if block.node.align_captions else 0
            for child in block.children:
                self.place(child, x, centre, placed, low)
                x += child.wide + self.air
        else:
            top = centre - block.rise
            for child in block.children:
                self.place(child, x + (block.wide - child.wide) // 2, top + child.rise, placed)
                top += child.height + self.air_below

    def _place_note(self, block: Block, note: TextBlock, x: int, centre: int, placed: Placed) -> None:
        baseline = centre - block.rise + above(self.type.px("text block"))
        for line in note.lines:
            placed.texts.append(self.type.text(line, "text block", x, baseline))
            baseline += self._note_leading()

    def _place_panel(self, block: Block, panel: Panel, x: int, centre: int, placed: Placed, low: int) -> None:
        """The grid, on even pixels so that videos keep edges sharp, its caption below and its label on the left."""
        type_, px, pitch = self.type, self.type.px("caption"), self.pitch_of(panel)
        wide, high = self.extent(panel)
        left, top = (x + (block.wide - wide) // 2) // 2 * 2, (centre - block.rise) // 2 * 2
        grid: Grid | ObliqueGrid
        if panel.oblique:
            grid = ObliqueGrid(left, top, panel.rows, panel.cols, pitch)
        else:
            grid = Grid(left, top, panel.rows, panel.cols, pitch, 0 if panel.seamless else gap(pitch))
        placed.grids.append(grid)
        baseline = max(centre - high // 2 + high, centre + low) + type_.scaled(12) + above(px)
        for line in block.lines:
            middle = left + grid.box.w // 2
            placed.texts.append(
                type_.text(line, "panel caption", middle - type_.wide(line, "panel caption") // 2, baseline)
            )
            baseline += leading(px)
        if panel.label and not panel.oblique:
            end = left - type_.scaled(24) - type_.wide(panel.label, "panel label")
            drop = round(CAPITALS * type_.px("panel label") / 2)
            placed.texts.append(type_.text(panel.label, "panel label", end, top + grid.box.h // 2 + drop))


def place(stage: Group, type: Typography, room: Box) -> Placed:
    """The stage in `room`, with the largest cells and then the most air that fit. Raises `TooSmallError`."""
    airs = [type.scaled(air) for air in (38, 32, 26, 20, 16, 12)]
    for pitch in pitches(type):
        for turned, narrow in product((False, True) if stage.may_turn else (False,), (230, 150, 88)):
            fittings = [Fitting(type, pitch, air, turned, room.w, type.scaled(narrow)) for air in airs]
            tightest = fittings[-1].measure(stage)
            if tightest.wide <= room.w and tightest.height <= room.h:
                return _most_airy(stage, fittings, room)
    raise TooSmallError("the grids")


def _most_airy(stage: Group, fittings: Sequence[Fitting], room: Box) -> Placed:
    measured = ((fitting, fitting.measure(stage)) for fitting in fittings)
    fitting, block = next((f, b) for f, b in measured if b.wide <= room.w and b.height <= room.h)
    placed = Placed()
    x, top = room.x + (room.w - block.wide) // 2, room.y + (room.h - block.height) // 2
    fitting.place(block, x, top + block.rise, placed)
    return placed


def pitches(type: Typography) -> Iterator[int]:
    """Cell sizes worth trying, largest first, even ones while they are large."""
    least = max(3 * type.scale, -(-3 * type.width // 1280))
    for pitch in range(max(least, type.scaled(72)), least - 1, -1):
        if pitch < 16 or pitch % 2 == 0:
            yield pitch


def gap(pitch: int) -> int:
    """The space between cells: 2 pixels of 58, none below 6."""
    return 0 if pitch < 6 else max(1, round(pitch / 29))


def outline(pitch: int) -> int:
    """Width of the window's outline."""
    return max(2, round(pitch / 14)) if pitch >= 8 else 1


def sign_style(sign: Operator) -> str:
    """The style of a sign; some glyphs are drawn small by their font."""
    if sign.text.isalpha():
        return "word operator"
    return "small operator" if sign.text == "⋆" else "operator"
