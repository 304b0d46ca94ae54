"""What a viewer sees, and what must be sent when it changes: for formats whose frames hold only what is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convviz.layout.boxes import Box
from convviz.raster import Bytes, FrameStream, PalettedFrame

SHORT, PLAIN = 4, 24
"""So many unchanged pixels between changed ones are sent as they are, and so many where they are of one colour: a run
of transparent ones would interrupt what the compressor knows. Files are 3 to 7 percent smaller than with all unchanged
pixels transparent."""
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Changes:
    """A rectangle of the picture, and what is new in it."""

    box: Box
    places: Places | None
    """In reading order of the rectangle; in no order of their own. None: all of it."""
    values: Bytes

    def drawn(self, canvas: Bytes, transparent: int) -> Bytes:
        """The rectangle (height, width) on the first pixels of `canvas`, transparent where nothing is sent."""
        if self.places is None:
            return self.values
        pixels = canvas[: self.box.w * self.box.h]
        pixels.fill(transparent)
        pixels[self.places] = self.values
        return pixels.reshape(self.box.h, self.box.w)


@dataclass(frozen=True, slots=True)
class DelayQuantizer:
    """What delays a format can say, in milliseconds: multiples of `tick`, up to `longest`."""

    tick: int
    longest: int

    def patches(self, reel: FrameStream) -> Iterator[tuple[Changes, int]]:
        """What changes from shot to shot, and how long it stays. A shot that changes nothing prolongs the one before.

        Where one looks through a picture, everything opaque is sent for every shot, since nothing can be wiped away.
        """
        screen = FrameDiffer(reel.size) if reel.clear is None else TransparentFrameDiffer(reel.size, reel.clear)
        pending: Changes | None = None
        shown = owed = 0
        for shot in reel.shots:
            duration = max(self.tick, round((shot.duration + owed) / self.tick) * self.tick)
            owed += shot.duration - duration
            changes = screen.update(shot)
            if pending and not changes:
                if shown + duration <= self.longest:
                    shown += duration
                    continue
                changes = screen.nothing()
            if pending:
                yield pending, shown
            pending, shown = changes, duration
        if pending:
            yield pending, shown


class FrameDiffer:
    """What a viewer sees; nothing at first."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.pixels: Bytes | None = None

    def update(self, shot: PalettedFrame) -> Changes | None:
        """The smallest rectangle that holds all changes; None without changes."""
        if self.pixels is None:
            self.pixels = shot.pixels.copy()
            return Changes(Box(0, 0, *self.size), None, self.pixels.copy())
        width = self.size[0]
        now, shown = shot.pixels.ravel(), self.pixels.ravel()
        found = np.concatenate(
            [_differing(shown, now, top * width, bottom * width) for top, bottom in _bands(shot.changed)]
        )
        if not found.size:
            return None
        rows = found // width
        cols = found - rows * width
        x, y = int(cols.min()), int(rows[0])
        box = Box(x, y, int(cols.max()) + 1 - x, int(rows[-1]) + 1 - y)
        places = found - y * width - x - (rows - y) * (width - box.w)
        gaps, lengths = _gaps(places)
        values = now[(gaps // box.w + y) * width + gaps % box.w + x]
        kept = _kept(values, lengths)
        return Changes(box, np.concatenate((places, gaps[kept])), np.concatenate((now[found], values[kept])))

    def nothing(self) -> Changes:
        """A first pixel that stays as it is, for a delay too long for one block."""
        assert self.pixels is not None
        return Changes(Box(0, 0, 1, 1), np.zeros(1, dtype=np.intp), self.pixels[0, :1].copy())


class TransparentFrameDiffer(FrameDiffer):
    """What a viewer sees of a picture that one looks through: nothing stays from shot to shot."""

    def __init__(self, size: tuple[int, int], clear: int) -> None:
        super().__init__(size)
        self.clear = clear

    def update(self, shot: PalettedFrame) -> Changes:
        """The smallest rectangle with everything opaque."""
        rows, cols = (np.flatnonzero((shot.pixels != self.clear).any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            return Changes(Box(0, 0, 1, 1), None, shot.pixels[:1, :1].copy())
        box = Box(int(cols[0]), int(rows[0]), int(cols[-1] - cols[0]) + 1, int(rows[-1] - rows[0]) + 1)
        return Changes(box, None, shot.pixels[box.y : box.bottom, box.x : box.right].copy())


def _bands(boxes: tuple[Box, ...]) -> list[tuple[int, int]]:
    """First rows, and rows behind the last, of bands that hold the boxes, from the top down; no two share a row."""
    bands: list[tuple[int, int]] = []
    for top, bottom in sorted((max(0, box.y), box.bottom) for box in boxes):
        if bands and top < bands[-1][1]:
            bands.append((bands[-1][0], max(bottom, bands.pop()[1])))
        else:
            bands.append((top, bottom))
    return bands


def _differing(shown: Bytes, now: Bytes, start: int, end: int) -> Places:
    """The pixels that differ from `start` to `end`, in reading order; from now on they are shown."""
    found = np.flatnonzero(shown[start:end] != now[start:end])
    shown[start:end] = now[start:end]
    return found + start


def _gaps(places: Places) -> tuple[Places, Places]:
    """The places between two of `places` that are near, and how many there are in each gap."""
    gaps = np.diff(places) - 1
    near = np.flatnonzero((gaps > 0) & (gaps <= PLAIN))
    lengths = gaps[near]
    ends = np.cumsum(lengths)
    return np.repeat(places[near] + 1 - (ends - lengths), lengths) + np.arange(lengths.sum()), lengths


def _kept(values: Bytes, lengths: Places) -> NDArray[np.bool_]:
    """Which pixels of the gaps are sent: those of short gaps, and of gaps of one colour."""
    if not lengths.size:
        return np.zeros(0, dtype=np.bool_)
    starts = np.cumsum(lengths) - lengths
    plain = np.logical_and.reduceat(values == np.repeat(values[starts], lengths), starts)
    return np.repeat(plain | (lengths <= SHORT), lengths)
