"""Arithmetic of written numbers and tuples: operators and a few functions, within bounds. Nothing else is computed."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

MAX_NUMBER = 10**12
MAX_EXPONENT = 40
MAX_ENTRIES = 16
"""Longest tuple that is made by + and *."""


class NotComputedError(Exception):
    """An operation on values of kinds for which it is not computed, such as text."""


class TooLargeError(Exception):
    """A result beyond `MAX_NUMBER`."""


def _power(base: Any, exponent: Any) -> Any:
    if abs(exponent) > MAX_EXPONENT or abs(base) > MAX_NUMBER:
        raise TooLargeError
    return base**exponent


BINARY: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
}
UNARY: Mapping[type[ast.AST], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
}
COMPARISONS: Mapping[type[ast.AST], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "int": int,
    "float": float,
    "abs": abs,
    "min": min,
    "max": max,
    "round": round,
    "len": len,
    "ceil": math.ceil,
    "floor": math.floor,
    "tuple": tuple,
    "list": tuple,
    "Size": tuple,
}
FUNCTION_ROOTS = ("math", "np", "numpy", "torch")
"""Modules that one of `FUNCTIONS` may be called from."""


def binary(kind: type[ast.AST], left: Any, right: Any) -> Any:
    """Return `left` + − * / // % ** `right`, for numbers; + and * also for tuples.

    Raises `NotComputedError`, `TooLargeError` and `ZeroDivisionError`.
    """
    if isinstance(left, tuple) or isinstance(right, tuple):
        return _joined(kind, left, right)
    if kind not in BINARY or not _is_number(left) or not _is_number(right):
        raise NotComputedError
    return checked(BINARY[kind](left, right))


def _joined(kind: type[ast.AST], left: Any, right: Any) -> tuple[Any, ...]:
    """Return (3,) * 2 and (1,) + (2,)."""
    if kind is ast.Mult and type(left) is int:
        left, right = right, left
    fits = (kind is ast.Mult and type(right) is int) or (kind is ast.Add and isinstance(left, tuple))
    if not fits or (kind is ast.Add and not isinstance(right, tuple)):
        raise NotComputedError
    if kind is ast.Mult and len(left) * max(right, 0) > MAX_ENTRIES:
        raise TooLargeError
    if any(isinstance(inner, tuple) for part in left if isinstance(part, tuple) for inner in part):
        raise NotComputedError  # repeated at each depth, tuples of tuples would grow without bound
    result = left * right if kind is ast.Mult else left + right
    if len(result) > MAX_ENTRIES:
        raise TooLargeError
    return tuple(result)


def unary(kind: type[ast.AST], value: Any) -> Any:
    """Return −`value`, +`value` or not `value`. Raises `NotComputedError`."""
    if kind not in UNARY or not (_is_number(value) or (kind is ast.Not and (value is None or isinstance(value, bool)))):
        raise NotComputedError
    return UNARY[kind](value)


def compare(kind: type[ast.AST], left: Any, right: Any) -> bool:
    """Return a comparison of two written values. Raises `NotComputedError`."""
    if kind not in COMPARISONS:
        raise NotComputedError
    try:
        return COMPARISONS[kind](left, right)
    except TypeError:
        raise NotComputedError from None


def apply(name: str, arguments: tuple[Any, ...]) -> Any:
    """Return one of `FUNCTIONS` of written values. Raises `NotComputedError` and `TooLargeError`."""
    parts = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], tuple) else arguments
    if not arguments or len(parts) > MAX_ENTRIES or not all(map(_is_number, parts)):
        raise NotComputedError
    try:
        return checked(FUNCTIONS[name](*arguments))
    except (TypeError, ValueError):
        raise NotComputedError from None
    except OverflowError:
        raise TooLargeError from None


def checked(value: Any) -> Any:
    """Return a number or a tuple. Raises `TooLargeError` beyond `MAX_NUMBER`, `NotComputedError` for another result."""
    if isinstance(value, tuple):
        return tuple(map(checked, value))
    if not _is_number(value):
        raise NotComputedError
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise TooLargeError
    return value


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)
