"""Comparing pictures by what one sees of them: pixels and durations, however they were encoded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from convviz.export.decode import decoded_frames, png_bytes
from convviz.raster import ByteArray

SAME = 0.25
"""How strongly the difference picture shows what is the same."""
RED = (213, 0, 0)


@dataclass(frozen=True)
class Difference:
    """Why two pictures are not the same, and the frame that differs most, as PNGs: before, after, difference."""

    why: str
    pictures: tuple[bytes, ...] = ()


def difference(before: bytes, after: bytes) -> Difference | None:
    """What is different, or None. Raises `ExportError` for what cannot be decoded."""
    pairs = zip_longest(decoded_frames(before), decoded_frames(after))
    differ, lasts, total = 0, "", 0
    most, worst = 0, None
    for total, (one, other) in enumerate(pairs, start=1):
        if one is None or other is None or one[0].shape != other[0].shape:
            count = -1
        else:
            count = int((one[0] != other[0]).any(axis=-1).sum())
            if one[1] != other[1] and not lasts:
                lasts = f"frame {total} lasts {one[1]} ms in place of {other[1]} ms"
        differ += count != 0
        if count and (worst is None or count > most):
            most, worst = count, (total, one, other)
    if worst is None:
        return Difference(lasts) if lasts else None
    number, one, other = worst
    if one is None or other is None:
        return Difference(f"it has {'fewer' if one is None else 'more'} frames ({differ} of {total} differ)")
    if one[0].shape != other[0].shape:
        sides = ["{1}×{0}".format(*pixels.shape) for pixels, _ in (one, other)]
        return Difference(f"it has {sides[0]} pixels in place of {sides[1]}", (png_bytes(one[0]), png_bytes(other[0])))
    why = f"{differ} of {total} frames differ, most of all frame {number} in {most:,} pixels"
    return Difference(why, (png_bytes(one[0]), png_bytes(other[0]), png_bytes(_marked(one[0], other[0]))))


def _marked(before: ByteArray, after: ByteArray) -> ByteArray:
    """What differs in red, over what is the same, faint and grey."""
    grey = (255 - SAME * (255 - after[..., :3].mean(axis=-1, keepdims=True))).astype(np.uint8)
    marked = np.concatenate([grey, grey, grey, np.full_like(grey, 255)], axis=-1)
    marked[(before != after).any(axis=-1)] = (*RED, 255)
    return marked
