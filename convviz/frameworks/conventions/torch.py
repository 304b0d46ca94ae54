"""PyTorch's conventions: padding in numbers, equal on both sides; `same` only for a convolution of stride 1."""

from __future__ import annotations

from convviz.frameworks.codegen.text import arguments_text, is_uneven, number_text
from convviz.frameworks.conventions.convention import SAME_NAMES, Convention, with_padding
from convviz.frameworks.names import class_name_of
from convviz.layers.convolution import ConvLayer, ConvTranspose


def convention(layer: ConvLayer) -> Convention:
    """Return what PyTorch makes of the parameters of `layer`."""
    name, transposed = layer.named_padding, isinstance(layer, ConvTranspose)
    if name == "same" and not transposed and set(layer.stride) == {1}:
        return Convention("torch", _call(layer, ', padding="same"'), layer)
    if name in SAME_NAMES and (transposed or is_uneven(layer.padding) or name == "same"):
        closest = _closest_to_same(layer)
        reason = "exists only for stride 1" if name == "same" and not transposed else "does not exist"
        return Convention("torch", _call(closest), closest, f'padding="{name}" {reason}; this layer is the closest')
    if name == "valid":
        layer = with_padding(layer, 0)
    if not is_uneven(layer.padding):
        return Convention("torch", _call(layer), layer)
    note = "crops both ends equally; a slice" if transposed else "pads both sides equally; F.pad"
    return Convention("torch", _call(layer), layer, f"{note} does the rest")


def _closest_to_same(layer: ConvLayer) -> ConvLayer:
    """Return the layer with equal padding whose output has ⌈i/s⌉ cells, transposed i·s.

    The output has one cell more if output padding is not allowed (s = d = 1).
    """
    if not isinstance(layer, ConvTranspose):
        padding = []
        for axis in layer.axes:
            low, high = (axis.effective_kernel - 1) // 2, axis.effective_kernel // 2
            fits = (axis.input + 2 * low - axis.effective_kernel) // axis.stride + 1 == -(-axis.input // axis.stride)
            padding.append(low if fits else high)
        return with_padding(layer, padding)
    padding, output_padding = [], []
    for axis in layer.axes:
        surplus = axis.effective_kernel - axis.stride
        has_output_padding = max(axis.stride, axis.dilation) > 1
        padding.append(max(surplus + has_output_padding, 0) // 2)
        output_padding.append(2 * padding[-1] - surplus if has_output_padding else 0)
    return with_padding(layer, padding, output_padding)


def _call(layer: ConvLayer, named_padding: str = "") -> str:
    padding = [min(pair) for pair in layer.padding]
    options = arguments_text(("stride", layer.stride, 1))
    options += named_padding or arguments_text(("padding", padding, 0), ("output_padding", layer.output_padding, 0))
    options += arguments_text(("dilation", layer.dilation, 1))
    name = class_name_of("torch", layer)
    return f"nn.{name}(1, 1, {number_text(layer.kernel)}{options})"
