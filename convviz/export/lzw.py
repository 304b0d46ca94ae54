"""LZW compression of GIF pixels by Pillow, without holding Python's global interpreter lock.

The public `image.tobytes("gif", "P", bits, 0)` gives the same bytes but holds the lock, so that threads do not help: a
GIF of 256 frames takes 1.1 to 1.3 times as long on two cores. Nothing else here uses a private function of Pillow; a
test compares it with the public one and fails if it disappears.
"""

from __future__ import annotations

from typing import IO, Any

from PIL import Image, ImageFile

from convviz.raster import ByteArray


def write_lzw(pixels: ByteArray, bits: int, file: IO[bytes]) -> None:
    """Write pixels (height, width) of `bits` bits as LZW data blocks to an unbuffered file with a descriptor."""
    image = Image.fromarray(pixels, "P")
    interlaced = 0
    tile: Any = ("gif", (0, 0, *image.size), 0, ("P", bits, interlaced))  # a plain tuple is valid in each Pillow
    ImageFile._save(image, file, [tile])
