"""A line of code to a call as data, by `ast` and literals only. Nothing is imported, looked up or run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from convviz.errors import ConvvizError, ReadingError
from convviz.frameworks.parse.syntax import EXPECTED, one_line, parse_expression, quote, truncate

UNDERSTOOD = "; understood so far: "
MAX_DEPTH = 25
"""Deepest nesting of values."""
MAX_NUMBER = 10**12
ARRAY_FUNCTIONS = ("empty", "full", "normal", "ones", "rand", "randn", "uniform", "zeros")
"""Functions that make an array of a given shape."""
LAYER_WRAPPERS = ("add", "append", "spectral_norm", "weight_norm")
"""Calls that take a layer and do not change its sizes."""
FRAMEWORK_ROOTS = (
    *("torch", "nn", "F", "init", "tf", "tensorflow", "keras", "layers", "initializers", "regularizers"),
    *("constraints", "activations", "jax", "jnp", "lax", "flax", "linen", "nnx", "random", "np", "numpy"),
)
"""First names of calls that are accepted as `OpaqueCall`."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name, or a formula of names, with an unknown value: `ngf * 8`."""

    text: str


@dataclass(frozen=True, slots=True)
class OpaqueCall:
    """A call to the framework that does not affect sizes, such as an initializer; it is never made."""

    text: str


@dataclass(frozen=True, slots=True)
class ShapedArray:
    """An array of which only the shape is known: `torch.randn(1, 64, 12, 12)`."""

    sizes: tuple[int, ...]
    text: str


@contextmanager
def parse_context(understood: str) -> Iterator[None]:
    """Add what was understood so far to the text of an error, unless an inner context did."""
    try:
        yield
    except ConvvizError as error:
        text = str(error)
        raise ReadingError(text if UNDERSTOOD in text else text + UNDERSTOOD + understood) from None


CallArguments = tuple[tuple[Any, ...], dict[str, Any]]
"""Positional and named arguments."""


@dataclass(frozen=True, slots=True)
class Call:
    """A dotted name, its arguments, and those that the result is called with: `nn.Conv2d(3, 64, 3)(x)`."""

    path: tuple[str, ...]
    positional: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)
    called_with: CallArguments | None = None

    @property
    def text(self) -> str:
        """The dotted name, truncated."""
        return truncate(".".join(self.path))


def parse_call(code: str, variables: Mapping[str, int] | None = None) -> Call:
    """Return the one call in `code`, which may be assigned or returned; `variables` are known numbers by name.

    Raises `ReadingError` for everything else.
    """
    node = parse_expression(code)
    if not isinstance(node, ast.Call):
        raise ReadingError(f"{EXPECTED}, got {quote(code)}")
    parser = _CallParser(variables or {})
    node = _unwrap(node)
    if isinstance(node.func, ast.Call):
        return parser.call(node.func, parser.arguments(node))
    return parser.call(node)


def _unwrap(node: ast.Call) -> ast.Call:
    """Return the inner call of `model.add(Conv2D(…))`, else the call itself."""
    path = _dotted_name(node.func)
    inner = node.args[0] if len(node.args) == 1 and not node.keywords else None
    return inner if path and path[-1] in LAYER_WRAPPERS and isinstance(inner, ast.Call) else node


class _CallParser:
    """Converts nodes of a syntax tree to values."""

    def __init__(self, variables: Mapping[str, int]) -> None:
        self._variables = variables

    def call(self, node: ast.Call, called_with: CallArguments | None = None) -> Call:
        path = _dotted_name(node.func)
        if path is None:
            raise ReadingError(f"expected the name of a layer before the parentheses, got {_source(node.func)}")
        with parse_context(f"a call of {truncate('.'.join(path))}"):
            return Call(path, *self.arguments(node), called_with)

    def arguments(self, node: ast.Call, depth: int = 0) -> CallArguments:
        for argument in (*node.args, *node.keywords):
            if isinstance(argument, ast.Starred) or (isinstance(argument, ast.keyword) and argument.arg is None):
                raise ReadingError(f"{_source(node.func)} unpacks arguments with * or **; write them out")
        names = [keyword.arg for keyword in node.keywords]
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated:
            raise ReadingError(f"{repeated} is given twice; remove one")
        positional = tuple(self.value(argument, depth + 1) for argument in node.args)
        return positional, {str(keyword.arg): self.value(keyword.value, depth + 1) for keyword in node.keywords}

    def value(self, node: ast.expr, depth: int = 0) -> Any:
        """Return a number, a string, None, a tuple of values, a `ShapedArray`, a `Symbol` or an `OpaqueCall`."""
        if depth > MAX_DEPTH:
            raise ReadingError("the code is nested too deeply for a layer; write plain numbers")
        if isinstance(node, ast.Constant):
            return _constant(node)
        if isinstance(node, ast.Tuple | ast.List):
            return tuple(self.value(element, depth + 1) for element in node.elts)
        if isinstance(node, ast.UnaryOp | ast.BinOp):
            return self._arithmetic(node, depth)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and _is_variable(node):
            text = _source(node)
            return self._variables.get(text, Symbol(text))
        if isinstance(node, ast.Call):
            return self._inner_call(node, depth)
        kind = type(node).__name__
        raise ReadingError(f"expected a value, got code ({kind}): {_source(node)}; code is not run, write its value")

    def _arithmetic(self, node: ast.UnaryOp | ast.BinOp, depth: int) -> Any:
        """Compute +, −, ·, // and % of whole numbers; return a `Symbol` if an operand is one."""
        operands = (node.operand,) if isinstance(node, ast.UnaryOp) else (node.left, node.right)
        values = [self.value(operand, depth + 1) for operand in operands]
        if any(isinstance(value, Symbol) for value in values):
            return Symbol(_source(node))
        if type(node.op) is ast.USub and type(values[0]) in (int, float):
            return -values[0]
        if type(node.op) not in OPERATORS or any(type(value) is not int for value in values):
            raise ReadingError(f"{_source(node)} is not evaluated; write its value")
        try:
            return _checked_number(OPERATORS[type(node.op)](*values), node)
        except ZeroDivisionError:
            raise ReadingError(f"{_source(node)} divides by zero") from None

    def _inner_call(self, node: ast.Call, depth: int) -> Any:
        """Return an array by its shape, or a call that is not made. Raises `ReadingError` for any other call."""
        path = _dotted_name(node.func) or ()
        is_public = bool(path) and not any(part.startswith("_") for part in path)
        if is_public and path[-1] in ARRAY_FUNCTIONS and (len(path) == 1 or path[0] in FRAMEWORK_ROOTS):
            return self._array(node, depth)
        if is_public and (path[0] in FRAMEWORK_ROOTS if len(path) > 1 else path[0][0].isupper()):
            self.arguments(node, depth)
            return OpaqueCall(_source(node))
        raise ReadingError(f"expected a value, got a call: {_source(node)}; code is not run, write its value")

    def _array(self, node: ast.Call, depth: int) -> ShapedArray | OpaqueCall:
        positional, named = self.arguments(node, depth)
        first_tuple = next((value for value in positional if isinstance(value, tuple)), positional)
        sizes = named.get("size", named.get("shape", first_tuple))
        sizes = sizes if isinstance(sizes, tuple) else (sizes,)
        if all(type(size) is int and size > 0 for size in sizes):
            return ShapedArray(sizes, _source(node))
        return OpaqueCall(_source(node))


OPERATORS: dict[type[ast.AST], Any] = {
    ast.UAdd: lambda a: a,
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}


def _constant(node: ast.Constant) -> Any:
    value = node.value
    if value is not None and not isinstance(value, int | float | str):
        raise ReadingError(f"expected a number, a string or a tuple, got {_source(node)}")
    return _checked_number(value, node) if isinstance(value, int) else value


def _checked_number(number: int, node: ast.expr) -> int:
    if not -MAX_NUMBER <= number <= MAX_NUMBER:
        raise ReadingError(f"{_source(node)} is too large for a layer")
    return number


def _source(node: ast.AST) -> str:
    """Return the code of a node on one line, without comments, truncated."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return "the number" if abs(node.value) > MAX_NUMBER else str(node.value)
    try:
        return truncate(one_line(ast.unparse(node)))
    except (ValueError, RecursionError):
        return "this"


INDEX_NODES = (ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop, ast.expr_context)
"""Nodes that an index may consist of."""


def _is_variable(node: ast.expr) -> bool:
    """Return whether a node is a name with attributes and plain indices: `hidden[i + 1]`."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Subscript) and not all(isinstance(part, INDEX_NODES) for part in ast.walk(node.slice)):
            return False
        node = node.value
    return isinstance(node, ast.Name)


def _dotted_name(node: ast.expr) -> tuple[str, ...] | None:
    """Return the parts of `a.b.c`, or None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else None
