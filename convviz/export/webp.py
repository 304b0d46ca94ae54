"""WebP, lossless: the encoder of libwebp through Pillow, which is handed one frame at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from PIL import Image

from convviz.errors import ExportError
from convviz.raster import FileMetadata, FrameStream, PalettedFrame

LARGEST = 16_383
"""The longest side that the format can say, in pixels."""
MOST_LOOPS = 65_535
QUICK = {"lossless": True, "method": 2, "quality": 50, "minimize_size": False, "kmin": 999_998, "kmax": 999_999}
"""Pixels are exact whatever the effort: less of it finds no palette, and files are twenty times as large. No frame but
the first is sent whole."""


def write(reel: FrameStream, path: Path) -> None:
    """Write `reel` to `path`."""
    if max(reel.size) > LARGEST:
        raise ExportError(f"WebP holds up to {LARGEST} pixels a side, not {reel.size[0]}x{reel.size[1]}")
    if reel.loop > MOST_LOOPS:
        raise ExportError(f"WebP plays up to {MOST_LOOPS} times, or for ever (0), not {reel.loop} times")
    film = Film(reel)
    xmp = XMP.format(label=_escaped(reel.label)).encode("utf-8")
    with path.open("wb") as file:
        film.save(file, "WEBP", save_all=True, duration=list(reel.durations), loop=reel.loop, xmp=xmp, **QUICK)


class Film(Image.Image):
    """A picture of many frames for Pillow, each of which is made when it is sought."""

    def __init__(self, reel: FrameStream) -> None:
        super().__init__()
        alpha = np.full((len(reel.colours), 1), 255, dtype=np.uint8)
        if reel.clear is not None:
            alpha[reel.clear] = 0
        self.colours = np.hstack((reel.colours, alpha))
        self.n_frames = len(reel.durations)
        self._shots: Iterator[PalettedFrame] = iter(reel.shots)
        self._at = -1
        self.im, self._mode, self._size = Image.new("RGBA", reel.size).im, "RGBA", reel.size

    def tell(self) -> int:
        """Which frame this is, from 0."""
        return max(0, self._at)

    def seek(self, frame: int) -> None:
        """Go to the next frame; going back does nothing, since Pillow only does so when it is done."""
        if frame > self._at:
            self._at = frame
            self.frombytes(self.colours[next(self._shots).pixels].tobytes())


def _escaped(label: FileMetadata) -> FileMetadata:
    return FileMetadata(*(escape(text, {'"': "&quot;"}) for text in (label.title, label.alt, label.origin)))


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="{label.title}" dc:description="{label.alt}" \
dc:source="{label.origin}"/></rdf:RDF></x:xmpmeta>"""
