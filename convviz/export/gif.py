"""GIF, written frame by frame: each frame holds only the pixels that changed.

Pillow compresses (its LZW encoder, which lets other threads run while it writes to a file); the container is put
together here, because Pillow's own writer keeps every frame in memory until the end. Format: GIF89a specification,
CompuServe 1990; loops: Netscape application extension.
"""

from __future__ import annotations

import os
import struct
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from convviz.layout.boxes import Box
from convviz.reel import Bytes, Reel, Shot

TICK = 20
"""Delays are multiples of this, in milliseconds; browsers slow down anything shorter."""
LONGEST = 655_340
"""The longest delay that the format can say, in milliseconds."""
MOST_WORKERS = 4
SHORT_GAP = 16
"""So many unchanged pixels between changed ones are written as they are, because a run of transparent ones would
interrupt what the compressor knows: 3 to 5 percent smaller than with all of them transparent."""


def write(reel: Reel, path: Path) -> None:
    """Write `reel` to `path`."""
    transparent = len(reel.colours)
    bits = max(2, transparent.bit_length())
    workers = min(MOST_WORKERS, os.cpu_count() or 1)
    with path.open("wb") as file, ThreadPoolExecutor(workers) as pool:
        file.write(_header(reel))
        waiting: deque[Patch] = deque()
        for patch in _patches(reel, lambda pixels: pool.submit(_compressed, bits, pixels)):
            waiting.append(patch)
            if len(waiting) > 2 * workers:
                waiting.popleft().write(file, transparent)
        for patch in waiting:
            patch.write(file, transparent)
        file.write(b";")


@dataclass
class Patch:
    """A changed rectangle, and how long the picture stays before the next one."""

    box: Box
    data: Future[bytes]
    duration: int

    def write(self, file: BinaryIO, transparent: int) -> None:
        """Graphic control extension, image descriptor, and the compressed pixels."""
        box, keep_and_transparent = self.box, 0b00000101
        file.write(struct.pack("<4BH2B", 0x21, 0xF9, 4, keep_and_transparent, self.duration // 10, transparent, 0))
        file.write(struct.pack("<B4HB", 0x2C, box.x, box.y, box.w, box.h, 0))
        file.write(bytes([max(2, transparent.bit_length())]))
        file.write(self.data.result())
        file.write(b"\0")


def _header(reel: Reel) -> bytes:
    """Signature, size, palette filled up to a power of two, and the loop."""
    bits = len(reel.colours).bit_length()
    screen = struct.pack("<6s2H3B", b"GIF89a", *reel.size, 0b11110000 | (bits - 1), 0, 0)
    palette = reel.colours.tobytes().ljust(3 << bits, b"\0")
    if reel.loop == 1:
        return screen + palette
    return screen + palette + struct.pack("<3B11s2BHB", 0x21, 0xFF, 11, b"NETSCAPE2.0", 3, 1, max(0, reel.loop - 1), 0)


Compress = Callable[[Bytes], "Future[bytes]"]


def _compressed(bits: int, pixels: Bytes) -> bytes:
    """The LZW data of `pixels`. Pillow lets other threads run while it writes to a real file."""
    image = Image.fromarray(pixels, "P")
    image.encoderconfig = (bits, 0)  # not interlaced
    with tempfile.TemporaryFile(buffering=0) as file:
        ImageFile._save(image, file, [ImageFile._Tile("gif", (0, 0, *image.size), 0, "P")])
        file.seek(0)
        return file.read()


def _patches(reel: Reel, compress: Compress) -> Iterator[Patch]:
    """What changes from shot to shot. A shot that changes nothing prolongs the one before."""
    screen: Screen | None = None
    pending: Patch | None = None
    owed = 0
    for shot in reel.shots:
        duration = max(TICK, round((shot.duration + owed) / TICK) * TICK)
        owed += shot.duration - duration
        screen, changes = (screen, screen.update(shot)) if screen else _first(shot, len(reel.colours))
        if pending and not changes:
            if pending.duration + duration <= LONGEST:
                pending.duration += duration
                continue
            changes = Box(0, 0, 1, 1), shot.pixels[:1, :1].copy()
        if pending:
            yield pending
        assert changes
        box, pixels = changes
        pending = Patch(box, compress(pixels), duration)
    if pending:
        yield pending


Changes = tuple[Box, Bytes]
"""A rectangle of the picture, and its pixels."""


def _first(shot: Shot, transparent: int) -> tuple[Screen, Changes]:
    height, width = shot.pixels.shape
    return Screen(shot.pixels.copy(), transparent), (Box(0, 0, width, height), shot.pixels.copy())


class Screen:
    """What a viewer sees."""

    def __init__(self, pixels: Bytes, transparent: int) -> None:
        self.pixels, self.transparent = pixels, transparent

    def update(self, shot: Shot) -> Changes | None:
        """The smallest rectangle that holds all changes, unchanged pixels mostly transparent; None without changes."""
        found = [self._differing(shot.pixels, *band) for band in _bands(shot.changed)]
        if not any(rows.size for rows, _ in found):
            return None
        rows, cols = (np.concatenate([places[axis] for places in found]) for axis in (0, 1))
        x, y = int(cols.min()), int(rows[0])
        width, height = int(cols.max()) + 1 - x, int(rows[-1]) + 1 - y
        patch = np.full((height, width), self.transparent, dtype=np.uint8)
        patch[rows - y, cols - x] = shot.pixels[rows, cols]
        between = _short_gaps((rows - y) * width + (cols - x))
        patch.ravel()[between] = shot.pixels[y + between // width, x + between % width]
        return Box(x, y, width, height), patch

    def _differing(self, pixels: Bytes, top: int, bottom: int, left: int, right: int) -> tuple[Places, Places]:
        """Rows and columns of the pixels that differ in a band, in reading order; from now on they are shown."""
        shown, new = self.pixels[top:bottom, left:right], pixels[top:bottom, left:right]
        rows, cols = np.nonzero(shown != new)
        shown[...] = new
        return rows + top, cols + left


Places = NDArray[np.intp]


def _bands(boxes: tuple[Box, ...]) -> list[tuple[int, int, int, int]]:
    """Top, bottom, left and right of rectangles that hold the boxes, from the top down; no two share a row."""
    bands: list[tuple[int, int, int, int]] = []
    for side in sorted((max(0, box.y), box.bottom, max(0, box.x), box.right) for box in boxes):
        if bands and side[0] < bands[-1][1]:
            top, bottom, left, right = bands.pop()
            bands.append((top, max(bottom, side[1]), min(left, side[2]), max(right, side[3])))
        else:
            bands.append(side)
    return bands


def _short_gaps(places: Places) -> Places:
    """The places between two of `places` that are near."""
    gaps = np.diff(places) - 1
    short = np.flatnonzero((gaps > 0) & (gaps <= SHORT_GAP))
    lengths = gaps[short]
    ends = np.cumsum(lengths)
    return np.repeat(places[short] + 1 - (ends - lengths), lengths) + np.arange(lengths.sum())
