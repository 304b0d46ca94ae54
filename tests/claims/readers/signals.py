"""A 1-D layer in the notation of signal processing: `y = ↓2 (q ∗ x), q = w flipped`, `y = max over 3 cells, ↓2`."""

from __future__ import annotations

import numpy as np

from tests.claims.model import value_of
from tests.claims.readers.header import sizes_of
from tests.claims.reading import About, holds, same


@sizes_of.says(
    r"y = (?:↓(?P<down>\d+) \()?(?P<q>q|\(↑(?P<wide>\d+) q\)) (?P<sign>[∗⋆]) (?P<x>x|\(↑(?P<up>\d+) x\))\)?"
    r"(?P<flipped>, q = w flipped)?"
)
def convolution(
    about: About, down: str | None, wide: str | None, sign: str, up: str | None, flipped: str | None, **_: str
) -> None:
    """Compute both sides: ∗ flips, ⋆ does not; ↑ inserts zeros, ↓ keeps every s-th. Both ends may be cropped."""
    (axis,) = about.model.axes
    generator = np.random.default_rng(axis.k)
    x, w = generator.integers(1, 99, axis.i), generator.integers(1, 99, axis.k)
    if axis.mode != "zeros":
        return
    q = spread(w[::-1] if flipped else w, int(wide or 1))
    line = np.convolve(q if sign == "∗" else q[::-1], spread(x, int(up or 1)))
    start = axis.before if axis.transposed else len(q) - 1 - axis.before
    for output in range(axis.o):
        place = start + output * int(down or 1)
        value = line[place] if 0 <= place < len(line) else 0
        same(f"y[{output}] in this notation", int(value), int(value_of(about.model, (output,), x, w)))


def spread(values: np.ndarray, factor: int) -> np.ndarray:
    """Insert zeros between the values."""
    wide = np.zeros((len(values) - 1) * factor + 1, dtype=values.dtype)
    wide[::factor] = values
    return wide


@sizes_of.says(r"y = (?P<operation>max|mean) over (?P<k>\d+) cells(?:, ↓(?P<down>\d+))?")
def pooling(about: About, operation: str, k: str, down: str | None) -> None:
    (axis,) = about.model.axes
    same("operation", operation, {"maxpool": "max", "avgpool": "mean"}[about.plain.kind])
    same("cells under a window", int(k), axis.k)
    same("stride", int(down or 1), axis.s)
    holds("a stride of 1 is not written", down != "1")
