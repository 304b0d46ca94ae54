"""Reading files of users, up to a size, at which a link to /dev/zero ends, too."""

from __future__ import annotations

from pathlib import Path

from convviz.errors import ConvvizError

LARGEST_FILE = 200_000_000
"""Bytes of an image, of values or of an exported file."""
BLOCK = 1 << 20
"""Bytes that are read at a time."""


def read_bounded(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """Return the bytes of a file. Raises `ConvvizError` if there are more than `largest`, and `OSError`."""
    with path.open("rb") as file:
        data = bytearray()
        while len(data) <= largest and (more := file.read(BLOCK)):
            data += more
    if len(data) > largest:
        raise ConvvizError(f"{path} has more than {largest / 1e6:g} MB; use a smaller file")
    return bytes(data)
