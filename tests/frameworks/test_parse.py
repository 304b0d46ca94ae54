"""Layers read from lines of code, as their frameworks have them. The numbers here are the frameworks' own."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import pytest

from convviz import AvgPool, Conv, ConvTranspose, MaxPool, ReadingError
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.layer_spec import LayerSpec
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.parser import MODULES, parse_code

X = np.array([[1, 2], [3, 4]])
ONES = np.ones((3, 3), dtype=int)
TENSORFLOW = [[1, 1, 3, 2], [1, 1, 3, 2], [4, 4, 10, 6], [3, 3, 7, 4]]
PYTORCH = [[1, 3, 2, 2], [4, 10, 6, 6], [3, 7, 4, 4], [3, 7, 4, 4]]


def parsed(code: str, input: Any = 12, **hints: Any) -> ParsedLayer:
    return parse_code(code, ParseHints(input=input, **hints))


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1)", PYTORCH),
        ("nn.ConvTranspose2d(1, 1, 3, 2, 1)(x, output_size=(4, 4))", PYTORCH),
        ("F.conv_transpose2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 3, 3), None, 2, 1, 1)", PYTORCH),
        ("layers.Conv2DTranspose(1, 3, strides=2, padding='same')", TENSORFLOW),
        ("layers.Conv2DTranspose(1, 3, strides=2, padding='SAME', output_padding=1)", TENSORFLOW),
        ("lax.conv_transpose(jnp.ones((1, 2, 2, 1)), jnp.ones((3, 3, 1, 1)), (2, 2), 'SAME')", TENSORFLOW),
        ("nn.ConvTranspose(1, (3, 3), strides=(2, 2))", TENSORFLOW),
        ("nnx.ConvTranspose(1, 1, (3, 3), strides=2, rngs=nnx.Rngs(0))", TENSORFLOW),
    ],
)
def test_equal_sizes_but_different_numbers(code: str, numbers: list[list[int]]) -> None:
    layer = parsed(code, input=2).layer
    assert isinstance(layer, ConvTranspose)
    assert layer(X, ONES).tolist() == numbers


@pytest.mark.parametrize(
    ("code", "layer"),
    [
        ("nn.Conv2d(3, 64, (3, 5), (2, 1), padding=(1, 0), dilation=2)", Conv((12, 12), (3, 5), (2, 1), (1, 0), 2)),
        ("torch.nn.Conv1d(3, 64, kernel_size=3, padding='same')", Conv((12,), 3, padding="same")),
        ("Conv2d(3, 64, 3, padding=1, padding_mode='reflect')", Conv(12, 3, padding=1, padding_mode="reflect")),
        ("nn.LazyConv2d(64, 3, bias=False)", Conv(12, 3)),
        ("nn.LazyConvTranspose1d(64, 3, 2)", ConvTranspose((12,), 3, 2)),
        ("F.conv2d(x, w, b, 2, 1)", Conv(12, 5, 2, 1)),
        ("nn.MaxPool2d(3, padding=1, ceil_mode=True)", MaxPool(12, 3, padding=1, ceil_mode=True)),
        ("nn.MaxPool1d(2, dilation=2)", MaxPool((12,), 2, dilation=2)),
        ("F.avg_pool2d(x, 3, 2, 1, False, False)", AvgPool(12, 3, 2, 1, count_include_pad=False)),
        ("nn.AvgPool1d(4)", AvgPool((12,), 4)),
        ("keras.layers.Conv1D(4, 3, padding='causal', dilation_rate=2)", Conv((12,), 3, padding=((4, 0),), dilation=2)),
        ("Conv2D(4, 3, 2, 'same')", Conv(12, 3, 2, "same")),
        ("Convolution2D(4, (3, 2), activation='relu')", Conv(12, (3, 2))),
        ("tf.keras.layers.Conv2DTranspose(4, 2, strides=3)", ConvTranspose(12, 2, 3, "valid")),
        ("layers.MaxPooling2D()", MaxPool(12, 2)),
        ("layers.MaxPooling2D(3, 2, 'same')", MaxPool(12, 3, 2, "same")),
        ("layers.AvgPool2D(3, 2, 'same')", AvgPool(12, 3, 2, "same", count_include_pad=False)),
        ("lax.conv_general_dilated(x, w, (2, 2), 'SAME')", Conv(12, 5, 2, "same")),
        ("jax.lax.conv(x, w, (1, 1), 'VALID')", Conv(12, 5, padding="valid")),
        ("lax.conv_general_dilated(x, w, (1, 1), [(4, 4), (4, 4)], (2, 2))", ConvTranspose(12, 5, 2)),
        ("nn.Conv(8, (3, 3))", Conv(12, 3, padding="same")),
        ("nn.Conv(8, 3, strides=2, padding=1)", Conv((12,), 3, 2, ((1, 1),))),
        ("nn.Conv(8, (4, 4), padding='CIRCULAR')", Conv(12, 4, padding=((1, 2),) * 2, padding_mode="circular")),
        ("linen.max_pool(x, (2, 2))", MaxPool(12, 2, 1)),
    ],
)
def test_a_line_is_the_layer_that_the_framework_makes(code: str, layer: Any) -> None:
    weight = (64, 3, 5, 5)
    made = parsed(code, weight=weight).layer
    assert (type(made), made.axes) == (type(layer), layer.axes)
    assert getattr(made, "count_include_pad", True) == getattr(layer, "count_include_pad", True)


def test_explicit_padding_in_jax_is_that_of_the_spread_input() -> None:
    layer = parsed("lax.conv_transpose(x, jnp.ones((3, 3, 1, 1)), (2, 2), [(1, 1), (0, 2)])", input=4).layer
    assert layer == ConvTranspose(4, 3, 2, ((1, 1), (2, 0)))
    consistent = parsed("lax.conv_transpose(x, jnp.ones((3, 1, 1)), (2,), [(1, 0)], use_consistent_padding=True)", 4)
    assert consistent.layer == ConvTranspose((4,), 3, 2, ((1, 0),))


def test_jax_turns_the_kernel_unless_it_is_told_not_to() -> None:
    turned = parsed("nn.ConvTranspose(1, (3,))")
    assert turned.flipped
    assert "rotated by 180°" in turned.describe()
    assert not parsed("nn.ConvTranspose(1, (3,), transpose_kernel=True)").flipped
    lax = "lax.conv_transpose(x, w, (2,), 'SAME', transpose_kernel={})"
    assert [parsed(lax.format(kept), weight=(3, 1, 1)).flipped for kept in (True, False)] == [False, True]
    assert not parsed("nn.Conv(1, (3,))").flipped
    assert parsed("lax.conv_general_dilated(x, w, (1, 1), [(2, 2), (2, 2)], (2, 2))", weight=(1, 1, 3, 3)).flipped


def test_an_explicit_output_padding_of_keras_moves_the_start() -> None:
    crops = [parsed(f"Conv2DTranspose(1, 3, 2, 'same', {a})", 2).layer.padding[0] for a in (0, 1)]
    assert crops == [(1, 1), (0, 1)]
    assert "Keras on TensorFlow refuses" in parsed("Conv2DTranspose(1, 4, 2, 'same', 0)", 2).describe()
    assert not parsed("Conv2DTranspose(1, 3, 2, 'same')", 2).notes
    assert "Keras on PyTorch counts" in parsed("AveragePooling2D(3, 2, 'same')").describe()
    assert not parsed("AveragePooling2D(3)").notes


@pytest.mark.parametrize(
    ("code", "shapes"),
    [
        (
            "nn.Conv2d(4, 6, 3, groups=2)",
            {"input": "(N, 4, 12, 12)", "output": "(N, 6, 10, 10)", "weight": "(6, 2, 3, 3)", "bias": "(6)"},
        ),
        (
            "nn.ConvTranspose2d(4, 6, 3, groups=2, bias=False)",
            {"input": "(N, 4, 12, 12)", "output": "(N, 6, 14, 14)", "weight": "(4, 3, 3, 3)"},
        ),
        (
            "nn.ConvTranspose2d(nz, ngf * 8, 4)",
            {"input": "(N, nz, 12, 12)", "output": "(N, ngf * 8, 15, 15)", "weight": "(nz, ngf * 8, 4, 4)"},
        ),
        (
            "F.conv2d(x, torch.ones(6, 2, 3, 3), groups=2)",
            {"input": "(N, 4, 12, 12)", "output": "(N, 6, 10, 10)", "weight": "(6, 2, 3, 3)"},
        ),
        (
            "F.conv_transpose2d(x, torch.ones(4, 3, 3, 3), groups=2)",
            {"input": "(N, 4, 12, 12)", "output": "(N, 6, 14, 14)", "weight": "(4, 3, 3, 3)"},
        ),
        ("nn.MaxPool2d(2)", {"input": "(N, C_in, 12, 12)", "output": "(N, C_in, 6, 6)"}),
        (
            "Conv2D(6, 3, groups=2, input_shape=(8, 9, 4))",
            {"input": "(N, 12, 12, 4)", "output": "(N, 10, 10, 6)", "weight": "(3, 3, 2, 6)"},
        ),
        (
            "Conv2DTranspose(6, 3, data_format='channels_first')",
            {"input": "(N, C_in, 12, 12)", "output": "(N, 6, 14, 14)", "weight": "(3, 3, 6, C_in)"},
        ),
        (
            "nnx.ConvTranspose(3, 4, (2, 2), transpose_kernel=True)",
            {"input": "(N, 12, 12, 3)", "output": "(N, 12, 12, 4)", "weight": "(2, 2, 4, 3)"},
        ),
        (
            "lax.conv_transpose(x, jnp.ones((2, 2, 3, 4)), (1, 1), 'SAME')",
            {"input": "(N, 12, 12, 3)", "output": "(N, 12, 12, 4)", "weight": "(2, 2, 3, 4)"},
        ),
    ],
)
def test_the_shapes_are_in_the_order_of_the_framework(code: str, shapes: dict[str, str]) -> None:
    said = parsed(code).shapes
    assert {name: said[name] for name in shapes} == shapes


@pytest.mark.parametrize(
    ("code", "size"),
    [
        ("F.conv2d(torch.randn(2, 3, 7, 9), torch.randn(4, 3, 3, 3))", (7, 9)),
        ("nn.Conv2d(3, 4, 3)(torch.randn(3, 7, 9))", (7, 9)),
        ("F.max_pool2d(torch.zeros(1, 3, 7, 9), 2)", (7, 9)),
        ("nn.MaxPool1d(2)(torch.zeros(1, 3, 7))", (7,)),
        ("Conv2D(4, 3, input_shape=(7, 9, 3))", (7, 9)),
        ("Conv2D(4, 3, data_format='channels_first', input_shape=(3, 7, 9))", (7, 9)),
        ("Conv2D(4, 3)(tf.zeros((1, 7, 9, 3)))", (7, 9)),
        ("nn.Conv(4, (3, 3))(jnp.ones((1, 7, 9, 3)))", (7, 9)),
        ("lax.conv(jnp.ones((1, 3, 7, 9)), jnp.ones((4, 3, 2, 2)), (1, 1), 'VALID')", (7, 9)),
        (
            "lax.conv_transpose(jnp.ones((3, 7, 9, 1)), w, (1, 1), 'SAME', dimension_numbers=('CHWN', 'IOHW', 'CHWN'))",
            (7, 9),
        ),
        ("nn.avg_pool(jnp.ones((1, 7, 9, 3)), (2, 2))", (7, 9)),
    ],
)
def test_the_size_of_the_input_may_stand_in_the_code(code: str, size: tuple[int, ...]) -> None:
    assert parse_code(code, ParseHints(weight=(3, 4, 2, 2))).layer.input == size
    assert parsed(code, input=20, weight=(3, 4, 2, 2)).layer.input == (20,) * len(size)


def test_the_framework_decides_where_the_name_does_not() -> None:
    assert parsed("nn.ConvTranspose(features=4, kernel_size=(3, 3))").framework == "Flax"
    assert parsed("nn.ConvTranspose2d(4, 4, 3)").framework == "PyTorch"
    assert parsed("Conv(3, 4, (3, 3), rngs=nnx.Rngs(0))").framework == "Flax NNX"
    assert parsed("Conv(4, (3, 3))").framework == "Flax"
    assert parsed("tnn.Conv2d(4, 4, 3)").framework == "PyTorch"
    assert parse_code("my.own.Conv2D(4, 3)", ParseHints(12), "keras").framework == "Keras"
    with pytest.raises(ReadingError, match=r"there is no layer Conv2D; did you mean nn.Conv2d \(PyTorch\)"):
        parse_code("Conv2D(4, 3)", ParseHints(12), "torch")
    with pytest.raises(ReadingError, match=r"\(torch, keras, jax, tensorflow, paddle, mlx\), got 'caffe'"):
        parse_code("Conv2D(4, 3)", ParseHints(12), "caffe")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("nn.Conv2D(3, 4, 3)", "there is no layer nn.Conv2D; did you mean nn.Conv2d (PyTorch)?"),
        ("nn.Conv3d(3, 4, 3)", "nn.Conv3d is a layer of three dimensions; expected a layer of one or two dimensions"),
        ("nn.Linear(3, 4)", "nn.Linear is a layer that connects each input with each output; expected a convolution"),
        ("layers.Conv2DTransposed(3, 4)", "did you mean layers.Conv2DTranspose (Keras)?"),
        (
            "caffe.nn.Conv2D(3, 4, 3)",
            "no framework has the prefix 'caffe.nn'; try --framework with one of torch",
        ),
        ("nn.Conv2d(3)", "out_channels and kernel_size are missing"),
        ("nn.Conv2d(3, 4, 3, strides=2)", "no argument strides; did you mean stride?"),
        ("layers.Conv2D(4, 3, dilation=2)", "no argument dilation; did you mean dilation_rate?"),
        ("layers.Conv2D(4, 3, qqq=2)", "it has filters, kernel_size"),
        ("nn.Conv2d(3, 4, 3, out_channels=4)", "out_channels is given twice"),
        (
            "nn.MaxPool2d(2, 2, 0, 1, False, False, 7)",
            "return_indices, ceil_mode), got 7; remove 7",
        ),
        ("nn.Conv2d(3, 4, '3')", "kernel_size: expected a whole number or (rows, columns), got '3'"),
        (
            "nn.Conv2d(3, 4, k)",
            "kernel_size=k is unknown here, expected a whole number or (rows, columns); try --let k=3",
        ),
        ("nn.Conv2d(3, 4, 3 if self.big else 5)", "try --let self.big=True"),
        ("nn.Conv2d(3, 4, 3, padding=(2 * (1 if big else 2), 0))", "big is unknown here, expected"),
        ("nn.Conv2d(3, 4, 2 * self.k + 1)", "expected a whole number or (rows, columns); try --let self.k=3"),
        ("nn.Conv2d(3, 4, 3.0)", "kernel_size: expected a whole number or (rows, columns), got 3.0"),
        ("nn.Conv2d(3, 4, True)", "kernel_size: expected a whole number or (rows, columns), got True"),
        ("nn.Conv2d(3, 4, (3, 3, 3))", "kernel_size: expected a whole number or (rows, columns), got (3, 3, 3)"),
        ("nn.Conv2d(3, 4, 3, stride=0)", "stride 0 is too small"),
        ("nn.Conv2d(3, 4, 0)", "kernel_size: kernel 0 is too small"),
        ("nn.Conv2d(3, 4, 3, bias='no')", "bias: expected True or False, got 'no'"),
        ("nn.Conv2d('3', 4, 3)", "in_channels: expected a whole number from 1, got '3'"),
        ("nn.Conv2d(3, 4, 3, groups=2)", "in_channels: expected a multiple of groups=2, got 3"),
        ("nn.Conv2d(4, 3, 3, groups=2)", "out_channels: expected a multiple of groups=2, got 3"),
        ("nn.Conv2d(3, 4, 3, padding='same', stride=2)", "PyTorch refuses padding='same' with a stride"),
        ("nn.Conv2d(3, 4, 3, padding='SAME')", "padding: expected 'valid' or 'same', got 'SAME'"),
        ("nn.Conv2d(3, 4, 30)", "kernel 30 does not fit"),
        ("nn.Conv2d(3, 4, 3)(torch.ones(1, 5, 12, 12))", "expected an input with in_channels=3 channels, got 5"),
        ("nn.Conv2d(3, 4, 3)(torch.ones(12, 12))", "expected an input of shape (N, C, H, W), got torch.ones(12, 12)"),
        ("nn.ConvTranspose2d(3, 4, 3, padding_mode='reflect')", "padding_mode: expected 'zeros'"),
        ("nn.ConvTranspose2d(3, 4, 3, padding='same')", "transposed convolution has no names, got 'same'"),
        ("nn.ConvTranspose2d(3, 4, 3, output_padding=1)", "output padding 1 is too large"),
        ("nn.ConvTranspose2d(3, 4, 3, 2)(x, output_size=30)", "output 30 is not possible"),
        (
            "nn.ConvTranspose2d(3, 4, 3, 2)(x, output_size='a')",
            "output_size: expected a whole number",
        ),
        ("F.conv2d(x, torch.ones(4, 3, 3))", "expected a weight with 4 axes, got 3"),
        (
            "F.conv2d(torch.ones(1, 5, 9, 9), torch.ones(4, 3, 3, 3))",
            "(4, 3, 3, 3), got (1, 5, 9, 9)",
        ),
        ("F.conv2d('x', torch.ones(4, 3, 3, 3))", "input: expected an array"),
        ("nn.MaxPool2d(2, padding=2)", "padding 2 is too large for pooling"),
        (
            "layers.Conv2D(4, 3, strides=2, dilation_rate=2)",
            "strides > 1 together with dilation_rate > 1",
        ),
        ("layers.Conv2D(4, 3, padding='causal')", "padding: expected 'valid' or 'same', got 'causal'"),
        ("layers.Conv2D(5, 3, groups=2)", "filters: expected a multiple of groups=2, got 5"),
        (
            "layers.Conv2D(4, 3, groups=2, input_shape=(9, 9, 3))",
            "input channels: expected a multiple of",
        ),
        ("layers.Conv2D(4, 3, input_shape=(9, 9))", "input_shape: expected 3 entries such as (28, 28, 1), got (9, 9)"),
        (
            "layers.Conv2DTranspose(4, 3, 2, output_padding=2)",
            "Keras expects less than strides=2, got 2",
        ),
        ("lax.conv_transpose(x, w, (1, 1), 'HALF')", "or pairs (before, after), got 'HALF'"),
        ("lax.conv_transpose(x, w, (2, 2), 'same')", "JAX refuses padding='same'"),
        ("lax.conv_transpose(x, w, (1, 1), [(9, 0), (0, 0)])", "puts zeros before the output, which is not drawn"),
        ("lax.conv_transpose(x, w, (1, 1), 3)", "padding: expected 'SAME', 'VALID' or 2 pairs (before, after), got 3"),
        ("lax.conv_general_dilated(x, w, (2, 2), 'VALID', (2, 2))", "neither kind of layer"),
        ("lax.conv_general_dilated(x, w, (1, 1), [(-1, 0), (0, 0)])", "JAX crops the input, which is not drawn"),
        ("lax.conv_general_dilated(x, w, (1, 1), 'VALID', dimension_numbers=('A', 'B', 'C'))", "dimension_numbers="),
        ("lax.conv_general_dilated(x, w, (1, 1), 'VALID', batch_group_count=2)", "splits the batch"),
        (
            "lax.conv(jnp.ones((1, 3, 9, 9)), jnp.ones((4, 2, 2, 2)), (1, 1), 'VALID')",
            "expected lhs with 2 channels, as rhs has, got 3",
        ),
        ("lax.conv(x, jnp.ones((4, 2, 20, 2)), (1, 1), 'VALID')", "JAX gives an empty array"),
        ("nn.Conv(4, (3, 3, 3))", "kernel_size: expected 1 or 2 axes, which convviz draws, got 3"),
        ("nn.Conv(4, (3, 3), padding='CAUSAL')", "for one dimension only"),
        ("nn.ConvTranspose(4, (3, 3), padding='CIRCULAR')", "wraps the output around, which is not drawn"),
        ("nn.Conv(4, (40, 40), padding='CIRCULAR')", "JAX repeats the input, which is not drawn"),
        ("nn.max_pool(x, 2)", "window_shape: expected a tuple of one or two whole numbers, got 2"),
    ],
)
def test_what_a_framework_refuses_is_refused_in_words(code: str, says: str) -> None:
    with pytest.raises(ReadingError) as caught:
        parsed(code, weight=(4, 4, 3, 3))
    text = str(caught.value)
    assert says in text
    assert "; understood so far: " in text
    assert "\n" not in text


def test_the_size_of_the_input_and_of_the_weight_must_be_known() -> None:
    with pytest.raises(ReadingError, match="the size of the input is unknown; try -i 12 or -i 12x16"):
        parse_code("nn.Conv2d(3, 4, 3)")
    with pytest.raises(ReadingError, match="the shape of weight=w is unknown; try --weight"):
        parsed("F.conv2d(x, w)")
    with pytest.raises(ReadingError, match="the shape of rhs=w is unknown"):
        parsed("lax.conv(x, w, (1, 1), 'SAME')")
    with pytest.raises(ReadingError, match="expected an input with 1 axis, got 3x4"):
        parsed("nn.Conv1d(3, 4, 3)", input=(3, 4))


@pytest.mark.parametrize(
    "spec",
    [spec for module in chain(*MODULES.values()) for spec in module.specs.values()],
)
def test_signatures_can_be_read(spec: LayerSpec) -> None:
    assert set(spec.signature.defaults) <= set(spec.signature.names)
    needed = [name for name in spec.signature.positional if name not in spec.signature.defaults]
    assert spec.signature.positional[: len(needed)] == needed


def test_names_are_known_where_they_are_said_or_do_not_matter() -> None:
    line = "nn.Conv2d(dim, dim, k, stride=self.s, padding=k // 2, groups=dim, bias=use_bias)"
    with pytest.raises(ReadingError, match=r"kernel_size=k is unknown here.*try --let k=3"):
        parsed(line)
    one = parsed(line, variables={"k": 5, "self.s": 2})
    assert one.layer == Conv(12, 5, 2, 2)
    assert one.notes == (
        "groups=dim: a kernel of its own for each input channel (depthwise)",
        "bias=use_bias is unknown here; assuming True",
    )
    known = parsed(line, variables={"k": 5, "self.s": 2, "dim": 6})
    assert (known.groups, known.shapes["weight"]) == (6, "(6, 1, 5, 5)")
    assert "groups=g is unknown here" in parsed("layers.Conv2D(4, 3, groups=g, use_bias=b)").describe()
    assert "feature_group_count=g is unknown" in parsed("nn.Conv(4, (3, 3), feature_group_count=g)").describe()
    with pytest.raises(ReadingError, match="transpose_kernel=t is unknown here, expected True or False"):
        parsed("nn.ConvTranspose(4, (3, 3), transpose_kernel=t)")
