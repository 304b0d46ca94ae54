"""Paddle: layers of `paddle.nn`, named as Keras's and built as PyTorch's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.parse import torch
from convviz.frameworks.parse.arguments import Arguments, Signature
from convviz.frameworks.parse.call import Call
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.layer_spec import LayerSpec, build_layer
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.geometry.padding import PaddingPair
from convviz.layers.convolution import Conv
from convviz.layers.layer import Layer

TITLE = "Paddle"


def parse_convolution(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `Conv2D` or `Conv2DTranspose`; padding may be given by name, and for each side."""
    bias = arguments["bias_attr"] is not False and arguments["bias"] is not False
    last = _is_channels_last(spec, arguments)
    pairs = _sides(arguments, spec.axes)
    padding = 0 if pairs is not None else arguments["padding"]
    values = {**arguments.values, "padding": padding, "bias": bias}
    parsed = torch.parse_module(spec, Arguments(values, {**arguments.defaults, "bias": True}), hints)
    if pairs is not None:
        parsed = replace(parsed, layer=_with_sides(parsed, pairs))
    return replace(parsed, arguments=arguments.text, channels_last=last)


def _with_sides(parsed: ParsedLayer, padding: str | tuple[PaddingPair, ...]) -> Conv:
    layer = parsed.layer
    if not isinstance(layer, Conv):
        raise ReadingError("padding of a transposed convolution by name or for each side is not read; give one number")
    if padding == "same" and max(layer.dilation) > 1:
        raise ReadingError("Paddle ignores dilation with padding='SAME'; give padding in numbers")
    return build_layer(  # type: ignore[return-value]
        lambda: Conv(layer.input, layer.kernel, layer.stride, padding, layer.dilation, layer.padding_mode)  # type: ignore[arg-type]
    )


def _sides(arguments: Arguments, axes: int) -> str | tuple[PaddingPair, ...] | None:
    """Return padding by name, or before and after each axis; None for a number or one for each axis."""
    value = arguments["padding"]
    if isinstance(value, str):
        return arguments.choice("padding", ("same", "valid"), ignore_case=True)
    if not isinstance(value, tuple) or (len(value) <= axes and not any(isinstance(one, tuple) for one in value)):
        return None
    pairs = tuple(zip(value[::2], value[1::2], strict=False)) if type(value[0]) is int else value[-axes:]
    if not all(isinstance(pair, tuple) and len(pair) == 2 and {*map(type, pair)} == {int} for pair in pairs):
        raise arguments.invalid("padding", "a number, one for each axis or side, 'SAME' or 'VALID'", "1")
    return tuple(pairs)


def _is_channels_last(spec: LayerSpec, arguments: Arguments) -> bool:
    formats = ("NCL", "NLC") if spec.axes == 1 else ("NCHW", "NHWC")
    return arguments.choice("data_format", formats).lower().endswith("c")


def parse_pooling(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `MaxPool2D` or `AvgPool2D`, which leaves padding out of the mean unless `exclusive=False`."""
    values = {name: value for name, value in arguments.values.items() if name != "exclusive"}
    defaults = {**arguments.defaults, "dilation": 1, "divisor_override": None}
    if spec.kind == "avgpool":
        values["count_include_pad"] = not arguments.flag("exclusive")
    parsed = torch.parse_pooling(spec, Arguments(values, defaults), hints)
    if parsed.layer.ceil_mode and _rounded_up(parsed.layer) != parsed.layer.output:  # type: ignore[attr-defined]
        raise ReadingError("with ceil_mode, Paddle keeps a window that begins behind the input, which is not drawn")
    return replace(parsed, arguments=arguments.text)


OWN_WORDS = {"stride", "in_channels", "out_channels", "weight_attr", "bias_attr", "return_mask", "exclusive"}
"""Arguments that layers of the same name in other frameworks do not have."""


def _rounded_up(layer: Layer) -> tuple[int, ...]:
    """Return ⌈(i + p + p′ − k)/s⌉ + 1 per axis."""
    return tuple(-(-(axis.input + sum(axis.padding) - axis.kernel) // axis.stride) + 1 for axis in layer.axes)


REST = "weight_attr=None, bias_attr=None, data_format="
KEYWORDS = ", *, bias=True, device=None, dtype=None"
CONV = f"kernel_size, stride=1, padding=0, dilation=1, groups=1, padding_mode='zeros', {REST}"
TRANSPOSED = "kernel_size, stride=1, padding=0, output_padding=0, {last_two}, " + REST
POOL = "kernel_size, stride=None, padding=0, "


def _specs() -> Iterator[tuple[str, LayerSpec]]:
    for axes, form in ((1, "'NCL'"), (2, "'NCHW'")):
        last = f"data_format={form}, " if axes == 2 else ""
        mean = "ceil_mode=False, exclusive=True, divisor_override=None, "
        if axes == 1:
            mean = "exclusive=True, ceil_mode=False, "
        most = "return_mask=False, ceil_mode=False, "
        transposed = TRANSPOSED.format(last_two="groups=1, dilation=1" if axes == 1 else "dilation=1, groups=1")
        rows: list[tuple[str, str, str, Any]] = [
            *[("Conv{}D", "conv", f"in_channels, out_channels, {CONV}{form}{KEYWORDS}", parse_convolution)],
            *[("Conv{}DTranspose", "transposed", f"in_channels, out_channels, {transposed}{form}", parse_convolution)],
            *[("MaxPool{}D", "maxpool", f"{POOL}{most}{last}name=None", parse_pooling)],
            *[("AvgPool{}D", "avgpool", f"{POOL}{mean}{last}name=None", parse_pooling)],
        ]
        for pattern, kind, signature, make in rows:
            name = pattern.format(axes)
            yield name, LayerSpec(TITLE, f"paddle.nn.{name}", kind, Signature(signature), make, axes)


SPECS = dict(_specs())
"""Layers by name."""


def prefixes(_name: str) -> tuple[str, ...]:
    """Return what may precede a name."""
    return ("paddle.nn", "nn", "")


def accepts(call: Call) -> bool:
    """Return whether a call is Paddle's: `nn.Conv2D` and `Conv2D` are if they have arguments of Paddle alone."""
    if not call.path[:-1]:
        return bool({"in_channels", "out_channels", "weight_attr", "bias_attr"} & set(call.named))
    return call.path[:-1] != ("nn",) or bool(OWN_WORDS & set(call.named))
