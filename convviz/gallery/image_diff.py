"""Compare pictures by decoded pixels and durations, however they were encoded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from convviz.errors.printable import count_of
from convviz.export.decode import decoded_frames, png_bytes
from convviz.raster import ByteArray

UNCHANGED_OPACITY = 0.25
"""Opacity of unchanged pixels in the image of a difference."""
RED = (213, 0, 0)


@dataclass(frozen=True)
class ImageDiff:
    """Why two pictures differ, and PNGs of the frame that differs most: before, after, difference."""

    why: str
    images: tuple[bytes, ...] = ()


def diff_images(before: bytes, after: bytes) -> ImageDiff | None:
    """Return what differs, or None. Raises `ExportError` for data that cannot be decoded."""
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
        return ImageDiff(lasts) if lasts else None
    number, one, other = worst
    verb = "differs" if differ == 1 else "differ"
    if one is None or other is None:
        return ImageDiff(f"it has {'fewer' if one is None else 'more'} frames ({differ} of {total} {verb})")
    if one[0].shape != other[0].shape:
        sides = ["{1}×{0}".format(*pixels.shape) for pixels, _ in (one, other)]
        return ImageDiff(f"it has {sides[0]} pixels in place of {sides[1]}", (png_bytes(one[0]), png_bytes(other[0])))
    which = f"{differ} of {count_of(total, 'frame')} {verb}"
    why = f"{which}, most of all frame {number} in {count_of(f'{most:,}', 'pixel')}"
    return ImageDiff(why, (png_bytes(one[0]), png_bytes(other[0]), png_bytes(_marked(one[0], other[0]))))


def _marked(before: ByteArray, after: ByteArray) -> ByteArray:
    """Return an image with changed pixels in red over the unchanged ones in faint grey."""
    grey = (255 - UNCHANGED_OPACITY * (255 - after[..., :3].mean(axis=-1, keepdims=True))).astype(np.uint8)
    marked = np.concatenate([grey, grey, grey, np.full_like(grey, 255)], axis=-1)
    marked[(before != after).any(axis=-1)] = (*RED, 255)
    return marked
