"""Gradients of the input, the kernel and the bias: against loops, PyTorch's autograd and finite differences."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import AvgPool, Conv, ConvTranspose, GeometryError, MaxPool
from convviz.layers.convolution import ConvLayer
from tests import oracles
from tests.layers.test_transpose import SEEDS, layers, random
from tests.profile import max_examples

CASES = oracles.vectors("torch_gradients.json")["layers"]
KINDS = {"conv": Conv, "transposed": ConvTranspose, "maxpool": MaxPool, "avgpool": AvgPool}


def forward(layer: ConvLayer, x: np.ndarray, w: np.ndarray, groups: int) -> np.ndarray:
    """The output by loops that know nothing of convviz."""
    given: dict[str, Any] = {"stride": layer.stride, "padding": layer.padding, "dilation": layer.dilation}
    if isinstance(layer, ConvTranspose):
        return oracles.stamped(x, w, **given, output_padding=layer.output_padding, groups=groups)
    return oracles.gathered(x, w, **given, mode=layer.padding_mode, groups=groups)


def units(shape: tuple[int, ...]) -> Any:
    """Every array of a shape that is 1 in one cell, with its cell."""
    for cell in product(*map(range, shape)):
        unit = np.zeros(shape, int)
        unit[cell] = 1
        yield cell, unit


@st.composite
def channels(draw: Any) -> tuple[int, int, int, int]:
    """Inputs in the batch, groups, input and output channels of a group."""
    return draw(st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 2), st.integers(1, 2)))


@max_examples(120)
@given(layers(), channels(), SEEDS)
def test_each_gradient_is_what_the_loss_changes_by(layer: ConvLayer, sizes: tuple[int, ...], seed: int) -> None:
    """The loss Σ dy·y is linear in x and in w: what a 1 in one cell adds to it is the derivative."""
    count, groups, ins, outs = sizes
    shape = (groups * ins, outs) if isinstance(layer, ConvTranspose) else (groups * outs, ins)
    x, w = random((count, groups * ins, *layer.input), seed), random((*shape, *layer.kernel), seed + 1)
    dy = random((count, groups * outs, *layer.output), seed + 2)
    dx, dw = layer.gradient_input(dy, w, groups), layer.gradient_weight(x, dy, groups)
    assert dx.shape == x.shape
    assert dw.shape == w.shape
    assert {dx.dtype, dw.dtype} == {np.dtype(np.int64)}
    cell, unit = list(units(x.shape))[seed % x.size]
    assert dx[cell] == (dy * forward(layer, unit, w, groups)).sum()
    for cell, unit in units(w.shape):
        assert dw[cell] == (dy * forward(layer, x, unit, groups)).sum()
    loss = (dy * forward(layer, x, w, groups)).sum()
    assert (x * dx).sum() == (w * dw).sum() == loss
    assert layer.gradient_bias(dy).tolist() == [dy[:, channel].sum() for channel in range(groups * outs)]


@max_examples(60)
@given(layers(), SEEDS)
def test_without_channels_the_numbers_are_those_of_one(layer: ConvLayer, seed: int) -> None:
    x, w, dy = random(layer.input, seed), random(layer.kernel, seed + 1), random(layer.output, seed + 2)
    assert layer.gradient_weight(x, dy).tolist() == layer.gradient_weight(x[None], dy[None])[0, 0].tolist()
    assert layer.gradient_input(dy, w).tolist() == layer.gradient_input(dy[None], w[None, None])[0].tolist()
    assert layer.gradient_weight(x, dy).shape == layer.kernel
    assert layer.gradient_bias(dy).tolist() == [dy.sum()]


@max_examples(60)
@given(layers(modes=("zeros",)), SEEDS)
def test_the_gradient_of_a_kernel_is_that_of_the_transpose_with_the_roles_exchanged(layer: Any, seed: int) -> None:
    if any(a >= s for a, s in zip(layer.output_padding, layer.stride, strict=True)):
        return
    x, dy = random(layer.input, seed), random(layer.output, seed + 1)
    assert layer.gradient_weight(x, dy).tolist() == layer.transpose().gradient_weight(dy, x).tolist()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']} {case['arguments']}")
def test_the_gradients_are_those_of_pytorch(case: dict[str, Any]) -> None:
    layer = KINDS[case["kind"]](**{name: _tuples(value) for name, value in case["arguments"].items()})
    x, dy = np.array(case["x"]), np.array(case["dy"])
    if case["kind"] == "maxpool":
        assert layer.gradient_input(dy, x).tolist() == case["dx"]
    elif case["kind"] == "avgpool":
        np.testing.assert_allclose(layer.gradient_input(dy), case["dx"], rtol=1e-12, atol=1e-12)
    else:
        groups = case["groups"]
        assert layer.gradient_input(dy, case["w"], groups).tolist() == case["dx"]
        assert layer.gradient_weight(x, dy, groups).tolist() == case["dw"]
        assert layer.gradient_bias(dy).tolist() == case["db"]


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


@max_examples(80)
@given(oracles.axes(transposed=False, largest=6), SEEDS, st.booleans(), st.booleans(), st.booleans())
def test_finite_differences_of_poolings(axis: Any, seed: int, mean: bool, ceil: bool, include: bool) -> None:
    """(L(x + h) − L(x − h))/2h is exact: between ties both poolings are linear."""
    i, k, s, p = axis[:4]
    try:
        layer: Any = (
            AvgPool((i,), k, s, p, ceil_mode=ceil, count_include_pad=include)
            if mean
            else MaxPool((i,), k, s, p, ceil_mode=ceil)
        )
    except GeometryError:
        return
    x, dy = np.random.default_rng(seed).permutation(i).astype(float), random(layer.output, seed).astype(float)
    found = layer.gradient_input(dy) if mean else layer.gradient_input(dy, x)
    for cell in range(i):
        step = np.zeros(i)
        step[cell] = 0.25
        higher, lower = (np.where(np.isfinite(y), y, 0) for y in (layer(x + step), layer(x - step)))
        assert found[cell] == pytest.approx((dy * (higher - lower)).sum() / 0.5)


def test_of_equal_maxima_the_first_receives_the_gradient() -> None:
    assert MaxPool((2, 2), 2).gradient_input([[5]], np.ones((2, 2))).tolist() == [[5, 0], [0, 0]]
    assert MaxPool((3,), 2, 1).gradient_input([5, 7], [1, 4, 1]).tolist() == [0, 12, 0]


def test_padding_receives_a_share_that_is_dropped() -> None:
    assert AvgPool((2,), 2, 2, 1).gradient_input([2, 2]).tolist() == [1, 1]
    assert AvgPool((2,), 2, 2, 1, count_include_pad=False).gradient_input([2, 2]).tolist() == [2, 2]
    assert Conv((2,), 3, padding=1).gradient_input([1, 1], [1, 1, 1]).tolist() == [2, 2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Conv(3, 2).gradient_weight(np.ones((3, 3)), np.ones((3, 3))), "dL/dy values are 3×3, but the output"),
        (lambda: Conv(3, 2).gradient_weight(np.ones((2, 2)), np.ones((2, 2))), "input values are 2×2, but the input"),
        (lambda: Conv(3, 2).gradient_weight(np.ones((1, 3, 3)), np.ones((2, 2))), "input values are 1×3×3 and dL/dy"),
        (lambda: Conv(3, 2).gradient_bias(np.ones(4)), "dL/dy values are 4, but the output is 2×2; give 2×2 numbers"),
        (lambda: Conv(3, 2).gradient_input(np.ones((2, 2, 2)), np.ones((3, 1, 2, 2))), "dL/dy values have 2 channels"),
        (
            lambda: Conv(3, 2).gradient_weight(np.ones((2, 3, 3)), np.ones((3, 2, 2)), 2),
            "2 input and 3 output channels do not fall into 2 groups",
        ),
        (lambda: Conv(3, 2).gradient_weight(np.ones((3, 3)), np.ones((2, 2)), 0), "1 input and 1 output channels do"),
        (lambda: MaxPool(4, 2).gradient_input(np.ones((2, 2)), np.ones((1, 4, 4))), "input values are 1×4×4 and"),
        (lambda: AvgPool(4, 2).gradient_input(np.ones((3, 2))), "dL/dy values are 3×2, but the output is 2×2"),
        (lambda: Conv((3,), 2).gradient_bias([2**62, 2**62]), "the sums leave the range of 64-bit whole numbers"),
        (lambda: Conv((3,), 2).gradient_weight([2**62] * 3, [1, 1]), "the sums leave the range of 64-bit whole"),
    ],
)
def test_wrong_shapes_and_sums_are_refused(call: Any, message: str) -> None:
    with pytest.raises(GeometryError) as caught:
        call()
    assert str(caught.value).startswith(message)
