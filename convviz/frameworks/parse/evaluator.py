"""Expressions of a syntax tree as values, by literals and arithmetic only. Nothing is imported, looked up or run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any

from convviz.errors import ReadingError
from convviz.frameworks.parse import arithmetic
from convviz.frameworks.parse.arithmetic import FUNCTION_ROOTS, FUNCTIONS, NotComputedError, TooLargeError
from convviz.frameworks.parse.call import Call, parse_context
from convviz.frameworks.parse.syntax import FILENAME, dotted_name, is_variable, source, truncate
from convviz.frameworks.parse.values import OpaqueCall, ShapedArray, Symbol, unknown_parts

MAX_DEPTH = 25
"""Deepest nesting of values."""
ARRAY_FUNCTIONS = ("empty", "full", "normal", "ones", "rand", "randn", "uniform", "zeros")
"""Functions that make an array of a given shape."""
FRAMEWORK_ROOTS = (
    *("torch", "nn", "F", "init", "tf", "tensorflow", "keras", "layers", "initializers", "regularizers", "paddle"),
    *("constraints", "activations", "jax", "jnp", "lax", "flax", "linen", "nnx", "random", "np", "numpy", "mlx", "mx"),
)
"""First names of calls that are accepted as `OpaqueCall`."""
Arguments = tuple[tuple[Any, ...], dict[str, Any], tuple[str, ...]]
"""Positional arguments, named ones, and the text of what is unpacked with unknown contents."""


class Evaluator:
    """Converts nodes of a syntax tree to values; `variables` are known values by name or by expression."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = {_normalized(name): value for name, value in variables.items()}
        self._used: set[str] = set()

    def unused(self, names: Iterable[str]) -> list[str]:
        """Return those of the names of variables that the code did not need."""
        return [name for name in names if _normalized(name) not in self._used]

    def call(self, node: ast.Call, called_with: ast.Call | None = None) -> Call:
        """Return a call, and what its result is called with. Raises `ReadingError`."""
        path = dotted_name(node.func)
        if path is None:
            raise ReadingError(f"expected the name of a layer before the parentheses, got {source(node.func)}")
        with parse_context(f"a call of {truncate('.'.join(path))}"):
            outer = self.arguments(called_with)[:2] if called_with else None
            positional, named, unpacked = self.arguments(node)
            return Call(path, positional, named, outer, unpacked)

    def arguments(self, node: ast.Call, depth: int = 0) -> Arguments:
        """Return positional arguments, named ones, and the text of what is unpacked with unknown contents."""
        positional, unpacked = self._positional(node.args, depth)
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                items = self._mapping(keyword.value, depth)
                unpacked += (f"**{source(keyword.value)}",) * (items is None)
            else:
                items = {keyword.arg: self.value(keyword.value, depth + 1)}
            for name, value in (items or {}).items():
                if name in named:
                    raise ReadingError(f"{truncate(name)} is given twice; remove one")
                named[name] = value
        return positional, named, unpacked

    def _positional(self, nodes: list[ast.expr], depth: int) -> tuple[tuple[Any, ...], tuple[str, ...]]:
        """Return the arguments before the first `*args` with unknown contents, and the text from there on."""
        values: list[Any] = []
        for index, node in enumerate(nodes):
            if not isinstance(node, ast.Starred):
                values.append(self.value(node, depth + 1))
                continue
            inner = self.value(node.value, depth + 1)
            if not isinstance(inner, tuple):
                return tuple(values), tuple(map(source, nodes[index:]))
            values.extend(inner)
        return tuple(values), ()

    def _mapping(self, node: ast.expr, depth: int) -> dict[str, Any] | None:
        """Return the entries of `**{'padding': 1}` and `**dict(padding=1)`, None for a name."""
        if isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) for key in node.keys):
            keys = [getattr(key, "value", None) for key in node.keys]
            return {str(key): self.value(value, depth + 1) for key, value in zip(keys, node.values, strict=True)}
        if isinstance(node, ast.Call) and dotted_name(node.func) == ("dict",) and not node.args:
            _, named, unpacked = self.arguments(node, depth + 1)
            return None if unpacked else named
        return None

    def value(self, node: ast.expr, depth: int = 0) -> Any:
        """Return a number, a string, None, a tuple of values, a `ShapedArray`, a `Symbol` or an `OpaqueCall`."""
        if depth > MAX_DEPTH:
            raise ReadingError("the code is nested too deeply for a layer; write plain numbers")
        if self._variables and not isinstance(node, ast.Constant):
            text = _unparsed(node)
            if text in self._variables:
                self._used.add(text)
                return self._variables[text]
        try:
            return self._computed(node, depth)
        except NotComputedError:
            return Symbol(source(node))
        except TooLargeError:
            raise ReadingError(f"{source(node)} is too large for a layer") from None
        except ZeroDivisionError:
            raise ReadingError(f"{source(node)} divides by zero") from None

    def _computed(self, node: ast.expr, depth: int) -> Any:
        if isinstance(node, ast.Constant):
            return _constant(node)
        if isinstance(node, ast.Tuple | ast.List):
            values, unpacked = self._positional(node.elts, depth)
            return Symbol(source(node)) if unpacked else values
        if isinstance(node, ast.UnaryOp | ast.BinOp | ast.Compare | ast.IfExp):
            return self._arithmetic(node, depth)
        if isinstance(node, ast.Call):
            return self._inner_call(node, depth)
        if isinstance(node, ast.Subscript):
            return self._entry(node, depth)
        if isinstance(node, ast.Name | ast.Attribute) and is_variable(node):
            return Symbol(source(node), _unparsed(node))
        raise NotComputedError

    def _arithmetic(self, node: ast.UnaryOp | ast.BinOp | ast.Compare | ast.IfExp, depth: int) -> Any:
        """Return the result, or a `Symbol` if a part is unknown."""
        if isinstance(node, ast.IfExp):
            return self._choice(node, depth)
        if isinstance(node, ast.UnaryOp):
            operands: list[ast.expr] = [node.operand]
        else:
            operands = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.left, *node.comparators]
        values = [self.value(operand, depth + 1) for operand in operands]
        unknown = _first_unknown(node, values)
        if unknown is not None:
            return unknown
        if isinstance(node, ast.UnaryOp):
            return arithmetic.unary(type(node.op), *values)
        if isinstance(node, ast.BinOp):
            return arithmetic.binary(type(node.op), *values)
        if len(values) != 2:
            raise NotComputedError
        return arithmetic.compare(type(node.ops[0]), *values)

    def _choice(self, node: ast.IfExp, depth: int) -> Any:
        """Return one branch of `a if b else c`; a `Symbol` if the condition is unknown and the branches differ."""
        condition = self.value(node.test, depth + 1)
        if condition is None or isinstance(condition, bool | int | tuple):
            return self.value(node.body if condition else node.orelse, depth + 1)
        one, other = self.value(node.body, depth + 1), self.value(node.orelse, depth + 1)
        if one == other:
            return one
        unknown = _first_unknown(node, [condition])
        return Symbol(source(node), unknown.unknown, is_condition=True) if unknown else Symbol(source(node))

    def _entry(self, node: ast.Subscript, depth: int) -> Any:
        """Return an entry of a tuple, or the name of an entry: `hidden[i + 1]`."""
        inner, index = self.value(node.value, depth + 1), self.value(node.slice, depth + 1)
        if isinstance(inner, tuple) and type(index) is int and -len(inner) <= index < len(inner):
            return inner[index]
        return Symbol(source(node), _unparsed(node) if is_variable(node) else "")

    def _inner_call(self, node: ast.Call, depth: int) -> Any:
        """Return an array by its shape, the result of arithmetic, or a call that is not made."""
        path = dotted_name(node.func) or ()
        if not path and isinstance(node.func, ast.Call) and dotted_name(node.func.func):
            return OpaqueCall(source(node), self._called_layer(node, node.func, depth))
        if not path or any(part.startswith("_") for part in path):
            raise NotComputedError
        is_framework = path[0] in FRAMEWORK_ROOTS
        if path[-1] in ARRAY_FUNCTIONS and (len(path) == 1 or is_framework):
            return self._array(node, depth)
        if path[-1] in FUNCTIONS and (len(path) == 1 or path[0] in FUNCTION_ROOTS) and not node.keywords:
            values, unpacked = self._positional(node.args, depth)
            unknown = _first_unknown(node, values)
            return Symbol(source(node)) if unpacked else unknown or arithmetic.apply(path[-1], values)
        positional, named, unpacked = self.arguments(node, depth + 1)
        if is_framework if len(path) > 1 else path[0][0].isupper() or path == ("pad",):
            return OpaqueCall(source(node), Call(path, positional, named, None, unpacked))
        raise NotComputedError

    def _called_layer(self, node: ast.Call, inner: ast.Call, depth: int) -> Call:
        """Return `nn.ZeroPad2d(1)(x)` as a call of the layer with what it is called with."""
        outer = self.arguments(node, depth + 1)[:2]
        positional, named, unpacked = self.arguments(inner, depth + 1)
        return Call(dotted_name(inner.func) or (), positional, named, outer, unpacked)

    def _array(self, node: ast.Call, depth: int) -> ShapedArray | OpaqueCall:
        positional, named, _ = self.arguments(node, depth)
        first_tuple = next((value for value in positional if isinstance(value, tuple)), positional)
        sizes = named.get("size", named.get("shape", first_tuple))
        sizes = sizes if isinstance(sizes, tuple) else (sizes,)
        if sizes and all(type(size) is int and size > 0 for size in sizes):
            return ShapedArray(sizes, source(node))
        return OpaqueCall(source(node))


def _first_unknown(node: ast.expr, values: Any) -> Symbol | None:
    """Return the node as a `Symbol` if one of its values is unknown, with the name that is to be told."""
    parts = list(unknown_parts(tuple(values)))
    if not parts and not any(isinstance(value, ShapedArray) for value in values):
        return None
    first = next((part for part in parts if isinstance(part, Symbol)), Symbol(""))
    return Symbol(source(node), first.unknown, first.is_condition)


def _constant(node: ast.Constant) -> Any:
    value = node.value
    if value is None or isinstance(value, str | float | bool):
        return value
    if not isinstance(value, int):
        raise NotComputedError
    return arithmetic.checked(value)


def _unparsed(node: ast.expr) -> str:
    """Return the code of a node in Python's own layout; empty if it cannot be written."""
    try:
        return ast.unparse(node)
    except (ValueError, RecursionError):
        return ""


def _normalized(name: str) -> str:
    """Return an expression in Python's own layout, other text as it is."""
    try:
        return ast.unparse(ast.parse(name.strip(), filename=FILENAME, mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return name.strip()
