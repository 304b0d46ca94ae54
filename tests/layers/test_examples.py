"""Example numbers: the same everywhere, small, and without any symmetry."""

from __future__ import annotations

from collections import Counter
from itertools import islice, product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from convviz.layers.examples import _mulberry32, example_input, example_inputs, example_kernel, example_weights
from tests import oracles
from tests.profile import max_examples

MULBERRY = oracles.vectors("mulberry32.json")
SHAPES = [*product(range(1, 8), repeat=2), (1, 9), (9, 1), (2, 12), (11, 11), (9, 9), *((n,) for n in range(1, 12))]
SEEDS = st.integers(0, 10**6)


@pytest.mark.parametrize("seed", MULBERRY["first"])
def test_the_generator_is_the_published_one(seed: str) -> None:
    assert list(islice(_mulberry32(int(seed)), 6)) == MULBERRY["first"][seed]


def test_the_generator_is_the_published_one_further_on() -> None:
    assert next(islice(_mulberry32(5), 999, None)) == MULBERRY["thousandth_of_5"]


def test_a_seed_is_taken_modulo_two_to_the_32() -> None:
    for seed in (-1, 2**32 - 1, 2**33 - 1):
        assert list(islice(_mulberry32(seed), 6)) == MULBERRY["first"]["4294967295"]


def test_the_example_input_is_the_generator_s_numbers_from_1_to_3() -> None:
    for seed in (0, 1):
        drawn = [int("1111122233"[number % 10]) for number in MULBERRY["first"][str(2 * seed)]]
        assert example_input((2, 3), seed) == [drawn[:3], drawn[3:]]


def test_example_numbers_never_change() -> None:
    assert example_input((3, 3), 0) == [[3, 2, 2], [1, 2, 2], [2, 1, 2]]
    assert example_kernel((3, 3), 0) == [[2, 4, 7], [6, 8, 0], [5, 1, 3]]
    assert example_kernel((2, 5), 0) == [[9, 1, 3, 5, 2], [6, 9, 7, 8, 4]]


def moves(grid: np.ndarray) -> list[np.ndarray]:
    """All flips and turns of a grid that keep its shape and move cells, by numpy."""
    square = np.atleast_2d(np.arange(grid.size).reshape(grid.shape))
    images = [np.rot90(one, turns) for one in (square, square.T) for turns in range(4)]
    return [image for image in images if image.shape == square.shape and (image != square).any()]


def is_symmetric(grid: np.ndarray) -> bool:
    return any((np.ravel(grid)[move] == np.atleast_2d(grid)).all() for move in moves(grid))


def test_the_oracle_of_symmetry_knows_every_kind() -> None:
    for symmetric in (
        *([[1, 2], [1, 2]], [[1, 1], [2, 2]], [[1, 2], [2, 1]], [[1, 2], [2, 3]], [[2, 1], [3, 2]], [1, 2, 1]),
        *([[1, 2, 3], [3, 2, 1]], [[1], [1]], [[1, 2, 1], [2, 3, 2], [1, 2, 1]], [[1, 4, 2], [5, 9, 5], [2, 4, 1]]),
    ):
        assert is_symmetric(np.array(symmetric))
    for asymmetric in ([[5]], [1, 2, 2], [[1, 2], [4, 4]], [[1, 2, 3], [3, 1, 2]], [[1, 2], [3, 4]]):
        assert not is_symmetric(np.array(asymmetric))


@max_examples(400)
@given(st.sampled_from(SHAPES), SEEDS)
@example((2, 3), 468519)
def test_example_numbers_are_small_and_without_symmetry(shape: tuple[int, ...], seed: int) -> None:
    x, w = np.array(example_input(shape, seed)), np.array(example_kernel(shape, seed))
    assert x.shape == w.shape == shape
    assert x.dtype == w.dtype == np.int64
    assert 1 <= x.min() <= x.max() <= 3
    assert (w.size != 9) <= w.min() <= w.max() <= 9
    assert not is_symmetric(x)
    assert not is_symmetric(w)
    assert example_input(shape, seed) == x.tolist()
    assert example_kernel(shape, seed) == w.tolist()


@max_examples(400)
@given(st.sampled_from(SHAPES), SEEDS)
def test_kernels_have_distinct_digits_and_show_a_half_turn_in_each_cell(shape: tuple[int, ...], seed: int) -> None:
    w = np.ravel(example_kernel(shape, seed))
    counts = Counter(w.tolist()).values()
    assert np.count_nonzero(w != w[::-1]) == w.size - w.size % 2
    assert max(counts) - min(counts) <= 1
    assert max(counts) == 1 or w.size > 9
    assert w.max() <= w.size + 1 or w.size == 1
    assert w.sum() * 3 < 1000 or w.size > 49


@max_examples(100)
@given(st.sampled_from(SHAPES), st.integers(1, 4), st.integers(1, 3), SEEDS)
def test_each_channel_has_numbers_without_symmetry(
    shape: tuple[int, ...], inputs: int, outputs: int, seed: int
) -> None:
    x, w = np.array(example_inputs((inputs,), shape, seed)), np.array(example_weights((outputs, inputs), shape, seed))
    assert x.shape == (inputs, *shape)
    assert w.shape == (outputs, inputs, *shape)
    assert not any(map(is_symmetric, (*x, *w.reshape(-1, *shape))))
    assert x[0].tolist() == example_inputs((), shape, seed) == example_input(shape, seed)
    assert w[0, 0].tolist() == example_weights((), shape, seed) == example_kernel(shape, seed)


def test_channels_differ() -> None:
    for channels in (
        example_inputs((6,), (3, 3), 7),
        np.reshape(example_weights((4, 3), (3, 3), 7), (12, 3, 3)).tolist(),
    ):
        assert len({str(channel) for channel in channels}) == len(channels)


def test_seeds_differ_and_so_do_input_and_kernel() -> None:
    inputs = [str(example_input((4, 4), seed)) for seed in range(50)]
    kernels = [str(example_kernel((4, 4), seed)) for seed in range(50)]
    assert len({*inputs, *kernels}) == 100
