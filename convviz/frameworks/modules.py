"""Layers of a model in memory, with their weights: `from_torch` and `from_keras`. Neither framework is imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from convviz.errors import ReadingError
from convviz.errors.arguments import wrong_type
from convviz.errors.printable import shown
from convviz.frameworks.model_layer import ModelLayer
from convviz.frameworks.names import CLASS_NAMES, TITLES, FrameworkName, class_name
from convviz.frameworks.parse import keras, torch
from convviz.frameworks.parse.arguments import Arguments
from convviz.frameworks.parse.call import parse_context
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.layer_spec import LayerSpec
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.weights import LayerWeights, check_channel
from convviz.layers.arrays import as_array
from convviz.layers.pooling import Pool
from convviz.text.formatting import format_sizes

if TYPE_CHECKING:
    from numpy.typing import NDArray

COMPUTES = {"torch": "forward", "keras": "call"}
"""Framework → method that computes the output of a layer."""
ChannelName = Literal["first", "all"]
"""The first input channel that feeds the output channel, or the sum of all that do."""


def from_torch(module: Any, input: Any, *, channel: int | ChannelName = "first", out_channel: int = 0) -> ModelLayer:
    """Return a PyTorch module with its weights, ready for `.animate()`.

    >>> convviz.from_torch(model.up, 12).animate().save("up.gif")  # doctest: +SKIP

    `module` is a Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d, MaxPool or AvgPool. `input` is a size, (rows,
    columns), a shape (C, H, W) or (N, C, H, W), or an array or tensor of values to show. The picture shows the kernel
    from input channel `channel` to output channel `out_channel`, both counted from 0. "first" is the first input
    channel that feeds the output channel; "all" sums over all of them and adds the bias.

    Raises `ReadingError` for another module, for weights without values, and for channels that do not exist.
    """
    spec = _spec_of(module, "torch", torch.SPECS)
    arguments = _constructor_arguments(module, spec)
    if "bias" in spec.signature.names:
        arguments["bias"] = module.bias is not None
    input_values = _input_values(input, spec, channels_last=False)
    with parse_context(f"{spec.framework} {spec.name}"):
        parsed = spec.parsed(Arguments(arguments, spec.signature.defaults), ParseHints(input_values.size))
        weight, bias = (_to_array(getattr(module, name, None), name) for name in ("weight", "bias"))
        return _model_layer(parsed, type(module).__name__, (weight, bias), input_values, (channel, out_channel))


def from_keras(layer: Any, input: Any, *, channel: int | ChannelName = "first", out_channel: int = 0) -> ModelLayer:
    """Return a built Keras layer with its weights, ready for `.animate()`.

    Arguments as for `from_torch`; shapes and arrays are in the layer's `data_format`. Raises `ReadingError` for another
    layer, for one that is not built, and for channels that do not exist.
    """
    spec = _spec_of(layer, "keras", keras.SPECS)
    arguments = _constructor_arguments(layer, spec)
    input_values = _input_values(input, spec, channels_last=arguments.get("data_format") != "channels_first")
    with parse_context(f"{spec.framework} {spec.name}"):
        parsed = spec.parsed(Arguments(arguments, spec.signature.defaults), ParseHints(input_values.size))
        weights = (None, None) if isinstance(parsed.layer, Pool) else _keras_weights(layer, parsed)
        return _model_layer(parsed, type(layer).__name__, weights, input_values, (channel, out_channel))


def _keras_weights(layer: Any, parsed: ParsedLayer) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return weights and bias in PyTorch's order."""
    if not getattr(layer, "built", True):
        raise ReadingError("the layer is not built and has no weights yet; call it once, or its build(shape)")
    kernel = _to_array(layer.kernel, "kernel")
    assert kernel is not None
    return np.moveaxis(kernel, (-1, -2), (0, 1)), _to_array(layer.bias, "bias") if parsed.bias else None


def _spec_of(module: Any, framework: FrameworkName, specs: Mapping[str, LayerSpec]) -> LayerSpec:
    """Return the spec of a module's class, or of the nearest class that it is derived from.

    Classes are matched by name, as the frameworks are not imported. Raises `ReadingError` for another class, and for
    one that computes its output by code of its own, which may pad the input or change the weights.
    """
    bases = [base for base in type(module).__mro__ if base.__name__ in specs]
    if bases:
        method, plain = COMPUTES[framework], bases[0].__name__
        own = [base for base in bases if base.__name__ == plain][-1]
        if getattr(type(module), method, None) is not getattr(own, method, None):
            name = type(module).__name__
            raise ReadingError(
                f"{name} has a {method}() of its own, which may pad the input or change the weights; "
                f"copy its weights into a plain {plain} and give that"
            )
        return specs[bases[0].__name__]
    known = ", ".join(class_name(framework, kind, axes) for axes in (1, 2) for kind in CLASS_NAMES[framework])
    raise ReadingError(f"expected a layer of {TITLES[framework]} ({known}), got {type(module).__name__}")


def _constructor_arguments(module: Any, spec: LayerSpec) -> dict[str, Any]:
    """Return the constructor's arguments, which both frameworks keep as attributes of the same names."""
    arguments = {name: getattr(module, name) for name in spec.signature.positional if hasattr(module, name)}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in arguments.items()}


@dataclass(frozen=True)
class _InputValues:
    """The input of a layer, channels first."""

    values: NDArray[Any] | None
    """(C, H, W) or (H, W); None if only a size or a shape was given."""
    size: tuple[int, ...]
    """Cells per axis."""
    channels: int | None
    """Number of channels; None if it was not given."""


def _input_values(input: Any, spec: LayerSpec, channels_last: bool) -> _InputValues:
    """Return the input from a size, a shape, or values. Raises `ReadingError`."""
    if input is None:
        raise wrong_type("input", "a size, a shape or values", input)
    axes = spec.axes
    numbers = input if isinstance(input, tuple | list) else (input,)
    is_shape = all(isinstance(number, int | np.integer) and not isinstance(number, bool) for number in numbers)
    values = None if is_shape else _to_array(input, "input")
    shape = tuple(map(int, numbers)) if values is None else values.shape
    if is_shape and len(shape) == 1:
        shape *= axes
    if not axes <= len(shape) <= axes + 2:
        expected = "(H, W)" if axes == 2 else "(L,)"
        raise ReadingError(
            f"expected an input {expected} for {spec.name}, or with channels and N, got {len(shape)} axes"
        )
    if len(shape) == axes + 2 and values is not None:
        if shape[0] != 1:
            raise ReadingError(f"expected one input, which a picture shows, got {shape[0]}; give x[:1]")
        values = values[0]
    if values is not None and channels_last and values.ndim > axes:
        values = np.moveaxis(values, -1, 0)
    if len(shape) == axes:
        return _InputValues(values, shape, None)
    inner = shape[-axes - 1 :]
    cells, channels = (inner[:-1], inner[-1]) if channels_last else (inner[1:], inner[0])
    return _InputValues(values, cells, channels)


def _to_array(value: Any, name: str) -> NDArray[Any] | None:
    """Return an array, a tensor or a variable, on any device, as an array. Raises `ReadingError`."""
    if value is None:
        return None
    try:
        for method in ("detach", "cpu", "double", "numpy"):
            value = getattr(value, method)() if hasattr(value, method) else value
        return as_array(name, value)
    except Exception as error:  # a framework's own error, for a tensor without storage or with another layout
        reason = str(error).partition("\n")[0].partition(". ")[0]
        raise ReadingError(f"the values of {name} cannot be read: {reason or type(error).__name__}") from None


def _model_layer(
    parsed: ParsedLayer,
    name: str,
    weights: tuple[NDArray[Any] | None, NDArray[Any] | None],
    input_values: _InputValues,
    channels: tuple[int | ChannelName, int],
) -> ModelLayer:
    """Return the layer with its weights, after checking that input, weights and channels fit together."""
    layer, (weight, bias), (channel, out_channel) = parsed.layer, weights, channels
    if isinstance(layer, Pool):
        if input_values.channels is not None:
            check_channel("input", out_channel, input_values.channels)
        return ModelLayer(name, layer, None, None, 1, input_values.values, None, out_channel)
    if weight is None or weight.shape[2:] != layer.kernel:
        shape = "none" if weight is None else f"weights of shape {weight.shape}"
        raise ReadingError(f"expected weights for a kernel of {format_sizes(layer.kernel)}, got {shape}")
    layer_weights = LayerWeights(layer, weight, bias, parsed.known_groups)
    if input_values.channels not in (None, layer_weights.in_channels):
        raise ReadingError(
            f"expected an input with {layer_weights.in_channels} channels for {name}, got {input_values.channels}"
        )
    in_channel = _in_channel(layer_weights, channel, out_channel)
    return ModelLayer(name, layer, weight, bias, parsed.known_groups, input_values.values, in_channel, out_channel)


def _in_channel(weights: LayerWeights, channel: int | ChannelName, out_channel: int) -> int | None:
    """Return the input channel to show, None for all. Raises `ReadingError`."""
    first = weights.first_input(out_channel)
    if isinstance(channel, str):
        if channel not in ("first", "all"):
            raise ReadingError(f"expected channel to be a number, 'first' or 'all', got {shown(channel)}")
        return first if channel == "first" else None
    weights.kernel(channel, out_channel)
    return channel
