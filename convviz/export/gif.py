"""GIF, written frame by frame: each frame holds only the pixels that changed.

Pillow compresses (its LZW encoder, which lets other threads run while it writes to a file); the container is put
together here, because Pillow's own writer keeps every frame in memory until the end. Format: GIF89a specification,
CompuServe 1990; loops: Netscape application extension.
"""

from __future__ import annotations

import os
import struct
import tempfile
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
from PIL import Image, ImageFile

from convviz.export.frame_diff import Changes, DelayQuantizer
from convviz.raster import FrameStream

CLOCK = DelayQuantizer(tick=20, longest=655_340)
"""Delays are multiples of 20 ms, because browsers slow down anything shorter; the format can say 655.34 s."""
MOST_WORKERS = 4
LARGEST_BATCH = 8
"""Frames that a thread compresses at a time; fewer in short animations, so that nobody waits for the last ones."""
KEEP, WIPE = 0b00000101, 0b00001001
"""What happens to a frame before the next: it stays, or its rectangle is emptied; one index is transparent."""


def write(reel: FrameStream, path: Path) -> None:
    """Write `reel` to `path`."""
    press = GifEncoder(reel)
    workers = min(MOST_WORKERS, (os.cpu_count() or 1) + 1)
    with path.open("wb") as file, ThreadPoolExecutor(workers) as pool:
        file.write(_header(reel))
        waiting: deque[Future[bytes]] = deque()
        patches = CLOCK.patches(reel)
        size = max(1, min(LARGEST_BATCH, len(reel.durations) // 32))
        while batch := list(islice(patches, size)):
            waiting.append(pool.submit(press.blocks, batch))
            if len(waiting) > workers:
                file.write(waiting.popleft().result())
        for blocks in waiting:
            file.write(blocks.result())
        file.write(b";")


def _header(reel: FrameStream) -> bytes:
    """Signature, size, palette filled up to a power of two, the loop, and how the file was made."""
    bits = len(reel.colours).bit_length()
    screen = struct.pack("<6s2H3B", b"GIF89a", *reel.size, 0b11110000 | (bits - 1), 0, 0)
    palette = reel.colours.tobytes().ljust(3 << bits, b"\0")
    repeat = struct.pack("<3B11s2BHB", 0x21, 0xFF, 11, b"NETSCAPE2.0", 3, 1, max(0, reel.loop - 1), 0)
    return screen + palette + (b"" if reel.loop == 1 else repeat) + _comment(reel.label.origin.encode("ascii"))


def _comment(text: bytes) -> bytes:
    """A comment extension, in blocks of up to 255 bytes; nothing for no text."""
    blocks = [text[at : at + 255] for at in range(0, len(text), 255)]
    return b"\x21\xfe" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0" if blocks else b""


class GifEncoder(threading.local):
    """Turns changes into the blocks of the file; each thread has a canvas of its own."""

    def __init__(self, reel: FrameStream) -> None:
        self.bits = max(2, len(reel.colours).bit_length())
        self.transparent = len(reel.colours) if reel.clear is None else reel.clear
        self.disposal = KEEP if reel.clear is None else WIPE
        self.canvas = np.empty(reel.size[0] * reel.size[1], dtype=np.uint8)

    def blocks(self, patches: list[tuple[Changes, int]]) -> bytes:
        """Graphic control extension, image descriptor, and the compressed pixels of each."""
        with tempfile.TemporaryFile(buffering=0) as file:
            for changes, duration in patches:
                box = changes.box
                control = struct.pack("<4BH2B", 0x21, 0xF9, 4, self.disposal, duration // 10, self.transparent, 0)
                descriptor = struct.pack("<B4HB", 0x2C, box.x, box.y, box.w, box.h, 0)
                file.write(control + descriptor + bytes([self.bits]))
                self._compress(changes, file)
                file.write(b"\0")
            file.seek(0)
            return file.read()

    def _compress(self, changes: Changes, file: IO[bytes]) -> None:
        """LZW data. Pillow lets other threads run while it writes to a real file."""
        image = Image.fromarray(changes.drawn(self.canvas, self.transparent), "P")
        image.encoderconfig = (self.bits, 0)  # not interlaced
        tile: Any = ("gif", (0, 0, *image.size), 0, "P")  # a plain tuple, which every Pillow takes
        ImageFile._save(image, file, [tile])
