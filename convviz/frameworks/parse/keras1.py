"""Keras 1: `Convolution2D(64, 3, 3, border_mode='same', subsample=(2, 2))`, by the rules of today's Keras."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.names import CLASS_NAMES, TITLES
from convviz.frameworks.parse import keras
from convviz.frameworks.parse.arguments import Arguments, Signature
from convviz.frameworks.parse.call import Call
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.layer_spec import LayerSpec
from convviz.frameworks.parse.parsed_layer import ParsedLayer

TITLE = "Keras 1"
WORDS = {
    *("nb_filter", "nb_row", "nb_col", "filter_length", "border_mode", "subsample", "subsample_length"),
    *("atrous_rate", "pool_length", "stride", "dim_ordering", "W_regularizer", "b_regularizer", "W_constraint"),
    *("b_constraint", "init", "weights"),
}
"""Arguments that later versions do not have."""
SQUARE_KERNEL = "read as Keras 1, with a kernel of two numbers; Keras 3 takes the third number as strides"
THIRD_NUMBER = "the third number is read as strides, as in Keras 3; Keras 1 and 2 read (filters, rows, columns)"


def parse(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer that Keras makes with the arguments renamed."""
    same = keras.SPECS[CLASS_NAMES["keras"][spec.kind].format(axes=spec.axes)]
    values = _renamed(spec, arguments)
    parsed = same.make(spec, Arguments(values, same.signature.defaults), hints)
    return replace(parsed, arguments=arguments.text)


def _renamed(spec: LayerSpec, arguments: Arguments) -> dict[str, Any]:
    """Return the arguments by today's names."""
    pool = spec.kind.endswith("pool")
    kernel = "pool_size" if pool else "kernel_size"
    values: dict[str, Any] = {"padding": arguments["border_mode"]}
    if not pool:
        values |= {"filters": arguments["nb_filter"], "use_bias": arguments["bias"]}
    if spec.axes == 1:
        values[kernel] = arguments["pool_length"] if pool else arguments["filter_length"]
        values["strides"] = arguments["stride"] if pool else arguments["subsample_length"]
    else:
        values[kernel] = arguments["pool_size"] if pool else (arguments["nb_row"], arguments["nb_col"])
        values["strides"] = arguments["strides"] if pool else arguments["subsample"]
    if arguments["atrous_rate"] is not None:
        values["dilation_rate"] = arguments["atrous_rate"]
    if arguments["dim_ordering"] is not None and spec.axes == 2:
        order = arguments.choice("dim_ordering", ("tf", "th", "default"))
        is_first = order == "th" or (order == "default" and _looks_channels_first(arguments))
        values["data_format"] = "channels_first" if is_first else "channels_last"
    for name in ("input_shape", "batch_input_shape"):
        if arguments[name] is not None:
            values[name] = arguments[name]
    if not pool and values["padding"] == "full":
        raise ReadingError("border_mode='full' is padding by k − 1, which later versions do not have; it is not read")
    return values


def _looks_channels_first(arguments: Arguments) -> bool:
    """Return whether `input_shape` begins with a number of colours and does not end with one, as with Theano."""
    shape = arguments["input_shape"] or (arguments["batch_input_shape"] or (0,))[1:]
    return isinstance(shape, tuple) and len(shape) == 3 and shape[0] in (1, 3) and shape[-1] not in (1, 3)


def _accepts(is_old_name: bool) -> Callable[[Call], bool]:
    def accepts(call: Call) -> bool:
        """Return whether a call has words of Keras 1, or, with a name of it, rows and columns as two numbers."""
        pair = [type(value) for value in call.positional[1:3]] == [int, int]
        return bool(WORDS & set(call.named)) or (is_old_name and pair)

    return accepts


def version_note(spec: LayerSpec, call: Call) -> tuple[str, ...]:
    """Return a note if versions of Keras read the numbers of a call differently."""
    numbers = call.positional[:3]
    if spec.kind != "conv" or spec.axes != 2 or [type(number) for number in numbers] != [int, int, int]:
        return ()
    if spec.framework == TITLE:
        return (SQUARE_KERNEL,) * (not WORDS & set(call.named))
    return (THIRD_NUMBER,) * (spec.framework == TITLES["keras"] and len(call.positional) == 3)


REST = (
    "W_regularizer=None, b_regularizer=None, activity_regularizer=None, W_constraint=None, b_constraint=None, "
    "bias=True, *, input_shape=None, batch_input_shape=None, input_dim=None, input_length=None, name=None, "
    "trainable=True, input_dtype=None"
)
CONV_1D = (
    "nb_filter, filter_length, init='uniform', activation='linear', weights=None, border_mode='valid', "
    f"subsample_length=1, {REST}"
)
CONV_2D = (
    "nb_filter, nb_row, nb_col, init='glorot_uniform', activation='linear', weights=None, border_mode='valid', "
    f"subsample=(1, 1), {{atrous}}dim_ordering='default', {REST}"
)
POOL_REST = "*, input_shape=None, batch_input_shape=None, name=None"
POOL_1D = f"pool_length=2, stride=None, border_mode='valid', {POOL_REST}"
POOL_2D = f"pool_size=(2, 2), strides=None, border_mode='valid', dim_ordering='default', {POOL_REST}"


def _has_kernel(call: Call) -> bool:
    """Return whether a call gives a kernel size, rather than rows and columns as two numbers, as in Keras 1."""
    return "kernel_size" in call.named or any(isinstance(value, tuple) for value in call.positional[1:2])


def _specs() -> Iterator[tuple[str, LayerSpec]]:
    plain, atrous = CONV_2D.format(atrous=""), CONV_2D.format(atrous="atrous_rate=(1, 1), ")
    for name, kind, signature, axes in (
        *((name, "conv", CONV_1D, 1) for name in ("Convolution1D", "Conv1D")),
        *((name, "conv", plain, 2) for name in ("Convolution2D", "Conv2D")),
        *((name, "conv", atrous, 2) for name in ("AtrousConvolution2D", "AtrousConv2D")),
        ("MaxPooling1D", "maxpool", POOL_1D, 1),
        ("AveragePooling1D", "avgpool", POOL_1D, 1),
        ("MaxPooling2D", "maxpool", POOL_2D, 2),
        ("AveragePooling2D", "avgpool", POOL_2D, 2),
    ):
        accepts = _accepts(name.startswith(("Convolution2D", "Atrous")))
        yield name, LayerSpec(TITLE, f"layers.{name}", kind, Signature(signature), parse, axes, accepts=accepts)
    for name, axes in (("Deconvolution1D", 1), ("Deconvolution2D", 2)):  # of Keras 2
        same = keras.SPECS[CLASS_NAMES["keras"]["transposed"].format(axes=axes)]
        yield name, replace(same, name=f"layers.{name}", accepts=_has_kernel)


SPECS = dict(_specs())
"""Layers by name."""
