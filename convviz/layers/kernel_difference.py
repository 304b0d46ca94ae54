"""Kernels of several sizes with the same centre, and how much they differ."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def centred(kernel: NDArray[Any], sizes: tuple[int, ...]) -> NDArray[Any]:
    """Return a kernel in the middle of zeros."""
    placed = np.zeros(sizes)
    corner = [(size - other) // 2 for size, other in zip(sizes, kernel.shape, strict=True)]
    for tap in product(*map(range, kernel.shape)):
        placed[tuple(start + index for start, index in zip(corner, tap, strict=True))] = kernel[tap]
    return placed


def largest_difference(kernel: NDArray[Any], target: NDArray[Any]) -> float:
    """Return the largest absolute difference of two kernels with the same centre; outside they are 0."""
    sizes = tuple(max(pair) for pair in zip(kernel.shape, target.shape, strict=True))
    return float(np.abs(centred(kernel, sizes) - centred(target, sizes)).max())
