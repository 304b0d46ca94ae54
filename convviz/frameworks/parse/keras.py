"""Keras: convolution, transposed convolution and pooling in one and two dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from convviz.errors import ReadingError
from convviz.frameworks.names import TITLES, class_name
from convviz.frameworks.output_sizes import keras_output_sizes
from convviz.frameworks.parse.arguments import Arguments, Signature
from convviz.frameworks.parse.channels import Count, check_groups, format_count, format_shape, groups_note
from convviz.frameworks.parse.hints import ParseHints, Sizes
from convviz.frameworks.parse.layer_spec import LayerSpec, build_layer, effective_kernels
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.values import ShapedArray, Symbol
from convviz.geometry.padding import PaddingName, PaddingPair
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

Parameters = dict[str, Any]
EVEN_KERNEL = "Keras on TensorFlow refuses this for an even kernel; Keras on JAX and on PyTorch give this output"
PADDED_MEAN = "Keras on PyTorch counts the padding in this mean; Keras on TensorFlow and on JAX leave it out, as here"


def parse_convolution(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `Conv2D` or `Conv2DTranspose`."""
    axes = spec.axes
    input, inputs, channels_last = _input(axes, arguments, hints)
    outputs, groups = arguments.count("filters"), 1 if spec.is_transposed else arguments.groups("groups")
    check_groups(groups, **{"filters": outputs, "input channels": inputs})
    sizes: Parameters = {
        "input": input,
        "kernel": arguments.sizes("kernel_size", axes, "kernel"),
        "stride": arguments.sizes("strides", axes, "stride"),
        "dilation": arguments.sizes("dilation_rate", axes, "dilation"),
    }
    if max(sizes["stride"]) > 1 and max(sizes["dilation"]) > 1:
        raise ReadingError("Keras refuses strides > 1 together with dilation_rate > 1; use one of them")
    layer = _conv_transpose(arguments, sizes) if spec.is_transposed else _conv(arguments, sizes)
    channels = format_count(inputs, "C_in", groups), format_count(outputs, "C_out")
    notes = _backend_notes(arguments, layer) if spec.is_transposed else ()
    return ParsedLayer(
        *(spec.framework, spec.name, layer, inputs, outputs, groups),
        bias=arguments.flag("use_bias", assume_default=True),
        channels_last=channels_last,
        notes=notes + groups_note("groups", groups, inputs) + arguments.assumptions("use_bias"),
        arguments=arguments.text,
        weight_shape=format_shape(*sizes["kernel"], *(channels[::-1] if spec.is_transposed else channels)),
        own_output_padding=keras_output_sizes(_padding_name(arguments)) if spec.is_transposed else None,
    )


def _input(axes: int, arguments: Arguments, hints: ParseHints) -> tuple[Sizes, Count, bool]:
    """Return the cells of the input, its channels, and whether channels are last."""
    formats = ("channels_last", "channels_first")
    channels_last = arguments["data_format"] is None or arguments.choice("data_format", formats) == "channels_last"
    shape = _input_shape(axes, arguments, hints)
    if shape is None:
        return hints.input_size(axes), None, channels_last
    channels, cells = (shape[-1], shape[:-1]) if channels_last else (shape[0], shape[1:])
    size: Any = cells if all(type(number) is int for number in cells) else None
    return hints.input_size(axes, size), channels if isinstance(channels, int | Symbol) else None, channels_last


def _input_shape(axes: int, arguments: Arguments, hints: ParseHints) -> tuple[Any, ...] | None:
    """Return the shape of one input with its channels: `input_shape`, or that of what the layer is called with."""
    inputs = hints.called_with[0] if hints.called_with else ()
    if arguments["input_shape"] is not None:
        shape, name = arguments["input_shape"], "input_shape"
    elif arguments["batch_input_shape"] is not None:
        shape, name = arguments["batch_input_shape"], "batch_input_shape"
    elif inputs and isinstance(inputs[0], ShapedArray):
        shape, name = inputs[0].sizes, "the shape of the input"
    else:
        return None
    if isinstance(shape, Symbol):
        return None
    entries = axes + (1 if name == "input_shape" else 2)
    if not isinstance(shape, tuple) or len(shape) != entries:
        raise ReadingError(f"{name}: expected {entries} entries such as {(32, 28, 28, 1)[-entries:]}, got {shape}")
    return shape[-axes - 1 :]


def _conv(arguments: Arguments, sizes: Parameters) -> Layer:
    one_axis = len(sizes["input"]) == 1
    names = ("valid", "same", "causal") if one_axis else ("valid", "same")
    padding = arguments.choice("padding", names, ignore_case=True)
    if padding == "causal":
        before = sizes["dilation"][0] * (sizes["kernel"][0] - 1)
        return build_layer(lambda: Conv(padding=((before, 0),), **sizes))
    return build_layer(lambda: Conv(padding=cast(PaddingName, padding), **sizes))


def _padding_name(arguments: Arguments) -> PaddingName:
    return arguments.choice("padding", ("valid", "same"), ignore_case=True)


def _conv_transpose(arguments: Arguments, sizes: Parameters) -> Layer:
    """Return the transposed layer; with `same`, an explicit output padding also moves the crop at the start."""
    padding = _padding_name(arguments)
    if arguments["output_padding"] is None:
        return build_layer(lambda: ConvTranspose(padding=padding, **sizes))
    output_padding = arguments.sizes("output_padding", len(sizes["input"]), "output_padding")
    for a, s in zip(output_padding, sizes["stride"], strict=True):
        if a >= s:
            raise ReadingError(f"output_padding: Keras expects less than strides={s}, got {a}")
    if padding == "valid":
        return build_layer(lambda: ConvTranspose(padding=0, output_padding=output_padding, **sizes))
    kernels = effective_kernels(sizes["kernel"], sizes["dilation"])
    crops = [_same_crop(kernel, a) for kernel, a in zip(kernels, output_padding, strict=True)]
    sides, appended = tuple(side for side, _ in crops), tuple(zeros for _, zeros in crops)
    return build_layer(lambda: ConvTranspose(padding=sides, output_padding=appended, **sizes))


def _same_crop(effective_kernel: int, output_padding: int) -> tuple[PaddingPair, int]:
    """Return the crop before and after, and the zeros appended, for `same` with an explicit output padding a.

    o = (i − 1)s + ke − 2⌊ke/2⌋ + a, so that max(2⌊ke/2⌋ − a, 0) cells are cropped, an odd one at the end.
    """
    total = effective_kernel // 2 * 2 - output_padding
    cropped = max(total, 0)
    return (cropped // 2, cropped - cropped // 2), max(-total, 0)


def _backend_notes(arguments: Arguments, layer: Layer) -> tuple[str, ...]:
    """Return a note if Keras's backends disagree on a transposed convolution."""
    padding = _padding_name(arguments)
    if arguments["output_padding"] is None or padding != "same":
        return ()
    axes = zip(layer.axes, layer.output_padding, strict=True)
    refused = any(
        axis.effective_kernel % 2 == 0 and sum(axis.padding) - appended == axis.effective_kernel
        for axis, appended in axes
    )
    return (EVEN_KERNEL,) * refused


def parse_pooling(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of a pooling; with `same`, a mean divides by the number of input cells only."""
    cells, channels, channels_last = _input(spec.axes, arguments, hints)
    stride = None if arguments["strides"] is None else arguments.sizes("strides", spec.axes, "stride")
    parameters: Parameters = {
        "input": cells,
        "kernel": arguments.sizes("pool_size", spec.axes, "kernel"),
        "stride": stride,
        "padding": arguments.choice("padding", ("valid", "same"), ignore_case=True),
    }
    if spec.kind == "maxpool":
        layer: Layer = build_layer(lambda: MaxPool(**parameters))
    else:
        layer = build_layer(lambda: AvgPool(count_include_pad=False, **parameters))
    return ParsedLayer(
        *(spec.framework, spec.name, layer, channels, channels),
        channels_last=channels_last,
        arguments=arguments.text,
        notes=(PADDED_MEAN,) * (spec.kind == "avgpool" and any(map(sum, layer.padding))),
    )


KEYWORDS = (
    "dtype=None, trainable=True, autocast=True, lora_rank=None, lora_alpha=None, quantization_config=None, "
    "input_shape=None, batch_input_shape=None, batch_shape=None, batch_size=None"
)
"""Keywords that are part of `**kwargs`."""
SHARED = (
    "activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros', "
    "kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, "
    "bias_constraint=None, *, name=None, " + KEYWORDS
)
CONV = "filters, kernel_size, strides={one}, padding='valid', data_format=None, dilation_rate={one}, groups=1, "
TRANSPOSED = (
    "filters, kernel_size, strides={one}, padding='valid', output_padding=None, data_format=None, dilation_rate={one}, "
)
POOL = "pool_size{default}, strides=None, padding='valid', data_format=None, name=None, *, " + KEYWORDS
ALIASES = {
    "conv": ("Convolution{axes}D",),
    "transposed": ("Convolution{axes}DTranspose",),
    "maxpool": ("MaxPool{axes}D",),
    "avgpool": ("AvgPool{axes}D",),
}
"""Kind of layer → other names of its class."""


def _specs() -> Iterator[tuple[str, LayerSpec]]:
    for axes in (1, 2):
        one, two = ("1", "2") if axes == 1 else ("(1, 1)", "(2, 2)")
        rows: list[tuple[str, str, Any]] = [
            ("conv", CONV.format(one=one) + SHARED, parse_convolution),
            ("transposed", TRANSPOSED.format(one=one) + SHARED, parse_convolution),
            ("maxpool", POOL.format(default=f"={two}"), parse_pooling),
            ("avgpool", POOL.format(default=""), parse_pooling),
        ]
        for kind, signature, make in rows:
            for name in (class_name("keras", kind, axes), *(alias.format(axes=axes) for alias in ALIASES[kind])):
                yield name, LayerSpec(TITLES["keras"], f"layers.{name}", kind, Signature(signature), make, axes)


SPECS = dict(_specs())
"""Layers by name."""


def prefixes(_name: str) -> tuple[str, ...]:
    """Return what may precede a name."""
    return tuple(f"{root}layers" for root in ("", "keras.", "tf.keras.", "tensorflow.keras.", "K."))
