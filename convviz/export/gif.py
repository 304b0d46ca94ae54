"""GIF, written frame by frame: each frame contains only the pixels that changed.

The blocks are assembled here because Pillow's own writer keeps all frames in memory until the end. Format: GIF89a
specification, CompuServe 1990; loops: Netscape application extension.
"""

from __future__ import annotations

import os
import struct
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np

from convviz.export.frame_diff import DelayQuantizer, FrameDiff
from convviz.export.lzw import write_lzw
from convviz.files.temporary import temporary_errors, temporary_file
from convviz.raster import ByteArray, FrameStream

DELAYS = DelayQuantizer(tick=20, longest=655_340)
"""Multiples of 20 ms, because browsers slow down anything shorter; the format can store 655.34 s."""
MAX_WORKERS = 4
MAX_BATCH = 8
"""Frames that a thread compresses at a time; fewer in short animations, to keep the last batch short."""
LEAST_OPACITY = 80
"""The format has no partial opacity: from this one on (of 255) a pixel is opaque, so that thin strokes stay."""
KEEP, CLEAR = 0b00000101, 0b00001001
"""Flags of a frame: keep it until the next one, or clear its rectangle; one index is transparent."""


def write(stream: FrameStream, path: Path) -> None:
    """Write `stream` to `path`."""
    encoder = GifEncoder(stream)
    workers = min(MAX_WORKERS, (os.cpu_count() or 1) + 1)
    with path.open("wb") as file, ThreadPoolExecutor(workers) as pool:
        file.write(_header(stream))
        waiting: deque[Future[bytes]] = deque()
        diffs = DELAYS.diffs(stream)
        size = max(1, min(MAX_BATCH, len(stream.durations) // 32))
        while batch := list(islice(diffs, size)):
            waiting.append(pool.submit(encoder.blocks, batch))
            if len(waiting) > workers:
                file.write(waiting.popleft().result())
        for blocks in waiting:
            file.write(blocks.result())
        file.write(b";")


def _header(stream: FrameStream) -> bytes:
    """Return signature, size, palette filled up to a power of two, number of loops, and provenance."""
    bits = len(stream.palette).bit_length()
    screen = struct.pack("<6s2H3B", b"GIF89a", *stream.size, 0b11110000 | (bits - 1), 0, 0)
    palette = stream.palette.tobytes().ljust(3 << bits, b"\0")
    repeats = struct.pack("<3B11s2BHB", 0x21, 0xFF, 11, b"NETSCAPE2.0", 3, 1, max(0, stream.loop - 1), 0)
    comment = _comment(stream.metadata.provenance.encode("ascii"))
    return screen + palette + (b"" if stream.loop == 1 else repeats) + comment


def _comment(text: bytes) -> bytes:
    """Return a comment extension, in blocks of up to 255 bytes; empty without text."""
    blocks = [text[start : start + 255] for start in range(0, len(text), 255)]
    return b"\x21\xfe" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0" if blocks else b""


class GifEncoder(threading.local):
    """Encodes frame differences as GIF blocks; each thread has its own scratch array."""

    def __init__(self, stream: FrameStream) -> None:
        self.bits = max(2, len(stream.palette).bit_length())
        self.transparent = len(stream.palette) if stream.transparent_index is None else stream.transparent_index
        self.indices = None if stream.transparent_index is None else _opaque_or_clear(stream, self.transparent)
        self.flags = KEEP if stream.transparent_index is None else CLEAR
        self.scratch = np.empty(stream.size[0] * stream.size[1], dtype=np.uint8)

    def blocks(self, diffs: list[tuple[FrameDiff, int]]) -> bytes:
        """Return graphic control extension, image descriptor and compressed pixels of each frame."""
        with temporary_errors(), temporary_file(buffering=0) as file:
            for diff, duration in diffs:
                box = diff.box
                control = struct.pack("<4BH2B", 0x21, 0xF9, 4, self.flags, duration // 10, self.transparent, 0)
                descriptor = struct.pack("<B4HB", 0x2C, box.x, box.y, box.w, box.h, 0)
                file.write(control + descriptor + bytes([self.bits]))
                pixels = diff.pixels(self.scratch, self.transparent)
                write_lzw(pixels if self.indices is None else self.indices[pixels], self.bits, file)
                file.write(b"\0")
            file.seek(0)
            return file.read()


def _opaque_or_clear(stream: FrameStream, transparent: int) -> ByteArray:
    """Return for each palette index itself, or the transparent index if it has little opacity."""
    indices = np.arange(len(stream.palette), dtype=np.uint8)
    indices[stream.rgba[:, 3] < LEAST_OPACITY] = transparent
    return indices
