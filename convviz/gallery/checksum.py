"""Checksums: a poster holds the hash of its GIF, so that a damaged byte in either is noticed without drawing.

A PNG has a checksum in each of its chunks and a GIF has none, so the poster stores that of the GIF in a text chunk.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"convviz-gif\0"
END = b"IEND"


def with_checksum(png: bytes, gif: bytes) -> bytes:
    """Return the PNG with the hash of the GIF in a tEXt chunk (PNG specification, 11.3.3.2)."""
    from convviz.export.apng import png_chunk

    place = png.rindex(END) - 4
    return png[:place] + png_chunk(b"tEXt", KEYWORD + _digest(gif)) + png[place:]


def is_intact(png: bytes, gif: bytes) -> bool:
    """Return whether both files are as they were written."""
    texts = [data for kind, data in _chunks(png) if kind == b"tEXt"]
    return KEYWORD + _digest(gif) in texts


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and data of each chunk; nothing if a chunk is damaged or the last one is missing."""
    found, place = [], len(SIGNATURE)
    while png.startswith(SIGNATURE) and place + 12 <= len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        body = png[place + 4 : place + 8 + length]
        if zlib.crc32(body).to_bytes(4, "big") != png[place + 8 + length : place + 12 + length]:
            return
        found.append((body[:4], body[4:]))
        place += 12 + length
    if found and found[-1][0] == END and place == len(png):
        yield from found


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest()[:16].encode()
