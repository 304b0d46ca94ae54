"""One palette for a whole animation: the theme's colours exactly, and steps between them for antialiased edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.raster import Bytes
from convviz.style.theme import mix, rgb

SIZE = 255
"""One entry of a GIF's 256 stays free for its transparent index."""

FINEST = 17
"""Smallest step between shades, of 255."""


class Palette:
    """At most 255 colours, and the nearest of them for any colour."""

    def __init__(self, blends: Iterable[tuple[str, ...]]) -> None:
        pairs = dict.fromkeys(blends)
        self.colours = np.array([rgb(colour) for colour in _steps(pairs)], dtype=np.uint8)
        self._table = np.zeros(1 << 24, dtype=np.uint8)  # by colour: its index and 1, or 0 while it is not known

    def indices(self, pixels: NDArray[Any]) -> Bytes:
        """Palette indices of an opaque RGBA array; each colour not met before is matched to its nearest."""
        codes = pixels.view("<u4")[..., 0] & 0xFFFFFF
        found = self._table[codes]
        if not found.all():
            self._learn(np.unique(codes[found == 0]))
            found = self._table[codes]
        found -= 1
        indices: Bytes = found
        return indices

    def index(self, colour: str) -> int:
        """The palette index of one colour."""
        return int(self.indices(np.array([(*rgb(colour), 255)], dtype=np.uint8))[0])

    def _learn(self, codes: NDArray[np.uint32]) -> None:
        """The nearest have the least |c|² - 2 w·c, which is exact in 32 bits."""
        wanted = np.stack([codes & 255, codes >> 8 & 255, codes >> 16], axis=1).astype(np.float32)
        colours = self.colours.astype(np.float32)
        self._table[codes] = ((colours**2).sum(axis=1) - 2 * wanted @ colours.T).argmin(axis=1) + 1


def _steps(pairs: Iterable[tuple[str, ...]]) -> list[str]:
    """All single colours, and between the two of each pair steps as small as there is room for, the same for all."""
    listed = list(pairs)
    exact = list(dict.fromkeys(colour for blend in listed for colour in blend))
    between = [(blend[0], blend[1]) for blend in listed if len(blend) == 2]
    for step in range(FINEST, 256):
        colours = _apart(exact, (shade for a, b in between for shade in _between(a, b, step)), step // 5)
        if len(colours) <= SIZE:
            return colours
    return exact[:SIZE]


def _apart(exact: list[str], shades: Iterable[str], least: int) -> list[str]:
    """`exact`, and those shades that differ from all others by more than `least` (of 255) in some channel."""
    room = len(exact) + SIZE
    kept = np.full((room, 3), 1000)
    kept[: len(exact)] = [rgb(colour) for colour in exact]
    colours = list(exact)
    for shade in dict.fromkeys(shades):
        if len(colours) < room and np.abs(kept[: len(colours)] - rgb(shade)).max(axis=1).min() > least:
            kept[len(colours)] = rgb(shade)
            colours.append(shade)
    return colours


def _between(colour: str, other: str, step: int) -> Iterator[str]:
    """Shades between two colours, at most `step` (of 255, in the channel that differs most) from one to the next."""
    distance = max(abs(a - b) for a, b in zip(rgb(colour), rgb(other), strict=True))
    count = -(-distance // step)
    return (mix(colour, other, number / count) for number in range(1, count))
