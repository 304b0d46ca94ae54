"""TensorFlow: functions of `tf.nn`, and those of TensorFlow 1 in `tf.layers`; channels last unless said otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from convviz.errors import ReadingError
from convviz.frameworks.names import CLASS_NAMES
from convviz.frameworks.output_sizes import no_output_padding, required_output_size
from convviz.frameworks.parse import keras
from convviz.frameworks.parse.arguments import Arguments, Signature, format_argument
from convviz.frameworks.parse.call import Call
from convviz.frameworks.parse.channels import Count, format_shape
from convviz.frameworks.parse.hints import ParseHints, Sizes
from convviz.frameworks.parse.layer_spec import LayerSpec, build_layer
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.values import OpaqueCall, ShapedArray
from convviz.geometry.padding import PaddingName, PaddingPair
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

TITLE = "TensorFlow"
Padding = PaddingName | tuple[PaddingPair, ...]


def parse_function(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `tf.nn.conv2d` or `tf.nn.conv2d_transpose`; kernel and channels are those of the filters."""
    arguments = _renamed(arguments, input="value", filters="filter")
    weight = arguments.shape("filters") or hints.weight
    if weight is None:
        name = format_argument(arguments["filters"])
        example = "3,3,64,32" if spec.axes == 2 else "3,64,32"
        raise ReadingError(f"the shape of filters={name} is unknown; try --weight {example}")
    if len(weight) != spec.axes + 2:
        raise ReadingError(f"expected filters with {spec.axes + 2} axes, got {len(weight)}")
    cells, channels, last = _input(spec, arguments, hints)
    sizes: dict[str, Any] = {
        "input": cells,
        "kernel": weight[:-2],
        "stride": _spatial(arguments, "strides", spec.axes, "stride", last),
        "dilation": _spatial(arguments, "dilations", spec.axes, "dilation", last),
    }
    per_group, outputs = (weight[-1], weight[-2]) if spec.is_transposed else weight[-2:]
    groups = channels // per_group if isinstance(channels, int) and not spec.is_transposed else 1
    if isinstance(channels, int) and channels != per_group * groups:
        raise ReadingError(f"expected an input with {per_group} channels for the filters {weight}, got {channels}")
    padding = _padding(arguments, spec.axes, last)
    if spec.is_transposed:
        output = _output(arguments, spec.axes, last)
        layer: Layer = build_layer(lambda: ConvTranspose(padding=padding, output=output, **sizes))
    else:
        layer = build_layer(lambda: Conv(padding=padding, **sizes))
    return ParsedLayer(
        *(spec.framework, spec.name, layer, per_group * groups, outputs, groups),
        channels_last=last,
        arguments=arguments.text,
        weight_shape=format_shape(*weight),
        own_output_padding=required_output_size() if spec.is_transposed else None,
    )


def parse_pooling(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `tf.nn.max_pool2d` or `tf.nn.avg_pool2d`; a mean leaves padding out."""
    arguments = _renamed(arguments, input="value")
    cells, channels, last = _input(spec, arguments, hints)
    kernel = _spatial(arguments, "ksize", spec.axes, "kernel", last)
    stride = _spatial(arguments, "strides", spec.axes, "stride", last)
    padding = _padding(arguments, spec.axes, last)
    layer: Layer = build_layer(
        lambda: (
            MaxPool(cells, kernel, stride, padding)
            if spec.kind == "maxpool"
            else AvgPool(cells, kernel, stride, padding, count_include_pad=False)
        )
    )
    return ParsedLayer(
        *(spec.framework, spec.name, layer, channels, channels), channels_last=last, arguments=arguments.text
    )


def _renamed(arguments: Arguments, **older: str) -> Arguments:
    """Return arguments with the names that TensorFlow 1 has for some replaced by today's."""
    values = dict(arguments.values)
    for name, old in older.items():
        if values.get(name) is None and old in values:
            values[name] = values.pop(old)
    missing = [name for name in ("input", "strides", "padding") if name not in values and name in arguments.defaults]
    if missing and missing != ["padding"]:
        raise ReadingError(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    return Arguments(values, arguments.defaults)


def _input(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> tuple[Sizes, Count, bool]:
    """Return the cells of the input, its channels, and whether they are last."""
    formats = {1: ("NWC", "NCW", "NHWC", "NCHW"), 2: ("NHWC", "NCHW")}[spec.axes]
    last = arguments["data_format"] is None or arguments.choice("data_format", formats).endswith(("C", "c"))
    shape = arguments.shape("input")
    if shape is None:
        return hints.input_size(spec.axes), None, last
    if len(shape) != spec.axes + 2:
        raise ReadingError(f"expected an input with {spec.axes + 2} axes, got {format_shape(*shape)}")
    cells, channels = (shape[1:-1], shape[-1]) if last else (shape[2:], shape[1])
    return hints.input_size(spec.axes, cells), channels, last


def _spatial(arguments: Arguments, name: str, axes: int, parameter: str, last: bool) -> Sizes:
    """Return a number, (rows, columns), or the spatial entries of one number for each axis of the tensor."""
    value = arguments[name]
    if value is None:
        return (1,) * axes
    if isinstance(value, tuple) and len(value) == axes + 2:
        value = value[1:-1] if last else value[2:]
    elif isinstance(value, tuple) and len(value) == 1:
        value = value * axes
    return Arguments({name: value}, {}).sizes(name, axes, parameter)


def _padding(arguments: Arguments, axes: int, last: bool) -> Padding:
    value = arguments["padding"]
    if isinstance(value, tuple) and len(value) == axes + 2:
        pairs = value[1:-1] if last else value[2:]
        if all(isinstance(pair, tuple) and len(pair) == 2 and {*map(type, pair)} == {int} for pair in pairs):
            return cast(Padding, pairs)
    return cast(PaddingName, arguments.choice("padding", ("SAME", "VALID")))


def _output(arguments: Arguments, axes: int, last: bool) -> Sizes:
    """Return the spatial entries of `output_shape`, also of `tf.stack([…])`."""
    value = arguments["output_shape"]
    if value is None:
        raise ReadingError("output_shape is missing; TensorFlow needs it, such as output_shape=[1, 24, 24, 8]")
    if isinstance(value, OpaqueCall) and value.call and value.call.path[-1] in ("stack", "pack", "constant"):
        value = next(iter(value.call.positional), value)
    if isinstance(value, tuple) and len(value) == axes + 2:
        value = value[1:-1] if last else value[2:]
    return Arguments({"output_shape": value}, {}).sizes("output_shape", axes, "input")


def parse_layers_function(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `tf.layers.conv2d` and the like: that of Keras, called with `inputs`."""
    values = {name: value for name, value in arguments.values.items() if name != "inputs"}
    inputs = (arguments["inputs"],) if isinstance(arguments["inputs"], ShapedArray) else ()
    same = keras.SPECS[CLASS_NAMES["keras"][spec.kind].format(axes=spec.axes)]
    given = Arguments(values, {**same.signature.defaults, **arguments.defaults})
    parsed = same.make(spec, given, replace(hints, called_with=(inputs, {})))
    own = no_output_padding("tf.layers") if spec.is_transposed else None
    return replace(parsed, arguments=arguments.text, own_output_padding=own)


FIRST = "input=None, filters=None, {strides}=None, padding=None, data_format=None, dilations=None, name=None"
OLD = "*, value=None, filter=None, use_cudnn_on_gpu=True"
TRANSPOSED = (
    "input=None, filters=None, output_shape=None, strides=None, padding='SAME', data_format=None, dilations=None, "
    f"name=None, {OLD}"
)
POOL = "input=None, ksize=None, strides=None, padding=None, data_format=None, name=None, *, value=None"
LAYERS_REST = (
    "activation=None, use_bias=True, kernel_initializer=None, bias_initializer=None, kernel_regularizer=None, "
    "bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, "
    "name=None, reuse=None"
)


def _nn_specs() -> Iterator[tuple[str, LayerSpec]]:
    rows: list[tuple[str, str, str, Any, int]] = [
        ("conv2d", "conv", f"{FIRST.format(strides='strides')}, {OLD}", parse_function, 2),
        ("conv2d_transpose", "transposed", TRANSPOSED, parse_function, 2),
        ("conv1d_transpose", "transposed", TRANSPOSED, parse_function, 1),
        ("conv1d", "conv", f"{FIRST.format(strides='strides')}, {OLD}, stride=None", parse_function, 1),
    ]
    for kind, word in (("maxpool", "max"), ("avgpool", "avg")):
        rows += [(f"{word}_pool{axes}d", kind, POOL, parse_pooling, axes) for axes in (1, 2)]
        rows += [(f"{word}_pool", kind, POOL, parse_pooling, 2)]
    for name, kind, signature, make, axes in rows:
        spec = LayerSpec(TITLE, f"tf.nn.{name}", kind, Signature(signature), make, axes, input="input")
        yield name, replace(spec, accepts=lambda call: not _is_of_layers(call))


def _layers_specs() -> Iterator[tuple[str, LayerSpec]]:
    for axes in (1, 2):
        one = "1" if axes == 1 else "(1, 1)"
        rows = [
            (
                *(f"conv{axes}d", "conv"),
                f"inputs, filters, kernel_size, strides={one}, padding='valid', data_format='channels_last', "
                f"dilation_rate={one}, {LAYERS_REST}",
            ),
            (
                *(f"conv{axes}d_transpose", "transposed"),
                f"inputs, filters, kernel_size, strides={one}, padding='valid', data_format='channels_last', "
                f"{LAYERS_REST}",
            ),
        ]
        pool = "inputs, pool_size, strides, padding='valid', data_format='channels_last', name=None"
        rows += [(f"max_pooling{axes}d", "maxpool", pool), (f"average_pooling{axes}d", "avgpool", pool)]
        for name, kind, signature in rows:
            make = parse_layers_function
            yield (
                name,
                LayerSpec(TITLE, f"tf.layers.{name}", kind, Signature(signature), make, axes, input="inputs"),
            )


NN_SPECS = dict(_nn_specs())
"""Functions of `tf.nn` by name."""
LAYERS_SPECS = dict(_layers_specs())
"""Functions of `tf.layers` by name."""


def nn_prefixes(name: str) -> tuple[str, ...]:
    """Return what may precede a name of `tf.nn`."""
    return ("tf.nn", "tensorflow.nn", "tf.compat.v1.nn", *(("nn",) if name.startswith("conv") else ()))


def layers_prefixes(_name: str) -> tuple[str, ...]:
    """Return what may precede a name of `tf.layers`."""
    return ("tf.layers", "tensorflow.layers", "tf.compat.v1.layers")


def _is_of_layers(call: Call) -> bool:
    """Return whether a call gives the number of filters and the kernel size, as `tf.layers` needs, and no array."""
    filters = call.named.get("filters", call.positional[1] if len(call.positional) > 1 else None)
    return bool({"kernel_size", "pool_size"} & set(call.named)) or type(filters) is int
