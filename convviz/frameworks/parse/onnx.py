"""ONNX: nodes of a model as layers, with ONNX's rules for padding and cropping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.parse.call import so_far
from convviz.frameworks.parse.onnx_graph import LAYERS, Model, Node, Shape
from convviz.frameworks.parse.parsed_layer import ParsedLayer, ParseHints, Sizes, built, tensor
from convviz.frameworks.weights import Weights
from convviz.geometry.padding import PADDING_RULES, PaddingPair
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

FRAMEWORK = "ONNX"
NAMED = {"NOTSET": "", "SAME_UPPER": "same", "SAME_LOWER": "same_lower", "VALID": "valid"}
Made = tuple[Layer, tuple[str, ...]]
Shared = dict[str, Any]


def listing(file: str) -> str:
    """The layers of a model, one a line: number, name, operator, parameters and sizes."""
    nodes = list(Model(file).nodes())
    if not nodes:
        raise ReadingError(f"{file} has no layer to draw; {', '.join(LAYERS)} are read")
    rows = [(str(n.number), n.name or n.output, n.op, f"{_text(n.x)} → {_text(n.y)}", n.text) for n in nodes]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(
        [*lines, "", f"Choose one: convviz layer {file.strip()} --node {nodes[0].name or nodes[0].output}"]
    )


def _text(shape: Shape | None) -> str:
    return "?" if shape is None else tensor(*shape)


def read_model(file: str, node: str | None, asked: ParseHints) -> ParsedLayer:
    """The layer of one node. Raises `ReadingError` where there is none, or where its sizes are not known."""
    with so_far(f"the name of a model, {file.strip()}"):
        model = Model(file)
        if node is None:
            raise ReadingError(
                f"say which node of {model.file} to show with --node; convviz layer {model.file} lists them"
            )
        chosen = model.find(node)
    with so_far(f"{chosen.op} {chosen.name or chosen.output}({chosen.text})"):
        return _found(chosen, asked)


def _found(node: Node, asked: ParseHints) -> ParsedLayer:
    weight = _weight(node, asked)
    kernel = tuple(node.attributes.get("kernel_shape") or (weight[2:] if weight else ()))
    axes = len(kernel)
    if axes not in (1, 2):
        raise ReadingError(
            f"the kernel has {axes} axes; convviz draws one and two" if axes else "kernel_shape is missing"
        )
    cells, changed = _cells(node, axes, asked)
    shared = {
        "input": cells,
        "kernel": kernel,
        "stride": _several(node, "strides", axes, 1),
        "dilation": _several(node, "dilations", axes, 1),
    }
    layer, notes = MAKE[node.op](node, shared)
    if not changed and node.y and len(node.y) == axes + 2 and all(type(n) is int for n in node.y[2:]):
        notes += (
            () if layer.output == node.y[2:] else (f"the file says {_text(node.y)}, which ONNX's rules do not give",)
        )
    channels = node.x[1] if node.x and len(node.x) > 1 and type(node.x[1]) is int else None
    found = ParsedLayer(FRAMEWORK, node.name or node.output, layer, channels, channels, notes=notes, said=node.text)
    found = replace(found, name=f"{node.op} {found.name}")
    return _weighted(found, node, weight) if weight else found


def _weight(node: Node, asked: ParseHints) -> Sizes | None:
    """The shape of the weights of a convolution."""
    if node.op not in ("Conv", "ConvTranspose"):
        return None
    shape = node.w if node.w and all(type(n) is int for n in node.w) else asked.weight
    if shape is None:
        raise ReadingError("the shape of the weights is not in the file; give it: --weight 64,32,3,3")
    if len(shape) < 3:
        raise ReadingError(f"the weights have {len(shape)} sizes; expected (C_out, C_in/group, kH, kW) or one less")
    return tuple(shape)


def _weighted(found: ParsedLayer, node: Node, weight: Sizes) -> ParsedLayer:
    groups = node.attributes.get("group", 1)
    back = node.op == "ConvTranspose"
    outer, inner = weight[:2]
    if type(groups) is not int or groups < 1 or outer % groups:
        raise ReadingError(f"{outer} channels do not fall into group={groups}; the file is broken")
    inputs, outputs = (outer, inner * groups) if back else (inner * groups, outer)
    if found.inputs not in (None, inputs):
        raise ReadingError(f"the input has {found.inputs} channels, but the weights {tensor(*weight)} take {inputs}")
    numbers = None
    if node.kernel is not None and node.kernel.shape[2:] == found.layer.kernel:
        numbers = Weights(found.layer, node.kernel, node.bias, groups)
    return replace(
        *(found,),
        inputs=inputs,
        outputs=outputs,
        groups=groups,
        bias=node.biased,
        weight=tensor(*weight),
        weights=numbers,
    )


def _cells(node: Node, axes: int, asked: ParseHints) -> tuple[Sizes, bool]:
    """The size of the input, and whether it was asked for instead of being that of the file."""
    inner = node.x[2:] if node.x and len(node.x) == axes + 2 else ()
    known = tuple(inner) if inner and all(type(n) is int and n > 0 for n in inner) else None
    if known is None and asked.input is None:
        shape = f"symbolic, {_text(node.x)}" if node.x else "not in the file"
        raise ReadingError(f"the size of the input is {shape}; give it: -i 12{' or -i 12x16' * (axes == 2)}")
    cells = asked.cells(axes, known)
    return cells, cells != known


def _several(node: Node, name: str, axes: int, plain: int) -> Sizes:
    values = node.attributes.get(name, (plain,) * axes)
    if not isinstance(values, tuple) or len(values) != axes or any(type(value) is not int for value in values):
        raise ReadingError(f"{name}={values} has not {axes} numbers; the file is broken")
    return values


def _named(node: Node) -> str:
    auto = node.attributes.get("auto_pad", "NOTSET")
    if auto not in NAMED:
        raise ReadingError(f"auto_pad={auto!r} is none of {', '.join(NAMED)}; the file is broken")
    return NAMED[auto]


def _sides(node: Node, shared: Shared) -> tuple[PaddingPair, ...]:
    """Padding before and after each axis: `pads` (begins, then ends), or what `auto_pad` makes of the sizes."""
    axes, name = len(shared["input"]), _named(node)
    if name:
        lines = zip(shared["input"], shared["kernel"], shared["stride"], shared["dilation"], strict=True)
        return tuple(PADDING_RULES[name](i, d * (k - 1) + 1, s) for i, k, s, d in lines)
    pads = _several(node, "pads", 2 * axes, 0)
    return tuple(zip(pads[:axes], pads[axes:], strict=True))


def _conv(node: Node, shared: Shared) -> Made:
    return built(lambda: Conv(padding=_named(node) or _sides(node, shared), **shared)), ()


def _transposed(node: Node, shared: Shared) -> Made:
    axes, name = len(shared["input"]), _named(node)
    extra = _several(node, "output_padding", axes, 0)
    refused = (REFUSED,) * any(a >= s for a, s in zip(extra, shared["stride"], strict=True))
    wanted: Sizes | None = None
    if "output_shape" in node.attributes:
        wanted = _several(node, "output_shape", axes, 0)
    elif name.startswith("same"):
        wanted = tuple(i * s for i, s in zip(shared["input"], shared["stride"], strict=True))
    if wanted is None:
        sides = ((0, 0),) * axes if name else _sides(node, shared)
        return built(lambda: ConvTranspose(padding=sides, output_padding=extra, **shared)), refused
    lines = zip(shared["input"], shared["kernel"], shared["stride"], shared["dilation"], strict=True)
    full = [(i - 1) * s + d * (k - 1) + 1 for i, k, s, d in lines]
    crops = [_crop(whole, a, o, name) for whole, a, o in zip(full, extra, wanted, strict=True)]
    sides, more = tuple(side for side, _ in crops), tuple(a for _, a in crops)
    longer = any(o > whole + a for whole, a, o in zip(full, extra, wanted, strict=True))
    notes = (DISPUTED,) * longer + refused
    return built(lambda: ConvTranspose(padding=sides, output_padding=more, **shared)), notes


DISPUTED = (
    "the output is longer than what the kernel reaches; zeros stand at the end here, but implementations of ONNX "
    "differ in size and place"
)


UNCLEAR = "auto_pad follows ONNX's text here; implementations differ where a pooling has dilations or skips cells"
REFUSED = "onnxruntime differs: it refuses an output padding that is not smaller than the stride"


def _crop(whole: int, extra: int, output: int, name: str) -> tuple[PaddingPair, int]:
    """Crop before and after, and output padding: (i − 1)s + ke + a − o cells, an odd one off the end for SAME_UPPER."""
    total = whole + extra - output
    if total < 0:
        return (0, 0), output - whole
    small, large = total // 2, total - total // 2
    return (small, large) if name == "same" else (large, small), extra


def _pooling(node: Node, shared: Shared) -> Made:
    given = {**shared, "padding": _sides(node, shared), "ceil_mode": bool(node.attributes.get("ceil_mode", 0))}
    lines = zip(shared["kernel"], shared["stride"], shared["dilation"], strict=True)
    unclear = _named(node).startswith("same") and any(d > 1 or k < s for k, s, d in lines)
    notes = (UNCLEAR,) * unclear
    if node.op == "MaxPool":
        return built(lambda: MaxPool(**given)), notes
    include = bool(node.attributes.get("count_include_pad", 0))
    return built(lambda: AvgPool(count_include_pad=include, **given)), notes


MAKE: dict[str, Callable[[Node, Shared], Made]] = {
    "Conv": _conv,
    "ConvTranspose": _transposed,
    "MaxPool": _pooling,
    "AveragePool": _pooling,
}
