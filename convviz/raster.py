"""The data that rendering passes to export: frames of palette indices and the metadata of a file."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from convviz.layout.boxes import Box

ByteArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PalettedFrame:
    """One frame as palette indices."""

    pixels: ByteArray
    """Palette indices (height, width). The array is reused: copy it to keep it beyond the next frame."""
    changed: tuple[Box, ...]
    """Boxes that contain all pixels that differ from the previous frame."""
    duration: int
    """Milliseconds."""
    is_key: bool = True
    """Whether the frame is part of the scene; otherwise it is between two that are."""


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """Texts stored in a file beside its pixels."""

    title: str = ""
    alt_text: str = ""
    """Description for readers who cannot see the picture."""
    provenance: str = ""
    """The command that creates the file and its parameters, as ASCII JSON."""

    def png_texts(self) -> Iterator[tuple[str, str]]:
        """Yield keyword and text of each PNG text chunk."""
        named = (("Title", self.title), ("Description", self.alt_text), ("convviz", self.provenance))
        return ((keyword, text) for keyword, text in named if text)


@dataclass(frozen=True, slots=True)
class FrameStream:
    """An animation whose frames are drawn while they are read."""

    size: tuple[int, int]
    """Width and height in pixels."""
    palette: ByteArray
    """Colours (n, RGB), n ≤ 255."""
    frames: Iterable[PalettedFrame]
    durations: tuple[int, ...]
    """Milliseconds of each frame, known before the frames are drawn."""
    loop: int = 0
    """Number of loops, if the format stores one; 0 loops forever."""
    frame_rate: int | None = None
    """Frames per second of a video; None chooses a rate that fits the durations."""
    transparent_index: int | None = None
    """Palette index of the transparent background, if any."""
    alphas: ByteArray | None = None
    """Opacity of each colour (n), 0 to 255; None: all are opaque."""
    metadata: FileMetadata = field(default_factory=FileMetadata)

    @property
    def rgba(self) -> ByteArray:
        """The palette with opacities (n, RGBA)."""
        alphas = np.full(len(self.palette), 255, dtype=np.uint8) if self.alphas is None else self.alphas
        return np.column_stack((self.palette, alphas))


class FrameCache:
    """The frames of a stream for several readers: drawn for the first and replayed from recorded changes."""

    def __init__(self, stream: FrameStream) -> None:
        self.stream = stream
        self._recorded: list[tuple[PalettedFrame, list[bytes]]] = []
        self._complete = False

    def replay(self) -> FrameStream:
        """Return the stream from its first frame."""
        return replace(self.stream, frames=self._replayed_frames() if self._complete else self._recorded_frames())

    def _recorded_frames(self) -> Iterator[PalettedFrame]:
        for frame in self.stream.frames:
            blocks = [zlib.compress(frame.pixels[box_slices(box)].tobytes(), 1) for box in frame.changed]
            self._recorded.append((replace(frame, pixels=NO_PIXELS), blocks))
            yield frame
        self._complete = True

    def _replayed_frames(self) -> Iterator[PalettedFrame]:
        pixels = np.zeros(self.stream.size[::-1], dtype=np.uint8)
        for frame, blocks in self._recorded:
            for box, block in zip(frame.changed, blocks, strict=True):
                part = pixels[box_slices(box)]
                part[...] = np.frombuffer(zlib.decompress(block), dtype=np.uint8).reshape(part.shape)
            yield replace(frame, pixels=pixels)


NO_PIXELS: ByteArray = np.zeros((0, 0), dtype=np.uint8)


def box_slices(box: Box) -> tuple[slice, slice]:
    """Return the array indices of a box, cropped at the left and upper edges of the picture."""
    return slice(max(0, box.y), box.bottom), slice(max(0, box.x), box.right)
