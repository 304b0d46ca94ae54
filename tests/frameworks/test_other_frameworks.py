"""TensorFlow, Paddle, MLX and Keras 1, by their published rules; and layers that are refused by what they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convviz import AvgPool, Conv, ConvTranspose, MaxPool, ReadingError
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.parser import parse_code


def parsed(code: str, input: Any = 12, framework: str | None = None, **variables: Any) -> ParsedLayer:
    return parse_code(code, ParseHints(input, (3, 5, 2, 8), variables), framework)


@pytest.mark.parametrize(
    ("code", "layer"),
    [
        ("tf.nn.conv2d(x, w, [1, 2, 2, 1], 'SAME')", Conv(12, (3, 5), 2, "same")),
        ("tf.nn.conv2d(x, filters=w, strides=2, padding='VALID', dilations=1)", Conv(12, (3, 5), 2)),
        ("tf.nn.conv2d(x, filter=w, strides=[1, 1, 2, 3], padding='SAME', data_format='NCHW')", (2, 3)),
        ("tf.nn.conv2d(x, w, 1, [[0, 0], [1, 2], [0, 3], [0, 0]])", Conv(12, (3, 5), padding=((1, 2), (0, 3)))),
        ("nn.conv2d(x, w, [1, 1, 1, 1], padding='SAME')", Conv(12, (3, 5), 1, "same")),
        ("tf.nn.conv1d(x, tf.zeros((3, 2, 8)), 2, 'VALID')", Conv((12,), 3, 2)),
        ("tf.nn.max_pool(x, [1, 3, 2, 1], [1, 2, 2, 1], 'SAME')", MaxPool(12, (3, 2), 2, "same")),
        ("tf.nn.max_pool2d(x, ksize=2, strides=2, padding='VALID')", MaxPool(12, 2, 2)),
        ("tf.nn.avg_pool2d(x, 3, 2, 'SAME')", AvgPool(12, 3, 2, "same", count_include_pad=False)),
        ("tf.nn.conv2d_transpose(x, w, [n, 24, 24, 3], [1, 2, 2, 1])", ConvTranspose(12, (3, 5), 2, "same")),
        ("tf.nn.conv2d_transpose(x, w, tf.stack([b, 23, 24, c]), 2, 'SAME')", (23, 24)),
        ("tf.nn.conv2d_transpose(x, w, output_shape=size, strides=2)", (23, 24)),
        ("tf.layers.conv2d(x, 8, [3, 5], 2, 'same', activation=tf.nn.relu)", Conv(12, (3, 5), 2, "same")),
        ("tf.layers.conv2d_transpose(x, 8, 5, strides=2, padding='SAME')", ConvTranspose(12, 5, 2, "same")),
        ("tf.compat.v1.layers.max_pooling2d(x, 2, 2)", MaxPool(12, 2)),
        ("tf.layers.average_pooling2d(inputs=x, pool_size=[3, 3], strides=2, padding='same')", "mean"),
        ("paddle.nn.Conv2D(3, 8, 3, stride=2, padding='SAME')", Conv(12, 3, 2, "same")),
        ("paddle.nn.Conv2D(3, 8, 3, padding=[1, 2, 0, 3])", Conv(12, 3, padding=((1, 2), (0, 3)))),
        ("paddle.nn.Conv2D(3, 8, 3, padding=[[0, 0], [0, 0], [1, 2], [0, 3]])", Conv(12, 3, padding=((1, 2), (0, 3)))),
        ("paddle.nn.Conv2D(3, 8, 3, 1, 1, 1, 1, 'reflect')", Conv(12, 3, padding=1, padding_mode="reflect")),
        ("paddle.nn.Conv2DTranspose(3, 8, 3, 2, 1, output_padding=1)", ConvTranspose(12, 3, 2, 1, output_padding=1)),
        ("paddle.nn.Conv2DTranspose(3, 8, 3, 2, 1)(x, output_size=[24, 24])", (24, 24)),
        ("paddle.nn.MaxPool2D(3, 2, 1, False, True)", MaxPool(12, 3, 2, 1, ceil_mode=True)),
        ("paddle.nn.Conv2DTranspose(4, 8, 3, 2, 1, 1, 2, 4)", ConvTranspose(12, 3, 2, 1, 2, 1)),
        ("paddle.nn.Conv1DTranspose(4, 8, 3, 2, 1, 1, 4, 2)", ConvTranspose((12,), 3, 2, 1, 2, 1)),
        ("paddle.nn.AvgPool2D(3, 2, 1)", AvgPool(12, 3, 2, 1, count_include_pad=False)),
        ("paddle.nn.AvgPool2D(3, 2, 1, exclusive=False)", AvgPool(12, 3, 2, 1)),
        ("mlx.nn.Conv2d(3, 8, 3, 2, 1)", Conv(12, 3, 2, 1)),
        ("mlx.nn.ConvTranspose2d(3, 8, 3, 2, 1, 1, 1)", ConvTranspose(12, 3, 2, 1, output_padding=1)),
        ("mlx.nn.MaxPool2d(2)", MaxPool(12, 2)),
        (
            "Convolution2D(8, 3, 5, border_mode='same', subsample=(2, 2), activation='relu')",
            Conv(12, (3, 5), 2, "same"),
        ),
        ("Convolution2D(8, 3, 5)", Conv(12, (3, 5))),
        ("Conv2D(8, 3, 5, border_mode='same')", Conv(12, (3, 5), 1, "same")),
        ("AtrousConvolution2D(8, 3, 3, atrous_rate=(2, 2))", Conv(12, 3, dilation=2)),
        ("Convolution1D(nb_filter=8, filter_length=3, border_mode='same', subsample_length=2)", "line"),
        ("MaxPooling2D((2, 2), strides=(2, 2), border_mode='same')", MaxPool(12, 2, 2, "same")),
        ("Conv2D(8, 3, 2)", Conv(12, 3, 2)),
        ("Deconvolution2D(n, kernel_size=(4, 4), strides=(2, 2), padding='valid')", ConvTranspose(12, 4, 2, "valid")),
        ("Convolution2D(8, (3, 2), activation='relu')", Conv(12, (3, 2))),
    ],
)
def test_a_line_is_the_layer_of_its_framework(code: str, layer: Any) -> None:
    made = parsed(code, size=(1, 23, 24, 3)).layer
    if layer == (2, 3):
        layer = Conv(12, (3, 5), (2, 3), "same")
    elif isinstance(layer, tuple) and "paddle" in code:
        layer = ConvTranspose(12, 3, 2, 1, output=layer)
    elif isinstance(layer, tuple):
        layer = ConvTranspose(12, (3, 5), 2, "same", output=layer)
    elif layer == "mean":
        layer = AvgPool(12, 3, 2, "same", count_include_pad=False)
    elif layer == "line":
        layer = Conv((12,), 3, 2, "same")
    assert (type(made), made.axes) == (type(layer), layer.axes)
    assert getattr(made, "count_include_pad", True) == getattr(layer, "count_include_pad", True)


def test_a_transposed_convolution_of_tensorflow_crops_at_the_end() -> None:
    code = "tf.nn.conv2d_transpose(tf.ones((1, 2, 2, 1)), tf.ones((3, 3, 1, 1)), [1, 4, 4, 1], 2, 'SAME')"
    layer = parse_code(code).layer
    assert isinstance(layer, ConvTranspose)
    values = layer(np.array([[1, 2], [3, 4]]), np.ones((3, 3), dtype=int))
    assert values.tolist() == [[1, 1, 3, 2], [1, 1, 3, 2], [4, 4, 10, 6], [3, 3, 7, 4]]


@pytest.mark.parametrize(
    ("code", "shapes"),
    [
        (
            "tf.nn.conv2d_transpose(x, tf.zeros((3, 3, 16, 32)), [1, 24, 24, 16], 2)",
            {"input": "(N, 12, 12, 32)", "output": "(N, 24, 24, 16)", "weight": "(3, 3, 16, 32)"},
        ),
        (
            "tf.nn.conv2d(tf.zeros((1, 12, 12, 4)), tf.zeros((3, 3, 2, 8)), 1, 'SAME')",
            {"input": "(N, 12, 12, 4)", "output": "(N, 12, 12, 8)", "weight": "(3, 3, 2, 8)"},
        ),
        ("mlx.nn.Conv2d(4, 8, 3, groups=2)", {"input": "(N, 12, 12, 4)", "weight": "(8, 3, 3, 2)"}),
        ("mlx.nn.ConvTranspose2d(4, 8, 3)", {"output": "(N, 14, 14, 8)", "weight": "(8, 3, 3, 4)"}),
        ("paddle.nn.Conv2DTranspose(4, 8, 3, groups=2)", {"output": "(N, 8, 14, 14)", "weight": "(4, 4, 3, 3)"}),
        ("Convolution2D(8, 3, 3, dim_ordering='th', input_shape=(3, 12, 12))", {"input": "(N, 3, 12, 12)"}),
        ("Convolution2D(8, 3, 3, input_shape=(3, 20, 20))", {"input": "(N, 3, 12, 12)"}),
        ("nn.Conv2d(dim, dim, 7, groups=dim)", {"weight": "(dim, 1, 7, 7)"}),
        ("nn.Conv2d(dim, dim * 4, 7, groups=g)", {"weight": "(dim * 4, dim/g, 7, 7)"}),
        ("nn.ConvTranspose2d(64, dim + 1, 7, groups=g)", {"weight": "(64, (dim + 1)/g, 7, 7)"}),
        ("Conv2D(dim, 7, groups=dim, input_shape=(12, 12, dim))", {"weight": "(7, 7, 1, dim)"}),
        ("nn.Conv(dim, (7, 7), feature_group_count=dim)", {"weight": "(7, 7, C_in/dim, dim)"}),
        (
            "lax.conv_general_dilated(x, jnp.ones((8, 1, 3, 3)), (1, 1), 'VALID', feature_group_count=n)",
            {"input": "(N, n, 12, 12)", "weight": "(8, 1, 3, 3)"},
        ),
        (
            "lax.conv_general_dilated(x, jnp.ones((8, 2, 3, 3)), (1, 1), 'VALID', feature_group_count=n)",
            {"input": "(N, 2 * n, 12, 12)"},
        ),
        (
            "lax.conv_general_dilated(jnp.ones((1, 6, 9, 9)), jnp.ones((9, 2, 3, 3)), (1, 1), 'SAME', "
            "feature_group_count=n)",
            {"input": "(N, 6, 12, 12)"},
        ),
        ("nn.LazyConv2d(96, 3)(torch.zeros(1, 3, 12, 12))", {"input": "(N, 3, 12, 12)", "weight": "(96, 3, 3, 3)"}),
    ],
)
def test_shapes_are_in_the_order_of_the_framework(code: str, shapes: dict[str, str]) -> None:
    said = parsed(code).shapes
    assert {name: said[name] for name in shapes} == shapes


def test_a_name_that_several_frameworks_have_is_told_by_its_arguments() -> None:
    assert parsed("nn.Conv2DTranspose(1, 1, 3, stride=2)").framework == "Paddle"
    assert parsed("Conv2D(in_channels=3, out_channels=8, kernel_size=3)").framework == "Paddle"
    assert parsed("Conv2D(8, 3)").framework == "Keras"
    assert parsed("conv2d(x, 64, 3)", framework="tensorflow").name == "tf.layers.conv2d"
    assert parsed("conv2d(x, w, 1, 'SAME')", framework="tensorflow").name == "tf.nn.conv2d"
    assert parsed("tfl.Conv2D(8, 3)").framework == "Keras"


def test_versions_of_keras_that_read_a_line_differently_are_told() -> None:
    assert "Keras 1 and 2 read (filters, rows, columns)" in parsed("Conv2D(64, 3, 3)").notes[-1]
    assert "Keras 3 takes the third number as strides" in parsed("Convolution2D(64, 3, 3)").notes[-1]
    assert not parsed("Conv2D(64, 3, strides=3)").notes


@pytest.mark.parametrize(
    ("code", "layer"),
    [
        ("nn.ConvTranspose2d(1, 4, 16, 16)(torch.zeros(1, 15, 13), output_size=(1, 240, 208))", (240, 208)),
        ("nn.ConvTranspose2d(1, 4, 3, 2, 1)(torch.zeros(2, 1, 6, 6), output_size=(2, 1, 12, 12))", (12, 12)),
        ("nn.ConvTranspose2d(1, 4, 3, 2, 1)(torch.zeros(1, 6, 6), output_size=torch.Size([12, 11]))", (12, 11)),
        ("nn.ConvTranspose1d(1, 4, 3, 2, 1)(torch.zeros(1, 6), output_size=(4, 12))", (12,)),
        ("nn.ConvTranspose2d(1, 4, 3, 2, 1)(torch.zeros(1, 6, 6), output_size=skip.size())", (12, 11)),
    ],
)
def test_output_size_may_name_channels_and_batch(code: str, layer: tuple[int, ...]) -> None:
    assert parsed(code, None, output_size=(12, 11)).layer.output == layer


def test_output_size_that_is_not_known_is_asked_for() -> None:
    with pytest.raises(ReadingError, match=r"output_size=skip.size\(\) is unknown here.*try --let output_size=12"):
        parsed("nn.ConvTranspose2d(1, 4, 3, 2, 1)(x, output_size=skip.size())")
    with pytest.raises(ReadingError, match=r"expected a whole number or \(rows, columns\), got \(2, 1, 12, 12\)"):
        parsed("nn.ConvTranspose2d(1, 4, 3, 2, 1)(torch.zeros(1, 6, 6), output_size=(2, 1, 12, 12))", None)


@pytest.mark.parametrize("code", ["self.cv1 = Conv(c1, c_, 1, 1)", "common.Conv(64, 128, 3)", "Conv(64, 3)"])
def test_a_wrapper_of_a_project_is_not_taken_for_flax(code: str) -> None:
    with pytest.raises(ReadingError, match=r"may be a layer of your project.* try --framework jax"):
        parsed(code)


@pytest.mark.parametrize("code", ["nn.Conv(c1, (1, 1))", "Conv(64, (3, 3))", "Conv(features=4, kernel_size=(3, 3))"])
def test_flax_is_still_read(code: str) -> None:
    assert parsed(code).framework == "Flax"
    assert parsed("Conv(64, 3)", framework="jax").layer == Conv((12,), 3, padding="same")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("nn.Upsample(scale_factor=2)", "nn.Upsample is an interpolation"),
        ("F.interpolate(x, scale_factor=2, mode='bilinear')", "F.interpolate is an interpolation"),
        ("UpSampling2D(size=(2, 2))(x)", "UpSampling2D is an interpolation"),
        ("nn.ReflectionPad2d(3)", "is padding; give it together with the convolution behind it"),
        ("ZeroPadding2D(1)(x)", "ZeroPadding2D is padding"),
        ("nn.Conv3d(3, 4, 3)", "three dimensions"),
        ("MaxPooling3D(2)", "three dimensions"),
        ("nn.AdaptiveAvgPool2d(1)", "an adaptive pooling"),
        ("F.adaptive_avg_pool2d(x, (1, 1))", "an adaptive pooling"),
        ("GlobalAveragePooling2D()(x)", "a global pooling"),
        ("Cropping2D(1)(x)", "a crop"),
        ("nn.MaxUnpool2d(2)", "an unpooling"),
        ("F.unfold(x, 3)", "patches into columns"),
        ("nn.Fold(4, 3)", "patches into columns"),
        ("nn.PixelShuffle(2)", "a rearrangement of channels into cells"),
        ("tf.nn.depth_to_space(x, 2)", "a rearrangement of channels into cells"),
        ("SeparableConv2D(8, 3)", "a depthwise and a pointwise convolution"),
        ("tf.nn.depthwise_conv2d(x, w, 1, 'SAME')", "a kernel of its own for each channel"),
        ("DepthwiseConv2D(3)", "a kernel of its own for each channel"),
        ("nn.BatchNorm2d(3)", "a normalization"),
        ("nn.ReLU()", "an activation"),
        ("hk.Conv2D(4, 3)", "hk.Conv2D is a layer of Haiku, which is not read; the nearest is nn.Conv(8, (3, 3))"),
        ("slim.conv2d(x, 64, 3)", "TF-Slim"),
        ("tf.contrib.layers.conv2d(x, 64, 3)", "TF-Slim"),
        ("nn.Conv2DTranspose(3, 4, 3)", "Conv2DTranspose is a name of keras and paddle: try --framework with one"),
        ("conv(3, 4, 3)", "may be a function of your project"),
        ("Deconvolution2D(8, 3, 3, output_shape=(None, 14, 14, 8))", "Keras 1's, which is not read; the nearest is"),
        ("nn.Conv(8, (3,), padding=[(pad, 0)])", "try --let pad=1"),
        ("nn.Conv(8, (3,), padding=pad)", "try --let pad=SAME"),
        ("L.Convolution2D(64, 32, 5)", "a layer of Chainer, which is not read"),
        ("K.conv2d(x, w, padding='same')", "no framework has the prefix 'K'; try --framework"),
        ("layers.conv2d(x, 64, 3)", "conv2d is a name of torch and tensorflow: try --framework with one"),
        ("nn.Conv2D(64, 3, 1, 1)", "did you mean nn.Conv2d (PyTorch)? Conv2D is a name of keras and paddle"),
        ("self.conv(x)", "may be a function of your project"),
        ("PartialConv2d(3, 4, 3)", "expected a convolution, a transposed convolution or a pooling of a framework"),
        ("nn.Sequential(nn.Upsample(2), nn.ReLU())", "nn.Upsample is an interpolation"),
        ("tf.nn.conv2d_transpose(x, w, shape, 2)", "output_shape=shape is unknown here"),
        ("tf.nn.conv2d(x, w)", "strides and padding are missing"),
        ("paddle.nn.Conv2D(3, 8, 3, dilation=2, padding='SAME')", "Paddle ignores dilation"),
        ("mlx.nn.ConvTranspose2d(4, 8, 1, 3, 1)", "MLX gives no transposed convolution"),
        ("Convolution2D(8, 3, 3, border_mode='full')", "border_mode='full'"),
        ("paddle.nn.MaxPool2D(2, 13, 1, ceil_mode=True)", "Paddle keeps a window that begins behind the input"),
    ],
)
def test_what_is_not_read_is_refused_by_what_it_is(code: str, says: str) -> None:
    with pytest.raises(ReadingError) as caught:
        parsed(code)
    assert says in str(caught.value)
    assert "Flax" not in str(caught.value) or code.startswith("nn.Conv(")
    assert "did you mean nn.MaxPool" not in str(caught.value)
