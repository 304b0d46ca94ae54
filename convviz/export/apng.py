"""APNG, written frame by frame: each frame holds only the pixels that changed, in one palette.

The container is put together here, because Pillow's writer keeps every frame in memory until the end. Format: PNG
specification, third edition (W3C 2025), which includes animations.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from convviz.export.frame_diff import Changes, DelayQuantizer
from convviz.raster import Bytes, FileMetadata, FrameStream

CLOCK = DelayQuantizer(tick=1, longest=65_535)
"""Delays are fractions of 16 bits; thousandths here."""
NONE, BACKGROUND = 0, 1
"""What happens to a frame before the next: it stays, or its rectangle is emptied."""
SOURCE, OVER = 0, 1
"""Whether transparent pixels replace what is there."""


def write(reel: FrameStream, path: Path) -> None:
    """Write `reel` to `path`. The number of frames stands in front and is filled in at the end."""
    with path.open("wb") as file:
        file.write(_head(reel))
        control = file.tell()
        file.write(_control(0, reel.loop))
        file.write(_described(reel.label) + _palette(reel))
        frames = 0
        for chunks in _frames(reel):
            file.write(chunks)
            frames += 1
        file.write(chunk(b"IEND", b""))
        file.seek(control)
        file.write(_control(frames, reel.loop))


def _head(reel: FrameStream) -> bytes:
    """Signature, and size: 8 bits, with a palette."""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", *reel.size, 8, 3, 0, 0, 0))


def _control(frames: int, loop: int) -> bytes:
    return chunk(b"acTL", struct.pack(">2I", frames, loop))


def _palette(reel: FrameStream) -> bytes:
    """The colours, and one more that is transparent, unless one of them is."""
    clear = reel.clear
    count = len(reel.colours) if clear is None else clear
    colours = reel.colours.tobytes() + (b"\0\0\0" if clear is None else b"")
    return chunk(b"PLTE", colours) + chunk(b"tRNS", b"\xff" * count + b"\0")


def _described(label: FileMetadata) -> bytes:
    """Text chunks; a reader of PNG ignores those that it does not know."""
    said = (keyword.encode() + b"\0\0\0\0\0" + text.encode("utf-8") for keyword, text in label.texts())
    return b"".join(chunk(b"iTXt", text) for text in said)


def _frames(reel: FrameStream) -> Iterator[bytes]:
    """The chunks of each frame; every control and data chunk behind the first is numbered."""
    canvas: Bytes = np.empty(reel.size[0] * reel.size[1], dtype=np.uint8)
    transparent = len(reel.colours) if reel.clear is None else reel.clear
    ends = (NONE, OVER) if reel.clear is None else (BACKGROUND, SOURCE)
    number = 0
    for index, (changes, duration) in enumerate(CLOCK.patches(reel)):
        first = index == 0
        whole = _spread(changes, reel, transparent) if first else changes
        box = whole.box
        head = struct.pack(">5I2H2B", number, box.w, box.h, box.x, box.y, duration, 1000, *ends)
        data = _compressed(whole.drawn(canvas, transparent))
        yield chunk(b"fcTL", head) + (
            chunk(b"IDAT", data) if first else chunk(b"fdAT", struct.pack(">I", number + 1) + data)
        )
        number += 1 if first else 2


def _spread(changes: Changes, reel: FrameStream, transparent: int) -> Changes:
    """The first frame covers all of the picture."""
    box, size = changes.box, reel.size
    if (box.w, box.h) == size:
        return changes
    pixels = np.full(size[::-1], transparent, dtype=np.uint8)
    pixels[box.y : box.bottom, box.x : box.right] = changes.values
    return Changes(type(box)(0, 0, *size), None, pixels)


def _compressed(pixels: Bytes) -> bytes:
    """Rows, each behind a zero: no filter, which is best with a palette."""
    rows = np.zeros((pixels.shape[0], pixels.shape[1] + 1), dtype=np.uint8)
    rows[:, 1:] = pixels
    return zlib.compress(rows.tobytes(), 6)


def chunk(name: bytes, data: bytes) -> bytes:
    """Length, name, data and checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
