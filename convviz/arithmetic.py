"""The values in the cells: what a layer computes, with numpy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.errors import GeometryError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from convviz.geometry import Track


@dataclass(frozen=True)
class Numbers:
    """Input, kernel (as given, unflipped) and output values of one layer."""

    x: NDArray[Any]
    w: NDArray[Any]
    y: NDArray[Any]


def numbers(tracks: tuple[Track, ...], x: ArrayLike, w: ArrayLike) -> Numbers:
    """The three arrays of the layer with these tracks; raises `GeometryError` when a shape does not fit."""
    inputs = values("input", x, tuple(track.input for track in tracks))
    kernel = values("kernel", w, tuple(track.kernel for track in tracks))
    return Numbers(inputs, kernel, gather(tracks, inputs, kernel))


def gather(tracks: tuple[Track, ...], x: NDArray[Any], w: NDArray[Any]) -> NDArray[Any]:
    """y[o] = Σ over taps u of line[origin + o·step + u·d] · w[weight(u)], where line holds x, spread and padded."""
    line = lay(tracks, x)
    y = np.zeros([track.outputs for track in tracks], dtype=np.result_type(x, w))
    for taps in product(*(range(track.kernel) for track in tracks)):
        seen = line[tuple(_seen(track, tap) for track, tap in zip(tracks, taps, strict=True))]
        y += seen * w[tuple(track.weight(tap) for track, tap in zip(tracks, taps, strict=True))]
    return y


def lay(tracks: tuple[Track, ...], x: NDArray[Any]) -> NDArray[Any]:
    """The padded, zero-inserted input, cropped cells included: shape (track.size, …)."""
    line = np.zeros([track.size for track in tracks], dtype=x.dtype)
    line[tuple(slice(t.offset, t.offset + t.spread, t.gap + 1) for t in tracks)] = x
    return line


def values(name: str, given: ArrayLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """`given` as an array of exactly `shape`: integers as int64, floats as they are. Raises `GeometryError`."""
    try:
        array = np.asarray(given)
    except ValueError:
        raise GeometryError(f"{name} values are not a grid: every row needs the same number of values") from None
    if array.dtype.kind not in "biuf":
        raise GeometryError(f"{name} values are not numbers but {array.dtype}; give whole or decimal numbers")
    if array.shape != shape:
        raise GeometryError(
            f"{name} values are {size(array.shape)}, but the {name} is {size(shape)}; "
            f"give {size(shape)} numbers or change the {name} to {size(array.shape)}"
        )
    if not np.isfinite(array).all():
        raise GeometryError(f"{name} values hold nan or infinity; give finite numbers")
    return array if array.dtype.kind == "f" else array.astype(np.int64)


def size(shape: tuple[int, ...]) -> str:
    """`3×4`; an empty shape is a single number."""
    return "×".join(map(str, shape)) or "a single number"


def _seen(track: Track, tap: int) -> slice:
    start = track.origin + tap * track.dilation
    return slice(start, start + (track.outputs - 1) * track.step + 1, track.step)
