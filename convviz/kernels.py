"""Kernels by name, and the example numbers that fill a picture when no values are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import count
from math import comb

from convviz.errors import GeometryError

Grid = list[list[float]]
Shape = tuple[int, ...]

FIXED: dict[str, Grid] = {
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "sobel-x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel-y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
}
"""Kernels that exist in one size only; applied as deep learning does, without a flip."""


def ones(shape: Shape) -> Grid:
    """1 everywhere: the output counts, or sums."""
    return [[1] * shape[1] for _ in range(shape[0])]


def box(shape: Shape) -> Grid:
    """1/(rows·columns) everywhere: the mean."""
    return [[1 / (shape[0] * shape[1])] * shape[1] for _ in range(shape[0])]


def identity(shape: Shape) -> Grid:
    """1 in the middle (after it, where a side is even), 0 elsewhere."""
    return [[int((row, col) == (shape[0] // 2, shape[1] // 2)) for col in range(shape[1])] for row in range(shape[0])]


def gaussian(shape: Shape) -> Grid:
    """Binomial coefficients of row and column, normalised to a sum of 1."""
    rows, cols = ([Fraction(comb(size - 1, n), 2 ** (size - 1)) for n in range(size)] for size in shape)
    return [[float(a * b) for b in cols] for a in rows]


def bilinear(shape: Shape) -> Grid:
    """The filler of FCN and Caffe: a tent of half width f = ⌈k/2⌉, 1 − |n/f − c| with c = (2f − 1 − f mod 2)/(2f)."""
    rows, cols = (list(_tent(size)) for size in shape)
    return [[float(a * b) for b in cols] for a in rows]


def _tent(size: int) -> Iterator[Fraction]:
    factor = -(-size // 2)
    centre = Fraction(2 * factor - 1 - factor % 2, 2 * factor)
    for n in range(size):
        yield 1 - abs(Fraction(n, factor) - centre)


ANY_SIZE: dict[str, Callable[[Shape], Grid]] = {
    "bilinear": bilinear,
    "box": box,
    "gaussian": gaussian,
    "identity": identity,
    "ones": ones,
}
KERNELS = sorted([*ANY_SIZE, *FIXED])


def named(name: str, shape: Shape) -> Grid:
    """The kernel of that name for `shape`; raises `GeometryError` when it does not come in this size."""
    if name in ANY_SIZE:
        return ANY_SIZE[name](shape)
    if name not in FIXED:
        raise GeometryError(f"there is no kernel {name!r}; use {', '.join(KERNELS)}")
    grid = FIXED[name]
    if shape != (len(grid), len(grid[0])):
        wanted, given = f"{len(grid)}×{len(grid[0])}", "×".join(map(str, shape))
        raise GeometryError(f"the kernel {name} is {wanted}, not {given}; use k = {len(grid)}")
    return grid


def example_input(shape: Shape, seed: int) -> Grid:
    """Whole numbers from 1 to 4, so that every 0 in a picture was put there by the layer."""
    return _digits(shape, 2 * seed, 1, 4)


def example_kernel(shape: Shape, seed: int) -> Grid:
    """Whole numbers from 0 to 3, without symmetry or empty lines, so that every flip and shift can be seen."""
    grids = (_digits(shape, 2 * seed + 1 + 7919 * attempt, 0, 3) for attempt in count())
    return next(grid for grid in grids if _is_telling(grid))


def _is_telling(grid: Grid) -> bool:
    columns = [list(column) for column in zip(*grid, strict=True)]
    full = all(map(any, grid)) and all(map(any, columns))
    mirrored = any(len(lines) > 1 and lines == lines[::-1] for lines in (grid, columns))
    return full and not mirrored and (grid != columns or len(grid) == 1)


def _digits(shape: Shape, seed: int, low: int, high: int) -> Grid:
    """Pseudo-random digits, the same in every program that knows the generator (mulberry32)."""
    numbers = _mulberry32(seed)
    return [[low + next(numbers) % (high - low + 1) for _ in range(shape[1])] for _ in range(shape[0])]


def _mulberry32(seed: int) -> Iterator[int]:
    """Tommy Ettinger's mulberry32 (public domain): 32-bit numbers from a 32-bit seed."""
    mask = 0xFFFFFFFF
    state = seed & mask
    while True:
        state = (state + 0x6D2B79F5) & mask
        mixed = ((state ^ (state >> 15)) * (state | 1)) & mask
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & mask)) & mask
        yield (mixed ^ (mixed >> 14)) & mask
