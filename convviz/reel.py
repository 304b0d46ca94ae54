"""What passes from rendering to export: frames as indices into one palette."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convviz.layout.boxes import Box

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame. `pixels` (height, width; palette indices) is reused: copy what must outlast the next frame."""

    pixels: Bytes
    changed: tuple[Box, ...]
    """Everything outside these boxes is as it was in the frame before."""
    duration: int
    """Milliseconds."""


@dataclass(frozen=True, slots=True)
class Reel:
    """A whole animation, drawn while it is read."""

    size: tuple[int, int]
    """Width and height in pixels."""
    colours: Bytes
    """The palette: (n, RGB), n at most 255."""
    shots: Iterable[Shot]
    durations: tuple[int, ...]
    """Milliseconds of every shot, known beforehand."""
    loop: int = 0
    """How often it plays where the format can say so; 0 is for ever."""
