"""One palette for a whole animation: the theme's colours exactly, and steps between them for antialiased edges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.reel import Bytes
from convviz.theme import mix, rgb

SIZE = 255
"""One entry of a GIF's 256 stays free for its transparent index."""


class Palette:
    """At most 255 colours, and the nearest of them for any colour."""

    def __init__(self, blends: Iterable[tuple[str, ...]]) -> None:
        pairs = dict.fromkeys(blends)
        self.colours = np.array([rgb(colour) for colour in _steps(pairs)], dtype=np.uint8)
        self._table = np.zeros(1 << 24, dtype=np.uint8)
        self._known = np.zeros(1 << 24, dtype=bool)

    def indices(self, pixels: NDArray[Any]) -> Bytes:
        """Palette indices of an RGB or RGBA array; each colour not met before is matched to its nearest."""
        channels = pixels[..., :3].astype(np.uint32)
        codes = (channels[..., 0] << 16) | (channels[..., 1] << 8) | channels[..., 2]
        strange = codes[~self._known[codes]]
        if strange.size:
            self._learn(np.unique(strange))
        indices: Bytes = self._table[codes]
        return indices

    def _learn(self, codes: NDArray[np.uint32]) -> None:
        wanted = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.int32)
        distance = ((wanted[:, None, :] - self.colours[None].astype(np.int32)) ** 2).sum(axis=2)
        self._table[codes] = distance.argmin(axis=1)
        self._known[codes] = True


def _steps(pairs: Iterable[tuple[str, ...]]) -> list[str]:
    """All single colours, and as many steps between the two of each pair as there is room for (at most 14)."""
    listed = list(pairs)
    exact = list(dict.fromkeys(colour for blend in listed for colour in blend))
    between = [blend for blend in listed if len(blend) == 2]
    for steps in range(14, 0, -1):
        shades = [mix(a, b, step / (steps + 1)) for a, b in between for step in range(1, steps + 1)]
        colours = list(dict.fromkeys([*exact, *shades]))
        if len(colours) <= SIZE:
            return colours
    return exact[:SIZE]
