"""The numbers a layer computes, against loops, the adjoint identity and PyTorch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.arithmetic import lay, size
from convviz.layers import Layer
from tests import oracles

SEEDS = st.integers(0, 10**6)
FORWARD = oracles.axes(transposed=False).filter(oracles.is_legal)
BACKWARD = oracles.axes(transposed=True, largest=5).filter(oracles.is_legal)


def grids(layer: Layer, seed: int) -> tuple[oracles.Grid, oracles.Grid]:
    return oracles.grid(layer.input, seed), oracles.grid(layer.kernel, seed + 1)


def without_sizes(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in ("input", "kernel")}


# Loops


@settings(max_examples=1500)
@given(FORWARD, FORWARD, SEEDS)
def test_a_convolution_pads_and_slides_without_a_flip(
    rows: tuple[int, ...], columns: tuple[int, ...], seed: int
) -> None:
    given = oracles.parameters(rows, columns)
    layer = Conv(**given)
    x, w = grids(layer, seed)
    assert layer(x, w).tolist() == oracles.conv(x, w, **without_sizes(given))


@settings(max_examples=1500)
@given(BACKWARD, BACKWARD, SEEDS)
def test_a_transposed_convolution_scatters_the_unflipped_kernel_and_crops(
    rows: tuple[int, ...], columns: tuple[int, ...], seed: int
) -> None:
    given = oracles.parameters(rows, columns)
    layer = ConvTranspose(**given)
    x, w = grids(layer, seed)
    assert layer(x, w).tolist() == oracles.transposed(x, w, **without_sizes(given))


@settings(max_examples=1000)
@given(FORWARD, FORWARD, SEEDS)
def test_the_transposed_convolution_is_the_adjoint(rows: tuple[int, ...], columns: tuple[int, ...], seed: int) -> None:
    """⟨Cx, y⟩ = ⟨x, Cᵀy⟩, with what the floor dropped as output padding."""
    given = oracles.parameters(rows, columns)
    conv = Conv(**given)
    rest = tuple(axis.left_over for axis in conv.axes)
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
    tracks = ConvTranspose((1, 3), (1, 2), stride=(1, 2), padding=0).tracks
    assert lay(tracks, np.array([[1, 2, 3]])).tolist() == [[0, 1, 0, 2, 0, 3, 0]]
    tracks = ConvTranspose((1, 3), (1, 1), stride=(1, 2), padding=(0, 2)).tracks
    assert lay(tracks, np.array([[1, 2, 3]])).tolist() == [[1, 0, 2, 0, 3]]


# PyTorch


TORCH = oracles.vectors("torch_values.json")["cases"]


def as_2d(case: dict[str, Any]) -> dict[str, Any]:
    """A 1-D case as one row."""
    if case["op"].endswith("2d"):
        return case
    lifted = {name: np.array(case[name])[:, :, None].tolist() for name in "xwy"}
    for name, along_rows in (("stride", 1), ("padding", 0), ("dilation", 1), ("output_padding", 0)):
        value = case[name]
        lifted[name] = value if isinstance(value, str) else [along_rows, *value]
    return {**case, **lifted}


def even_padding(case: dict[str, Any]) -> list[int] | None:
    """Padding per axis, `same` and `valid` in numbers; None where the two ends would differ."""
    kernel = np.array(case["w"]).shape[2:]
    if case["padding"] == "valid":
        return [0, 0]
    if case["padding"] != "same":
        return case["padding"]
    total = [(k - 1) * d for k, d in zip(kernel, case["dilation"], strict=True)]
    return None if any(rest % 2 for rest in total) else [rest // 2 for rest in total]


def expressible(case: dict[str, Any]) -> str:
    if case["padding_mode"] != "zeros":
        return "other padding mode"
    return "yes" if even_padding(case) is not None else "uneven padding"


def channel_by_channel(case: dict[str, Any], layer_of: Callable[[dict[str, Any]], Layer]) -> list[Any]:
    """y[n][o] = bias[o] + Σ over the input channels of o's group, one single-channel layer each."""
    x, w = np.array(case["x"]), np.array(case["w"])
    is_transposed, groups = case["op"].startswith("conv_transpose"), case["groups"]
    given = {"input": x.shape[2:], "kernel": w.shape[2:], "stride": case["stride"], "padding": even_padding(case)}
    layer = layer_of({**given, "dilation": case["dilation"], "output_padding": case["output_padding"]})
    outs = w.shape[1] * groups if is_transposed else w.shape[0]
    ins_of_group, outs_of_group = x.shape[1] // groups, outs // groups
    samples = []
    for sample in x:
        channels = []
        for out in range(outs):
            group = out // outs_of_group
            total = np.full(layer.output, case["b"][out] if "b" in case else 0)
            for ins in range(ins_of_group):
                source = group * ins_of_group + ins
                kernel = w[source, out % outs_of_group] if is_transposed else w[out, ins]
                total += layer(sample[source], kernel)
            channels.append(total.tolist())
        samples.append(channels)
    return samples


def conv_of(given: dict[str, Any]) -> Layer:
    assert not any(given.pop("output_padding"))
    return Conv(**{name: tuple(value) for name, value in given.items()})


def transposed_of(given: dict[str, Any]) -> Layer:
    return ConvTranspose(**{name: tuple(value) for name, value in given.items()})


@pytest.mark.parametrize("case", [case for case in TORCH if expressible(as_2d(case)) == "yes"], ids=lambda c: c["id"])
def test_values_are_those_of_pytorch(case: dict[str, Any]) -> None:
    lifted = as_2d(case)
    layer_of = transposed_of if case["op"].startswith("conv_transpose") else conv_of
    assert channel_by_channel(lifted, layer_of) == lifted["y"]


def test_101_of_120_pytorch_cases_can_be_said() -> None:
    seen = Counter((case["op"], expressible(as_2d(case))) for case in TORCH)
    assert len(TORCH) == 120
    assert seen == {
        ("conv1d", "yes"): 9,
        ("conv2d", "yes"): 42,
        ("conv_transpose1d", "yes"): 7,
        ("conv_transpose2d", "yes"): 43,
        ("conv1d", "other padding mode"): 2,
        ("conv2d", "other padding mode"): 12,
        ("conv1d", "uneven padding"): 1,
        ("conv2d", "uneven padding"): 4,
    }


# A published animation with numbers


@pytest.mark.parametrize("facts", oracles.vectors("conv_arithmetic.json")["numerical"].values())
def test_the_numbers_of_a_known_animation(facts: dict[str, Any]) -> None:
    config = facts["config"]
    p, n = config["padding"], config["input_size"]
    x = [row[p : p + n] for row in facts["padded_input"][p : p + n]]
    layer = Conv(n, config["kernel_size"], config["stride"], p, config["dilation"])
    assert lay(layer.tracks, np.array(x)).tolist() == facts["padded_input"]
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
    [([[1, 2, 3]], "1×3"), ([[1], [2]], "2×1"), ([[[1, 2], [3, 4]]], "1×2×2"), ([1, 2, 3, 4], "4")],
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
    with pytest.raises(GeometryError, match=r"change the input to 2×3$"):
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


@pytest.mark.parametrize(("shape", "text"), [((3, 4), "3×4"), ((1,), "1"), ((), "a single number")])
def test_shapes_in_words(shape: tuple[int, ...], text: str) -> None:
    assert size(shape) == text
