"""Named kernels against published tables."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from convviz import Conv, ConvTranspose, GeometryError
from convviz.layers.kernels import (
    FIXED_KERNELS,
    KERNEL_NAMES,
    SEPARABLE_KERNELS,
    kernel_parameters,
    named_kernel,
)
from tests import oracles

BILINEAR = oracles.vectors("bilinear.json")
SHAPES = [*product((1, 2, 3, 4, 5), repeat=2), (1, 9), (9, 1), (2, 12), (11, 11), (1,), (2,), (3,), (5,), (8,)]


# Published tables


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("sobel-x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("sobel-y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("ones", [[1, 1, 1]] * 3),
        ("nearest", [[1, 1, 1]] * 3),
        ("box", [[1 / 9] * 3] * 3),
        ("identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("gaussian", [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]]),
    ],
)
def test_a_named_kernel_is_the_published_table(name: str, table: list[list[float]]) -> None:
    assert named_kernel(name, (3, 3)) == table


def test_the_gaussian_of_five_is_pascal_s_row() -> None:
    row = [1, 4, 6, 4, 1]
    assert named_kernel("gaussian", (5, 5)) == [[a * b / 256 for b in row] for a in row]
    assert named_kernel("gaussian", (1, 5)) == [[a / 16 for a in row]]


@pytest.mark.parametrize("facts", BILINEAR["kernels"], ids=lambda facts: f"f={facts['f']}")
def test_the_bilinear_kernel_is_the_filler_of_fcn(facts: dict[str, Any]) -> None:
    line = [Fraction(n, facts["denominator"]) for n in facts["numerators_1d"]]
    assert named_kernel("bilinear", (facts["k"], facts["k"])) == [[float(a * b) for b in line] for a in line]
    assert named_kernel("bilinear", (facts["k"], 1)) == [[float(a)] for a in line]


@pytest.mark.parametrize("k", range(1, 12))
def test_the_bilinear_kernel_is_a_symmetric_tent_for_any_size(k: int) -> None:
    """Without a flat or empty end; where k = 2f − f mod 2, every residue of f sums to 1: a constant stays constant."""
    line = named_kernel("bilinear", (k,))
    assert line == line[::-1]
    assert min(line) > 0
    assert max(line) <= 1
    rising = line[: (k + 1) // 2]
    assert all(after - before == pytest.approx(1 / len(rising)) for before, after in pairwise(rising))
    f = len(rising)
    if k == 2 * f - f % 2:
        assert [sum(line[residue::f]) for residue in range(f)] == pytest.approx([1] * f)


@pytest.mark.parametrize("f", range(1, 8))
def test_the_parameters_that_suit_a_kernel_multiply_the_size_by_the_stride(f: int) -> None:
    for name in ("bilinear", "nearest"):
        layer = ConvTranspose(5, stride=f, **kernel_parameters(name, f))
        assert layer.output == (5 * f, 5 * f)
    assert kernel_parameters("bilinear", f) == {"kernel": 2 * f - f % 2, "padding": -(-(f - 1) // 2)}
    for facts in BILINEAR["kernels"]:
        assert kernel_parameters("bilinear", facts["f"]) == {"kernel": facts["k"], "padding": facts["p"]}
    assert {name: kernel_parameters(name, f) for name in KERNEL_NAMES if name not in ("bilinear", "nearest")} == {
        name: {"kernel": 3} for name in KERNEL_NAMES if name not in ("bilinear", "nearest")
    }


@pytest.mark.parametrize("f", [1, 2, 3])
def test_the_nearest_kernel_repeats_every_cell(f: int) -> None:
    x = np.array(oracles.grid((3, 4), 2))
    layer = ConvTranspose((3, 4), stride=f, **kernel_parameters("nearest", f))
    assert layer(x, named_kernel("nearest", layer.kernel)).tolist() == x.repeat(f, axis=0).repeat(f, axis=1).tolist()


@pytest.mark.parametrize("case", [case for case in BILINEAR["cases"] if "y_interpolate" in case], ids=lambda c: c["f"])
def test_the_bilinear_kernel_interpolates_but_for_the_border(case: dict[str, Any]) -> None:
    """Away from the border it is bilinear interpolation; there zeros come in, where interpolation clamps."""
    x, f, wanted = np.array(case["x"]), case["f"], np.array(case["y_interpolate"])
    layer = ConvTranspose(x.shape, stride=f, **kernel_parameters("bilinear", f))
    y = layer(x, named_kernel("bilinear", layer.kernel))
    inside = (slice(f // 2, -(f // 2)),) * 2
    assert np.allclose(y[inside], wanted[inside], rtol=0, atol=1e-6)
    assert not np.allclose(y, wanted, rtol=0, atol=1e-6)


@pytest.mark.parametrize("case", BILINEAR["cases"], ids=lambda case: f"f={case['f']} {case['input_name']}")
def test_a_transposed_convolution_with_the_bilinear_kernel_upsamples_as_pytorch_does(case: dict[str, Any]) -> None:
    x = np.array(case["x"])
    layer = ConvTranspose(x.shape, case["k"], case["s"], case["p"])
    assert layer.output == (case["f"] * x.shape[0], case["f"] * x.shape[1])
    assert np.allclose(layer(x, named_kernel("bilinear", layer.kernel)), case["y_conv_transpose"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_means_sum_to_one_and_ones_to_the_number_of_cells(shape: tuple[int, ...]) -> None:
    assert np.sum(named_kernel("box", shape)) == pytest.approx(1)
    assert np.sum(named_kernel("gaussian", shape)) == pytest.approx(1)
    assert np.sum(named_kernel("ones", shape)) == np.sum(named_kernel("nearest", shape)) == np.prod(shape)
    assert np.sum(named_kernel("identity", shape)) == 1


@pytest.mark.parametrize("k", [1, 3, 5])
def test_the_identity_changes_nothing(k: int) -> None:
    x = oracles.grid((4, 6), 1)
    assert Conv((4, 6), k, padding=k // 2)(x, named_kernel("identity", (k, k))).tolist() == x


def test_sobel_x_sees_a_slope_along_the_row_and_sobel_y_along_the_column() -> None:
    rightwards = [[0, 1, 2]] * 3
    downwards = [[0, 0, 0], [1, 1, 1], [2, 2, 2]]
    for name, slope, level in (("sobel-x", rightwards, downwards), ("sobel-y", downwards, rightwards)):
        assert Conv(3, 3)(slope, named_kernel(name, (3, 3))).tolist() == [[8]]
        assert Conv(3, 3)(level, named_kernel(name, (3, 3))).tolist() == [[0]]


# Names and sizes


def test_the_names_are_sorted_and_each_has_a_kernel() -> None:
    assert sorted(KERNEL_NAMES) == KERNEL_NAMES == sorted({*SEPARABLE_KERNELS, *FIXED_KERNELS})
    for name in KERNEL_NAMES:
        assert np.array(named_kernel(name, (3, 3))).shape == (3, 3)


@pytest.mark.parametrize("name", sorted(SEPARABLE_KERNELS))
@pytest.mark.parametrize("shape", SHAPES)
def test_a_kernel_of_any_size_has_the_size_asked_for(name: str, shape: tuple[int, ...]) -> None:
    grid = np.array(named_kernel(name, shape))
    assert grid.shape == shape
    assert np.isfinite(grid).all()


@pytest.mark.parametrize("name", sorted(FIXED_KERNELS))
@pytest.mark.parametrize(("shape", "text"), [((5, 5), "5×5"), ((3, 4), "3×4"), ((1, 1), "1×1")])
def test_a_kernel_of_one_size_is_refused_in_any_other(name: str, shape: tuple[int, ...], text: str) -> None:
    with pytest.raises(GeometryError, match=rf"^the kernel {name} is 3×3, not {text}; use k = 3$"):
        named_kernel(name, shape)


@pytest.mark.parametrize("name", ["", "sobel", "Box"])
def test_an_unknown_name_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(GeometryError) as caught:
        named_kernel(name, (3, 3))
    assert str(caught.value) == f"there is no kernel {name!r}; use {', '.join(KERNEL_NAMES)}"
