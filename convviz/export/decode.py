"""Decoding: the pixels and durations of a GIF or PNG, independent of how they are encoded."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image

from convviz.errors import ExportError
from convviz.export.metadata import UNREADABLE
from convviz.raster import ByteArray


def decoded_frames(data: bytes) -> Iterator[tuple[ByteArray, int]]:
    """Yield each picture (height, width, RGBA) and its milliseconds; equal neighbours are merged, as encoders may do.

    Raises `ExportError`, while iterating, if `data` is not a picture.
    """
    previous: ByteArray | None = None
    total = 0
    for pixels, duration in _frames(data):
        if previous is not None and np.array_equal(previous, pixels):
            total += duration
            continue
        if previous is not None:
            yield previous, total
        previous, total = pixels, duration
    if previous is not None:
        yield previous, total


def _frames(data: bytes) -> Iterator[tuple[ByteArray, int]]:
    try:
        with Image.open(BytesIO(data)) as image:
            for index in range(getattr(image, "n_frames", 1)):
                image.seek(index)
                image.load()
                yield np.asarray(image.convert("RGBA")), int(image.info.get("duration", 0))
    except (*UNREADABLE, Image.DecompressionBombError) as error:
        raise ExportError(f"is not a readable picture: {error}") from None


def png_bytes(pixels: ByteArray) -> bytes:
    """Return RGBA pixels as a PNG file."""
    file = BytesIO()
    Image.fromarray(pixels, "RGBA").save(file, format="PNG")
    return file.getvalue()
