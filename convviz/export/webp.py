"""WebP, lossless: each frame contains only the pixels that changed, as a picture that libwebp encodes through Pillow.

The file is assembled here because libwebp's writer of animations compares all pixels of each frame, which takes longer
than to encode those that changed. Format: RFC 9649.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from PIL import Image

from convviz.errors import ExportError
from convviz.errors.printable import UNSTORABLE
from convviz.export.frame_diff import DelayQuantizer, FrameDiff
from convviz.layout.boxes import Box
from convviz.raster import ByteArray, FileMetadata, FrameStream, box_slices

MAX_SIDE = 16_383
"""Longest side that the format can store, in pixels."""
MAX_LOOPS = 65_535
LOSSLESS: dict[str, Any] = {"format": "WEBP", "lossless": True, "method": 2, "quality": 50}
"""Lossless at any effort; with less, the encoder finds no palette and files are twenty times as large."""
DELAYS = DelayQuantizer(tick=1, longest=2**24 - 1)
ANIMATION, XMP_FLAG, ALPHA = 0x02, 0x04, 0x10
"""Flags of the header."""
BLEND, REPLACE = 0, 2
"""Whether transparent pixels leave what is below or replace it."""


def write(stream: FrameStream, path: Path) -> None:
    """Write `stream` to `path`."""
    if max(stream.size) > MAX_SIDE:
        raise ExportError(f"WebP holds up to {MAX_SIDE} pixels a side, not {stream.size[0]}x{stream.size[1]}")
    if stream.loop > MAX_LOOPS:
        raise ExportError(f"WebP plays up to {MAX_LOOPS} times, or forever (0), not {stream.loop} times")
    if len(stream.durations) == 1:
        picture = Image.fromarray(stream.rgba[next(iter(stream.frames)).pixels])
        picture.save(path, xmp=_xmp(stream.metadata), **LOSSLESS)
        return
    with path.open("wb") as file:
        file.write(b"RIFF\0\0\0\0WEBP")
        sides = b"".join(_24_bits(side - 1) for side in stream.size)
        file.write(_chunk(b"VP8X", struct.pack("<I", ANIMATION | XMP_FLAG | ALPHA) + sides))
        file.write(_chunk(b"ANIM", struct.pack("<IH", 0, stream.loop)))
        for chunk in _frame_chunks(stream):
            file.write(chunk)
        file.write(_chunk(b"XMP ", _xmp(stream.metadata)))
        size = file.tell() - 8
        file.seek(4)
        file.write(struct.pack("<I", size))


def _frame_chunks(stream: FrameStream) -> Iterator[bytes]:
    """Yield the chunk of each frame: pixels that did not change are transparent; in a transparent picture, repeated."""
    colours = np.vstack((stream.rgba, np.zeros(4, dtype=np.uint8)))
    is_opaque = stream.transparent_index is None
    shown = np.zeros(stream.size[::-1], dtype=np.uint8)
    for diff, duration in DELAYS.diffs(replace(stream, transparent_index=None)):
        box = _even(diff.box)
        pixels = np.full((box.h, box.w), len(stream.palette), dtype=np.uint8)
        _apply(diff, pixels[diff.box.y - box.y :, diff.box.x - box.x :])
        if not is_opaque:
            _apply(diff, shown[diff.box.y :, diff.box.x :])
            pixels = shown[box_slices(box)]
        yield _frame_chunk(box, duration, colours[pixels], BLEND if is_opaque else REPLACE)


def _apply(diff: FrameDiff, pixels: ByteArray) -> None:
    """Write what changed to an array that begins at the upper left corner of the change."""
    if diff.positions is None:
        pixels[: diff.box.h, : diff.box.w] = diff.values
    else:
        rows, cols = np.divmod(diff.positions, diff.box.w)
        pixels[rows, cols] = diff.values


def _even(box: Box) -> Box:
    """Extend a box to an even corner, as the format requires."""
    left, top = box.x % 2, box.y % 2
    return Box(box.x - left, box.y - top, box.w + left, box.h + top)


def _frame_chunk(box: Box, duration: int, colours: ByteArray, blend: int) -> bytes:
    """Return the chunk of a frame with its picture, that of a file without its header."""
    file = BytesIO()
    Image.fromarray(colours).save(file, exact=True, **LOSSLESS)
    numbers = (box.x // 2, box.y // 2, box.w - 1, box.h - 1, duration)
    return _chunk(b"ANMF", b"".join(map(_24_bits, numbers)) + bytes([blend]) + file.getvalue()[12:])


def _24_bits(number: int) -> bytes:
    return number.to_bytes(3, "little")


def _chunk(name: bytes, data: bytes) -> bytes:
    """Return name, length and data, padded to an even length."""
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _xmp(metadata: FileMetadata) -> bytes:
    texts = (metadata.title, metadata.alt_text, metadata.provenance)
    title, description, source = (escape(UNSTORABLE.sub("\ufffd", text), {'"': "&quot;"}) for text in texts)
    return XMP.format(title=title, description=description, source=source).encode("utf-8")


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="{title}" dc:description="{description}" \
dc:source="{source}"/></rdf:RDF></x:xmpmeta>"""
