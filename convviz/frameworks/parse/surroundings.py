"""The layers in an expression, peeled out of what surrounds them: wrappers, lists, and the calls of other layers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from convviz.frameworks.parse.syntax import dotted_name, source

MAX_DEPTH = 60
"""Deepest nesting in which layers are looked for."""
IsLayer = Callable[[tuple[str, ...]], bool]
"""Whether a dotted name may be that of a layer."""


@dataclass(frozen=True)
class FoundLayer:
    """The call of a layer in a syntax tree, and its surroundings."""

    node: ast.Call
    called_with: ast.Call | None = None
    """The call of the layer itself: `nn.Conv2d(…)(x)`."""
    before: ast.expr | None = None
    """What precedes the layer in a list or in the arguments of `nn.Sequential`."""
    cut: str = ""
    """What is taken of the output: `[:, :, :-2]`; empty if all is."""


def find_layers(tree: ast.expr, is_layer: IsLayer) -> list[FoundLayer]:
    """Return the layers in a tree in the order of the code."""
    found = list(_Search(is_layer).layers(tree))
    return sorted(found, key=lambda layer: (layer.node.lineno, layer.node.col_offset))


def dotted_calls(tree: ast.expr) -> Iterator[str]:
    """Yield the dotted names that are called in a tree, the outermost first."""
    for node in ast.walk(tree):
        path = dotted_name(node.func) if isinstance(node, ast.Call) else None
        if path:
            yield ".".join(path)


@dataclass(frozen=True)
class _Search:
    """Walks a tree down to `MAX_DEPTH`."""

    is_layer: IsLayer

    def layers(
        self, node: ast.AST, called_with: ast.Call | None = None, before: ast.expr | None = None, depth: int = 0
    ) -> Iterator[FoundLayer]:
        if depth > MAX_DEPTH:
            return
        if isinstance(node, ast.Call):
            path = dotted_name(node.func)
            if path and self.is_layer(path):
                yield FoundLayer(node, called_with, before)
            elif isinstance(node.func, ast.Call):
                yield from self.layers(node.func, node, before, depth + 1)
            else:
                yield from self.layers(node.func, depth=depth + 1)
            yield from self._in_order(node.args, before if len(node.args) == 1 else None, depth)
            for keyword in node.keywords:
                yield from self.layers(keyword.value, depth=depth + 1)
        elif isinstance(node, ast.List | ast.Tuple):
            yield from self._in_order(node.elts, None, depth)
        elif isinstance(node, ast.Subscript) and any(isinstance(part, ast.Slice) for part in ast.walk(node.slice)):
            for found in self.layers(node.value, depth=depth + 1):
                yield replace(found, cut=_index(node.slice))
        else:
            for child in ast.iter_child_nodes(node):
                yield from self.layers(child, depth=depth + 1)

    def _in_order(self, nodes: list[ast.expr], before: ast.expr | None, depth: int) -> Iterator[FoundLayer]:
        """Yield the layers of a sequence, each with what precedes it."""
        for node in nodes:
            yield from self.layers(node, None, before, depth + 1)
            before = node


def _index(node: ast.expr) -> str:
    """Return an index as it is written: `[:, :, :-2]`."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return f"[{', '.join(map(source, parts))}]"
