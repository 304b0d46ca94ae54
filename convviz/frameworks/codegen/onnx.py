"""ONNX: the layer as a model in ONNX's own text, run by onnxruntime; it has a parameter for all but borrowing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convviz.errors import GeometryError
from convviz.frameworks.codegen.text import Lines, around, borrowing, crops, first
from convviz.geometry.axis import PoolAxis
from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, Pool
from convviz.text.formatting import format_padding, format_per_axis

OPSET = 21
IR_VERSION = 10


def write(layer: Layer) -> str:
    """The layer as a snippet. Batch and channels are 1; a kernel is (out, in, …), of a ConvTranspose (in, out, …)."""
    weighted = not isinstance(layer, Pool)
    mode = borrowing(layer)
    inputs = f"{_tensor(layer.input)} x" + (f", {_tensor(layer.kernel)} w" if weighted else "")
    notes = [f"# ONNX's Conv pads with zeros alone: Pad makes the {layer.padding_mode} padding."] if mode else []
    if isinstance(layer, ConvTranspose) and _needs_pad(layer):
        notes = [
            "# onnxruntime refuses an output padding a ≥ s, or to crop all: Pad crops (below 0) and appends (above)."
        ]
    feeds = '{"x": x, "w": w}' if weighted else '{"x": x}'
    return "\n".join(
        [
            *notes,
            "import numpy as np",
            "import onnx",
            "import onnxruntime",
            "",
            'model = onnx.parser.parse_model("""',
            f'<ir_version: {IR_VERSION}, opset_import: ["": {OPSET}]>',
            f"layer ({inputs}) => ({_tensor(layer.output)} y) {{",
            *(f"    {line}" for line in _nodes(layer, mode)),
            '}""")',
            "onnx.checker.check_model(model, full_check=True)",
            f"x = np.random.standard_normal({first(layer.input)}).astype(np.float32)",
            *([f"w = np.random.standard_normal({first(layer.kernel)}).astype(np.float32)"] if weighted else []),
            "session = onnxruntime.InferenceSession(model.SerializeToString())",
            f"(y,) = session.run(None, {feeds})  # {first(layer.output)}",
        ]
    )


def _nodes(layer: Layer, mode: str) -> Lines:
    if isinstance(layer, Pool):
        return _pool(layer)
    if isinstance(layer, ConvTranspose):
        return _transposed(layer)
    if not mode:
        return [f"y = Conv <{_attributes(layer, layer.padding)}> (x, w)"]
    return [
        *_pad("padded", "x", layer.padding, f' <mode = "{mode}">'),
        f"y = Conv <{_attributes(layer, ())}> (padded, w)",
    ]


def _transposed(layer: ConvTranspose) -> Lines:
    if not _needs_pad(layer):
        extra = f", output_padding = {_list(layer.output_padding)}" * any(layer.output_padding)
        return [f"y = ConvTranspose <{_attributes(layer, layer.padding)}{extra}> (x, w)"]
    grown = [(-before, -after) for before, after in crops(layer)]
    return [f"full = ConvTranspose <{_attributes(layer, ())}> (x, w)", *_pad("y", "full", grown)]


def _needs_pad(layer: ConvTranspose) -> bool:
    return any(a >= s or o <= a for a, s, o in zip(layer.output_padding, layer.stride, layer.output, strict=True))


def _pool(layer: Pool) -> Lines:
    """Where a last window is dropped, ONNX infers another shape with `ceil_mode`: what hangs over is padding then."""
    if any(max(pair) >= kernel for pair, kernel in zip(around(layer), layer.kernel, strict=True)):
        raise GeometryError(
            f"onnxruntime takes no pooling whose padding is as large as its kernel, and here p = "
            f"{format_padding(around(layer))} and k = {format_per_axis(layer.kernel)}; use jax, or a smaller padding"
        )
    name, shape = "AveragePool" if layer.mean else "MaxPool", f"kernel_shape = {_list(layer.kernel)}, "
    include = isinstance(layer, AvgPool) and layer.count_include_pad
    hanging = [(0, track.overhang) for track in layer.sliding_windows]
    dropped = any(isinstance(axis, PoolAxis) and axis.dropped for axis in layer.axes)
    if any(map(any, hanging)) and not dropped:
        flags = ", ceil_mode = 1" + ", count_include_pad = 1" * include
        return [f"y = {name} <{shape}{_attributes(layer, layer.padding)}{flags}> (x)"]
    if any(map(any, hanging)) and include and any(map(any, layer.padding)):
        node = f"y = {name} <{shape}{_attributes(layer, hanging)}> (padded)"
        return [*_pad("padded", "x", layer.padding), node]
    flags = ", count_include_pad = 1" * (include and not any(map(any, hanging)))
    return [f"y = {name} <{shape}{_attributes(layer, around(layer))}{flags}> (x)"]


def _pad(made: str, name: str, sides: Sequence[Sequence[int]], mode: str = "") -> Lines:
    """Pads are those before all axes, then those after them."""
    pads = [0, 0, *_ends(sides, 0), 0, 0, *_ends(sides, 1)]
    return [f"around = Constant <value_ints = {_list(pads)}> ()", f"{made} = Pad{mode} ({name}, around)"]


def _attributes(layer: Layer, sides: Sequence[Sequence[int]]) -> str:
    """Strides, and whatever differs from its default."""
    said = [f"strides = {_list(layer.stride)}"]
    if any(map(any, sides)):
        said.append(f"pads = {_list([*_ends(sides, 0), *_ends(sides, 1)])}")
    if set(layer.dilation) != {1}:
        said.append(f"dilations = {_list(layer.dilation)}")
    return ", ".join(said)


def _ends(sides: Iterable[Sequence[int]], end: int) -> list[int]:
    return [side[end] for side in sides]


def _list(values: Iterable[int]) -> str:
    return f"[{', '.join(map(str, values))}]"


def _tensor(shape: Sequence[int]) -> str:
    return f"float{_list([1, 1, *shape])}"
