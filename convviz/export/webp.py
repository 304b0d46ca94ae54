"""WebP, lossless: encoded by libwebp through Pillow, which gets one frame at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image

from convviz.errors import ExportError
from convviz.errors.printable import UNSTORABLE
from convviz.raster import ByteArray, FileMetadata, FrameStream

MAX_SIDE = 16_383
"""Longest side that the format can store, in pixels."""
MAX_LOOPS = 65_535
FAST_LOSSLESS = {"lossless": True, "method": 2, "quality": 50, "minimize_size": False, "kmin": 999_998, "kmax": 999_999}
"""Lossless at any effort; with less, the encoder finds no palette and files are twenty times as large. Only the first
frame is a key frame."""


def write(stream: FrameStream, path: Path) -> None:
    """Write `stream` to `path`."""
    if max(stream.size) > MAX_SIDE:
        raise ExportError(f"WebP holds up to {MAX_SIDE} pixels a side, not {stream.size[0]}x{stream.size[1]}")
    if stream.loop > MAX_LOOPS:
        raise ExportError(f"WebP plays up to {MAX_LOOPS} times, or forever (0), not {stream.loop} times")
    colours = stream.rgba
    pictures = (colours[frame.pixels] for frame in stream.frames)
    options: dict[str, Any] = {"duration": list(stream.durations), "loop": stream.loop, **FAST_LOSSLESS}
    first = Image.fromarray(next(pictures))
    if len(stream.durations) > 1:
        options |= {"save_all": True, "append_images": [LazyImage(pictures, stream.size, len(stream.durations) - 1)]}
    with path.open("wb") as file:
        first.save(file, "WEBP", xmp=_xmp(stream.metadata), **options)


class LazyImage:
    """A Pillow picture of several frames, each of which is drawn when Pillow seeks it."""

    def __init__(self, pictures: Iterator[ByteArray], size: tuple[int, int], n_frames: int) -> None:
        self.n_frames = n_frames
        self._pictures = pictures
        self._image = Image.new("RGBA", size)

    def seek(self, _: int) -> None:
        """Advance to the next frame: Pillow seeks each frame once, in order."""
        self._image.frombytes(next(self._pictures).tobytes())

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the current frame."""
        return getattr(self._image, name)


def _xmp(metadata: FileMetadata) -> bytes:
    texts = (metadata.title, metadata.alt_text, metadata.provenance)
    title, description, source = (escape(UNSTORABLE.sub("\ufffd", text), {'"': "&quot;"}) for text in texts)
    return XMP.format(title=title, description=description, source=source).encode("utf-8")


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="{title}" dc:description="{description}" \
dc:source="{source}"/></rdf:RDF></x:xmpmeta>"""
