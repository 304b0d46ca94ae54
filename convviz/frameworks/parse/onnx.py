"""ONNX: nodes of a model as layers, by ONNX's rules for padding and cropping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from convviz.errors import ReadingError
from convviz.frameworks.names import TITLES
from convviz.frameworks.parse.call import parse_context
from convviz.frameworks.parse.channels import format_shape
from convviz.frameworks.parse.hints import ParseHints, Sizes
from convviz.frameworks.parse.layer_spec import build_layer, effective_kernels
from convviz.frameworks.parse.onnx_graph import Model
from convviz.frameworks.parse.onnx_node import Node, Shape
from convviz.frameworks.parse.parsed_layer import ParsedLayer
from convviz.frameworks.weights import LayerWeights
from convviz.geometry.padding import PADDING_RULES, PaddingName, PaddingPair
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

PADDING_NAMES: dict[str, PaddingName | Literal[""]] = {
    "NOTSET": "",
    "SAME_UPPER": "same",
    "SAME_LOWER": "same_lower",
    "VALID": "valid",
}
"""`auto_pad` → convviz's name of the padding; empty if padding is given in numbers."""
LONGER_OUTPUT = (
    "the output is longer than the full transposed convolution; zeros are appended here, but implementations of ONNX "
    "differ in size and position"
)
AUTO_PAD_POOLING = (
    "auto_pad follows ONNX's specification here; implementations differ if a pooling has dilations or skips cells"
)
OUTPUT_PADDING = "onnxruntime differs: it refuses an output padding that is not smaller than the stride"
LayerAndNotes = tuple[Layer, tuple[str, ...]]
Parameters = dict[str, Any]


def parse_onnx_node(file: str, key: str | None, hints: ParseHints) -> ParsedLayer:
    """Return the layer of the node with this name, output or number.

    Raises `ReadingError` if there is no such node, if it is no layer, or if its sizes are unknown.
    """
    with parse_context(f"the name of a model, {file.strip()}"):
        model = Model(file)
        if key is None:
            raise ReadingError(f"choose a node of {model.file} with --node; {model.command} lists them")
        node = model.find(key)
    with parse_context(f"{node.operator} {node.label}({node.text})"):
        return parse_node(node, hints)


def parse_node(node: Node, hints: ParseHints) -> ParsedLayer:
    """Return the layer of a node. Raises `ReadingError`."""
    weight = _weight_shape(node, hints)
    kernel = node.attributes.get("kernel_shape") or (weight[2:] if weight else ())
    if not isinstance(kernel, tuple):
        raise ReadingError(f"kernel_shape: expected whole numbers, got {type(kernel).__name__}; the file is broken")
    axes = len(kernel)
    if not kernel:
        raise ReadingError("kernel_shape is missing")
    if axes > 2:
        raise ReadingError(f"expected a kernel with 1 or 2 axes, which convviz draws, got {axes}")
    input, is_override = _input_size(node, axes, hints)
    sizes = {
        "input": input,
        "kernel": kernel,
        "stride": _integers(node, "strides", axes, 1),
        "dilation": _integers(node, "dilations", axes, 1),
    }
    layer, notes = MAKERS[node.kind](node, sizes)
    output = node.output_shape[2:] if node.output_shape and len(node.output_shape) == axes + 2 else ()
    if (
        not is_override
        and output != layer.output
        and node.output_shape
        and output
        and all(type(size) is int for size in output)
    ):
        source = "the file" if node.is_output_given else "shape inference"
        notes += (f"{source} gives the output as {_text(node.output_shape)}, which differs from ONNX's rules",)
    channels = node.input_shape[1] if node.input_shape and len(node.input_shape) > 1 else None
    channels = channels if type(channels) is int else None
    parsed = ParsedLayer(
        *(TITLES["onnx"], f"{node.operator} {node.label}", layer, channels, channels), notes=notes, arguments=node.text
    )
    return _with_weights(parsed, node, weight) if weight else parsed


def _text(shape: Shape) -> str:
    return format_shape(*shape)


def _weight_shape(node: Node, hints: ParseHints) -> Sizes | None:
    """Return the shape of the weights of a convolution, None for a pooling."""
    if node.kind not in ("conv", "transposed"):
        return None
    shape = node.weight_shape
    shape = shape if shape and all(type(size) is int for size in shape) else hints.weight
    if shape is None:
        raise ReadingError("the shape of the weights is not in the file; try --weight 64,32,3,3")
    if len(shape) < 3:
        raise ReadingError(f"expected weights of shape (C_out, C_in/group, kH, kW) or 1-D, got {len(shape)} axes")
    return tuple(shape)


def _with_weights(parsed: ParsedLayer, node: Node, weight: Sizes) -> ParsedLayer:
    """Return the layer with the channels of its weights, and their values if they are in the file."""
    groups = node.attributes.get("group", 1)
    first, second = weight[:2]
    if type(groups) is not int or groups < 1 or first % groups:
        raise ReadingError(f"group={groups} does not divide {first} channels; the file is broken")
    inputs, outputs = (first, second * groups) if node.kind == "transposed" else (second * groups, first)
    if parsed.in_channels not in (None, inputs):
        shape = format_shape(*weight)
        raise ReadingError(f"expected an input with {inputs} channels for weights {shape}, got {parsed.in_channels}")
    values, without = None, node.without_weight
    if node.weight is not None and node.weight.shape[2:] == parsed.layer.kernel:
        values = LayerWeights(parsed.layer, node.weight, node.bias, groups)
    elif node.weight is not None:
        without = "of another size than the kernel"
    notes = (f"example values are shown, as the weights are {without}",) * bool(without)
    if values and node.without_bias:
        notes += (f"the bias is left out, as its values are {node.without_bias}",)
    return replace(
        parsed,
        notes=parsed.notes + notes,
        has_example_values=bool(without),
        in_channels=inputs,
        out_channels=outputs,
        groups=groups,
        bias=node.has_bias,
        weight_shape=format_shape(*weight),
        weights=values,
    )


def _input_size(node: Node, axes: int, hints: ParseHints) -> tuple[Sizes, bool]:
    """Return the size of the input, and whether the hints override that of the file."""
    shape = node.input_shape
    spatial = shape[2:] if shape and len(shape) == axes + 2 else ()
    known = tuple(spatial) if spatial and all(type(size) is int and size > 0 for size in spatial) else None
    if known is None and hints.input is None:
        reason = f"symbolic, {_text(shape)}" if shape else "not in the file"
        raise ReadingError(f"the size of the input is {reason}; try -i 12{' or -i 12x16' * (axes == 2)}")
    size = hints.input_size(axes, known)
    return size, size != known


def _integers(node: Node, name: str, count: int, default: int) -> Sizes:
    values = node.attributes.get(name, (default,) * count)
    if not isinstance(values, tuple) or len(values) != count or any(type(value) is not int for value in values):
        raise ReadingError(f"{name}: expected {count} whole numbers, got {values}; the file is broken")
    return values


def _padding_name(node: Node) -> PaddingName | Literal[""]:
    auto_pad = node.attributes.get("auto_pad", "NOTSET")
    if auto_pad not in PADDING_NAMES:
        raise ReadingError(f"auto_pad: expected {', '.join(PADDING_NAMES)}, got {auto_pad!r}; the file is broken")
    return PADDING_NAMES[auto_pad]


def _padding(node: Node, sizes: Parameters) -> tuple[PaddingPair, ...]:
    """Return padding before and after each axis, from `pads` (begins, then ends) or from `auto_pad` and the sizes."""
    axes, name = len(sizes["input"]), _padding_name(node)
    if name:
        kernels = effective_kernels(sizes["kernel"], sizes["dilation"])
        return tuple(PADDING_RULES[name](*axis) for axis in zip(sizes["input"], kernels, sizes["stride"], strict=True))
    pads = _integers(node, "pads", 2 * axes, 0)
    return tuple(zip(pads[:axes], pads[axes:], strict=True))


def _conv(node: Node, sizes: Parameters) -> LayerAndNotes:
    padding = _padding_name(node) or _padding(node, sizes)
    return build_layer(lambda: Conv(padding=padding, **sizes)), ()


def _conv_transpose(node: Node, sizes: Parameters) -> LayerAndNotes:
    axes, name = len(sizes["input"]), _padding_name(node)
    output_padding = _integers(node, "output_padding", axes, 0)
    notes = (OUTPUT_PADDING,) * any(a >= s for a, s in zip(output_padding, sizes["stride"], strict=True))
    output: Sizes | None = None
    if "output_shape" in node.attributes:
        output = _integers(node, "output_shape", axes, 0)
    elif name.startswith("same"):
        output = tuple(i * s for i, s in zip(sizes["input"], sizes["stride"], strict=True))
    if output is None:
        sides = ((0, 0),) * axes if name else _padding(node, sizes)
        return build_layer(lambda: ConvTranspose(padding=sides, output_padding=output_padding, **sizes)), notes
    kernels = effective_kernels(sizes["kernel"], sizes["dilation"])
    full = [(i - 1) * s + ke for i, s, ke in zip(sizes["input"], sizes["stride"], kernels, strict=True)]
    crops = [_crop(*axis, name) for axis in zip(full, output_padding, output, strict=True)]
    if any(o > size + a for size, a, o in zip(full, output_padding, output, strict=True)):
        notes = (LONGER_OUTPUT, *notes)
    sides, appended = tuple(side for side, _ in crops), tuple(zeros for _, zeros in crops)
    return build_layer(lambda: ConvTranspose(padding=sides, output_padding=appended, **sizes)), notes


def _crop(full: int, output_padding: int, output: int, name: str) -> tuple[PaddingPair, int]:
    """Return the crop before and after, and the zeros appended: full + a − o cells are cropped.

    An odd cell is cropped at the end for SAME_UPPER, else at the start.
    """
    total = full + output_padding - output
    if total < 0:
        return (0, 0), output - full
    small, large = total // 2, total - total // 2
    return (small, large) if name == "same" else (large, small), output_padding


def _pooling(node: Node, sizes: Parameters) -> LayerAndNotes:
    parameters = {**sizes, "padding": _padding(node, sizes), "ceil_mode": bool(node.attributes.get("ceil_mode", 0))}
    axes = zip(sizes["kernel"], sizes["stride"], sizes["dilation"], strict=True)
    is_disputed = _padding_name(node).startswith("same") and any(d > 1 or k < s for k, s, d in axes)
    notes = (AUTO_PAD_POOLING,) * is_disputed
    if node.kind == "maxpool":
        return build_layer(lambda: MaxPool(**parameters)), notes
    include = bool(node.attributes.get("count_include_pad", 0))
    return build_layer(lambda: AvgPool(count_include_pad=include, **parameters)), notes


MAKERS: dict[str, Callable[[Node, Parameters], LayerAndNotes]] = {
    "conv": _conv,
    "transposed": _conv_transpose,
    "maxpool": _pooling,
    "avgpool": _pooling,
}
"""Kind of layer → function that makes it from a node."""
