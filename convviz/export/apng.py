"""APNG, written frame by frame: each frame contains only the pixels that changed, and all share one palette.

The chunks are assembled here because Pillow's writer keeps all frames in memory until the end. Format: PNG
specification, third edition (W3C 2025), which includes animations.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from convviz.export.frame_diff import DelayQuantizer, FrameDiff
from convviz.layout.boxes import Box
from convviz.raster import ByteArray, FileMetadata, FrameStream

DELAYS = DelayQuantizer(tick=1, longest=65_535)
"""Numerators are 16-bit; the denominator is 1000 here."""
DISPOSE_NONE, DISPOSE_BACKGROUND = 0, 1
"""Keep a frame until the next one, or clear its rectangle."""
BLEND_SOURCE, BLEND_OVER = 0, 1
"""Whether transparent pixels replace what is below or leave it."""


def write(stream: FrameStream, path: Path) -> None:
    """Write `stream` to `path`. The number of frames precedes them and is filled in at the end."""
    with path.open("wb") as file:
        file.write(_header(stream))
        control_position = file.tell()
        file.write(_animation_control(0, stream.loop))
        file.write(_text_chunks(stream.metadata) + _palette_chunks(stream))
        count = 0
        for chunks in _frame_chunks(stream):
            file.write(chunks)
            count += 1
        file.write(png_chunk(b"IEND", b""))
        file.seek(control_position)
        file.write(_animation_control(count, stream.loop))


def _header(stream: FrameStream) -> bytes:
    """Return signature and header: 8 bits per pixel, with a palette."""
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">2I5B", *stream.size, 8, 3, 0, 0, 0))


def _animation_control(frames: int, loop: int) -> bytes:
    return png_chunk(b"acTL", struct.pack(">2I", frames, loop))


def _palette_chunks(stream: FrameStream) -> bytes:
    """Return the colours and their opacity, followed by a transparent one unless the palette has one."""
    added = 1 if stream.transparent_index is None else 0
    colours, alphas = stream.palette.tobytes() + b"\0\0\0" * added, stream.rgba[:, 3].tobytes() + b"\0" * added
    return png_chunk(b"PLTE", colours) + png_chunk(b"tRNS", alphas)


def _text_chunks(metadata: FileMetadata) -> bytes:
    """Return the metadata as uncompressed international text chunks."""
    contents = (keyword.encode() + b"\0\0\0\0\0" + text.encode("utf-8") for keyword, text in metadata.png_texts())
    return b"".join(png_chunk(b"iTXt", content) for content in contents)


def _frame_chunks(stream: FrameStream) -> Iterator[bytes]:
    """Yield the chunks of each frame; control chunks, and data chunks after the first, have sequence numbers."""
    scratch: ByteArray = np.empty(stream.size[0] * stream.size[1], dtype=np.uint8)
    opaque = stream.transparent_index is None
    transparent = len(stream.palette) if stream.transparent_index is None else stream.transparent_index
    dispose_and_blend = (DISPOSE_NONE, BLEND_OVER) if opaque else (DISPOSE_BACKGROUND, BLEND_SOURCE)
    sequence_number = 0
    for index, (diff, duration) in enumerate(DELAYS.diffs(stream)):
        first = index == 0
        whole = _full_size(diff, stream.size, transparent) if first else diff
        box = whole.box
        control = struct.pack(
            ">5I2H2B", sequence_number, box.w, box.h, box.x, box.y, duration, 1000, *dispose_and_blend
        )
        data = _compress(whole.pixels(scratch, transparent))
        yield png_chunk(b"fcTL", control) + (
            png_chunk(b"IDAT", data) if first else png_chunk(b"fdAT", struct.pack(">I", sequence_number + 1) + data)
        )
        sequence_number += 1 if first else 2


def _full_size(diff: FrameDiff, size: tuple[int, int], transparent: int) -> FrameDiff:
    """Extend the first frame to the whole picture, as the format requires."""
    box = diff.box
    if (box.w, box.h) == size:
        return diff
    pixels = np.full(size[::-1], transparent, dtype=np.uint8)
    pixels[box.y : box.bottom, box.x : box.right] = diff.values
    return FrameDiff(Box(0, 0, *size), None, pixels)


def _compress(pixels: ByteArray) -> bytes:
    """Return the compressed rows, each after filter type 0 (none), which is best with a palette."""
    rows = np.zeros((pixels.shape[0], pixels.shape[1] + 1), dtype=np.uint8)
    rows[:, 1:] = pixels
    return zlib.compress(rows.tobytes(), 6)


def png_chunk(name: bytes, data: bytes) -> bytes:
    """Return length, name, data and checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
