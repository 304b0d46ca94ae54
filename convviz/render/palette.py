"""One palette for a whole animation: the exact colours of the theme, and shades between them for antialiased edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.raster import ByteArray
from convviz.style.colours import is_clear, mix, rgb

MAX_COLOURS = 255
"""A GIF has 256; one of them is its transparent index."""
FINEST_STEP = 17
"""Smallest difference between neighbouring shades, of 255."""


class Palette:
    """At most `MAX_COLOURS` colours, with a lookup of the nearest one."""

    def __init__(self, blends: Iterable[tuple[str, ...]]) -> None:
        pairs = dict.fromkeys(blends)
        rgba = np.array([_rgba(colour) for colour in _choose_colours(pairs)], dtype=np.uint8)
        self.colours, self.alphas = np.ascontiguousarray(rgba[:, :3]), rgba[:, 3]
        self._opaque = bool((self.alphas == 255).all())
        self._index_plus_one = np.zeros(1 << 24, dtype=np.uint8)  # by 24-bit colour; 0: not computed yet

    def indices(self, pixels: NDArray[Any]) -> ByteArray:
        """Return the palette indices of an RGBA array; the nearest entry of each opaque colour is computed once."""
        if not self._opaque:
            return self._indices_with_alpha(pixels)
        codes = pixels.view("<u4")[..., 0] & 0xFFFFFF
        found = self._index_plus_one[codes]
        if not found.all():
            self._match(np.unique(codes[found == 0]))
            found = self._index_plus_one[codes]
        found -= 1
        indices: ByteArray = found
        return indices

    def index(self, colour: str) -> int:
        """Return the palette index of one colour."""
        return int(self.indices(np.array([_rgba(colour)], dtype=np.uint8))[0])

    def _indices_with_alpha(self, pixels: NDArray[Any]) -> ByteArray:
        """Find the nearest entries where colours count by their opacity: what differs on white or on black counts."""
        codes, positions = np.unique(pixels.view("<u4")[..., 0], return_inverse=True)
        wanted = _premultiplied(codes.astype("<u4").view(np.uint8).reshape(-1, 4))
        known = _premultiplied(np.column_stack((self.colours, self.alphas)))
        nearest = ((known**2).sum(axis=1) - 2 * wanted @ known.T).argmin(axis=1).astype(np.uint8)
        indices: ByteArray = nearest[positions].reshape(pixels.shape[:-1])
        return indices

    def _match(self, codes: NDArray[np.uint32]) -> None:
        """Find the nearest entries: those with the smallest |c|² - 2 w·c, which is exact in 32 bits."""
        wanted = np.stack([codes & 255, codes >> 8 & 255, codes >> 16], axis=1).astype(np.float32)
        colours = self.colours.astype(np.float32)
        self._index_plus_one[codes] = ((colours**2).sum(axis=1) - 2 * wanted @ colours.T).argmin(axis=1) + 1


def _rgba(colour: str) -> tuple[int, int, int, int]:
    """Return red, green, blue and opacity of `#rrggbb` or `#rrggbbaa`."""
    return (*rgb(colour), int(colour[7:] or "ff", 16))


def _premultiplied(rgba: NDArray[Any]) -> NDArray[np.float32]:
    """Return colours times opacity, and the opacity."""
    values = rgba.astype(np.float32)
    values[:, :3] *= values[:, 3:] / 255
    return values


def _choose_colours(pairs: Iterable[tuple[str, ...]]) -> list[str]:
    """Return all single colours, and shades between those of each pair in the smallest common step that fits."""
    blends = list(pairs)
    exact = list(dict.fromkeys(colour for blend in blends for colour in blend))
    between = [(blend[0], blend[1]) for blend in blends if len(blend) == 2]
    for step in range(FINEST_STEP, 256):
        colours = _add_distinct(exact, (shade for a, b in between for shade in _shades(a, b, step)), step // 5)
        if len(colours) <= MAX_COLOURS:
            return colours
    return exact[:MAX_COLOURS]


def _add_distinct(exact: list[str], shades: Iterable[str], distance: int) -> list[str]:
    """Return `exact` and the shades that differ from all others by more than `distance` (of 255) in some channel."""
    room = len(exact) + MAX_COLOURS
    values = np.full((room, 4), 1000)
    values[: len(exact)] = [_rgba(colour) for colour in exact]
    colours = list(exact)
    for shade in dict.fromkeys(shades):
        if len(colours) < room and np.abs(values[: len(colours)] - _rgba(shade)).max(axis=1).min() > distance:
            values[len(colours)] = _rgba(shade)
            colours.append(shade)
    return colours


def _shades(colour: str, other: str, step: int) -> Iterator[str]:
    """Yield shades between two colours, at most `step` apart (of 255, in the channel that differs most)."""
    distance = 255 if is_clear(colour) else max(abs(a - b) for a, b in zip(rgb(colour), rgb(other), strict=True))
    count = -(-distance // step)
    return (_between(colour, other, number / count) for number in range(1, count))


def _between(colour: str, other: str, share: float) -> str:
    """Return a mixture of two colours; on a clear one, the other with `share` as its opacity."""
    return f"{other}{round(255 * share):02x}" if is_clear(colour) else mix(colour, other, share)
