"""The numbers a layer computes, against loops, the adjoint identity and PyTorch."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.layers.arrays import shape_text
from convviz.layers.layer import Layer
from convviz.layers.ops import padded_input
from convviz.layers.pooling import AvgPool
from tests import oracles
from tests.profile import max_examples

SEEDS = st.integers(0, 10**6)
FORWARD = oracles.axes(transposed=False).filter(oracles.is_legal)
BACKWARD = oracles.axes(transposed=True, largest=5).filter(oracles.is_legal)


def grids(layer: Layer, seed: int) -> tuple[oracles.Grid, oracles.Grid]:
    return oracles.grid(layer.input, seed), oracles.grid(layer.kernel, seed + 1)


def without_sizes(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in ("input", "kernel")}


# Loops


@max_examples(700)
@given(FORWARD, FORWARD, SEEDS)
def test_a_convolution_pads_and_slides_without_a_flip(
    rows: tuple[int, ...], columns: tuple[int, ...], seed: int
) -> None:
    given = oracles.parameters(rows, columns)
    layer = Conv(**given)
    x, w = grids(layer, seed)
    assert layer(x, w).tolist() == oracles.conv(x, w, **without_sizes(given))


@max_examples(700)
@given(BACKWARD, BACKWARD, SEEDS)
def test_a_transposed_convolution_scatters_the_unflipped_kernel_and_crops(
    rows: tuple[int, ...], columns: tuple[int, ...], seed: int
) -> None:
    given = oracles.parameters(rows, columns)
    layer = ConvTranspose(**given)
    x, w = grids(layer, seed)
    assert layer(x, w).tolist() == oracles.transposed(x, w, **without_sizes(given))


@max_examples(600)
@given(FORWARD, FORWARD, SEEDS)
def test_the_transposed_convolution_is_the_adjoint(rows: tuple[int, ...], columns: tuple[int, ...], seed: int) -> None:
    """⟨Cx, y⟩ = ⟨x, Cᵀy⟩, with what the floor dropped as output padding."""
    given = oracles.parameters(rows, columns)
    conv = Conv(**given)
    rest = tuple(axis.remainder for axis in conv.axes)
    back = ConvTranspose(input=conv.output, kernel=conv.kernel, **without_sizes(given), output_padding=rest)
    x, w = grids(conv, seed)
    y = oracles.grid(conv.output, seed + 2)
    assert oracles.dot(conv(x, w).tolist(), y) == oracles.dot(x, back(y, w).tolist())


# Small examples, worked by hand


def test_the_kernel_of_a_convolution_lies_on_the_input_as_it_is() -> None:
    assert Conv(3, 2)([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 10], [100, 1000]]).tolist() == [
        [5421, 6532],
        [8754, 9865],
    ]


def test_a_single_one_stamps_the_kernel_as_it_is() -> None:
    layer = ConvTranspose((1, 1), (2, 3))
    assert layer([[1]], [[1, 2, 3], [4, 5, 6]]).tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_single_one_under_a_convolution_gives_the_kernel_turned() -> None:
    assert Conv(1, (2, 3), padding=(1, 2))([[1]], [[1, 2, 3], [4, 5, 6]]).tolist() == [[6, 5, 4], [3, 2, 1]]


@pytest.mark.parametrize(
    ("a", "end"),
    [(0, [40, 0]), (1, [40, 0, 5]), (2, [40, 0, 5, 50])],
)
def test_output_padding_gives_back_cropped_cells_before_it_appends_zeros(a: int, end: list[int]) -> None:
    layer = ConvTranspose((1, 5), (1, 2), stride=(1, 3), padding=(0, 2), output_padding=(0, a))
    row = layer([[1, 2, 3, 4, 5]], [[1, 10]]).tolist()[0]
    assert row == [0, 2, 20, 0, 3, 30, 0, 4, *end]


def test_output_padding_without_padding_appends_zeros_at_the_end() -> None:
    layer = ConvTranspose((2, 1), 1, stride=(3, 1), output_padding=(2, 0))
    assert layer([[7], [8]], [[1]]).tolist() == [[7], [0], [0], [8], [0], [0]]


def test_the_odd_row_and_column_stand_at_the_end() -> None:
    layer = ConvTranspose(2, 3, stride=2, padding=1, output_padding=1)
    assert layer([[1, 2], [3, 4]], [[1] * 3] * 3).tolist() == [[1, 3, 2, 2], [4, 10, 6, 6], [3, 7, 4, 4], [3, 7, 4, 4]]


def test_cells_that_nothing_reaches_are_zero() -> None:
    """Dilation 2, stride 2: every other cell stays empty, although the kernel is longer than the stride."""
    row = ConvTranspose((1, 3), (1, 3), stride=2, dilation=2)([[1, 2, 3]], [[1, 1, 1]]).tolist()[0]
    assert row == [1, 0, 3, 0, 6, 0, 5, 0, 3]


def test_the_line_shows_padding_inserted_zeros_and_cropped_data() -> None:
    tracks = ConvTranspose((1, 3), (1, 2), stride=(1, 2), padding=0).sliding_windows
    assert padded_input(tracks, np.array([[1, 2, 3]])).tolist() == [[0, 1, 0, 2, 0, 3, 0]]
    tracks = ConvTranspose((1, 3), (1, 1), stride=(1, 2), padding=(0, 2)).sliding_windows
    assert padded_input(tracks, np.array([[1, 2, 3]])).tolist() == [[1, 0, 2, 0, 3]]


# PyTorch


TORCH = oracles.vectors("torch_values.json")["cases"]


def torch_layer(case: dict[str, Any]) -> Layer:
    """The layer of a case, as PyTorch's parameters describe it; a name of a padding stays a name."""
    x, w, p = np.array(case["x"]), np.array(case["w"]), case["padding"]
    padding = p if isinstance(p, str) else tuple(p)
    given = {"input": x.shape[2:], "kernel": w.shape[2:], "stride": tuple(case["stride"]), "padding": padding}
    given["dilation"] = tuple(case["dilation"])
    if case["op"].startswith("conv_transpose"):
        return ConvTranspose(**given, output_padding=tuple(case["output_padding"]))
    assert not any(case["output_padding"])
    return Conv(**given, padding_mode=case["padding_mode"])


@pytest.mark.parametrize("case", TORCH, ids=lambda case: case["id"])
def test_values_are_those_of_pytorch(case: dict[str, Any]) -> None:
    y = torch_layer(case)(case["x"], case["w"], case.get("b"), case["groups"])
    assert y.dtype == np.int64
    assert y.tolist() == case["y"]


def test_all_120_pytorch_cases_are_there_and_differ_in_what_counts() -> None:
    assert len(TORCH) == len({case["id"] for case in TORCH}) == 120
    assert Counter(case["op"] for case in TORCH) == {
        "conv1d": 12,
        "conv2d": 58,
        "conv_transpose1d": 7,
        "conv_transpose2d": 43,
    }
    assert Counter(case["padding_mode"] for case in TORCH if case["padding_mode"] != "zeros") == {
        "reflect": 8,
        "circular": 5,
        "replicate": 1,
    }
    uneven = [case for case in TORCH if any(before != after for before, after in torch_layer(case).padding)]
    assert len(uneven) == 5
    assert sum(case["groups"] > 1 for case in TORCH) == 18
    assert sum("b" in case for case in TORCH) == 42


# A published animation with numbers


@pytest.mark.parametrize("facts", oracles.vectors("conv_arithmetic.json")["numerical"].values())
def test_the_numbers_of_a_known_animation(facts: dict[str, Any]) -> None:
    config = facts["config"]
    p, n = config["padding"], config["input_size"]
    x = [row[p : p + n] for row in facts["padded_input"][p : p + n]]
    layer = Conv(n, config["kernel_size"], config["stride"], p, config["dilation"])
    assert padded_input(layer.sliding_windows, np.array(x)).tolist() == facts["padded_input"]
    assert layer(x, facts["steps"][0]["kernel"]).tolist() == facts["output_1_decimal"]


# Numbers in and out


def test_whole_numbers_stay_whole_and_exact() -> None:
    y = Conv(1, 1)([[3_037_000_499]], [[3_037_000_499]])
    assert y.dtype == np.int64
    assert y.tolist() == [[3_037_000_499**2]]
    assert Conv(2, 2)(np.full((2, 2), 255, np.uint8), np.full((2, 2), 255, np.uint8)).tolist() == [[4 * 255**2]]
    assert Conv(2, 2)(np.full((2, 2), True), [[1, 1], [1, 1]]).tolist() == [[4]]


def test_decimal_numbers_stay_decimal() -> None:
    y = Conv(1, 1)([[0.5]], [[3]])
    assert y.dtype == np.float64
    assert y.tolist() == [[1.5]]


def test_the_given_arrays_are_left_alone() -> None:
    x, w = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
    before = x.copy(), w.copy()
    ConvTranspose(3, 2, stride=2, padding=1)(x, w)[:] = -1
    assert (x == before[0]).all()
    assert (w == before[1]).all()


@pytest.mark.parametrize(
    ("x", "given"),
    [([[1, 2, 3]], "1×3"), ([[1], [2]], "2×1"), ([[[1, 2, 3]]], "1×1×3"), ([1, 2, 3, 4], "4"), ([[]], "1×0")],
)
@pytest.mark.parametrize(("name", "place"), [("input", 0), ("kernel", 1)])
def test_values_of_the_wrong_shape_are_refused_with_both_shapes(x: Any, given: str, name: str, place: int) -> None:
    values: list[Any] = [[[1, 2], [3, 4]], [[1, 2], [3, 4]]]
    values[place] = x
    with pytest.raises(GeometryError, match=rf"^{name} values are {given}, but the {name} is 2×2; give 2×2 numbers"):
        Conv(2, 2)(*values)


def test_a_single_number_is_no_grid() -> None:
    with pytest.raises(GeometryError, match=r"^input values are a single number, but the input is 2×2"):
        Conv(2, 2)(3, [[1, 2], [3, 4]])


def test_the_way_out_of_a_wrong_shape_is_legal() -> None:
    x, w = [[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4]]
    with pytest.raises(GeometryError, match=r"^input values are 2×3, but the input is 2×2; .* or change the input$"):
        Conv(2, 2)(x, w)
    assert Conv((2, 3), 2)(x, w).shape == (1, 2)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        ([[1, 2], [3]], "input values are not a grid: every row needs the same number of values"),
        ([["a", "b"], ["c", "d"]], "input values are not numbers but <U1; give whole or decimal numbers"),
        ([["1", "2"], ["3", "4"]], "input values are not numbers but <U1; give whole or decimal numbers"),
        ([[1, None], [3, 4]], "input values are not numbers but object; give whole or decimal numbers"),
        ([[1j, 2], [3, 4]], "input values are not numbers but complex128; give whole or decimal numbers"),
        ([[float("nan"), 2], [3, 4]], "input values hold nan or infinity; give finite numbers"),
        ([[1, 2], [3, float("inf")]], "input values hold nan or infinity; give finite numbers"),
        ([[1, 2], [3, -float("inf")]], "input values hold nan or infinity; give finite numbers"),
    ],
)
def test_what_is_not_a_grid_of_finite_numbers_is_refused(x: Any, text: str) -> None:
    with pytest.raises(GeometryError) as caught:
        Conv(2, 2)(x, [[1, 2], [3, 4]])
    assert str(caught.value) == text
    with pytest.raises(ValueError, match=text.replace("input", "kernel")):
        Conv(2, 2)([[1, 2], [3, 4]], x)


# Where whole numbers end

LARGEST = 2**63 - 1


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("layer", "x", "w"),
    [
        (Conv((1,), 1), [2**62], [2]),
        (Conv((2,), 2), [2**62, 2**62], [1, 1]),
        (ConvTranspose((2,), 2), [2**62, 2**62], [1, 1]),
        (Conv((1,), 1), [3_037_000_500], [3_037_000_500]),
        (Conv((1,), 1), [[2**62], [2**62]], [[[1], [1]]]),
    ],
)
def test_sums_beyond_64_bits_are_refused(layer: Any, x: Any, w: Any, sign: int) -> None:
    with pytest.raises(GeometryError, match=r"^the sums leave the range of 64-bit whole numbers; use smaller or dec"):
        layer(x, (np.array(w) * sign).tolist())
    assert np.isfinite(layer(np.array(x, float), w)).all()


@max_examples(300)
@given(st.data())
def test_whole_numbers_are_exact_or_refused(data: Any) -> None:
    """Against Python's own whole numbers, also where gradients come together on one cell, and with a bias."""
    numbers = st.integers(-(2**62), 2**62) | st.sampled_from([2**62, -(2**62), LARGEST, 0, 1])
    x = data.draw(st.lists(numbers, min_size=3, max_size=3))
    w = data.draw(st.lists(st.integers(-2, 2), min_size=2, max_size=2))
    bias = data.draw(numbers)
    exact = [x[n] * w[0] + x[n + 1] * w[1] + bias for n in range(2)]
    if max(map(abs, x)) * (abs(w[0]) + abs(w[1])) + abs(bias) < 2**63 - 2**12:
        assert Conv((3,), 2)(x, w, bias).tolist() == exact
    if max(map(abs, exact)) > LARGEST + 1:
        with pytest.raises(GeometryError, match="64-bit whole numbers"):
            Conv((3,), 2)(x, w, bias)


@pytest.mark.parametrize("mode", ["replicate", "circular"])
def test_gradients_beyond_64_bits_are_refused(mode: str) -> None:
    layer = Conv((1,), 1, padding=1, padding_mode=mode)
    assert layer.gradient_input([2**60] * 3, [1]).tolist() == [3 * 2**60]
    with pytest.raises(GeometryError, match="64-bit whole numbers"):
        layer.gradient_input([2**62] * 3, [1])


def test_output_channels_do_not_add_up_before_they_are_refused() -> None:
    y = Conv((1,), 1)([[2**62]], np.ones((5, 1, 1), int))
    assert y.tolist() == [[2**62]] * 5


@pytest.mark.parametrize("bias", [None, 1e308])
def test_sums_that_overflow_decimal_numbers_are_refused(bias: float | None) -> None:
    with pytest.raises(GeometryError, match="sums are too large for decimal numbers; use smaller ones"):
        Conv((2,), 2)([1.5e308, 1.5e308 if bias is None else 0], [1.0, 1.0], bias)


def test_gradients_and_means_that_overflow_decimal_numbers_are_refused() -> None:
    with pytest.raises(GeometryError, match="sums are too large for decimal numbers; use smaller ones"):
        Conv((3,), 2).gradient_input([1.5e308, 1.5e308], [1.0, 1.0])
    with pytest.raises(GeometryError, match="sums are too large for decimal numbers; use smaller ones"):
        AvgPool((2,), 2)([1.5e308, 1.5e308])


def test_a_layer_too_large_for_memory_is_refused() -> None:
    with pytest.raises(GeometryError, match="padded, zero-inserted input of 1000001 cells is too large to compute"):
        ConvTranspose((2,), 1, stride=1_000_000, padding=0)([[1, 2]] * 101, np.ones((101, 1, 1)))


@pytest.mark.parametrize(("shape", "text"), [((3, 4), "3×4"), ((1,), "1"), ((), "a single number")])
def test_shapes_in_words(shape: tuple[int, ...], text: str) -> None:
    assert shape_text(shape) == text
