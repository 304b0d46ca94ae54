"""Channels, groups, batch and bias: sums of single-channel results, loops, and the numbers of a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import Conv, ConvTranspose, GeometryError
from convviz.layers.convolution import ConvLayer
from convviz.layers.ops import conv_values
from tests import oracles
from tests.profile import max_examples

SEEDS = st.integers(0, 10**6)
KINDS = pytest.mark.parametrize("kind", [Conv, ConvTranspose])


@st.composite
def cases(draw: Any) -> dict[str, Any]:
    """A layer of one or two axes with values: batch, groups, channels, and a bias or none."""
    kind = draw(st.sampled_from([Conv, ConvTranspose]))
    legal = oracles.axes(transposed=kind is ConvTranspose, largest=4).filter(oracles.is_legal)
    axes = draw(st.lists(legal, min_size=1, max_size=2))
    columns = [tuple(column) for column in zip(*axes, strict=True)]
    layer = kind(**dict(zip(oracles.AXIS, columns, strict=False)))
    groups, ins, outs, batch = (draw(st.integers(1, 2)) for _ in range(4))
    random = np.random.default_rng(draw(SEEDS))
    leading = (groups * ins, outs) if kind is ConvTranspose else (groups * outs, ins)
    return {
        "layer": layer,
        "x": random.integers(-9, 10, (batch, groups * ins, *layer.input)),
        "w": random.integers(-9, 10, (*leading, *layer.kernel)),
        "bias": random.integers(-9, 10, groups * outs).tolist() if draw(st.booleans()) else None,
        "groups": groups,
    }


def by_loops(layer: ConvLayer, x: np.ndarray, w: np.ndarray, bias: list[int] | None, groups: int) -> np.ndarray:
    given: dict[str, Any] = {"stride": layer.stride, "padding": layer.padding, "dilation": layer.dilation}
    if isinstance(layer, ConvTranspose):
        given["output_padding"] = layer.output_padding
        return oracles.stamped(x, w, **given, groups=groups, bias=bias)
    return oracles.gathered(x, w, **given, groups=groups, bias=bias)


def weights_between(case: dict[str, Any], out: int) -> dict[int, np.ndarray]:
    """For each input channel that feeds output channel `out`, the kernel between the two."""
    w, groups, layer = case["w"], case["groups"], case["layer"]
    ins = case["x"].shape[1] // groups
    if isinstance(layer, ConvTranspose):
        group = out // w.shape[1]
        return {c: w[c, out % w.shape[1]] for c in range(group * ins, (group + 1) * ins)}
    group = out // (len(w) // groups)
    return {group * ins + c: w[out, c] for c in range(ins)}


@max_examples(200)
@given(cases())
def test_batch_groups_channels_and_bias_are_those_of_the_loops(case: dict[str, Any]) -> None:
    expected = by_loops(**case)
    layer, x, w = case["layer"], case["x"], case["w"]
    y = layer(x, w, case["bias"], case["groups"])
    assert y.dtype == np.int64
    assert y.tolist() == expected.tolist()
    assert layer(x[0], w, case["bias"], case["groups"]).tolist() == expected[0].tolist()


@max_examples(200)
@given(cases())
def test_an_output_channel_is_the_sum_over_its_input_channels_and_its_bias(case: dict[str, Any]) -> None:
    layer, x = case["layer"], case["x"]
    y = layer(x, case["w"], case["bias"], case["groups"])
    for out in range(y.shape[1]):
        parts = [layer(x[0, c], kernel) for c, kernel in weights_between(case, out).items()]
        assert (y[0, out] == sum(parts) + (case["bias"][out] if case["bias"] else 0)).all()


@max_examples(200)
@given(cases())
def test_the_numbers_of_a_picture_add_up(case: dict[str, Any]) -> None:
    layer, x, outs = case["layer"], case["x"][0], case["w"].shape[0]
    outs = case["w"].shape[1] * case["groups"] if isinstance(layer, ConvTranspose) else case["w"].shape[0]
    y = layer(x, case["w"], case["bias"], case["groups"])
    for out in range(outs):
        found = conv_values(layer.sliding_windows, x, case["w"], case["bias"], case["groups"], out)
        fed = weights_between(case, out)
        assert found.channels is not None
        assert found.channels.inputs == tuple(fed)
        assert (found.channels.all_inputs, found.channels.output, found.channels.all_outputs) == (len(x), out, outs)
        assert found.x.tolist() == x[list(fed)].tolist()
        assert found.w is not None
        assert found.w.tolist() == [kernel.tolist() for kernel in fed.values()]
        assert found.parts.tolist() == [layer(x[c], kernel).tolist() for c, kernel in fed.items()]
        assert found.bias == (case["bias"][out] if case["bias"] else None)
        assert found.y.tolist() == (found.parts.sum(axis=0) + (found.bias or 0)).tolist() == y[out].tolist()


@KINDS
def test_without_channels_the_numbers_have_a_single_one_that_is_not_spoken_of(kind: type[ConvLayer]) -> None:
    layer = kind(3, 2)
    x, w = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
    found = conv_values(layer.sliding_windows, x, w, bias=5)
    assert found.channels is None
    assert (found.x.shape, found.parts.shape) == ((1, 3, 3), (1, *layer.output))
    assert found.w is not None
    assert found.w.tolist() == [w.tolist()]
    assert found.y.tolist() == layer(x, w, 5).tolist() == (layer(x, w) + 5).tolist()


def test_a_bias_is_added_everywhere_in_holes_and_appended_cells_too() -> None:
    layer = ConvTranspose((2,), 1, 3, output_padding=2)
    assert layer([1, 2], [1], 7).tolist() == [8, 7, 7, 9, 7, 7]
    assert layer([1, 2], [1], [7]).tolist() == [8, 7, 7, 9, 7, 7]


def test_a_depthwise_convolution_has_a_group_for_every_channel() -> None:
    x, w = np.array([[1, 2, 3], [4, 5, 6]]), np.array([[[1, 1]], [[1, -1]]])
    assert Conv((3,), 2)(x, w, groups=2).tolist() == [[3, 5], [-1, -1]]
    assert ConvTranspose((3,), 2)(x, w, groups=2).tolist() == [[1, 3, 5, 3], [4, 1, 1, -6]]


def test_the_two_kinds_order_their_weights_differently() -> None:
    """(C_out, C_in/groups, …) and (C_in, C_out/groups, …), as in PyTorch."""
    x = np.ones((2, 1), int)
    w = np.array([[[1], [10]], [[100], [1000]]])
    assert Conv((1,), 1)(x, w).tolist() == [[11], [1100]]
    assert ConvTranspose((1,), 1)(x, w).tolist() == [[101], [1010]]


# Refusals


@pytest.mark.parametrize(
    ("layer", "x", "w", "groups", "text"),
    [
        (Conv((3,), 2), (3, 3), (2, 1, 2), 2, "3 input channels do not fall into 2 groups; use a divisor of 3"),
        (
            ConvTranspose((3,), 2),
            (3, 3),
            (3, 1, 2),
            2,
            "3 input channels do not fall into 2 groups; use a divisor of 3",
        ),
        (Conv((3,), 2), (4, 3), (3, 2, 2), 2, "3 output channels do not fall into 2 groups; use a divisor"),
        (Conv((3,), 2), (4, 3), (2, 3, 2), 2, r"the weights for 4 channels in 2 group\(s\) are \(C_out, 2, …\)"),
        (Conv((3,), 2), (4, 3), (4, 2), 1, r"the weights for 4 channels in 1 group\(s\) are \(C_out, 4, …\)"),
        (Conv((3,), 2), (1, 3), (2,), 1, r"the weights for 1 channels in 1 group\(s\) are \(C_out, 1, …\)"),
        (Conv((3,), 2), (4, 3), (2, 4, 3), 1, r"kernel values are 2×4×3, but the kernel is 2 .*\(C_out, 4, …\)"),
        (Conv((3,), 2), (4, 3), (0, 4, 2), 1, r"kernel values are 0×4×2, but the kernel is 2"),
        (
            ConvTranspose((3,), 2),
            (4, 3),
            (2, 1, 2),
            2,
            r"the weights for 4 channels in 2 group\(s\) are \(4, C_out/groups",
        ),
        (
            ConvTranspose((3,), 2),
            (4, 3),
            (4, 1, 3),
            2,
            r"kernel values are 4×1×3, but the kernel is 2 .*\(4, C_out/gro",
        ),
        (Conv(3, 2), (3, 3), (1, 1, 2, 2), 1, r"kernel values are 1×1×2×2, but the kernel is 2×2; give 2×2 numbers or"),
    ],
)
def test_weights_that_do_not_fit_are_refused_with_what_would(
    layer: ConvLayer, x: tuple[int, ...], w: tuple[int, ...], groups: int, text: str
) -> None:
    with pytest.raises(GeometryError, match=text):
        layer(np.ones(x), np.ones(w), groups=groups)
    with pytest.raises(GeometryError, match=text):
        conv_values(layer.sliding_windows, np.ones(x), np.ones(w), groups=groups)


@KINDS
@pytest.mark.parametrize("groups", [4.0, "2", True, None, [1], np.ones(1)])
def test_groups_are_a_whole_number(kind: type[ConvLayer], groups: Any) -> None:
    with pytest.raises(GeometryError, match=r"^groups: expected a whole number, got ") as caught:
        kind((3,), 2)(np.ones((4, 3)), np.ones((4, 1, 2)), groups=groups)
    assert isinstance(caught.value, TypeError)


@KINDS
@pytest.mark.parametrize("groups", [0, -1, 3, np.int64(3)])
def test_groups_that_are_no_divisor_are_refused(kind: type[ConvLayer], groups: Any) -> None:
    with pytest.raises(
        GeometryError, match=rf"^4 input channels do not fall into {groups} groups; use a divisor of 4$"
    ):
        kind((3,), 2)(np.ones((4, 3)), np.ones((4, 1, 2)), groups=groups)


@KINDS
@pytest.mark.parametrize("groups", [2, 5, 0])
def test_groups_without_channels_are_refused(kind: type[ConvLayer], groups: int) -> None:
    layer = kind(3, 2)
    with pytest.raises(GeometryError, match=rf"^1 input channels? do(es)? not fall into {groups} groups"):
        layer(np.ones((3, 3)), np.ones((2, 2)), groups=groups)
    with pytest.raises(GeometryError, match=rf"^1 input channels? do(es)? not fall into {groups} groups"):
        conv_values(layer.sliding_windows, np.ones((3, 3)), np.ones((2, 2)), groups=groups)


@KINDS
@pytest.mark.parametrize("bias", [[1], [1, 2, 3], [[1, 2]], 1, [[1], [2]], []])
def test_a_bias_of_the_wrong_shape_is_refused_with_the_number_of_channels(kind: type[ConvLayer], bias: Any) -> None:
    layer = kind((3,), 2)
    w = np.ones((2, 1, 2) if kind is Conv else (1, 2, 2))
    shape = "×".join(map(str, np.shape(bias))) or "a single number"
    with pytest.raises(GeometryError, match=f"^bias values are {shape}, but there are 2 output channels$"):
        layer([[1, 2, 3]], w, bias)


@pytest.mark.parametrize("bias", ["a", [float("nan"), 1], [[1], [2, 3]]])
def test_a_bias_that_is_no_number_is_refused(bias: Any) -> None:
    with pytest.raises(GeometryError, match=r"^bias values (are not|hold nan)"):
        Conv((3,), 2)([[1, 2, 3]], np.ones((2, 1, 2)), bias)


@pytest.mark.parametrize("channel", [0.0, True, None, "0"])
def test_a_channel_is_a_whole_number(channel: Any) -> None:
    with pytest.raises(GeometryError, match=rf"^channel: expected a whole number, got {channel!r}$"):
        conv_values(Conv((3,), 2).sliding_windows, np.ones((1, 3)), np.ones((2, 1, 2)), channel=channel)


@pytest.mark.parametrize("channel", [-1, 2, np.int8(2)])
def test_a_channel_that_is_not_there_is_refused(channel: Any) -> None:
    with pytest.raises(GeometryError, match=rf"^output channel {channel} does not exist: there are 2, counted from 0$"):
        conv_values(Conv((3,), 2).sliding_windows, np.ones((1, 3)), np.ones((2, 1, 2)), channel=channel)


def test_a_picture_shows_one_input() -> None:
    layer, w = Conv((3,), 2), np.ones((2, 1, 2))
    assert conv_values(layer.sliding_windows, np.ones((1, 1, 3)), w).y.tolist() == [2, 2]
    with pytest.raises(GeometryError, match=r"^a picture shows one input, not 2; give x\[0\]$"):
        conv_values(layer.sliding_windows, np.ones((2, 1, 3)), w)


def test_the_numbers_of_a_picture_are_refused_where_the_layer_refuses() -> None:
    """Each input channel alone stays below 2^63, their sum and the bias do not."""
    layer, x, w = Conv((1,), 1), [[2**62], [2**62]], [[[1], [1]]]
    with pytest.raises(GeometryError, match="64-bit whole numbers"):
        layer(x, w)
    with pytest.raises(GeometryError, match="64-bit whole numbers"):
        conv_values(layer.sliding_windows, x, w)
    with pytest.raises(GeometryError, match="64-bit whole numbers"):
        conv_values(layer.sliding_windows, [[2**62]], [[[1]]], bias=[2**62])
