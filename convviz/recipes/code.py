"""From a line of code, or an ONNX model, to a picture of its layer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convviz.animation.input_values import InputValues
from convviz.errors import GeometryError
from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.recipes.layer import Options
from convviz.recipes.values import read_values

if TYPE_CHECKING:
    from convviz.frameworks.parse.parsed_layer import ParsedLayer


def parse_code(options: Options) -> ParsedLayer:
    """Parse the option `layer`: a line of code, or the file of an ONNX model with `node`, one of its layers."""
    from convviz.frameworks.names import canonical_parsed
    from convviz.frameworks.parse import parser
    from convviz.frameworks.parse.hints import ParseHints
    from convviz.frameworks.parse.onnx import parse_onnx_node
    from convviz.frameworks.parse.onnx_graph import is_onnx_file

    code = options["layer"]
    hints = ParseHints(_input_size(options), options.get("weight"), dict(options.get("let") or ()))
    if is_onnx_file(code):
        return parse_onnx_node(code, options.get("node"), hints)
    framework = options.get("framework")
    known = canonical_parsed(framework) if framework else None
    return parser.parse_code(code, hints, known, options.get("node"))


def _input_size(options: Options) -> Any:
    """Return the size of the input, which may follow from its values."""
    from convviz.text.values import parse_values

    if options.get("input") is not None or options.get("input_values") is None:
        return options.get("input")
    return tuple(getattr(parse_values("input", options["input_values"], 1), "shape", ())[-2:]) or None


def read_parsed(parsed: ParsedLayer, options: Options) -> tuple[dict[str, Any], InputValues]:
    """Complete the options of a parsed layer, and read its values.

    The layer's own weights are shown unless others are given: all channels, or the kernel between two of them.
    """
    layer = parsed.layer
    for name in ("kernel_values", "bias", "out_channels"):
        if isinstance(layer, Pool) and options.get(name) is not None:
            raise GeometryError(f"a pooling has no kernel values and no bias; leave --{name.replace('_', '-')} out")
    completed = {**options, "input": layer.input, "kernel": layer.kernel, "one_dimension": len(layer.axes) == 1}
    completed["groups"] = parsed.known_groups if options.get("channels") == parsed.in_channels else 1
    completed, values = read_values(type(layer), completed)
    if parsed.flipped:
        if completed.get("title") is None:
            completed["title"] = "Transposed convolution, kernel turned"
        values = replace(values, w=None if values.w is None else _rotated(values.w, layer))
    if parsed.weights is None or values.w is not None:
        if parsed.has_example_values and values.w is None and completed.get("title") is None:
            completed["title"] = f"{parsed.name.split()[0]}: example values"
        return completed, values
    return _with_own_weights(parsed, completed, values)


def _rotated(w: Any, layer: Layer) -> Any:
    """Return kernel values, or those of a named kernel, rotated by 180°."""
    from convviz.layers import arrays, kernels

    kernel = arrays.as_array("kernel", kernels.named_kernel(w, layer.kernel) if isinstance(w, str) else w)
    reverse: tuple[Any, ...] = (..., *[slice(None, None, -1)] * len(layer.axes))
    return kernel[reverse]


def _with_own_weights(
    parsed: ParsedLayer, options: dict[str, Any], values: InputValues
) -> tuple[dict[str, Any], InputValues]:
    """Use the weights that came with the layer: all of them for all its channels, else those between two channels."""
    from convviz.frameworks.weights import channel_title

    weights = parsed.weights
    assert weights
    if options.get("channels") is not None:
        if options["channels"] == weights.in_channels and options.get("out_channels") is None:
            return options, replace(values, w=weights.weight, bias=weights.bias)
        title = options.get("title") or f"{parsed.name.split()[0]}: example values"
        return {**options, "title": title}, values
    output = options.get("channel") or 0
    input = weights.first_input(output)
    completed = {**options, "channel": 0}
    if options.get("title") is None:
        completed["title"] = channel_title(parsed.name.split()[0], weights, input, output)
    return completed, replace(values, w=weights.kernel(input, output), bias=weights.single_channel_bias(output))
