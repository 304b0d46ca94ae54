"""The nodes of an ONNX model file, as plain data. The graph is read; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from convviz.errors import ReadingError

SUFFIX = ".onnx"
LAYERS = ("Conv", "ConvTranspose", "MaxPool", "AveragePool")
"""Operators that are layers of convviz."""
SHOWN = ("kernel_shape", "strides", "pads", "auto_pad", "dilations", "group", "output_padding", "output_shape")
"""Attributes in a listing."""
Shape = tuple[Any, ...]
"""Whole numbers, or names where a size is symbolic."""


def is_model(text: str) -> bool:
    """Whether what is given names the file of a model, not code."""
    return text.strip().lower().endswith(SUFFIX)


@dataclass(frozen=True)
class Node:
    """One node of a graph, with what is known of its tensors."""

    number: int
    name: str
    op: str
    attributes: dict[str, Any]
    output: str
    x: Shape | None
    y: Shape | None
    w: Shape | None
    kernel: Any
    """The numbers of weight and bias where the file holds them."""
    bias: Any
    biased: bool
    """Whether there is a bias."""

    @property
    def text(self) -> str:
        """The attributes that matter, as a call says them."""
        given = {
            key: self.attributes[key] for key in (*SHOWN, "ceil_mode", "count_include_pad") if key in self.attributes
        }
        return ", ".join(f"{key}={value}" for key, value in given.items())


class Model:
    """A model file. Raises `ReadingError` for one that is missing or broken."""

    def __init__(self, file: str) -> None:
        self.file = file.strip()
        self._graph = _inferred(_loaded(Path(self.file))).graph
        self._tensors = {tensor.name: tensor for tensor in self._graph.initializer}
        for node in self._graph.node:
            for attribute in node.attribute:
                if node.op_type == "Constant" and attribute.name == "value":
                    self._tensors |= dict.fromkeys(node.output[:1], attribute.t)
        known = (*self._graph.input, *self._graph.value_info, *self._graph.output)
        self._shapes = {value.name: _shape(value) for value in known}
        self._shapes |= {name: tuple(tensor.dims) for name, tensor in self._tensors.items()}

    def nodes(self) -> Iterator[Node]:
        """The nodes that are layers of convviz, without their numbers, which may be many."""
        for number, node in enumerate(self._graph.node):
            if node.op_type in LAYERS:
                yield self._node(number, node, numbers=False)

    def find(self, wanted: str) -> Node:
        """The node of this name, with this output, or with this number in the listing."""
        found = {}
        for number, node in enumerate(self._graph.node):
            for key in map(_plain, (str(number), *node.output, node.name)):
                if key:
                    found[key] = number, node
        if wanted not in found:
            close = get_close_matches(wanted, [key for key in found if not key.isdigit()], 1)
            advice = f"did you mean {close[0]}?" if close else f"convviz layer {self.file} lists them"
            raise ReadingError(f"{self.file} has no node {wanted!r}; {advice}")
        number, node = found[wanted]
        if node.op_type not in LAYERS:
            raise ReadingError(f"node {wanted} of {self.file} is a {node.op_type}; {', '.join(LAYERS)} are read")
        return self._node(number, node)

    def _node(self, number: int, node: Any, numbers: bool = True) -> Node:
        import onnx

        attributes = {a.name: _plain(onnx.helper.get_attribute_value(a)) for a in node.attribute}
        x, w, bias, *_ = [*list(node.input), "", "", ""]
        output = next(iter(node.output), "")
        return Node(
            number,
            _plain(node.name),
            node.op_type,
            attributes,
            _plain(output),
            x=self._shapes.get(x),
            y=self._shapes.get(output),
            w=self._shapes.get(w),
            kernel=self._numbers(w) if numbers else None,
            bias=self._numbers(bias) if numbers else None,
            biased=bool(bias),
        )

    def _numbers(self, name: str) -> Any:
        """The numbers of a tensor in the file, as float64; None where they stand elsewhere."""
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


def _loaded(path: Path) -> Any:
    try:
        import onnx
    except ImportError:
        raise ReadingError("reading a model needs the package onnx; pip install 'convviz[onnx]'") from None
    if not path.is_file():
        raise ReadingError(f"the model {path} does not exist" if not path.exists() else f"{path} is not a file")
    try:
        model = onnx.load(path, load_external_data=False)
    except OSError as error:
        raise ReadingError(f"cannot read {path}: {error.strerror or error}") from None
    except Exception:  # protobuf's errors are of the class of whichever implementation is installed
        raise ReadingError(f"{path} is not an ONNX model, or it is broken; export it again") from None
    if not model.graph.node:
        raise ReadingError(f"{path} holds no node; export the model again")
    return model


def _inferred(model: Any) -> Any:
    """The model with the sizes that follow from its inputs, as far as they do."""
    import onnx

    try:
        return onnx.shape_inference.infer_shapes(model, data_prop=True)
    except Exception:  # what stands in the file will do
        return model


def _shape(value: Any) -> Shape | None:
    kind = value.type.tensor_type
    if not kind.HasField("shape"):
        return None
    return tuple(d.dim_value if d.HasField("dim_value") else d.dim_param or "?" for d in kind.shape.dim)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
