"""Padding that code puts before a layer. The sizes and numbers are PyTorch's, Keras's and JAX's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convviz import AvgPool, Conv, ConvTranspose, MaxPool, ReadingError
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.parser import parse_code


@pytest.mark.parametrize(
    ("code", "layer"),
    [
        ("F.conv1d(F.pad(x, ((k-1)*d, 0)), w, dilation=d)", Conv((12,), 3, padding=((4, 0),), dilation=2)),
        ("F.conv2d(F.pad(x, (1, 2, 3, 4)), w)", Conv(12, 3, padding=((3, 4), (1, 2)))),
        ("F.conv2d(F.pad(x, (1, 1)), w)", Conv(12, 3, padding=((0, 0), (1, 1)))),
        ("F.conv2d(F.pad(x, (1, 1, 1, 1), 'reflect'), w)", Conv(12, 3, padding=1, padding_mode="reflect")),
        ("F.conv2d(F.pad(x, (1, 0, 0, 1)), w, padding=(1, 2))", Conv(12, 3, padding=((1, 2), (3, 2)))),
        ("nn.Conv2d(3, 8, 3)(nn.ZeroPad2d(2)(x))", Conv(12, 3, padding=2)),
        (
            "model += [nn.ReflectionPad2d(3), nn.Conv2d(3, 8, 7, padding=0, bias=b), norm(8), nn.ReLU(True)]",
            Conv(12, 7, padding=3, padding_mode="reflect"),
        ),
        ("nn.Sequential(nn.ReplicationPad1d((2, 0)), spectral_norm(nn.Conv1d(3, 8, 3)))", "replicate"),
        ("Conv2D(8, 7, strides=2)(ZeroPadding2D(3)(x))", Conv(12, 7, 2, 3)),
        ("Conv2D(8, 3)(ZeroPadding2D(((0, 1), (2, 0)))(x))", Conv(12, 3, padding=((0, 1), (2, 0)))),
        ("Conv2D(8, 3)(ZeroPadding2D((1, 2))(x))", Conv(12, 3, padding=(1, 2))),
        ("Conv1D(8, 3)(layers.ZeroPadding1D((2, 0))(x))", Conv((12,), 3, padding=((2, 0),))),
        ("Sequential([ZeroPadding2D(1), Conv2D(8, 3, strides=2)])", Conv(12, 3, 2, 1)),
        ("nn.Conv(8, (3, 3), padding='VALID')(jnp.pad(x, ((0, 0), (1, 2), (3, 4), (0, 0))))", ((1, 2), (3, 4))),
        ("lax.conv(jnp.pad(x, ((0, 0), (0, 0), (1, 2), (3, 4))), w, (1, 1), 'VALID')", ((1, 2), (3, 4))),
        ("tf.nn.conv2d(tf.pad(x, [[0, 0], [1, 2], [3, 4], [0, 0]]), tf.zeros((3, 3, 3, 8)), 1, 'VALID')", "tf"),
        ("nn.AvgPool2d(3, 1)(F.pad(x, (1, 1, 1, 1)))", AvgPool(12, 3, 1, 1)),
    ],
)
def test_padding_before_a_layer_is_padding_of_the_layer(code: str, layer: Any) -> None:
    weight = (8, 3, 3) if "conv1d" in code else (8, 3, 3, 3)
    parsed = parse_code(code, ParseHints(12, weight, {"k": 3, "d": 2} if "k-1" in code else {}))
    if isinstance(layer, tuple):
        layer = Conv(12, 3, padding=layer)
    elif layer == "replicate":
        layer = Conv((12,), 3, padding=((2, 0),), padding_mode="replicate")
    elif layer == "tf":
        layer = Conv(12, 3, padding=((1, 2), (3, 4)))
    assert parsed.layer == layer
    assert parsed.notes[-1].endswith("is drawn as the layer's padding")


def test_the_shape_of_the_padded_array_is_counted() -> None:
    parsed = parse_code("F.conv2d(F.pad(torch.zeros(1, 3, 8, 10), (1, 1)), torch.zeros(4, 3, 3, 3))")
    assert parsed.layer == Conv((8, 10), 3, padding=((0, 0), (1, 1)))
    assert parsed.shapes["input"] == "(N, 3, 8, 10)"
    with pytest.raises(ReadingError, match="expected an input with in_channels=4 channels, got 3"):
        parse_code("nn.Conv2d(4, 8, 3)(F.pad(torch.zeros(1, 3, 8, 10), (1, 1)))")


@pytest.mark.parametrize(
    ("code", "layer"),
    [
        ("nn.MaxPool2d(3, 2)(F.pad(x, (0, 1, 0, 1)))", MaxPool(13, 3, 2)),
        ("nn.ConvTranspose2d(3, 4, 3)(nn.ZeroPad2d(1)(x))", ConvTranspose(14, 3)),
        ("nn.Conv2d(3, 4, 3)(F.pad(x, (-1, -1, -1, -1)))", Conv(10, 3)),
        ("nn.Conv2d(3, 4, 3)(F.pad(x, (1, 1, 1, 1), value=7))", Conv(14, 3)),
        ("nn.Conv2d(3, 4, 3, padding=1)(nn.ReflectionPad2d(1)(x))", Conv(14, 3, padding=1)),
        ("nn.Conv2d(3, 4, 3)(F.pad(x, (1, 1, 1, 1), mode=self.mode))", Conv(14, 3)),
    ],
)
def test_what_is_no_padding_of_the_layer_makes_its_input_larger(code: str, layer: Any) -> None:
    parsed = parse_code(code, ParseHints(12))
    assert parsed.layer == layer
    assert f"makes of 12×12 cells: {layer.input[0]}×{layer.input[1]}" in parsed.notes[-1]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("nn.Conv2d(3, 4, 3)(F.pad(x, (p, p, 0, 0)))", "F.pad(x, (p, p, 0, 0)): p is unknown here; try --let p=1"),
        ("nn.Conv2d(3, 4, 3)(F.pad(x, (1, 2, 3)))", "expected padding in whole numbers for rows and columns"),
        ("nn.Conv2d(3, 4, 3)(F.pad(x, (-9, -9)))", "leaves nothing of an input of 12×12"),
        ("nn.Conv2d(3, 4, 3)(nn.ZeroPad2d('1')(x))", "got '1'"),
    ],
)
def test_padding_that_is_not_known_is_asked_for(code: str, says: str) -> None:
    with pytest.raises(ReadingError) as caught:
        parse_code(code, ParseHints(12))
    assert says in str(caught.value)


def test_a_causal_convolution_never_sees_what_follows() -> None:
    layer = parse_code("F.conv1d(F.pad(x, (2, 0)), w)", ParseHints(6, (1, 1, 3))).layer
    assert isinstance(layer, Conv)
    one, other = np.array([1, 2, 3, 4, 5, 6]), np.array([1, 2, 3, 9, 9, 9])
    kernel = np.array([1, 10, 100])
    assert layer(one, kernel).tolist() == [100, 210, 321, 432, 543, 654]
    assert layer(other, kernel).tolist()[:3] == [100, 210, 321]
