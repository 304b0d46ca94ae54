"""Frames, composed by copying sprites, so that a step costs what it changes and not what the picture contains.

Composition copies pixels and blends only guide lines, so a composed frame equals the frame that matplotlib draws in
full (`rasterize` of `primitives_at`), except that the colours of both come from one palette.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from convviz.layout.boxes import Box
from convviz.raster import ByteArray, FileMetadata, FrameStream, PalettedFrame, box_slices
from convviz.render.cell_states import Position, highlighted_cells, initial_cells
from convviz.render.display_list import DisplayList, Label
from convviz.render.fonts import is_mono
from convviz.render.inked_text import InkedLine
from convviz.render.paths import SharpPolygon
from convviz.render.primitives import Primitive
from convviz.render.rectangles import DashedOutline, Fill, Outline
from convviz.render.sprites import Mask, Region, Sprites
from convviz.render.text_run import BackedText, TextRun
from convviz.scene.model import Frame
from convviz.scene.sampling import Sampling, shown_durations, shown_frames

NO_METADATA = FileMetadata()


def frame_stream(
    display_list: DisplayList,
    metadata: FileMetadata = NO_METADATA,
    *,
    transparent: bool = False,
    sampling: Sampling | None = None,
) -> FrameStream:
    """Return the animation as a stream whose frames are drawn while they are read.

    `sampling` says how often marks are shown while they glide; without it, there are key frames only.
    """
    if transparent:
        display_list = display_list.with_clear_background()
    compositor = Compositor(display_list)
    palette = compositor.sprites.palette
    return FrameStream(
        size=display_list.layout.size,
        palette=palette.colours,
        frames=compositor.frames(sampling),
        durations=shown_durations(display_list.scene, sampling),
        transparent_index=palette.index(display_list.theme.background) if transparent else None,
        alphas=palette.alphas,
        metadata=metadata,
    )


def primitives_at(display_list: DisplayList, index: int) -> Iterator[Primitive]:
    """Yield all primitives of frame `index` (from 0) except the background, in drawing order."""
    yield from display_list.static_foreground()
    cells = initial_cells(display_list.scene)
    for frame in display_list.scene.frames[: index + 1]:
        cells.update({(change.panel, change.row, change.col): change.cell for change in frame.changes})
    frame = display_list.scene.frames[index]
    highlighted = highlighted_cells(frame)
    for position, cell in cells.items():
        panel, row, col = position
        bounds = display_list.grid(panel).cell(row, col)
        yield from display_list.cell_primitives(bounds, cell, highlighted=position in highlighted)
    for floating in frame.floating_cells:
        bounds = display_list.layout.floating_cell(floating)
        yield from display_list.cell_primitives(bounds, floating.cell)
    yield from display_list.guide_lines(frame, cells, highlighted)
    yield from display_list.overlays(frame)
    yield from display_list.labels(frame)


class Compositor:
    """The picture as palette indices, changed in place from frame to frame."""

    def __init__(self, display_list: DisplayList) -> None:
        self.display_list = display_list
        self.sprites = Sprites(display_list)
        self._cells = initial_cells(display_list.scene)
        self._highlighted: frozenset[Position] = frozenset()
        self._covered: list[tuple[Region, ByteArray]] = []
        self._overlay_boxes: list[Box] = []
        self._labels: list[Label] = []
        self._moment: int | None = None
        self._changed: list[Box] = [Box(0, 0, *display_list.layout.size)]
        self._static = self.sprites.static_pixels()
        self.pixels = self._static.copy()
        for position in self._cells:
            self._draw_cell(position)

    def frames(self, sampling: Sampling | None = None) -> Iterator[PalettedFrame]:
        """Yield all frames, composed one at a time; see `frame_stream`."""
        for frame, arrived in shown_frames(self.display_list.scene, sampling):
            self._remove_overlays()
            self._update_cells(frame)
            self._add_overlays(frame)
            if arrived or frame.moment != self._moment:
                self._update_labels(frame)
            yield PalettedFrame(self.pixels, (*self._changed, *self._overlay_boxes), frame.duration, arrived)
            self._changed = []

    # Cells

    def _update_cells(self, frame: Frame) -> None:
        """Draw the cells whose content or highlighting changes."""
        written = {(change.panel, change.row, change.col): change.cell for change in frame.changes}
        self._cells.update(written)
        highlighted = highlighted_cells(frame)
        stale = written.keys() | (highlighted ^ self._highlighted)
        self._highlighted = highlighted
        for position in sorted(stale):
            self._draw_cell(position)

    def _draw_cell(self, position: Position) -> None:
        panel, row, col = position
        bounds = self.display_list.grid(panel).cell(row, col)
        pixels, mask = self.sprites.cell(bounds, self._cells[position], position in self._highlighted)
        self._changed.append(bounds.box)
        self._copy(box_slices(bounds.box), pixels, mask)

    def _copy(self, region: Region, pixels: ByteArray | int, mask: Mask | None = None) -> None:
        if mask is None:
            self.pixels[region] = pixels
        else:
            np.copyto(self.pixels[region], pixels, where=mask)

    # Above the cells

    def _add_overlays(self, frame: Frame) -> None:
        """Draw floating cells, outlines and lines, and save the pixels below them."""
        display_list, sprites = self.display_list, self.sprites
        for floating in frame.floating_cells:
            bounds = display_list.layout.floating_cell(floating)
            self._overlay_boxes.append(bounds.box)
            self._overlay(box_slices(bounds.box), *sprites.cell(bounds, floating.cell))
        guide_lines = display_list.guide_lines(frame, self._cells, self._highlighted)
        for primitive in chain(guide_lines, display_list.overlays(frame)):
            self._overlay_boxes.append(primitive.box)
            if isinstance(primitive, Outline | DashedOutline):
                for bar in primitive.bars():
                    self._overlay(box_slices(bar), sprites.colour_index(primitive.colour))
            elif isinstance(primitive, Fill):
                self._overlay(box_slices(primitive.box), sprites.colour_index(primitive.colour))
            elif isinstance(primitive, SharpPolygon):
                colour = sprites.colour_index(primitive.colour)
                self._overlay(box_slices(primitive.box), colour, sprites.mask(primitive))
            elif isinstance(primitive, BackedText):
                self._overlay(box_slices(primitive.box), sprites.draw([primitive], primitive.box))
            else:
                self._overlay(*sprites.blend_line(primitive, self.pixels))

    def _overlay(self, region: Region, pixels: ByteArray | int, mask: Mask | None = None) -> None:
        self._covered.append((region, self.pixels[region].copy()))
        self._copy(region, pixels, mask)

    def _remove_overlays(self) -> None:
        """Restore the pixels below the overlays of the previous frame."""
        for region, pixels in reversed(self._covered):
            self.pixels[region] = pixels
        self._changed += self._overlay_boxes
        self._covered, self._overlay_boxes = [], []

    # Around the grids

    def _update_labels(self, frame: Frame) -> None:
        """Draw the tabs, caption, step counter and progress bar that differ from the previous frame."""
        self._moment = frame.moment
        labels = list(self.display_list.labels(frame))
        previous: Sequence[Label | None] = self._labels or [None] * len(labels)
        for new, old in zip(labels, previous, strict=True):
            if new == old:
                continue
            if isinstance(new, Fill):
                self._update_bar(new, old if isinstance(old, Fill) else None)
            elif isinstance(new, InkedLine):
                self._update_line(new, old if isinstance(old, InkedLine) else None)
            else:
                self._update_text(new, old if isinstance(old, TextRun) else None)
        self._labels = labels

    def _update_bar(self, new: Fill, old: Fill | None) -> None:
        """Draw a bar, or only its new part if it has grown; remove one that has shrunk."""
        if old and old.box.w > new.box.w:
            self._changed.append(old.box)
            self.pixels[box_slices(old.box)] = self._static[box_slices(old.box)]
        grows = old and old.box.w <= new.box.w and replace(old, box=new.box) == new
        done = old.box.w if old and grows else 0
        box = replace(new.box, x=new.box.x + done, w=new.box.w - done)
        self._changed.append(box)
        self._copy(box_slices(box), self.sprites.colour_index(new.colour))

    def _update_text(self, new: TextRun, old: TextRun | None) -> None:
        """Draw text, or only its changed characters if it is monospaced and stays in place."""
        unchanged = old.text if old and is_mono(new.face) and replace(old, text=new.text) == new else ""
        if old and len(unchanged) != len(new.text):
            unchanged = ""
            self._clear(old.box)
        for index, text in enumerate(new.parts()):
            if text != unchanged[index : index + 1]:
                box = new.part_box(index, text)
                self._changed.append(box)
                self.pixels[box_slices(box)] = self.sprites.text(new, text)

    def _update_line(self, new: InkedLine, old: InkedLine | None) -> None:
        """Draw a line of several inks, or only its changed characters if no other is in another place."""
        characters, before = new.characters(), old.characters() if old else []
        places = [[one.x for one in line] for line in (characters, before)]
        if old and (places[0] != places[1] or new.outline != old.outline):
            self._clear(old.box)
            before = []
        stale = [one for one in characters if one.text != " "]
        if before:
            stale = [one for one, other in zip(characters, before, strict=True) if one != other]
        for one in stale:
            box = one.part_box(0, one.text)
            self._changed.append(box)
            self.pixels[box_slices(box)] = self.sprites.text(one, one.text)
        if new.outline and not before:
            self._changed.append(new.outline.box)
            for bar in new.outline.bars():
                self._copy(box_slices(bar), self.sprites.colour_index(new.outline.colour))

    def _clear(self, box: Box) -> None:
        self._changed.append(box)
        self.pixels[box_slices(box)] = self._static[box_slices(box)]
