"""Seals: a poster says which GIF it belongs to, so that a damaged byte in either is seen without drawing.

A PNG has a checksum for each of its parts, and a GIF has none: the poster holds that of the GIF, in a chunk of text.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"convviz-gif\0"
END = b"IEND"


def sealed(png: bytes, gif: bytes) -> bytes:
    """The PNG with the checksum of the GIF in it (PNG specification, 11.3.3.2 tEXt)."""
    from convviz.export.apng import png_chunk

    place = png.rindex(END) - 4
    return png[:place] + png_chunk(b"tEXt", KEYWORD + _digest(gif)) + png[place:]


def is_whole(png: bytes, gif: bytes) -> bool:
    """Whether both are as they were written."""
    texts = [data for kind, data in _chunks(png) if kind == b"tEXt"]
    return KEYWORD + _digest(gif) in texts


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of all chunks; none where one of them is damaged or the last is missing."""
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
