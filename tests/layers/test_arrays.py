"""Values at the door: shapes, batches and what is no number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convviz import Conv, ConvTranspose, GeometryError
from convviz.layers.arrays import array_of_shape, as_array, as_batch, check_exact, checked_bias, grouped_weights

LINE, GRID = Conv((3,), 2).sliding_windows, Conv((3, 4), 2).sliding_windows


@pytest.mark.parametrize(
    ("shape", "leading", "full"),
    [((3, 4), 0, (1, 1, 3, 4)), ((5, 3, 4), 1, (1, 5, 3, 4)), ((2, 5, 3, 4), 2, (2, 5, 3, 4))],
)
def test_channels_and_batch_may_stand_in_front(shape: tuple[int, ...], leading: int, full: tuple[int, ...]) -> None:
    x = np.arange(np.prod(shape)).reshape(shape)
    batch = as_batch(GRID, x)
    assert batch.leading == leading
    assert batch.bare is (leading == 0)
    assert batch.values.shape == full
    assert batch.restored(batch.values).tolist() == x.tolist()


@pytest.mark.parametrize("shape", [(4, 3), (3,), (), (1, 1, 1, 3, 4), (3, 4, 1), (0, 3, 4), (2, 0, 3, 4), (2, 4, 3)])
def test_other_shapes_are_refused_with_both(shape: tuple[int, ...]) -> None:
    shown = "×".join(map(str, shape)) or "a single number"
    with pytest.raises(GeometryError) as caught:
        as_batch(GRID, np.ones(shape))
    assert str(caught.value) == (
        f"input values are {shown}, but the input is 3×4; give 3×4 numbers (channels and batch may stand in front) "
        "or change the input"
    )


def test_weights_become_groups_of_output_and_input_channels() -> None:
    w = np.arange(4 * 3 * 2).reshape(4, 3, 2)
    split = grouped_weights(LINE, w, 6, 2, bare=False)
    assert split.shape == (2, 2, 3, 2)
    assert split.tolist() == w.reshape(2, 2, 3, 2).tolist()
    back = grouped_weights(ConvTranspose((3,), 2).sliding_windows, w, 4, 2, bare=False)
    assert back.shape == (2, 3, 2, 2)
    for c, out in ((0, 0), (1, 2), (3, 1)):
        assert back[c // 2, out, c % 2].tolist() == w[c, out].tolist()
    assert grouped_weights(LINE, w[0, 0], 1, 1, bare=True).tolist() == [[[w[0, 0].tolist()]]]


@pytest.mark.parametrize(
    ("given", "dtype"),
    [
        ([1, 2], np.int64),
        ([True, False], np.int64),
        (np.array([1, 2], np.uint8), np.int64),
        (np.array([1, 2], np.uint64), np.int64),
        ([1.5, 2], np.float64),
        (np.array([1, 2], np.float32), np.float32),
        (np.array([1, 2], np.float16), np.float32),
    ],
)
def test_numbers_become_whole_or_decimal_ones(given: Any, dtype: Any) -> None:
    assert as_array("input", given).dtype == dtype
    assert as_array("input", given).tolist() == np.asarray(given).astype(dtype).tolist()


@pytest.mark.parametrize("given", [np.array([2**63], np.uint64), [2**63], [2**70, 1], [-(2**63) - 1]])
def test_whole_numbers_beyond_64_bits_are_refused(given: Any) -> None:
    with pytest.raises(GeometryError) as caught:
        as_array("kernel", given)
    assert str(caught.value) == "kernel values hold a whole number beyond 64 bits; use smaller or decimal numbers"


def test_the_largest_whole_numbers_are_taken() -> None:
    assert as_array("input", np.array([2**63 - 1], np.uint64)).tolist() == [2**63 - 1]
    assert as_array("input", [-(2**63), 2**63 - 1]).tolist() == [-(2**63), 2**63 - 1]


def test_values_of_an_exact_shape() -> None:
    assert array_of_shape("output", [[1, 2]], (1, 2)).tolist() == [[1, 2]]
    with pytest.raises(GeometryError, match=r"^output values are 1×2, but the output is 2; give that many$"):
        array_of_shape("output", [[1, 2]], (2,))


def test_a_bias_is_one_number_for_each_channel() -> None:
    assert checked_bias(5, 1).tolist() == [5]
    assert checked_bias([5, 6], 2).tolist() == [5, 6]


@pytest.mark.parametrize(("x", "w"), [([2**62], [1, 0]), ([-(2**62)], [-1]), ([0], [2**62, 2**62]), ([2.0**80], [1])])
def test_sums_below_64_bits_and_decimal_ones_pass(x: Any, w: Any) -> None:
    check_exact(np.array(x), np.array([w]))


@pytest.mark.parametrize(("x", "w"), [([2**62, 0], [1, 1]), ([-(2**62)], [2]), ([1], [2**62, -(2**62)])])
def test_sums_that_may_reach_64_bits_are_refused(x: Any, w: Any) -> None:
    with pytest.raises(GeometryError, match=r"^the sums leave the range of 64-bit whole numbers"):
        check_exact(np.array(x), np.array([w]))
