"""PyTorch: modules and functions for convolution, transposed convolution and pooling in one and two dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

from convviz.errors import ReadingError
from convviz.frameworks.names import TITLES, class_name
from convviz.frameworks.parse.arguments import Arguments, Signature, expected_sizes, format_argument
from convviz.frameworks.parse.channels import Count, check_groups, format_count, format_shape, groups_note, times_groups
from convviz.frameworks.parse.hints import ParseHints, Sizes
from convviz.frameworks.parse.layer_spec import LayerSpec, build_layer
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.values import OpaqueCall, ShapedArray, Symbol
from convviz.geometry.padding import PaddingModeName, PaddingName
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

MODULE_PREFIXES = ("nn", "torch.nn")
FUNCTION_PREFIXES = ("F", "functional", "nn.functional", "torch.nn.functional", "torch")
PRINTED_PADDING = (Symbol("same"), Symbol("valid"))
"""Padding by name as `print(model)` shows it, without quotes."""


def parse_module(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `nn.Conv2d` or `nn.ConvTranspose2d`, also of lazy ones without input channels."""
    channels = arguments.count("in_channels"), arguments.count("out_channels")
    shape, hints = _input_shape(spec.axes, hints)
    if shape and channels[0] is None:
        channels = shape[-spec.axes - 1], channels[1]
    if shape and isinstance(channels[0], int) and channels[0] != shape[-spec.axes - 1]:
        raise ReadingError(f"expected an input with in_channels={channels[0]} channels, got {shape[-spec.axes - 1]}")
    sizes = {
        "input": hints.input_size(spec.axes, shape[-spec.axes :] if shape else None),
        "kernel": arguments.sizes("kernel_size", spec.axes, "kernel"),
    }
    parsed = _convolution(spec, arguments, hints, sizes, channels)
    bias = arguments.flag("bias", assume_default=True)
    return replace(parsed, bias=bias, notes=parsed.notes + arguments.assumptions("bias"))


def parse_function(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `F.conv2d` or `F.conv_transpose2d`; kernel and channels are those of the weight."""
    weight = arguments.shape("weight") or hints.weight
    if weight is None:
        name = format_argument(arguments["weight"])
        raise ReadingError(f"the shape of weight={name} is unknown; try --weight 64,32,3,3")
    if len(weight) != spec.axes + 2:
        raise ReadingError(f"expected a weight with {spec.axes + 2} axes, got {len(weight)}")
    groups = arguments.groups("groups")
    in_all = times_groups(weight[1], groups)
    channels = (weight[0], in_all) if spec.is_transposed else (in_all, weight[0])
    shape = arguments.shape("input")
    if shape is not None and not _fits(shape, spec.axes, channels[0]):
        raise ReadingError(f"expected an input with {channels[0]} channels for the weight {weight}, got {shape}")
    sizes = {"input": hints.input_size(spec.axes, shape[-spec.axes :] if shape else None), "kernel": weight[2:]}
    parsed = _convolution(spec, arguments, hints, sizes, channels, broadcast=True)
    return replace(parsed, bias=arguments["bias"] is not None)


def _fits(shape: Sizes, axes: int, channels: Count) -> bool:
    """Return whether a shape has these axes, channels and perhaps a batch."""
    return 0 < len(shape) - axes <= 2 and (not isinstance(channels, int) or shape[-axes - 1] == channels)


def _input_shape(axes: int, hints: ParseHints) -> tuple[Sizes | None, ParseHints]:
    """Return the shape of the input that a module is called with, and the hints with the other arguments of the call.

    The shape is None if it is unknown. Raises `ReadingError` for a wrong number of axes.
    """
    if hints.called_with is None or not hints.called_with[0]:
        return None, hints
    first, *rest = hints.called_with[0]
    shape = first.sizes if isinstance(first, ShapedArray) else None
    if shape and not axes < len(shape) <= axes + 2:
        raise ReadingError(_wrong_axes(axes, format_argument(first)))
    rank = len(shape) if shape else None
    return shape, replace(hints, called_with=(tuple(rest), hints.called_with[1]), input_rank=rank)


def _wrong_axes(axes: int, shape: object) -> str:
    return f"expected an input of shape (N, C, {'H, W' if axes == 2 else 'L'}), got {shape}"


def _convolution(
    spec: LayerSpec,
    arguments: Arguments,
    hints: ParseHints,
    sizes: dict[str, Sizes],
    channels: tuple[Count, Count],
    broadcast: bool = False,
) -> ParsedLayer:
    groups, (inputs, outputs) = arguments.groups("groups"), channels
    check_groups(groups, in_channels=inputs, out_channels=outputs)
    sizes |= {name: arguments.sizes(name, spec.axes, name, broadcast) for name in ("stride", "dilation")}
    if spec.is_transposed:
        layer = _conv_transpose(arguments, hints, sizes, broadcast)
        leading = format_count(inputs, "C_in"), format_count(outputs, "C_out", groups)
    else:
        layer = _conv(arguments, sizes, broadcast)
        leading = format_count(outputs, "C_out"), format_count(inputs, "C_in", groups)
    weight_shape = format_shape(*leading, *sizes["kernel"])
    return ParsedLayer(
        *(spec.framework, spec.name, layer, inputs, outputs, groups),
        arguments=arguments.text,
        weight_shape=weight_shape,
        notes=groups_note("groups", groups, inputs),
    )


def _conv(arguments: Arguments, sizes: dict[str, Sizes], broadcast: bool) -> Layer:
    mode: PaddingModeName = "zeros"
    if "padding_mode" in arguments.defaults:
        mode = arguments.choice("padding_mode", get_args(PaddingModeName))
    padding: PaddingName | Sizes
    if isinstance(arguments["padding"], str) or arguments["padding"] in PRINTED_PADDING:
        names: tuple[PaddingName, ...] = ("valid", "same")
        padding = arguments.choice("padding", names)
        if padding == "same" and set(sizes["stride"]) != {1}:
            raise ReadingError("PyTorch refuses padding='same' with a stride; use stride 1 or padding in numbers")
    else:
        padding = arguments.sizes("padding", len(sizes["input"]), "padding", broadcast)
    return build_layer(lambda: Conv(padding=padding, padding_mode=mode, **sizes))


def _conv_transpose(arguments: Arguments, hints: ParseHints, sizes: dict[str, Sizes], broadcast: bool) -> Layer:
    axes = len(sizes["input"])
    if arguments["padding_mode"] not in (None, "zeros"):
        raise arguments.invalid("padding_mode", "'zeros', as the padding of a transposed convolution crops")
    if isinstance(arguments["padding"], str):
        raise arguments.invalid("padding", f"{expected_sizes(axes)}, as PyTorch's transposed convolution has no names")
    padding = arguments.sizes("padding", axes, "padding", broadcast)
    output_padding = arguments.sizes("output_padding", axes, "output_padding", broadcast)
    output = _output_size(hints, axes)
    if output is None:
        return build_layer(lambda: ConvTranspose(padding=padding, output_padding=output_padding, **sizes))
    return build_layer(lambda: ConvTranspose(padding=padding, output=output, **sizes))


def _output_size(hints: ParseHints, axes: int) -> Sizes | None:
    """Return `output_size` of the call, which decides the output padding, without batch and channels.

    It may name them: (N, C, H, W) for an input of that kind, (C, H, W) for one without a batch.
    """
    positional, named = hints.called_with or ((), {})
    output = named.get("output_size", positional[0] if positional else None)
    if output is None:
        return None
    if isinstance(output, Symbol | OpaqueCall):
        output = hints.variables.get("output_size", output)
    ranks = (axes + 1, axes + 2) if hints.input_rank is None else (hints.input_rank,)
    sizes = output[-axes:] if isinstance(output, tuple) and len(output) in ranks else output
    return Arguments({"output_size": sizes}, {}).sizes("output_size", axes, "input")


def parse_pooling(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of a pooling module or function; the stride defaults to the kernel."""
    axes, is_function = spec.axes, spec.name.startswith("F.")
    if is_function:
        shape = arguments.shape("input")
        if shape is not None and not 0 < len(shape) - axes <= 2:
            raise ReadingError(_wrong_axes(axes, shape))
    else:
        shape, hints = _input_shape(axes, hints)
    stride = None if arguments["stride"] is None else arguments.sizes("stride", axes, "stride", is_function)
    parameters: dict[str, Any] = {
        "input": hints.input_size(axes, shape[-axes:] if shape else None),
        "kernel": arguments.sizes("kernel_size", axes, "kernel", is_function),
        "stride": stride,
        "padding": arguments.sizes("padding", axes, "padding", is_function),
        "ceil_mode": arguments.flag("ceil_mode"),
    }
    notes: tuple[str, ...] = ()
    if spec.kind == "avgpool":
        include = arguments.flag("count_include_pad")
        layer: Layer = build_layer(lambda: AvgPool(count_include_pad=include, **parameters))
        if arguments["divisor_override"] is not None:
            notes = ("the picture shows the mean; divisor_override divides by another number",)
    else:
        dilation = arguments.sizes("dilation", axes, "dilation", is_function)
        layer = build_layer(lambda: MaxPool(dilation=dilation, **parameters))
    channels = shape[-axes - 1] if shape else None
    return ParsedLayer(spec.framework, spec.name, layer, channels, channels, notes=notes, arguments=arguments.text)


FACTORY = "device=None, dtype=None"
CONV = f"kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', {FACTORY}"
TRANSPOSED = (
    "kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', "
    f"{FACTORY}"
)
MAX_POOL = "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False"
AVG_POOL = "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"
F_CONV = "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1"
F_TRANSPOSED = "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1"
F_MAX_POOL = "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False"


def _specs() -> Iterator[tuple[str, LayerSpec]]:
    for axes in (1, 2):
        conv, transposed = class_name("torch", "conv", axes), class_name("torch", "transposed", axes)
        max_pool, avg_pool = class_name("torch", "maxpool", axes), class_name("torch", "avgpool", axes)
        mean = AVG_POOL + ", divisor_override=None" * (axes == 2)
        rows = [
            (conv, "conv", f"in_channels, out_channels, {CONV}", parse_module),
            (transposed, "transposed", f"in_channels, out_channels, {TRANSPOSED}", parse_module),
            (f"Lazy{conv}", "conv", f"out_channels, {CONV}", parse_module),
            (f"Lazy{transposed}", "transposed", f"out_channels, {TRANSPOSED}", parse_module),
            (max_pool, "maxpool", MAX_POOL, parse_pooling),
            (avg_pool, "avgpool", mean, parse_pooling),
            (f"conv{axes}d", "conv", F_CONV, parse_function),
            (f"conv_transpose{axes}d", "transposed", F_TRANSPOSED, parse_function),
            (f"max_pool{axes}d", "maxpool", F_MAX_POOL, parse_pooling),
            (f"avg_pool{axes}d", "avgpool", f"input, {mean}", parse_pooling),
        ]
        for name, kind, signature, make in rows:
            prefix = "nn" if name[0].isupper() else "F"
            yield (
                name,
                LayerSpec(
                    *(TITLES["torch"], f"{prefix}.{name}", kind, Signature(signature), make, axes),
                    input="input" if prefix == "F" else "",
                ),
            )


SPECS = dict(_specs())
"""Layers by name."""


def prefixes(name: str) -> tuple[str, ...]:
    """Return what may precede a name."""
    return MODULE_PREFIXES if name[0].isupper() else FUNCTION_PREFIXES
