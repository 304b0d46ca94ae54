"""What passes from rendering to export: frames as indices into one palette."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from convviz.layout.boxes import Box

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PalettedFrame:
    """A frame. `pixels` (height, width; palette indices) is reused: copy what must outlast the next frame."""

    pixels: Bytes
    changed: tuple[Box, ...]
    """Everything outside these boxes is as it was in the frame before."""
    duration: int
    """Milliseconds."""


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """What a file says of itself, besides its pixels."""

    title: str = ""
    alt: str = ""
    """A paragraph for those who do not see it."""
    origin: str = ""
    """The command that makes it again, and its parameters, as JSON in ASCII."""

    def texts(self) -> Iterator[tuple[str, str]]:
        """What there is to say, by the keywords of PNG's text chunks."""
        named = (("Title", self.title), ("Description", self.alt), ("convviz", self.origin))
        return ((keyword, text) for keyword, text in named if text)


@dataclass(frozen=True, slots=True)
class FrameStream:
    """A whole animation, drawn while it is read."""

    size: tuple[int, int]
    """Width and height in pixels."""
    colours: Bytes
    """The palette: (n, RGB), n at most 255."""
    shots: Iterable[PalettedFrame]
    durations: tuple[int, ...]
    """Milliseconds of every shot, known beforehand."""
    loop: int = 0
    """How often it plays where the format can say so; 0 is for ever."""
    rate: int | None = None
    """Frames a second of a video; None for as many as it takes."""
    clear: int | None = None
    """The colour that one looks through, if any."""
    label: FileMetadata = field(default_factory=FileMetadata)


class FrameCache:
    """The shots of a reel for several readers: drawn for the first, which records what changes for the others."""

    def __init__(self, reel: FrameStream) -> None:
        self.reel = reel
        self._played: list[tuple[PalettedFrame, list[bytes]]] = []
        self._complete = False

    def again(self) -> FrameStream:
        """The reel from its beginning."""
        return replace(self.reel, shots=self._replayed() if self._complete else self._recorded())

    def _recorded(self) -> Iterator[PalettedFrame]:
        for shot in self.reel.shots:
            blocks = [zlib.compress(shot.pixels[slices(box)].tobytes(), 1) for box in shot.changed]
            self._played.append((replace(shot, pixels=NOTHING), blocks))
            yield shot
        self._complete = True

    def _replayed(self) -> Iterator[PalettedFrame]:
        pixels = np.zeros(self.reel.size[::-1], dtype=np.uint8)
        for shot, blocks in self._played:
            for box, block in zip(shot.changed, blocks, strict=True):
                part = pixels[slices(box)]
                part[...] = np.frombuffer(zlib.decompress(block), dtype=np.uint8).reshape(part.shape)
            yield replace(shot, pixels=pixels)


NOTHING: Bytes = np.zeros((0, 0), dtype=np.uint8)


def slices(box: Box) -> tuple[slice, slice]:
    """The pixels of a box; what is left or above of the picture is not there."""
    return slice(max(0, box.y), box.bottom), slice(max(0, box.x), box.right)
