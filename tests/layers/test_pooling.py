"""Max and average pooling, against PyTorch and loops."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from convviz import Conv, GeometryError
from convviz.geometry.axis import PoolAxis
from convviz.layers.ops import pool_values
from convviz.layers.pooling import AvgPool, MaxPool
from tests import oracles
from tests.profile import max_examples

POOLS = oracles.vectors("torch_pools.json")
BOTH = pytest.mark.parametrize("kind", [MaxPool, AvgPool])

Axis = tuple[int, int, int, oracles.Pair, int]


@st.composite
def axes(draw: Any) -> Axis:
    """i, k, s, (p, p′), d with paddings up to half of the kernel; the window may not fit."""
    i, k, s, d = draw(st.tuples(st.integers(1, 7), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3)))
    return i, k, s, draw(st.tuples(st.integers(0, k // 2), st.integers(0, k // 2))), d


def line(axis: Axis, ceil: bool) -> MaxPool:
    i, k, s, p, d = axis
    return MaxPool((i,), k, s, p[0] if p[0] == p[1] else (p,), d, ceil)


# PyTorch


@pytest.mark.parametrize("case", POOLS["cases"], ids=lambda case: case["id"])
def test_values_are_those_of_pytorch(case: dict[str, Any]) -> None:
    x = np.array(case["x"])
    given = {name: tuple(case[name]) for name in ("kernel", "stride", "padding")}
    if case["op"].startswith("max"):
        layer: Any = MaxPool(x.shape[2:], **given, dilation=tuple(case["dilation"]), ceil_mode=case["ceil_mode"])
        assert layer(x).tolist() == case["y"]
    else:
        include = case["count_include_pad"]
        layer = AvgPool(x.shape[2:], **given, ceil_mode=case["ceil_mode"], count_include_pad=include)
        assert np.allclose(layer(x), case["y"], rtol=1e-12, atol=0)
    assert layer.output == np.array(case["y"]).shape[2:]


def test_sizes_and_refusals_are_those_of_pytorch() -> None:
    seen: Counter[int] = Counter()
    reasons = {1: "is too large for pooling with kernel", 2: "does not fit"}
    for i, k, s, p, d, ceil, size, reason in POOLS["sizes"]:
        if reason:
            with pytest.raises(GeometryError, match=reasons[reason]):
                line((i, k, s, (p, p), d), bool(ceil))
        else:
            assert line((i, k, s, (p, p), d), bool(ceil)).output == (size,)
        seen[reason] += 1
    assert seen == {0: 400, 1: 150, 2: 150}


# Loops


@max_examples(700)
@given(axes(), st.booleans())
@example((1, 5, 4, (0, 0), 1), True)
@example((4, 1, 3, (0, 0), 1), True)
@example((3, 3, 2, (1, 0), 1), True)
def test_the_windows_stand_where_brute_force_stands(axis: Axis, ceil: bool) -> None:
    i, k, s, p, d = axis
    starts = oracles.pool_starts(*axis, ceil)
    if not starts:
        with pytest.raises(GeometryError, match="does not fit"):
            line(axis, ceil)
        return
    layer = line(axis, ceil)
    [pool], [track] = layer.axes, layer.sliding_windows
    assert [track.taps(n) for n in range(track.outputs)] == [tuple(n + tap * d for tap in range(k)) for n in starts]
    assert track.overhang == max(starts[-1] + d * (k - 1) + 1 - sum(p) - i, 0)
    assert [cell.kind for cell in track.cells] == ["padding"] * p[0] + ["input"] * i + ["padding"] * (
        p[1] + track.overhang
    )
    assert isinstance(pool, PoolAxis)
    one_more = starts[-1] + s
    behind = starts[-1] + d * (k - 1) + 1 < sum(p) + i
    assert pool.dropped is (ceil and behind and one_more >= p[0] + i)
    assert pool.remainder == max(sum(p) + i - starts[-1] - d * (k - 1) - 1, 0)


@st.composite
def pools(draw: Any) -> tuple[list[Axis], bool]:
    ceil = draw(st.booleans())
    return draw(st.lists(axes().filter(lambda a: oracles.pool_starts(*a, ceil)), min_size=1, max_size=2)), ceil


@max_examples(300)
@given(pools(), st.integers(0, 999))
def test_the_maximum_is_that_of_the_input_cells_under_the_window(case: tuple[list[Axis], bool], seed: int) -> None:
    columns, ceil = list(zip(*case[0], strict=True)), case[1]
    layer = MaxPool(*columns, ceil_mode=ceil)
    x = np.random.default_rng(seed).integers(-99, 0, columns[0])
    expected = oracles.pooled(x, *columns[1:], ceil=ceil, mean=False)
    assert layer(x).tolist() == expected.tolist()
    assert layer(x).dtype == (np.int64 if np.isfinite(expected).all() else np.float64)


@max_examples(300)
@given(pools(), st.booleans(), st.integers(0, 999))
def test_the_mean_divides_by_the_cells_that_count(case: tuple[list[Axis], bool], include: bool, seed: int) -> None:
    undilated = [(*axis[:4], 1) for axis in case[0]]
    if not all(oracles.pool_starts(*axis, case[1]) for axis in undilated):
        return
    columns = list(zip(*undilated, strict=True))
    layer = AvgPool(*columns[:4], ceil_mode=case[1], count_include_pad=include)
    x = np.random.default_rng(seed).integers(-9, 10, columns[0])
    expected = oracles.pooled(x, *columns[1:], ceil=case[1], mean=True, include=include)
    assert np.allclose(layer(x), expected, rtol=1e-12, atol=1e-12)


# Worked by hand


def test_padding_never_wins_and_only_counts_where_it_is_included() -> None:
    x = [-4, -2, -6, -8]
    assert MaxPool((4,), 3, 1, 1)(x).tolist() == [-2, -2, -2, -6]
    assert AvgPool((4,), 3, 1, 1)(x).tolist() == [-2, -4, -16 / 3, -14 / 3]
    assert AvgPool((4,), 3, 1, 1, count_include_pad=False)(x).tolist() == [-3, -4, -16 / 3, -7]


def test_ceil_mode_adds_a_window_that_hangs_over_and_drops_one_that_starts_in_the_padding() -> None:
    x = [1, 2, 3, 4, 5]
    assert MaxPool((5,), 2)(x).tolist() == [2, 4]
    assert MaxPool((5,), 2, ceil_mode=True)(x).tolist() == [2, 4, 5]
    assert AvgPool((5,), 2, ceil_mode=True)(x).tolist() == [1.5, 3.5, 5]
    dropped = MaxPool((2,), 1, 2, ceil_mode=True)
    assert dropped([1, 2]).tolist() == [1]
    assert dropped.axes[0].dropped  # type: ignore[attr-defined]


def test_cells_that_hang_over_do_not_count_but_padding_does() -> None:
    """i = 4, p = 1, k = 3, s = 3: the second window reads 3, 4 and one padding cell; with i = 3 it hangs over."""
    assert AvgPool((4,), 3, 3, 1, ceil_mode=True)([3, 3, 3, 6]).tolist() == [2, 3]
    assert AvgPool((3,), 3, 3, 1, ceil_mode=True)([3, 3, 6]).tolist() == [2, 3]
    assert AvgPool((3,), 3, 3, 1, ceil_mode=True, count_include_pad=False)([3, 3, 6]).tolist() == [3, 6]


def test_a_window_over_padding_alone_has_no_maximum() -> None:
    assert MaxPool((1,), 2, 1, 1, 2)([7]).tolist() == [-np.inf]


def test_the_stride_is_the_kernel_unless_it_is_given() -> None:
    assert MaxPool((9, 9), (2, 3)).stride == AvgPool((9, 9), (2, 3)).stride == (2, 3)
    assert MaxPool(9, 3, 1).stride == (1, 1)


@BOTH
def test_channels_and_batch_stand_in_front(kind: type[MaxPool]) -> None:
    x = np.random.default_rng(1).integers(-9, 10, (2, 3, 5, 6))
    layer = kind(x.shape[2:], 2, 1, 1)
    y = layer(x)
    assert y.shape == (2, 3, *layer.output)
    assert (layer(x[0]) == y[0]).all()
    assert (layer(x[1, 2]) == y[1, 2]).all()


@pytest.mark.parametrize("name", ["same", "same_lower", "valid"])
def test_padding_by_name(name: str) -> None:
    layer = MaxPool((5, 6), 3, 2, name)
    assert layer.padding == Conv((5, 6), 3, 2, name).padding
    assert layer.named_padding == name


def test_the_mean_over_padding_by_name_is_that_of_keras() -> None:
    """Keras leaves padding out of the mean."""
    assert AvgPool((4,), 3, 2, "same", count_include_pad=False)([1, 2, 3, 6]).tolist() == [2, 4.5]


def test_the_numbers_of_a_picture_are_those_of_one_channel() -> None:
    x = np.arange(32).reshape(2, 4, 4)
    layer = MaxPool(4, 2)
    numbers = pool_values(layer.sliding_windows, x, 1, mean=False, include_padding=True)
    assert numbers.w is None
    assert numbers.bias is None
    assert numbers.x.tolist() == [x[1].tolist()]
    assert numbers.y.tolist() == numbers.parts[0].tolist() == layer(x)[1].tolist()
    assert numbers.channels is not None
    assert (numbers.channels.inputs, numbers.channels.all_inputs) == ((1,), 2)
    assert (numbers.channels.output, numbers.channels.all_outputs) == (1, 2)
    assert pool_values(layer.sliding_windows, x[0], mean=True, include_padding=True).channels is None
    with pytest.raises(GeometryError, match=r"^output channel 2 does not exist: there are 2, counted from 0$"):
        pool_values(layer.sliding_windows, x, 2, mean=False, include_padding=True)


# Refusals


@BOTH
def test_padding_beyond_half_of_the_kernel_is_refused(kind: type[MaxPool]) -> None:
    text = "padding 2 is too large for pooling with kernel 3: at most half of it; use p ≤ 1 or k ≥ 4"
    with pytest.raises(GeometryError, match=f"^{re.escape(text)}$"):
        kind((5,), 3, 1, 2)
    assert kind((5,), 3, 1, 1).output == (5,)
    assert kind((5,), 4, 1, 2).output == (6,)


@pytest.mark.parametrize("kind", [MaxPool, AvgPool])
def test_padding_per_side_may_reach_as_far_as_in_onnx(kind: type[MaxPool]) -> None:
    """ONNX's pads are given per side, and its node cases have pads of 2 for a kernel of 3."""
    assert kind((5,), 3, 1, ((0, 2),)).output == (5,)
    assert kind(5, 3, 1, ((2, 2), (2, 2))).output == (7, 7)
    with pytest.raises(
        GeometryError, match=r"^padding 3 is too large for pooling: a window over 3 cells .+; use p ≤ 2$"
    ):
        kind((5,), 3, 1, ((0, 3),))


@max_examples(300)
@given(axes(), st.booleans())
@example((1, 3, 1, (0, 0), 3), False)
@example((1, 4, 1, (2, 2), 3), False)
def test_every_way_out_that_an_error_names_is_legal(axis: Axis, ceil: bool) -> None:
    if oracles.pool_starts(*axis, ceil):
        return
    with pytest.raises(GeometryError, match="does not fit") as caught:
        line(axis, ceil)
    offered = re.findall(r"([ikpd]) [≤≥] (\d+)", str(caught.value).split("; use ")[1])
    assert offered
    for symbol, limit in offered:
        i, k, s, p, d = axis
        value = int(limit)
        changed = {
            "i": (value, k, s, p, d),
            "k": (i, value, s, p, d),
            "p": (i, k, s, (value, value), d),
            "d": (i, k, s, p, value),
        }[symbol]
        assert line(changed, ceil).output[0] >= 1, str(caught.value)


@BOTH
def test_the_input_must_have_the_right_shape(kind: type[MaxPool]) -> None:
    with pytest.raises(GeometryError, match=r"^input values are 3×4, but the input is 4×4"):
        kind(4, 2)(np.ones((3, 4)))
    with pytest.raises(GeometryError, match=r"^input values are not numbers"):
        kind(4, 2)([["a"] * 4] * 4)


def test_poolings_have_no_weights_and_no_transpose() -> None:
    for name in ("matrix", "transpose", "gradient_weight", "gradient_bias"):
        assert not hasattr(MaxPool(4, 2), name)
