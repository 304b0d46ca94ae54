"""A line of code to a call as data: `ast` and literals alone. Nothing is imported, looked up or run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from convviz.errors import ConvvizError, ReadingError
from convviz.frameworks.parse.syntax import cut, expression, shortened

UNDERSTOOD = "; understood so far: "
DEEPEST = 25
LARGEST = 10**12
ARRAYS = ("empty", "full", "normal", "ones", "rand", "randn", "uniform", "zeros")
"""Functions that make an array of a shape."""
WRAPPERS = ("add", "append", "spectral_norm", "weight_norm")
"""Calls that take a layer and change nothing in its sizes."""
ROOTS = (
    *("torch", "nn", "F", "init", "tf", "tensorflow", "keras", "layers", "initializers", "regularizers"),
    *("constraints", "activations", "jax", "jnp", "lax", "flax", "linen", "nnx", "random", "np", "numpy"),
)
"""Where a call that is not looked at may come from."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name, or a formula of names, whose value nobody knows: `ngf * 8`."""

    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A call to the framework that says nothing of sizes, such as an initializer; it is never made."""

    text: str


@dataclass(frozen=True, slots=True)
class Shape:
    """An array of which only the shape is known: `torch.randn(1, 64, 12, 12)`."""

    sizes: tuple[int, ...]
    text: str


@contextmanager
def so_far(understood: str) -> Iterator[None]:
    """Add what was understood before an error to its text, unless it says so already."""
    try:
        yield
    except ConvvizError as error:
        said = str(error)
        more = "" if UNDERSTOOD in said else UNDERSTOOD + understood
        raise ReadingError(said + more) from None


Arguments = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Call:
    """`nn.Conv2d(3, 64, kernel_size=3)(x)`: a dotted name, its arguments, and those that the result is called with."""

    path: tuple[str, ...]
    positional: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)
    applied: Arguments | None = None

    @property
    def text(self) -> str:
        """The dotted name, shortened."""
        return cut(".".join(self.path))


def call(code: str, names: Mapping[str, int] | None = None) -> Call:
    """The one call in `code`, which may be assigned or returned; `names` are the numbers that are known.

    Raises `ReadingError` for everything else.
    """
    found = expression(code)
    if not isinstance(found, ast.Call):
        raise ReadingError(f"expected a layer's call such as nn.Conv2d(3, 64, 3), but {shortened(code)} is none")
    reader = _Reader(names or {})
    found = _unwrapped(found)
    if isinstance(found.func, ast.Call):
        return reader.call(found.func, reader.arguments(found))
    return reader.call(found)


def _unwrapped(found: ast.Call) -> ast.Call:
    """`model.add(Conv2D(…))` is about the layer inside."""
    path = _dotted(found.func)
    inner = found.args[0] if len(found.args) == 1 and not found.keywords else None
    if path and path[-1] in WRAPPERS and isinstance(inner, ast.Call):
        return inner
    return found


class _Reader:
    """Nodes of one piece of code to values."""

    def __init__(self, names: Mapping[str, int]) -> None:
        self._names = names

    def call(self, node: ast.Call, applied: Arguments | None = None) -> Call:
        path = _dotted(node.func)
        if path is None:
            raise ReadingError(f"expected the name of a layer before the bracket, not {self._text(node.func)}")
        with so_far(f"a call of {cut('.'.join(path))}"):
            return Call(path, *self.arguments(node), applied)

    def arguments(self, node: ast.Call, depth: int = 0) -> Arguments:
        for argument in (*node.args, *node.keywords):
            if isinstance(argument, ast.Starred) or (isinstance(argument, ast.keyword) and argument.arg is None):
                raise ReadingError(
                    f"{self._text(node.func)} takes arguments from a * that is not known; write them out"
                )
        names = [pair.arg for pair in node.keywords]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ReadingError(f"{twice} is given twice; leave one out")
        positional = tuple(self.value(argument, depth + 1) for argument in node.args)
        return positional, {str(pair.arg): self.value(pair.value, depth + 1) for pair in node.keywords}

    def value(self, node: ast.expr, depth: int = 0) -> Any:
        """A number, text, None, a tuple of values, a `Shape`, a `Name`, or `Unread`."""
        if depth > DEEPEST:
            raise ReadingError("the code is nested too deeply for a layer; write its numbers")
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.Tuple | ast.List):
            return tuple(self.value(element, depth + 1) for element in node.elts)
        if isinstance(node, ast.UnaryOp | ast.BinOp):
            return self._arithmetic(node, depth)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and _is_plain(node):
            text = self._text(node)
            return self._names.get(text, Name(text))
        if isinstance(node, ast.Call):
            return self._inner(node, depth)
        kind = type(node).__name__
        raise ReadingError(f"{self._text(node)} is code ({kind}), not a value, and nothing is run; write its value")

    def _constant(self, node: ast.Constant) -> Any:
        value = node.value
        if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
            raise ReadingError(f"{self._text(node)} is too large for a layer")
        if value is not None and not isinstance(value, int | float | str):
            raise ReadingError(
                f"{self._text(node)} is not a value that a layer takes; write a number, a text or a tuple"
            )
        return value

    def _arithmetic(self, node: ast.UnaryOp | ast.BinOp, depth: int) -> Any:
        """+, −, ·, // and % of whole numbers; of names, the text."""
        parts = (node.operand,) if isinstance(node, ast.UnaryOp) else (node.left, node.right)
        values = [self.value(part, depth + 1) for part in parts]
        if any(isinstance(value, Name) for value in values):
            return Name(self._text(node))
        if type(node.op) is ast.USub and type(values[0]) in (int, float):
            return -values[0]
        if type(node.op) not in OPERATORS or any(type(value) is not int for value in values):
            raise ReadingError(f"{self._text(node)} is not worked out here; write its value")
        try:
            result = OPERATORS[type(node.op)](*values)
        except ZeroDivisionError:
            raise ReadingError(f"{self._text(node)} divides by zero") from None
        if not -LARGEST <= result <= LARGEST:
            raise ReadingError(f"{self._text(node)} is too large for a layer")
        return result

    def _inner(self, node: ast.Call, depth: int) -> Any:
        """An array by its shape, or a call that is not looked at; raises `ReadingError` for any other call."""
        path = _dotted(node.func) or ()
        known = bool(path) and not any(part.startswith("_") for part in path)
        if known and path[-1] in ARRAYS and (len(path) == 1 or path[0] in ROOTS):
            return self._array(node, depth)
        if known and (path[0] in ROOTS if len(path) > 1 else path[0][0].isupper()):
            self.arguments(node, depth)
            return Unread(self._text(node))
        raise ReadingError(
            f"{self._text(node)} is a call, and nothing is run: a layer is read as data; write its value"
        )

    def _array(self, node: ast.Call, depth: int) -> Shape | Unread:
        positional, named = self.arguments(node, depth)
        sizes = named.get("size", named.get("shape", next((v for v in positional if isinstance(v, tuple)), positional)))
        sizes = sizes if isinstance(sizes, tuple) else (sizes,)
        if all(type(size) is int and size > 0 for size in sizes):
            return Shape(sizes, self._text(node))
        return Unread(self._text(node))

    def _text(self, node: ast.AST) -> str:
        """The code of a node, without its comments, in one line, shortened."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return "the number" if abs(node.value) > LARGEST else str(node.value)
        try:
            line = " ".join(ast.unparse(node).encode("utf-8", "replace").decode().split())
        except (ValueError, RecursionError):
            return "this"
        return cut(line)


OPERATORS: dict[type[ast.AST], Any] = {
    ast.UAdd: lambda a: a,
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}


INDEX = (ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop, ast.expr_context)
"""What an index may be made of."""


def _is_plain(node: ast.expr) -> bool:
    """Whether a node is names, dots, and sums of numbers and names in brackets: `hidden[i + 1]`."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Subscript) and not all(isinstance(part, INDEX) for part in ast.walk(node.slice)):
            return False
        node = node.value
    return isinstance(node, ast.Name)


def _dotted(node: ast.expr) -> tuple[str, ...] | None:
    """`a.b.c` as its parts; None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (*([node.id]), *reversed(parts)) if isinstance(node, ast.Name) else None
