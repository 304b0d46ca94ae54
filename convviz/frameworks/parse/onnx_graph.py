"""The nodes of an ONNX model as plain data, also those in bodies of If, Loop and Scan. The graph is read, not run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.parse.onnx_file import NoValuesError, load, read_values
from convviz.frameworks.parse.onnx_node import OPERATORS, Node, Shape, printable, to_python
from convviz.frameworks.parse.onnx_shapes import infer_shapes, shapes_of, take_large_data, with_input
from convviz.frameworks.parse.other_kinds import other_kind
from convviz.text.notation import shell

SUFFIX = ".onnx"
MAX_DEPTH = 8
"""Deepest nesting of bodies in which nodes are looked for."""
WEIGHT_INPUTS = {"QLinearConv": 3}
"""Operator → place of its weights, 1 for all others."""
BIAS_INPUTS = {"QLinearConv": 8, "ConvInteger": 99}
"""Operator → place of its bias, 2 for all others."""
QUANTIZED = ("QLinearConv", "ConvInteger")


def is_onnx_file(text: str) -> bool:
    """Return whether `text` is the path of a model rather than code."""
    return text.strip().lower().endswith(SUFFIX)


@dataclass(frozen=True)
class _Scope:
    """A graph, and what is known by name in it: tensors with values, shapes, and the operators that make the others."""

    graph: Any
    prefix: str
    tensors: Mapping[str, Any]
    shapes: Mapping[str, Shape]
    makers: Mapping[str, str]


class Model:
    """A model file; `input` replaces the size of its input. Raises `ReadingError` if it is missing or broken."""

    def __init__(self, file: str, input: int | tuple[int, ...] | None = None) -> None:
        self.file = file.strip()
        self._path = Path(self.file)
        model = load(self._path)
        large = take_large_data(model)
        self._file_shapes: Mapping[str, Shape] = {} if input is not None else shapes_of(model.graph)
        model = infer_shapes(with_input(model, input) if input is not None else model)
        self._nodes = list(_nodes(_Scope(model.graph, "", {}, {}, {}), large))

    @property
    def command(self) -> str:
        """The command that lists the layers."""
        return shell("layer", self.file)

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes that are layers of convviz, without the values of their weights."""
        for number, scope, node in self._nodes:
            if is_layer(node):
                yield self._node(number, scope, node, with_values=False)

    def operators(self) -> list[str]:
        """Return the operators that occur, most frequent first."""
        names = [to_python(node.op_type) for _, _, node in self._nodes]
        return sorted(dict.fromkeys(names), key=lambda name: -names.count(name))

    def find(self, key: str) -> Node:
        """Return the node with this number, name or output. Raises `ReadingError`."""
        found: dict[str, tuple[str, _Scope, Any]] = {}
        for entry in self._nodes:
            number, _, node = entry
            for name in (node.name, *node.output):
                found.setdefault(to_python(name), entry)
                found.setdefault(printable(to_python(name)), entry)
            found[number] = entry
        if not key or key not in found:
            close = get_close_matches(key, [name for name in found if name and not name[0].isdigit()], 1)
            remedy = f"did you mean {printable(close[0])}?" if close else f"{self.command} lists them"
            raise ReadingError(f"{self.file} has no node {key!r}; {remedy}")
        number, scope, node = found[key]
        if not is_layer(node):
            operator = printable(to_python(node.op_type))
            kind = other_kind(operator)
            what = f"{operator} is {kind}" if kind else f"got {operator}"
            raise ReadingError(f"expected a node of type {', '.join(OPERATORS)}; {what}: {printable(key)}")
        return self._node(number, scope, node)

    def _node(self, number: str, scope: _Scope, node: Any, with_values: bool = True) -> Node:
        import onnx

        operator = to_python(node.op_type)
        names = [to_python(name) for name in node.input]
        weight = _at(names, WEIGHT_INPUTS.get(operator, 1)) if OPERATORS[operator] in ("conv", "transposed") else ""
        bias = _at(names, BIAS_INPUTS.get(operator, 2)) if weight else ""
        output = to_python(next(iter(node.output), ""))
        values, reason = self._values(scope, weight, operator) if with_values and weight else (None, "")
        biases, bias_reason = self._values(scope, bias, operator) if with_values and bias else (None, "")
        return Node(
            *(number, printable(to_python(node.name)), operator),
            attributes={to_python(a.name): to_python(onnx.helper.get_attribute_value(a)) for a in node.attribute},
            output=printable(output),
            input_shape=scope.shapes.get(_at(names, 0)),
            output_shape=scope.shapes.get(output),
            is_output_given=scope.shapes.get(output) == self._file_shapes.get(output, ()),
            weight_shape=scope.shapes.get(weight),
            weight=values,
            bias=biases,
            has_bias=bool(bias),
            without_weight=reason,
            without_bias=bias_reason,
        )

    def _values(self, scope: _Scope, name: str, operator: str) -> tuple[Any, str]:
        """Return the values of a tensor, or None and the reason why they cannot be had."""
        if operator in QUANTIZED:
            return None, "quantized"
        if name not in scope.tensors:
            maker = scope.makers.get(name)
            return None, f"the output of {printable(maker)}, which is not computed" if maker else "not in the file"
        try:
            return read_values(scope.tensors[name], self._path.parent), ""
        except NoValuesError as error:
            return None, str(error)


def is_layer(node: Any) -> bool:
    """Return whether a node is of an operator of ONNX that is a layer of convviz."""
    return node.op_type in OPERATORS and node.domain in ("", "ai.onnx")


def _nodes(outer: _Scope, large: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[str, _Scope, Any]]:
    """Yield number, scope and node of a graph and of the bodies in it: number 3, then 3.then_branch.0 and so on.

    `large` are tensors whose data was taken out of the graph.
    """
    graph = outer.graph
    tensors, makers = dict(outer.tensors), dict(outer.makers)
    tensors |= {tensor.name: large.get(tensor.name, tensor) for tensor in graph.initializer}
    for node in graph.node:
        makers |= dict.fromkeys(node.output, to_python(node.op_type))
        for attribute in node.attribute:
            if node.op_type == "Constant" and attribute.name == "value":
                tensors |= dict.fromkeys(node.output[:1], attribute.t)
    shapes = {**outer.shapes, **shapes_of(graph)} | {name: tuple(tensor.dims) for name, tensor in tensors.items()}
    scope = _Scope(graph, outer.prefix, tensors, shapes, makers)
    for index, node in enumerate(graph.node):
        number = f"{scope.prefix}{index}"
        yield number, scope, node
        for attribute in node.attribute if depth < MAX_DEPTH else ():
            for place, body in enumerate([attribute.g] if attribute.HasField("g") else attribute.graphs):
                name = f"{printable(to_python(attribute.name))}{place or ''}"
                inner = _Scope(body, f"{number}.{name}.", tensors, shapes, makers)
                yield from _nodes(inner, {}, depth + 1)


def _at(names: Sequence[str], place: int) -> str:
    return names[place] if place < len(names) else ""
