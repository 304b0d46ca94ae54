"""MLX: layers of `mlx.nn`, named and built as PyTorch's, with channels last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.names import class_name
from convviz.frameworks.parse import torch
from convviz.frameworks.parse.arguments import Arguments, Signature
from convviz.frameworks.parse.channels import format_count, format_shape
from convviz.frameworks.parse.hints import ParseHints
from convviz.frameworks.parse.layer_spec import LayerSpec
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.parse.values import ShapedArray

TITLE = "MLX"
DEFAULTS: dict[str, Any] = {
    **{"groups": 1, "padding_mode": "zeros", "dilation": 1, "output_padding": 0},
    **{"ceil_mode": False, "count_include_pad": True, "divisor_override": None},
}
"""Arguments of PyTorch that MLX does not have."""


def parse_convolution(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `Conv2d` or `ConvTranspose2d`; its weights are (C_out, kH, kW, C_in/groups)."""
    given = Arguments(arguments.values, {**DEFAULTS, **arguments.defaults})
    parsed = torch.parse_module(spec, given, _channels_first(hints))
    if spec.is_transposed and any(max(axis.padding) >= axis.effective_kernel for axis in parsed.layer.axes):
        raise ReadingError("with padding > d(k − 1), MLX gives no transposed convolution; use less padding")
    channels = format_count(parsed.out_channels, "C_out"), format_count(parsed.in_channels, "C_in", parsed.groups)
    weight_shape = format_shape(channels[0], *parsed.layer.kernel, channels[1])
    return replace(parsed, channels_last=True, weight_shape=weight_shape)


def parse_pooling(spec: LayerSpec, arguments: Arguments, hints: ParseHints) -> ParsedLayer:
    """Return the layer of `MaxPool2d` or `AvgPool2d`."""
    given = Arguments(arguments.values, {**DEFAULTS, **arguments.defaults})
    return replace(torch.parse_pooling(spec, given, _channels_first(hints)), channels_last=True)


def _channels_first(hints: ParseHints) -> ParseHints:
    """Return hints whose array has the order of PyTorch: (N, C, H, W)."""
    first = next(iter(hints.called_with[0]), None) if hints.called_with else None
    if hints.called_with is None or not isinstance(first, ShapedArray) or len(first.sizes) < 3:
        return hints
    batch, *cells, channels = first.sizes
    array = ShapedArray((batch, channels, *cells), first.text)
    return replace(hints, called_with=((array, *hints.called_with[0][1:]), hints.called_with[1]))


CONV = "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True"
TRANSPOSED = "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, output_padding=0, bias=True"
POOL = "kernel_size, stride=None, padding=0"


def _specs() -> Iterator[tuple[str, LayerSpec]]:
    rows: tuple[tuple[str, str, Any], ...] = (
        ("conv", CONV, parse_convolution),
        ("transposed", TRANSPOSED, parse_convolution),
        ("maxpool", POOL, parse_pooling),
        ("avgpool", POOL, parse_pooling),
    )
    for axes in (1, 2):
        for kind, signature, make in rows:
            name = class_name("torch", kind, axes)
            yield name, LayerSpec(TITLE, f"mlx.nn.{name}", kind, Signature(signature), make, axes)


SPECS = dict(_specs())
"""Layers by name."""


def prefixes(_name: str) -> tuple[str, ...]:
    """Return what may precede a name."""
    return ("mlx.nn",)
