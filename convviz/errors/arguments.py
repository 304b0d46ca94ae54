"""Check the types of arguments: each function returns a value of the right type, or raises `ArgumentError`."""

from __future__ import annotations

import operator
import os
from collections.abc import Sequence, Set
from numbers import Integral, Real
from typing import Any

from convviz.errors import ArgumentError
from convviz.errors.printable import shown

LARGEST_INTEGER = 2**63 - 1
"""Whole numbers beyond are refused before anything is computed with them."""

LONGEST_PATH = 32_767
"""Characters; no system has longer names of files."""


def wrong_type(name: str, what: str, value: object) -> ArgumentError:
    """Return the error `stride: expected a whole number, got 'x'`."""
    return ArgumentError(f"{name}: expected {what}, got {shown(value)}")


def whole_number(name: str, value: Any, what: str = "a whole number") -> int:
    """Return a whole number, also one of numpy, as an int."""
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except Exception:
        raise wrong_type(name, what, value) from None
    if abs(number) > LARGEST_INTEGER:
        raise wrong_type(name, "a whole number of 64 bits", number)
    return number


def real_number(name: str, value: Any, what: str = "a number") -> float:
    """Return a number, also one of numpy, as an int or a float."""
    if isinstance(value, Integral) and not isinstance(value, bool):
        return whole_number(name, value)
    try:
        if isinstance(value, Real) and not isinstance(value, bool):
            return float(value)
    except (OverflowError, ValueError):
        pass
    raise wrong_type(name, what, value)


def flag(name: str, value: Any) -> bool:
    """Return True or False, also those of numpy."""
    kind = type(value)
    if kind is bool or (kind.__module__ == "numpy" and kind.__name__ in ("bool", "bool_")):
        return bool(value)
    raise wrong_type(name, "True or False", value)


def text(name: str, value: Any, what: str = "text") -> str:
    """Return text."""
    if not isinstance(value, str):
        raise wrong_type(name, what, value)
    return str(value)


def texts(name: str, value: Any, what: str = "a list of names") -> tuple[str, ...]:
    """Return the texts of a list, a tuple or a set; a single text is none of these."""
    if not isinstance(value, Sequence | Set) or isinstance(value, str | bytes):
        raise wrong_type(name, what, value)
    found = tuple(text(name, one, f"{what} in quotes") for one in value)
    return found if isinstance(value, Sequence) else tuple(sorted(found))


def instance(name: str, value: Any, kind: Any) -> Any:
    """Return a value that is an instance of a class."""
    if not isinstance(value, kind):
        raise wrong_type(name, f"a {kind.__name__}", value)
    return value


def path(name: str, value: Any, what: str = "the name of a file") -> str:
    """Return the name of a file as text; one that no system can store, such as one with a NUL character, is refused."""
    try:
        found = os.fspath(value)
    except Exception:
        raise wrong_type(name, what, value) from None
    if not isinstance(found, str):
        raise wrong_type(name, what, value)
    try:
        storable = b"\0" not in os.fsencode(found) and len(found) <= LONGEST_PATH
    except UnicodeEncodeError:
        storable = False
    if not storable:
        raise ArgumentError(f"{name}: no file can be called {shown(found)}; use another name")
    return found
