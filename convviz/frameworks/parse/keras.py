"""Keras: convolution, transposed convolution and pooling, of one and two dimensions."""

from __future__ import annotations

from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.parse.arguments import Arguments, Signature
from convviz.frameworks.parse.call import Name, Shape
from convviz.frameworks.parse.parsed_layer import (
    Count,
    LayerSpec,
    ParsedLayer,
    ParseHints,
    Sizes,
    built,
    divided,
    tensor,
    text_of,
)
from convviz.geometry.padding import PaddingPair
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

FRAMEWORK = "Keras"
PREFIXES = tuple(f"{root}layers" for root in ("", "keras.", "tf.keras.", "tensorflow.keras.", "K."))
KEYWORDS = (
    "dtype=None, trainable=True, autocast=True, lora_rank=None, lora_alpha=None, quantization_config=None, "
    "input_shape=None, batch_input_shape=None, batch_shape=None, batch_size=None"
)
"""What `**kwargs` takes."""
LATE = (
    "activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros', "
    "kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, "
    "bias_constraint=None, *, name=None, " + KEYWORDS
)
CONV = "filters, kernel_size, strides={one}, padding='valid', data_format=None, dilation_rate={one}, groups=1, "
BACK = (
    "filters, kernel_size, strides={one}, padding='valid', output_padding=None, data_format=None, dilation_rate={one}, "
)
POOL = "pool_size{default}, strides=None, padding='valid', data_format=None, name=None, *, " + KEYWORDS


def convolution(row: LayerSpec, given: Arguments, asked: ParseHints) -> ParsedLayer:
    """`Conv2D` and `Conv2DTranspose`."""
    assert row.axes
    axes, back = row.axes, "output_padding" in given.defaults
    cells, inputs, last = _input(axes, given, asked)
    outputs, groups = given.count("filters"), 1 if back else given.groups("groups")
    divided(groups, filters=outputs)
    if isinstance(inputs, int) and inputs % groups:
        raise ReadingError(f"{inputs} input channels do not fall into {groups} groups; use a divisor of {inputs}")
    shared: dict[str, Any] = {
        "input": cells,
        "kernel": given.sizes("kernel_size", axes, "kernel"),
        "stride": given.sizes("strides", axes, "stride"),
        "dilation": given.sizes("dilation_rate", axes, "dilation"),
    }
    if max(shared["stride"]) > 1 and max(shared["dilation"]) > 1:
        raise ReadingError("Keras refuses strides > 1 together with dilation_rate > 1; use one of them")
    layer = _transposed(given, shared) if back else _forward(given, shared)
    ends = text_of(inputs, "C_in", groups), text_of(outputs, "C_out")
    return ParsedLayer(
        *(row.framework, row.name, layer, inputs, outputs, groups, given.flag("use_bias", assume=True), last),
        said=given.text,
        weight=tensor(*shared["kernel"], *(ends[::-1] if back else ends)),
        notes=(_remarks(given, layer) if back else ()) + given.assumed("groups", "use_bias"),
    )


def _input(axes: int, given: Arguments, asked: ParseHints) -> tuple[Sizes, Count, bool]:
    """The cells of the input, its channels, and whether these come last."""
    last = given["data_format"] is None or given.word("data_format", ("channels_last", "channels_first"))[9:] == "last"
    size = _shape(axes, given, asked)
    if size is None:
        return asked.cells(axes), None, last
    channels, inner = (size[-1], size[:-1]) if last else (size[0], size[1:])
    known: Any = inner if all(type(number) is int for number in inner) else None
    return asked.cells(axes, known), channels if isinstance(channels, int | Name) else None, last


def _shape(axes: int, given: Arguments, asked: ParseHints) -> tuple[Any, ...] | None:
    """The shape of one input, its channels included: `input_shape`, or that of what the layer is called with."""
    called = asked.applied[0] if asked.applied else ()
    if given["input_shape"] is not None:
        shape, words = given["input_shape"], "input_shape"
    elif given["batch_input_shape"] is not None:
        shape, words = given["batch_input_shape"], "batch_input_shape"
    elif called and isinstance(called[0], Shape):
        shape, words = called[0].sizes, "the shape of the input"
    else:
        return None
    if isinstance(shape, Name):
        return None
    wanted = axes + (1 if words == "input_shape" else 2)
    if not isinstance(shape, tuple) or len(shape) != wanted:
        raise ReadingError(f"{words} has not {wanted} entries, such as {(28, 28, 1)[2 - axes :]}")
    return shape[-axes - 1 :]


def _forward(given: Arguments, shared: dict[str, Any]) -> Layer:
    one = len(shared["input"]) == 1
    padding = given.word("padding", ("valid", "same", "causal") if one else ("valid", "same"), fold=True)
    if padding == "causal":
        before = shared["dilation"][0] * (shared["kernel"][0] - 1)
        return built(lambda: Conv(padding=((before, 0),), **shared))
    return built(lambda: Conv(padding=padding, **shared))


def _transposed(given: Arguments, shared: dict[str, Any]) -> Layer:
    """Keras's crop; an explicit output padding also moves the start under `same`."""
    padding = given.word("padding", ("valid", "same"), fold=True)
    if given["output_padding"] is None:
        return built(lambda: ConvTranspose(padding=padding, **shared))
    extra = given.sizes("output_padding", len(shared["input"]), "output_padding")
    for a, s in zip(extra, shared["stride"], strict=True):
        if a >= s:
            raise ReadingError(f"output_padding={a} is too large: in Keras it must be smaller than strides={s}")
    if padding == "valid":
        return built(lambda: ConvTranspose(padding=0, output_padding=extra, **shared))
    lines = zip(shared["kernel"], shared["dilation"], extra, strict=True)
    crops = [_crop(dilation * (kernel - 1) + 1, a) for kernel, dilation, a in lines]
    sides, more = tuple(side for side, _ in crops), tuple(a for _, a in crops)
    return built(lambda: ConvTranspose(padding=sides, output_padding=more, **shared))


def _crop(effective_kernel: int, extra: int) -> tuple[PaddingPair, int]:
    """Crop before and after, and cells appended, for `same` with an output padding a.

    o = (i − 1)s + ke − 2⌊ke/2⌋ + a, so that max(2⌊ke/2⌋ − a, 0) cells are cropped, an odd one off the end.
    """
    total = effective_kernel // 2 * 2 - extra
    return (max(total, 0) // 2, max(total, 0) - max(total, 0) // 2), max(-total, 0)


REFUSED = "Keras on TensorFlow cannot do this with an even kernel and refuses; Keras on JAX and on PyTorch give this"
COUNTED = "Keras on PyTorch cannot leave padding out of this mean and divides by more; Keras on TensorFlow and JAX do"


def _remarks(given: Arguments, layer: Layer) -> tuple[str, ...]:
    """Where Keras's backends disagree on a transposed convolution."""
    explicit = given["output_padding"] is not None and given.word("padding", ("valid", "same"), fold=True) == "same"
    lines = zip(layer.axes, layer.output_padding, strict=True)
    refused = explicit and any(
        axis.effective_kernel % 2 == 0 and sum(axis.padding) - a == axis.effective_kernel for axis, a in lines
    )
    return (REFUSED,) * refused


def pooling(row: LayerSpec, given: Arguments, asked: ParseHints) -> ParsedLayer:
    """Poolings; a mean under `same` divides by the cells of the input alone."""
    assert row.axes
    cells, channels, last = _input(row.axes, given, asked)
    shared: dict[str, Any] = {
        "input": cells,
        "kernel": given.sizes("pool_size", row.axes, "kernel"),
        "stride": None if given["strides"] is None else given.sizes("strides", row.axes, "stride"),
        "padding": given.word("padding", ("valid", "same"), fold=True),
    }
    if "Max" in row.name:
        layer: Layer = built(lambda: MaxPool(**shared))
    else:
        layer = built(lambda: AvgPool(count_include_pad=False, **shared))
    padded = isinstance(layer, AvgPool) and any(map(sum, layer.padding))
    notes = (COUNTED,) * padded
    return ParsedLayer(row.framework, row.name, layer, channels, channels, last=last, said=given.text, notes=notes)


def _rows() -> dict[str, LayerSpec]:
    rows = {}
    for axes in (1, 2):
        one, two = ("1", "2") if axes == 1 else ("(1, 1)", "(2, 2)")
        maximum, mean = POOL.format(default=f"={two}"), POOL.format(default="")
        kinds: dict[str, tuple[str, Any]] = {
            f"Conv{axes}D": (CONV.format(one=one) + LATE, convolution),
            f"Conv{axes}DTranspose": (BACK.format(one=one) + LATE, convolution),
            f"MaxPooling{axes}D": (maximum, pooling),
            f"AveragePooling{axes}D": (mean, pooling),
        }
        short = {"Convolution": "Conv", "MaxPool": "MaxPooling", "AvgPool": "AveragePooling"}
        for other, name in short.items():
            for end in ("", "Transpose") if name == "Conv" else ("",):
                kinds[f"{other}{axes}D{end}"] = kinds[f"{name}{axes}D{end}"]
        for name, (signature, make) in kinds.items():
            rows[name] = LayerSpec(FRAMEWORK, f"layers.{name}", Signature(signature), make, axes)
    return rows


ROWS = _rows()
"""Name → layer."""


def prefixes(_name: str) -> tuple[str, ...]:
    """What may stand before a name."""
    return PREFIXES
