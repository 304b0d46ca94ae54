"""The nodes of an ONNX model file as plain data. The graph is read; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.names import CLASS_NAMES

SUFFIX = ".onnx"
OPERATORS = {operator: kind for kind, operator in CLASS_NAMES["onnx"].items()}
"""Operator → kind of layer."""
SHOWN_ATTRIBUTES = (
    *("kernel_shape", "strides", "pads", "auto_pad", "dilations", "group", "output_padding", "output_shape"),
    *("ceil_mode", "count_include_pad"),
)
Shape = tuple[Any, ...]
"""Whole numbers, or names of symbolic sizes."""


def is_onnx_file(text: str) -> bool:
    """Return whether `text` is the path of a model rather than code."""
    return text.strip().lower().endswith(SUFFIX)


@dataclass(frozen=True)
class Node:
    """One node of a graph, with what is known of its tensors."""

    number: int
    """Index in the graph."""
    name: str
    operator: str
    attributes: dict[str, Any]
    output: str
    """Name of its output."""
    input_shape: Shape | None
    output_shape: Shape | None
    weight_shape: Shape | None
    weight: Any
    """Values of the weights, None if they are not in the file or were not asked for."""
    bias: Any
    has_bias: bool

    @property
    def label(self) -> str:
        """Its name, else the name of its output."""
        return self.name or self.output

    @property
    def kind(self) -> str:
        """Kind of layer: `conv`, `transposed`, `maxpool` or `avgpool`."""
        return OPERATORS[self.operator]

    @property
    def text(self) -> str:
        """Attributes that affect the layer, as text."""
        return ", ".join(f"{key}={self.attributes[key]}" for key in SHOWN_ATTRIBUTES if key in self.attributes)


class Model:
    """A model file. Raises `ReadingError` if it is missing or broken."""

    def __init__(self, file: str) -> None:
        self.file = file.strip()
        self._graph = _with_shapes(_load(Path(self.file))).graph
        self._tensors = {tensor.name: tensor for tensor in self._graph.initializer}
        for node in self._graph.node:
            for attribute in node.attribute:
                if node.op_type == "Constant" and attribute.name == "value":
                    self._tensors |= dict.fromkeys(node.output[:1], attribute.t)
        values = (*self._graph.input, *self._graph.value_info, *self._graph.output)
        self._shapes = {value.name: _shape(value) for value in values}
        self._shapes |= {name: tuple(tensor.dims) for name, tensor in self._tensors.items()}

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes that are layers of convviz, without the values of their weights."""
        for number, node in enumerate(self._graph.node):
            if node.op_type in OPERATORS:
                yield self._node(number, node, with_values=False)

    def find(self, key: str) -> Node:
        """Return the node with this name, output or number. Raises `ReadingError`."""
        nodes = {}
        for number, node in enumerate(self._graph.node):
            for name in map(_to_python, (str(number), *node.output, node.name)):
                if name:
                    nodes[name] = number, node
        if key not in nodes:
            close = get_close_matches(key, [name for name in nodes if not name.isdigit()], 1)
            remedy = f"did you mean {close[0]}?" if close else f"convviz layer {self.file} lists them"
            raise ReadingError(f"{self.file} has no node {key!r}; {remedy}")
        number, node = nodes[key]
        if node.op_type not in OPERATORS:
            raise ReadingError(f"expected a node of type {', '.join(OPERATORS)}, got {node.op_type}: {key}")
        return self._node(number, node)

    def _node(self, number: int, node: Any, with_values: bool = True) -> Node:
        import onnx

        attributes = {a.name: _to_python(onnx.helper.get_attribute_value(a)) for a in node.attribute}
        input, weight, bias, *_ = [*list(node.input), "", "", ""]
        output = next(iter(node.output), "")
        return Node(
            *(number, _to_python(node.name), node.op_type, attributes, _to_python(output)),
            input_shape=self._shapes.get(input),
            output_shape=self._shapes.get(output),
            weight_shape=self._shapes.get(weight),
            weight=self._values(weight) if with_values else None,
            bias=self._values(bias) if with_values else None,
            has_bias=bool(bias),
        )

    def _values(self, name: str) -> Any:
        """Return the values of a tensor as float64, None if they are not in the file."""
        import numpy as np
        import onnx

        tensor = self._tensors.get(name)
        if tensor is None or tensor.data_location == onnx.TensorProto.EXTERNAL:
            return None
        try:
            with np.errstate(invalid="ignore"):
                return onnx.numpy_helper.to_array(tensor).astype(float)
        except (KeyError, TypeError, ValueError):
            return None


def _load(path: Path) -> Any:
    try:
        import onnx
    except ImportError:
        raise ReadingError("reading a model needs the package onnx; try pip install 'convviz[onnx]'") from None
    if not path.is_file():
        raise ReadingError(f"the model {path} does not exist" if not path.exists() else f"{path} is not a file")
    try:
        model = onnx.load(path, load_external_data=False)
    except OSError as error:
        raise ReadingError(f"cannot read {path}: {error.strerror or error}") from None
    except Exception:  # protobuf's error class depends on the installed implementation
        raise ReadingError(f"{path} is not an ONNX model, or it is broken; export it again") from None
    if not model.graph.node:
        raise ReadingError(f"{path} has no nodes; export the model again")
    return model


def _with_shapes(model: Any) -> Any:
    """Return the model with the shapes that follow from its inputs, as far as they can be inferred."""
    import onnx

    try:
        return onnx.shape_inference.infer_shapes(model, data_prop=True)
    except Exception:  # the shapes in the file are enough for many nodes
        return model


def _shape(value: Any) -> Shape | None:
    tensor_type = value.type.tensor_type
    if not tensor_type.HasField("shape"):
        return None
    return tuple(d.dim_value if d.HasField("dim_value") else d.dim_param or "?" for d in tensor_type.shape.dim)


def _to_python(value: Any) -> Any:
    """Return bytes as text and sequences as tuples."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
