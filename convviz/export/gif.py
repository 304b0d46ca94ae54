"""GIF, written frame by frame: each frame holds only the pixels that changed.

Pillow compresses (its LZW encoder); the container is put together here, because Pillow's own writer keeps every frame
in memory until the end. Format: GIF89a specification, CompuServe 1990; loops: Netscape application extension.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from convviz.layout.boxes import Box
from convviz.reel import Bytes, Reel

TICK = 20
"""Delays are multiples of this, in milliseconds; browsers slow down anything shorter."""
LONGEST = 655_340
"""The longest delay that the format can say, in milliseconds."""


def write(reel: Reel, path: Path) -> None:
    """Write `reel` to `path`."""
    with path.open("wb") as file:
        file.write(_header(reel))
        for patch in _patches(reel):
            patch.write(file)
        file.write(b";")


class Patch:
    """A changed rectangle, and how long the picture stays before the next one."""

    def __init__(self, box: Box, pixels: Bytes, transparent: int, duration: int) -> None:
        self.box, self.pixels, self.transparent, self.duration = box, pixels, transparent, duration

    def write(self, file: BinaryIO) -> None:
        """Graphic control extension, image descriptor, and the compressed pixels."""
        box, bits = self.box, self.transparent.bit_length()
        keep_and_transparent = 0b00000101
        file.write(struct.pack("<4BH2B", 0x21, 0xF9, 4, keep_and_transparent, self.duration // 10, self.transparent, 0))
        file.write(struct.pack("<B4HB", 0x2C, box.x, box.y, box.w, box.h, 0))
        file.write(bytes([max(2, bits)]))
        file.write(Image.fromarray(self.pixels, "P").tobytes("gif", "P", max(2, bits), 0))
        file.write(b"\0")


def _header(reel: Reel) -> bytes:
    """Signature, size, palette filled up to a power of two, and the loop."""
    bits = len(reel.colours).bit_length()
    screen = struct.pack("<6s2H3B", b"GIF89a", *reel.size, 0b11110000 | (bits - 1), 0, 0)
    palette = reel.colours.tobytes().ljust(3 << bits, b"\0")
    if reel.loop == 1:
        return screen + palette
    return screen + palette + struct.pack("<3B11s2BHB", 0x21, 0xFF, 11, b"NETSCAPE2.0", 3, 1, max(0, reel.loop - 1), 0)


def _patches(reel: Reel) -> Iterator[Patch]:
    """What changes from shot to shot. A shot that changes nothing prolongs the one before."""
    transparent = len(reel.colours)
    before: Bytes | None = None
    pending: Patch | None = None
    owed = 0
    for shot in reel.shots:
        duration = max(TICK, round((shot.duration + owed) / TICK) * TICK)
        owed += shot.duration - duration
        patch = _patch(before, shot.pixels, shot.changed, transparent, duration)
        if pending and not patch:
            if pending.duration + duration <= LONGEST:
                pending.duration += duration
                continue
            patch = Patch(Box(0, 0, 1, 1), shot.pixels[:1, :1].copy(), transparent, duration)
        if pending:
            yield pending
        pending = patch
        if before is None:
            before = shot.pixels.copy()
        else:
            region = _region(shot.changed)
            before[region] = shot.pixels[region]
    if pending:
        yield pending


def _patch(before: Bytes | None, after: Bytes, changed: Box, transparent: int, duration: int) -> Patch | None:
    """The smallest rectangle that holds all changes, unchanged pixels transparent; None without changes."""
    if before is None:
        height, width = after.shape
        return Patch(Box(0, 0, width, height), after.copy(), transparent, duration)
    new, old = after[_region(changed)], before[_region(changed)]
    differs = new != old
    rows, cols = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not rows.size:
        return None
    inner = slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1)
    pixels = np.where(differs[inner], new[inner], np.uint8(transparent))
    height, width = pixels.shape
    return Patch(Box(changed.x + int(cols[0]), changed.y + int(rows[0]), width, height), pixels, transparent, duration)


def _region(box: Box) -> tuple[slice, slice]:
    return slice(box.y, box.bottom), slice(box.x, box.right)
