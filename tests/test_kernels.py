"""Named kernels against published tables, and example numbers that are the same everywhere."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.kernels import ANY_SIZE, FIXED, KERNELS, _mulberry32, example_input, example_kernel, named
from tests import oracles

BILINEAR = oracles.vectors("bilinear.json")
MULBERRY = oracles.vectors("mulberry32.json")
SHAPES = [*product((1, 2, 3, 4, 5), repeat=2), (1, 9), (9, 1), (2, 12), (11, 11)]


# Published tables


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("sobel-x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("sobel-y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("ones", [[1, 1, 1]] * 3),
        ("box", [[1 / 9] * 3] * 3),
        ("identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("gaussian", [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]]),
    ],
)
def test_a_named_kernel_is_the_published_table(name: str, table: list[list[float]]) -> None:
    assert named(name, (3, 3)) == table


def test_the_gaussian_of_five_is_pascal_s_row() -> None:
    row = [1, 4, 6, 4, 1]
    assert named("gaussian", (5, 5)) == [[a * b / 256 for b in row] for a in row]
    assert named("gaussian", (1, 5)) == [[a / 16 for a in row]]


@pytest.mark.parametrize("facts", BILINEAR["kernels"], ids=lambda facts: f"f={facts['f']}")
def test_the_bilinear_kernel_is_the_filler_of_fcn(facts: dict[str, Any]) -> None:
    line = [Fraction(n, facts["denominator"]) for n in facts["numerators_1d"]]
    assert named("bilinear", (facts["k"], facts["k"])) == [[float(a * b) for b in line] for a in line]
    assert named("bilinear", (facts["k"], 1)) == [[float(a)] for a in line]


@pytest.mark.parametrize("case", BILINEAR["cases"], ids=lambda case: f"f={case['f']} {case['input_name']}")
def test_a_transposed_convolution_with_the_bilinear_kernel_upsamples_as_pytorch_does(case: dict[str, Any]) -> None:
    x = np.array(case["x"])
    layer = ConvTranspose(x.shape, case["k"], case["s"], case["p"])
    assert layer.output == (case["f"] * x.shape[0], case["f"] * x.shape[1])
    assert np.allclose(layer(x, named("bilinear", layer.kernel)), case["y_conv_transpose"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_means_sum_to_one_and_ones_to_the_number_of_cells(shape: tuple[int, int]) -> None:
    assert np.sum(named("box", shape)) == pytest.approx(1)
    assert np.sum(named("gaussian", shape)) == pytest.approx(1)
    assert np.sum(named("ones", shape)) == shape[0] * shape[1]
    assert np.sum(named("identity", shape)) == 1


@pytest.mark.parametrize("k", [1, 3, 5])
def test_the_identity_changes_nothing(k: int) -> None:
    x = oracles.grid((4, 6), 1)
    assert Conv((4, 6), k, padding=k // 2)(x, named("identity", (k, k))).tolist() == x


def test_sobel_x_sees_a_slope_along_the_row_and_sobel_y_along_the_column() -> None:
    rightwards = [[0, 1, 2]] * 3
    downwards = [[0, 0, 0], [1, 1, 1], [2, 2, 2]]
    for name, slope, level in (("sobel-x", rightwards, downwards), ("sobel-y", downwards, rightwards)):
        assert Conv(3, 3)(slope, named(name, (3, 3))).tolist() == [[8]]
        assert Conv(3, 3)(level, named(name, (3, 3))).tolist() == [[0]]


# Names and sizes


def test_the_names_are_sorted_and_each_has_a_kernel() -> None:
    assert sorted(KERNELS) == KERNELS == sorted({*ANY_SIZE, *FIXED})
    for name in KERNELS:
        assert np.array(named(name, (3, 3))).shape == (3, 3)


@pytest.mark.parametrize("name", sorted(ANY_SIZE))
@pytest.mark.parametrize("shape", SHAPES)
def test_a_kernel_of_any_size_has_the_size_asked_for(name: str, shape: tuple[int, int]) -> None:
    grid = np.array(named(name, shape))
    assert grid.shape == shape
    assert np.isfinite(grid).all()


@pytest.mark.parametrize("name", sorted(FIXED))
@pytest.mark.parametrize(("shape", "text"), [((5, 5), "5×5"), ((3, 4), "3×4"), ((1, 1), "1×1")])
def test_a_kernel_of_one_size_is_refused_in_any_other(name: str, shape: tuple[int, int], text: str) -> None:
    with pytest.raises(GeometryError, match=rf"^the kernel {name} is 3×3, not {text}; use k = 3$"):
        named(name, shape)


@pytest.mark.parametrize("name", ["", "sobel", "Box"])
def test_an_unknown_name_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(GeometryError) as caught:
        named(name, (3, 3))
    assert str(caught.value) == f"there is no kernel {name!r}; use {', '.join(KERNELS)}"


# Example numbers


@pytest.mark.parametrize("seed", MULBERRY["first"])
def test_the_generator_is_the_published_one(seed: str) -> None:
    assert list(islice(_mulberry32(int(seed)), 6)) == MULBERRY["first"][seed]


def test_the_generator_is_the_published_one_further_on() -> None:
    assert next(islice(_mulberry32(5), 999, None)) == MULBERRY["thousandth_of_5"]


def test_a_seed_is_taken_modulo_two_to_the_32() -> None:
    for seed in (-1, 2**32 - 1, 2**33 - 1):
        assert list(islice(_mulberry32(seed), 6)) == MULBERRY["first"]["4294967295"]


def test_the_example_input_is_the_generator_s_numbers_from_1_to_4() -> None:
    for seed in (0, 1):
        drawn = [1 + number % 4 for number in MULBERRY["first"][str(2 * seed)]]
        assert example_input((2, 3), seed) == [drawn[:3], drawn[3:]]


def test_example_numbers_never_change() -> None:
    assert example_input((3, 3), 0) == [[3, 4, 1], [1, 1, 2], [4, 3, 2]]
    assert example_kernel((3, 3), 0) == [[2, 1, 1], [3, 0, 3], [2, 3, 2]]


@settings(max_examples=200)
@given(st.sampled_from(SHAPES), st.integers(0, 10**6))
def test_example_numbers_are_small_whole_numbers_of_the_right_shape(shape: tuple[int, int], seed: int) -> None:
    x, w = np.array(example_input(shape, seed)), np.array(example_kernel(shape, seed))
    assert x.shape == w.shape == shape
    assert x.dtype == w.dtype == np.int64
    assert 1 <= x.min() <= x.max() <= 4
    assert 0 <= w.min() <= w.max() <= 3
    assert example_input(shape, seed) == x.tolist()
    assert example_kernel(shape, seed) == w.tolist()


@settings(max_examples=200)
@given(st.sampled_from(SHAPES), st.integers(0, 10**6))
def test_every_flip_of_the_example_kernel_shows(shape: tuple[int, int], seed: int) -> None:
    w = np.array(example_kernel(shape, seed))
    if shape[0] > 1:
        assert (w[::-1] != w).any()
    if shape[1] > 1:
        assert (w[:, ::-1] != w).any()
    if w.size > 1:
        assert (w[::-1, ::-1] != w).any()
    assert w.any()


def test_seeds_differ_and_so_do_input_and_kernel() -> None:
    inputs = [str(example_input((4, 4), seed)) for seed in range(50)]
    kernels = [str(example_kernel((4, 4), seed)) for seed in range(50)]
    assert len(set(inputs)) == len(set(kernels)) == 50
    assert all(
        example_input((4, 4), seed) != (np.array(example_kernel((4, 4), seed)) + 1).tolist() for seed in range(50)
    )
