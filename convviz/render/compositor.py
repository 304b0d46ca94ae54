"""Frames: composed by copying sprites, so that a step costs what it changes and not what the picture holds.

Composition copies pixels and never blends (but for guide lines), so a composed frame equals the frame that matplotlib
draws whole (`draw_whole` of `items_at`), except that both pass through one palette.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from convviz.layout.boxes import Box
from convviz.raster import Bytes, PalettedFrame, slices
from convviz.render.cell_states import Position, first_cells, lit_cells
from convviz.render.display_list import DisplayList
from convviz.render.fonts import is_mono
from convviz.render.primitives import Fill, Outline, Patch, Primitive, TextRun
from convviz.render.sprites import Mask, Region, Sprites
from convviz.scene.model import Frame


def items_at(picture: DisplayList, last: int) -> Iterator[Primitive]:
    """Everything on the background of the picture in frame `last`, in the order in which it is painted."""
    yield from picture.printed()
    cells = first_cells(picture.scene)
    for frame in picture.scene.frames[: last + 1]:
        cells.update({(change.panel, change.row, change.col): change.cell for change in frame.changes})
    frame = picture.scene.frames[last]
    highlighted = lit_cells(frame)
    for (panel, row, col), cell in cells.items():
        yield from picture.cell_items(
            picture.grid(panel).cell(row, col), cell, highlighted=(panel, row, col) in highlighted
        )
    for one in frame.floating_cells:
        yield from picture.cell_items(picture.float_place(one.panel, one.row, one.col), one.cell)
    yield from picture.guides(frame, cells, highlighted)
    yield from picture.over(frame)
    yield from picture.labels(frame)


class Compositor:
    """The indexed picture, changed in place from frame to frame."""

    def __init__(self, picture: DisplayList) -> None:
        self.picture = picture
        self.sprites = Sprites(picture)
        self._cells = first_cells(picture.scene)
        self._lit: frozenset[Position] = frozenset()
        self._covered: list[tuple[Region, Bytes]] = []
        self._over: list[Box] = []
        self._labels: list[Fill | TextRun] = []
        self._changed: list[Box] = [Box(0, 0, *picture.sheet.size)]
        self._bare = self.sprites.still()
        self.pixels = self._bare.copy()
        for position in self._cells:
            self._paint_cell(position)

    def shots(self) -> Iterator[PalettedFrame]:
        """All frames, one at a time."""
        for frame in self.picture.scene.frames:
            self._uncover()
            self._change(frame)
            self._cover(frame)
            self._label(frame)
            yield PalettedFrame(self.pixels, (*self._changed, *self._over), frame.duration)
            self._changed = []

    # Cells

    def _change(self, frame: Frame) -> None:
        written = {(change.panel, change.row, change.col): change.cell for change in frame.changes}
        self._cells.update(written)
        highlighted = lit_cells(frame)
        stale = written.keys() | (highlighted ^ self._lit)
        self._lit = highlighted
        for position in sorted(stale):
            self._paint_cell(position)

    def _paint_cell(self, position: Position) -> None:
        panel, row, col = position
        place = self.picture.grid(panel).cell(row, col)
        pixels, mask = self.sprites.cell(place, self._cells[position], position in self._lit)
        self._changed.append(place.box)
        self._paint(slices(place.box), pixels, mask)

    def _paint(self, region: Region, pixels: Bytes | int, mask: Mask | None = None) -> None:
        if mask is None:
            self.pixels[region] = pixels
        else:
            np.copyto(self.pixels[region], pixels, where=mask)

    # Over the cells

    def _cover(self, frame: Frame) -> None:
        """Lay floating cells, outlines and lines over the cells, remembering what was below."""
        for one in frame.floating_cells:
            place = self.picture.float_place(one.panel, one.row, one.col)
            self._over.append(place.box)
            self._lay(slices(place.box), *self.sprites.cell(place, one.cell))
        for item in chain(self.picture.guides(frame, self._cells, self._lit), self.picture.over(frame)):
            self._over.append(item.box)
            if isinstance(item, Outline):
                for bar in item.bars():
                    self._lay(slices(bar), self.sprites.flat(item.colour))
            elif isinstance(item, Fill):
                self._lay(slices(item.box), self.sprites.flat(item.colour))
            elif isinstance(item, Patch):
                self._lay(slices(item.box), self.sprites.items([item], item.box))
            else:
                self._lay(*self.sprites.blended(item, self.pixels))

    def _lay(self, region: Region, pixels: Bytes | int, mask: Mask | None = None) -> None:
        self._covered.append((region, self.pixels[region].copy()))
        self._paint(region, pixels, mask)

    def _uncover(self) -> None:
        for region, pixels in reversed(self._covered):
            self.pixels[region] = pixels
        self._changed += self._over
        self._covered, self._over = [], []

    # Around the grids

    def _label(self, frame: Frame) -> None:
        """Tabs, line, number and progress: only what differs from the frame before is painted."""
        labels = list(self.picture.labels(frame))
        before: Sequence[Fill | TextRun | None] = self._labels or [None] * len(labels)
        for new, old in zip(labels, before, strict=True):
            if new == old:
                continue
            if isinstance(new, Fill):
                self._refill(new, old if isinstance(old, Fill) else None)
            else:
                self._rewrite(new, old if isinstance(old, TextRun) else None)
        self._labels = labels

    def _refill(self, new: Fill, old: Fill | None) -> None:
        """A bar, of which the part that was there stays."""
        grows = old and old.box.w <= new.box.w and replace(old, box=new.box) == new
        done = old.box.w if old and grows else 0
        box = replace(new.box, x=new.box.x + done, w=new.box.w - done)
        self._changed.append(box)
        self._paint(slices(box), self.sprites.flat(new.colour))

    def _rewrite(self, new: TextRun, old: TextRun | None) -> None:
        """Text, of which the characters that were there stay where a font of fixed pitch leaves them in place."""
        stays = old.text if old and is_mono(new.face) and replace(old, text=new.text) == new else ""
        if old and len(stays) != len(new.text):
            stays = ""
            self._changed.append(old.box)
            self.pixels[slices(old.box)] = self._bare[slices(old.box)]
        pieces = [(place, text) for place, text in enumerate(new.parts()) if text != stays[place : place + 1]]
        for place, text in pieces:
            box = new.part_box(place, text)
            self._changed.append(box)
            self.pixels[slices(box)] = self.sprites.text(new, text)
