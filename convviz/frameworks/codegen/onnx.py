"""ONNX code: a model in ONNX's text format, run by onnxruntime; it has parameters for all but padding modes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convviz.errors import GeometryError
from convviz.frameworks.codegen.text import Snippet, channels_first, numpy_mode, output_crops, window_padding
from convviz.frameworks.names import class_name_of
from convviz.geometry.axis import PoolAxis
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, Pool
from convviz.text.formatting import format_padding, format_per_axis

OPSET = 21
IR_VERSION = 10


def conv(layer: Conv) -> Snippet:
    """Return the lines for a convolution."""
    mode = numpy_mode(layer)
    if not mode:
        return _model(layer, [], [_node(layer, "y", "x, w", layer.padding)])
    note = f"# ONNX's Conv pads only with zeros: Pad adds the {layer.padding_mode} padding."
    pad = _pad_nodes("padded", "x", layer.padding, f' <mode = "{mode}">')
    return _model(layer, [note], [*pad, _node(layer, "y", "padded, w", ())])


def transposed(layer: ConvTranspose) -> Snippet:
    """Return the lines for a transposed convolution."""
    axes = zip(layer.output_padding, layer.stride, layer.output, strict=True)
    if not any(a >= s or o <= a for a, s, o in axes):
        output_padding = f", output_padding = {_list(layer.output_padding)}" * any(layer.output_padding)
        return _model(layer, [], [_node(layer, "y", "x, w", layer.padding, options=output_padding)])
    note = "# onnxruntime refuses an output padding a ≥ s, and a crop of all cells: Pad crops (below 0) or appends."
    grown = [(-before, -after) for before, after in output_crops(layer)]
    return _model(layer, [note], [_node(layer, "full", "x, w", ()), *_pad_nodes("y", "full", grown)])


def pool(layer: Pool) -> Snippet:
    """Return the lines for a pooling.

    With `ceil_mode` ONNX infers another shape if a last window is dropped; the overhang is explicit padding then.
    Raises `GeometryError` for padding that onnxruntime refuses.
    """
    sides = window_padding(layer)
    if any(max(pair) >= kernel for pair, kernel in zip(sides, layer.kernel, strict=True)):
        raise GeometryError(
            f"expected padding smaller than the kernel, as onnxruntime needs it for poolings, got p = "
            f"{format_padding(sides)} and k = {format_per_axis(layer.kernel)}; use jax, or less padding"
        )
    include = ", count_include_pad = 1" * (isinstance(layer, AvgPool) and layer.count_include_pad)
    overhang = [(0, window.overhang) for window in layer.sliding_windows]
    is_dropped = any(isinstance(axis, PoolAxis) and axis.dropped for axis in layer.axes)
    if not any(map(any, overhang)):
        return _model(layer, [], [_node(layer, "y", "x", sides, options=include)])
    if not is_dropped:
        return _model(layer, [], [_node(layer, "y", "x", layer.padding, options=", ceil_mode = 1" + include)])
    if include and any(map(any, layer.padding)):
        return _model(layer, [], [*_pad_nodes("padded", "x", layer.padding), _node(layer, "y", "padded", overhang)])
    return _model(layer, [], [_node(layer, "y", "x", sides)])


def _model(layer: Layer, notes: Snippet, nodes: Snippet) -> Snippet:
    """Return the lines that make and run a model. Batch and channels are 1."""
    has_weights = not isinstance(layer, Pool)
    inputs = f"{_tensor(layer.input)} x" + (f", {_tensor(layer.kernel)} w" if has_weights else "")
    arrays = {"x": layer.input} | ({"w": layer.kernel} if has_weights else {})
    feeds = ", ".join(f'"{name}": {name}' for name in arrays)
    return [
        *notes,
        "import numpy as np",
        "import onnx",
        "import onnxruntime",
        "",
        'model = onnx.parser.parse_model("""',
        f'<ir_version: {IR_VERSION}, opset_import: ["": {OPSET}]>',
        f"layer ({inputs}) => ({_tensor(layer.output)} y) {{",
        *(f"    {node}" for node in nodes),
        '}""")',
        "onnx.checker.check_model(model, full_check=True)",
        *(
            f"{name} = np.random.standard_normal({channels_first(size)}).astype(np.float32)"
            for name, size in arrays.items()
        ),
        "session = onnxruntime.InferenceSession(model.SerializeToString())",
        f"(y,) = session.run(None, {{{feeds}}})  # {channels_first(layer.output)}",
    ]


def _node(layer: Layer, output: str, inputs: str, padding: Sequence[Sequence[int]], options: str = "") -> str:
    """Return a node with its strides and the attributes that differ from their default."""
    attributes = [f"kernel_shape = {_list(layer.kernel)}"] if isinstance(layer, Pool) else []
    attributes.append(f"strides = {_list(layer.stride)}")
    if any(map(any, padding)):
        attributes.append(f"pads = {_list([*_side(padding, 0), *_side(padding, 1)])}")
    if set(layer.dilation) != {1}:
        attributes.append(f"dilations = {_list(layer.dilation)}")
    operator = class_name_of("onnx", layer)
    return f"{output} = {operator} <{', '.join(attributes)}{options}> ({inputs})"


def _pad_nodes(output: str, array: str, sides: Sequence[Sequence[int]], mode: str = "") -> Snippet:
    """Return the nodes that pad an array: first the numbers before all axes, then those after them."""
    pads = [0, 0, *_side(sides, 0), 0, 0, *_side(sides, 1)]
    return [f"around = Constant <value_ints = {_list(pads)}> ()", f"{output} = Pad{mode} ({array}, around)"]


def _side(sides: Iterable[Sequence[int]], end: int) -> list[int]:
    return [pair[end] for pair in sides]


def _list(values: Iterable[int]) -> str:
    return f"[{', '.join(map(str, values))}]"


def _tensor(shape: Sequence[int]) -> str:
    return f"float{_list([1, 1, *shape])}"
