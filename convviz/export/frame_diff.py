"""Differences between frames, for formats whose frames contain only the pixels that changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convviz.layout.boxes import Box
from convviz.raster import ByteArray, FrameStream, PalettedFrame

SHORT_GAP, PLAIN_GAP = 4, 24
"""Longest gaps of unchanged pixels that are sent nevertheless: of any colours, and of one colour. Transparent pixels
there would interrupt runs that the compressor knows; files are 3 to 7 percent smaller than with all of them."""
Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class FrameDiff:
    """A rectangle of the picture, and the pixels to send in it."""

    box: Box
    positions: Positions | None
    """Flat indices into the rectangle, in any order; None for all pixels."""
    values: ByteArray

    def pixels(self, scratch: ByteArray, transparent: int) -> ByteArray:
        """Return the rectangle (height, width) in `scratch`; pixels that are not sent are `transparent`."""
        if self.positions is None:
            return self.values
        pixels = scratch[: self.box.w * self.box.h]
        pixels.fill(transparent)
        pixels[self.positions] = self.values
        return pixels.reshape(self.box.h, self.box.w)


@dataclass(frozen=True, slots=True)
class DelayQuantizer:
    """Rounds durations to what a format can store: multiples of `tick` milliseconds, up to `longest`."""

    tick: int
    longest: int

    def diffs(self, stream: FrameStream) -> Iterator[tuple[FrameDiff, int]]:
        """Yield the difference of each frame, and its milliseconds; a frame without changes prolongs the previous one.

        A frame that is longer than `longest` is repeated. Rounding errors are carried over to the next frame.
        """
        differ = _differ(stream)
        pending: FrameDiff | None = None
        pending_duration = carried = 0
        for frame in stream.frames:
            duration = max(self.tick, round((frame.duration + carried) / self.tick) * self.tick)
            carried += frame.duration - duration
            diff = differ.update(frame)
            for part in self._parts(duration):
                if pending and not diff:
                    if pending_duration + part <= self.longest:
                        pending_duration += part
                        continue
                    diff = differ.repeated_diff()
                if pending:
                    yield pending, pending_duration
                pending, pending_duration, diff = diff, part, None
        if pending:
            yield pending, pending_duration

    def _parts(self, duration: int) -> list[int]:
        """Split a duration into parts that can be stored."""
        whole, rest = divmod(duration, self.longest)
        return [self.longest] * whole + ([rest] if rest else [])


class FrameDiffer:
    """Compares each frame with what a viewer shows before it."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.shown: ByteArray | None = None

    def update(self, frame: PalettedFrame) -> FrameDiff | None:
        """Return the smallest rectangle that contains all changes; None without changes."""
        if self.shown is None:
            self.shown = frame.pixels.copy()
            return FrameDiff(Box(0, 0, *self.size), None, self.shown.copy())
        width = self.size[0]
        new, shown = frame.pixels.ravel(), self.shown.ravel()
        bands = list(_row_bands(frame.changed))
        if not bands:
            return None
        changed = np.concatenate([_update_rows(shown, new, top * width, bottom * width) for top, bottom in bands])
        if not changed.size:
            return None
        rows = changed // width
        cols = changed - rows * width
        x, y = int(cols.min()), int(rows[0])
        box = Box(x, y, int(cols.max()) + 1 - x, int(rows[-1]) + 1 - y)
        positions = changed - y * width - x - (rows - y) * (width - box.w)
        gaps, lengths = _gaps(positions)
        values = new[(gaps // box.w + y) * width + gaps % box.w + x]
        sent = _worth_sending(values, lengths)
        return FrameDiff(box, np.concatenate((positions, gaps[sent])), np.concatenate((new[changed], values[sent])))

    def repeated_diff(self) -> FrameDiff:
        """Return one unchanged pixel, for a delay that is too long for one frame."""
        assert self.shown is not None
        return FrameDiff(Box(0, 0, 1, 1), np.zeros(1, dtype=np.intp), self.shown[0, :1].copy())


class TransparentFrameDiffer(FrameDiffer):
    """Yields all opaque pixels of each frame: in a transparent picture nothing can be erased by drawing over it."""

    def __init__(self, size: tuple[int, int], transparent_index: int) -> None:
        super().__init__(size)
        self.transparent_index = transparent_index

    def update(self, frame: PalettedFrame) -> FrameDiff:
        """Return the smallest rectangle that contains all opaque pixels."""
        self._last = self._opaque_box(frame)
        return self._last

    def repeated_diff(self) -> FrameDiff:
        """Return the pixels of the last frame: what is not sent again is cleared."""
        return self._last

    def _opaque_box(self, frame: PalettedFrame) -> FrameDiff:
        opaque = frame.pixels != self.transparent_index
        rows, cols = (np.flatnonzero(opaque.any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            return FrameDiff(Box(0, 0, 1, 1), None, frame.pixels[:1, :1].copy())
        box = Box(int(cols[0]), int(rows[0]), int(cols[-1] - cols[0]) + 1, int(rows[-1] - rows[0]) + 1)
        return FrameDiff(box, None, frame.pixels[box.y : box.bottom, box.x : box.right].copy())


def _differ(stream: FrameStream) -> FrameDiffer:
    if stream.transparent_index is None:
        return FrameDiffer(stream.size)
    return TransparentFrameDiffer(stream.size, stream.transparent_index)


def _row_bands(boxes: tuple[Box, ...]) -> list[tuple[int, int]]:
    """Return disjoint ranges of rows that contain the boxes, from top to bottom."""
    bands: list[tuple[int, int]] = []
    for top, bottom in sorted((max(0, box.y), box.bottom) for box in boxes):
        if bands and top < bands[-1][1]:
            bands.append((bands[-1][0], max(bottom, bands.pop()[1])))
        else:
            bands.append((top, bottom))
    return bands


def _update_rows(shown: ByteArray, new: ByteArray, start: int, end: int) -> Positions:
    """Copy the pixels from `start` to `end` into `shown`, and return the positions that differed, in reading order."""
    changed = np.flatnonzero(shown[start:end] != new[start:end])
    shown[start:end] = new[start:end]
    return changed + start


def _gaps(positions: Positions) -> tuple[Positions, Positions]:
    """Return the positions in gaps of up to `PLAIN_GAP` pixels, and the length of each gap."""
    lengths_all = np.diff(positions) - 1
    near = np.flatnonzero((lengths_all > 0) & (lengths_all <= PLAIN_GAP))
    lengths = lengths_all[near]
    ends = np.cumsum(lengths)
    return np.repeat(positions[near] + 1 - (ends - lengths), lengths) + np.arange(lengths.sum()), lengths


def _worth_sending(values: ByteArray, lengths: Positions) -> NDArray[np.bool_]:
    """Return a mask of the gap pixels to send: those of short gaps, and of gaps of one colour."""
    if not lengths.size:
        return np.zeros(0, dtype=np.bool_)
    starts = np.cumsum(lengths) - lengths
    plain = np.logical_and.reduceat(values == np.repeat(values[starts], lengths), starts)
    return np.repeat(plain | (lengths <= SHORT_GAP), lengths)
