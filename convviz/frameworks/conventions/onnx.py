"""ONNX's conventions, as onnxruntime computes them: padding in numbers, or by `auto_pad`."""

from __future__ import annotations

from convviz.frameworks.conventions.convention import (
    SAME_NAMES,
    Convention,
    exceeds_stride,
    explicit_output_padding,
    with_padding,
)
from convviz.frameworks.names import class_name_of
from convviz.layers.convolution import ConvLayer, ConvTranspose

AUTO_PAD = {"same": "SAME_UPPER", "same_lower": "SAME_LOWER", "valid": "VALID"}
"""Padding → its name in ONNX."""


def convention(layer: ConvLayer) -> Convention:
    """Return what onnxruntime makes of the parameters of `layer`."""
    call, name = _call(layer), layer.named_padding
    if not isinstance(layer, ConvTranspose):
        if name in SAME_NAMES and set(layer.dilation) != {1}:
            return Convention("onnx", call, None, "onnxruntime refuses auto_pad together with dilations; give pads")
        return Convention("onnx", call, layer)
    if exceeds_stride(layer):
        note = "onnxruntime refuses an output padding that is not smaller than the stride"
        return Convention("onnx", call, None, note)
    if name == "valid":
        return Convention("onnx", call, with_padding(layer, 0, explicit_output_padding(layer)))
    if name not in SAME_NAMES:
        return Convention("onnx", call, layer)
    same = _same_layer(layer)
    is_smaller = same.output != tuple(i * s for i, s in zip(layer.input, layer.stride, strict=True))
    note = "onnxruntime gives fewer cells than the i·s of ONNX's specification" if is_smaller else ""
    return Convention("onnx", call, same, note)


def _same_layer(layer: ConvLayer) -> ConvLayer:
    """Return the layer cropped to at most i·s cells, an odd cell at the end, for SAME_LOWER at the start."""
    output_padding, order = explicit_output_padding(layer), -1 if layer.named_padding == "same_lower" else 1
    crops = []
    for axis, a in zip(layer.axes, output_padding, strict=True):
        full = (axis.input - 1) * axis.stride + axis.effective_kernel
        cropped = max(full + a - axis.input * axis.stride, 0)
        crops.append((cropped // 2, cropped - cropped // 2)[::order])
    return with_padding(layer, crops, output_padding)


def _call(layer: ConvLayer) -> str:
    name, output_padding = layer.named_padding or "", explicit_output_padding(layer)
    attributes = [f"strides = {list(layer.stride)}"]
    if name in AUTO_PAD:
        attributes.append(f'auto_pad = "{AUTO_PAD[name]}"')
    elif any(map(any, layer.padding)):
        attributes.append(f"pads = {[pair[end] for end in (0, 1) for pair in layer.padding]}")
    attributes += [f"output_padding = {list(output_padding)}"] if any(output_padding) else []
    attributes += [f"dilations = {list(layer.dilation)}"] if set(layer.dilation) != {1} else []
    return f"{class_name_of('onnx', layer)} <{', '.join(attributes)}>"
