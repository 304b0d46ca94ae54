"""Make kernels by name."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
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
