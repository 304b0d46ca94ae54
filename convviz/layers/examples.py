"""Make example numbers, for pictures without values: small, and without any symmetry, so that flips and turns show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import count
from math import prod
from typing import Any

Grid = Any
"""Nested lists of numbers, as deep as the shape is long."""
Shape = tuple[int, ...]

INPUTS = (1, 1, 1, 1, 1, 2, 2, 2, 3, 3)
"""Inputs are small, so that most sums of nine products have two digits, and never 0, which only a layer makes."""
MOST_CELLS_TO_9 = 49
"""Kernels of more cells have no digit above 4, so that most sums keep to three digits."""
NEXT_ATTEMPT = 2 * 7919
NEXT_CHANNEL = 101


def example_input(shape: Shape, seed: int) -> Grid:
    """Return integers from 1 to 3 without symmetry."""

    def draw(numbers: Iterator[int]) -> list[int]:
        return [INPUTS[next(numbers) % len(INPUTS)] for _ in range(prod(shape))]

    return _grid(_first_asymmetric(draw, shape, 2 * seed), shape)


def example_kernel(shape: Shape, seed: int) -> Grid:
    """Return digits without symmetry; a half turn changes each cell, apart from the one in the middle.

    All digits are distinct in up to 9 cells; only 9 have a 0, for shorter sums, beside the corners. In more cells each
    occurs equally often, give or take one.
    """
    cells = prod(shape)
    largest = max(3, min(9, cells + 1)) if cells <= MOST_CELLS_TO_9 else 4
    least = 0 if cells == 9 else 1

    def draw(numbers: Iterator[int]) -> list[int]:
        digits = _shuffled(range(least, least + largest), numbers)
        return _with_unequal_opposites(_shuffled([digits[index % largest] for index in range(cells)], numbers))

    return _grid(_first_asymmetric(draw, shape, 2 * seed + 1), shape)


def example_inputs(leading: Shape, shape: Shape, seed: int) -> Grid:
    """Return an input of `shape` for each index of `leading`, each with its own seed."""
    return _per_channel(example_input, leading, shape, count(seed, NEXT_CHANNEL))


def example_weights(leading: Shape, shape: Shape, seed: int) -> Grid:
    """Return a kernel of `shape` for each index of `leading`, each with its own seed."""
    return _per_channel(example_kernel, leading, shape, count(seed, NEXT_CHANNEL))


def _per_channel(make: Callable[[Shape, int], Grid], leading: Shape, shape: Shape, seeds: Iterator[int]) -> Grid:
    if not leading:
        return make(shape, next(seeds))
    return [_per_channel(make, leading[1:], shape, seeds) for _ in range(leading[0])]


def _grid(values: list[int], shape: Shape) -> Grid:
    if len(shape) == 1:
        return values
    size = prod(shape[1:])
    return [_grid(values[start : start + size], shape[1:]) for start in range(0, len(values), size)]


def _first_asymmetric(draw: Callable[[Iterator[int]], list[int]], shape: Shape, seed: int) -> list[int]:
    """Return the first of several draws that each flip and turn changes, with no 0 at a corner or in the middle."""
    rows, cols = (1, *shape)[-2:]
    draws = (draw(_mulberry32(seed + NEXT_ATTEMPT * attempt)) for attempt in count())
    return next(
        values
        for values in draws
        if 0 not in values[::2]
        and all(any(values[i] != values[j] for i, j in enumerate(moved)) for moved in _symmetries(rows, cols))
    )


@lru_cache(64)
def _symmetries(rows: int, cols: int) -> tuple[tuple[int, ...], ...]:
    """List the flips and turns that keep the shape of a grid and move cells: the cell that comes to each place."""
    cells = tuple(tuple(range(row * cols, (row + 1) * cols)) for row in range(rows))
    images = [cells, cells[::-1]]
    for _ in range(3):
        images += [tuple(zip(*image[::-1], strict=True)) for image in images[-2:]]
    flat = dict.fromkeys(sum(image, ()) for image in images if len(image) == rows)
    return tuple(image for image in flat if image != tuple(range(rows * cols)))


def _with_unequal_opposites(values: list[int]) -> list[int]:
    """Exchange cells of `values`, at least three different ones, until no half turn puts an equal one in its place."""
    last = len(values) - 1
    for index in range(len(values) // 2):
        for other in range(len(values)):
            one, two = values[index], values[other]
            if values[last - index] != one:
                break
            if two != one and (other == last - other or values[last - other] != one):
                values[index], values[other] = two, one
    return values


def _shuffled(values: Sequence[int], numbers: Iterator[int]) -> list[int]:
    """Shuffle by Fisher and Yates's method, from the end."""
    shuffled = list(values)
    for index in range(len(shuffled) - 1, 0, -1):
        other = next(numbers) % (index + 1)
        shuffled[index], shuffled[other] = shuffled[other], shuffled[index]
    return shuffled


def _mulberry32(seed: int) -> Iterator[int]:
    """Generate 32-bit numbers from a 32-bit seed with Tommy Ettinger's mulberry32 (public domain).

    They are the same in each language that implements it.
    """
    mask = 0xFFFFFFFF
    state = seed & mask
    while True:
        state = (state + 0x6D2B79F5) & mask
        mixed = ((state ^ (state >> 15)) * (state | 1)) & mask
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & mask)) & mask
        yield (mixed ^ (mixed >> 14)) & mask
