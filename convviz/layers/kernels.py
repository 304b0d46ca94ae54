"""Make kernels by name, and example numbers for pictures without values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import count
from math import comb
from typing import Any

from convviz.errors import GeometryError
from convviz.errors.printable import shown

Grid = Any
"""Nested lists of numbers, as deep as the shape is long."""
Shape = tuple[int, ...]
Profile = list[Fraction]

FIXED_KERNELS: dict[str, list[list[int]]] = {
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "sobel-x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel-y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
}
"""Kernels that exist in one size only; applied as deep learning does, without a flip."""


def ones(size: int) -> Profile:
    """Return 1 everywhere: each output is a sum, or a count."""
    return [Fraction(1)] * size


def box(size: int) -> Profile:
    """Return 1/k everywhere: each output is a mean."""
    return [Fraction(1, size)] * size


def identity(size: int) -> Profile:
    """Return 1 in the middle (the cell after it if k is even), 0 elsewhere."""
    return [Fraction(n == size // 2) for n in range(size)]


def gaussian(size: int) -> Profile:
    """Return binomial coefficients, normalised to a sum of 1."""
    return [Fraction(comb(size - 1, n), 2 ** (size - 1)) for n in range(size)]


def bilinear(size: int) -> Profile:
    """Return a triangle of half width f = ⌈k/2⌉ around the middle: 1 − |n − (k − 1)/2|/f.

    For an upsampling by f, k = 2f − f mod 2, it is the bilinear filler of Caffe and FCN.
    """
    factor, centre = -(-size // 2), Fraction(size - 1, 2)
    return [1 - abs(n - centre) / factor for n in range(size)]


SEPARABLE_KERNELS: dict[str, Callable[[int], Profile]] = {
    "bilinear": bilinear,
    "box": box,
    "gaussian": gaussian,
    "identity": identity,
    "nearest": ones,
    "ones": ones,
}
"""Kernels of any size: the outer product of one profile for each axis."""
KERNEL_NAMES = sorted([*SEPARABLE_KERNELS, *FIXED_KERNELS])


def named_kernel(name: str, shape: Shape) -> Grid:
    """Return the kernel of that name for `shape`; raises `GeometryError` if it does not exist in this size."""
    if name in SEPARABLE_KERNELS:
        return _product([SEPARABLE_KERNELS[name](size) for size in shape], Fraction(1))
    if name not in FIXED_KERNELS:
        raise GeometryError(f"there is no kernel {shown(name)}; use {', '.join(KERNEL_NAMES)}")
    grid = [list(row) for row in FIXED_KERNELS[name]]
    if shape != (len(grid), len(grid[0])):
        wanted, given = f"{len(grid)}×{len(grid[0])}", "×".join(map(str, shape))
        raise GeometryError(f"the kernel {name} is {wanted}, not {given}; use k = {len(grid)}")
    return grid


def kernel_parameters(name: str, stride: int) -> dict[str, int]:
    """Return the parameters that suit a kernel at a stride f; for bilinear and nearest, those of an upsampling by f.

    bilinear: k = 2f − f mod 2, p = ⌈(f − 1)/2⌉ (Long, Shelhamer & Darrell, 2015); nearest: k = f, p = 0; others: k = 3.
    """
    if name == "bilinear":
        return {"kernel": 2 * stride - stride % 2, "padding": stride // 2}
    return {"kernel": stride, "padding": 0} if name == "nearest" else {"kernel": 3}


def _product(profiles: list[Profile], factor: Fraction) -> Grid:
    if not profiles:
        return int(factor) if factor.denominator == 1 else float(factor)
    return [_product(profiles[1:], factor * value) for value in profiles[0]]


def example_input(shape: Shape, seed: int) -> Grid:
    """Return integers from 1 to 4, so that each 0 in a picture comes from the layer."""
    return _digits(shape, _mulberry32(2 * seed), 1, 4)


def example_kernel(shape: Shape, seed: int) -> Grid:
    """Return integers from 1 to 3 without symmetry, so that flips and shifts are visible and each 0 has a meaning."""
    grids = (_digits(shape, _mulberry32(2 * seed + 1 + 7919 * attempt), 1, 3) for attempt in count())
    return next(grid for grid in grids if _is_telling(grid if len(shape) > 1 else [grid]))


def example_weights(leading: Shape, shape: Shape, seed: int) -> Grid:
    """Return a kernel of `shape` for each index of `leading`, all different."""
    seeds = count(seed, 101)

    def weights(leading: Shape) -> Grid:
        return [weights(leading[1:]) for _ in range(leading[0])] if leading else example_kernel(shape, next(seeds))

    return weights(leading)


def _is_telling(grid: list[list[int]]) -> bool:
    columns = [list(column) for column in zip(*grid, strict=True)]
    mirrored = any(len(lines) > 1 and lines == lines[::-1] for lines in (grid, columns))
    turned = grid == [row[::-1] for row in grid[::-1]] or grid == columns
    return len(grid) == len(columns) == 1 or not (mirrored or turned)


def _digits(shape: Shape, numbers: Iterator[int], low: int, high: int) -> Grid:
    """Return pseudo-random digits, the same in each language that implements the generator (mulberry32)."""
    if not shape:
        return low + next(numbers) % (high - low + 1)
    return [_digits(shape[1:], numbers, low, high) for _ in range(shape[0])]


def _mulberry32(seed: int) -> Iterator[int]:
    """Generate 32-bit numbers from a 32-bit seed with Tommy Ettinger's mulberry32 (public domain)."""
    mask = 0xFFFFFFFF
    state = seed & mask
    while True:
        state = (state + 0x6D2B79F5) & mask
        mixed = ((state ^ (state >> 15)) * (state | 1)) & mask
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & mask)) & mask
        yield (mixed ^ (mixed >> 14)) & mask
