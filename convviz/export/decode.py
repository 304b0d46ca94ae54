"""Pixels of files again: what a GIF or PNG shows and for how long, however it was encoded."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image

from convviz.errors import ExportError
from convviz.raster import Bytes


def decoded_frames(data: bytes) -> Iterator[tuple[Bytes, int]]:
    """Each picture (height, width, RGBA) and its milliseconds; equal neighbours are one, as encoders may join them.

    Raises `ExportError` for what is no picture, when it comes to it.
    """
    last: Bytes | None = None
    lasts = 0
    for pixels, duration in _frames(data):
        if last is not None and np.array_equal(last, pixels):
            lasts += duration
            continue
        if last is not None:
            yield last, lasts
        last, lasts = pixels, duration
    if last is not None:
        yield last, lasts


def _frames(data: bytes) -> Iterator[tuple[Bytes, int]]:
    try:
        with Image.open(BytesIO(data)) as image:
            for frame in range(getattr(image, "n_frames", 1)):
                image.seek(frame)
                image.load()
                yield np.asarray(image.convert("RGBA")), int(image.info.get("duration", 0))
    except (OSError, SyntaxError, ValueError, IndexError) as error:
        raise ExportError(f"is no picture that can be read: {error}") from None


def png_bytes(pixels: Bytes) -> bytes:
    """RGBA pixels as the bytes of a PNG."""
    file = BytesIO()
    Image.fromarray(pixels, "RGBA").save(file, format="PNG")
    return file.getvalue()
