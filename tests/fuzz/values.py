"""Values that no argument expects, as Python expressions: a failing call can be copied from the message of a test."""

from __future__ import annotations

import array
import decimal
import fractions
import pathlib
import types
from typing import Any

import numpy as np

import convviz
from convviz.animation.options import PictureOptions
from convviz.animation.save_options import SaveOptions
from convviz.gallery import build


class Unprintable:
    """Fails when it is printed."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


class NotText:
    """Has a `repr` that is no text."""

    def __repr__(self) -> str:
        return 3  # type: ignore[return-value]


class Long:
    """Has a `repr` of a million characters, which begins with an escape sequence."""

    def __repr__(self) -> str:
        return "\x1b]0;" + "long " * 200_000


class NoIndex:
    """Promises a whole number, an array and a file name, and fails to give them."""

    def __index__(self) -> int:
        raise RuntimeError("no index")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("no array")

    def __fspath__(self) -> str:
        raise RuntimeError("no path")

    def tolist(self) -> Any:
        raise RuntimeError("no list")


def nested(depth: int) -> Any:
    """Return a list in a list in a list …"""
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


def module(name: str, **attributes: Any) -> Any:
    """Return an object whose class has the name of a framework's layer."""
    return type(name, (), attributes)()


NAMESPACE: dict[str, Any] = {
    **{name: getattr(convviz, name) for name in convviz.__all__},
    **{kind.__name__: kind for kind in (Unprintable, NotText, Long, NoIndex, PictureOptions, SaveOptions)},
    **{"np": np, "array": array, "Decimal": decimal.Decimal, "Fraction": fractions.Fraction, "Path": pathlib.Path},
    **{"SimpleNamespace": types.SimpleNamespace, "nested": nested, "module": module, "build": build},
    "ANIMATION": convviz.animate(convviz.Conv(2, 1), size=(320, 320)),
    "EXPLORER": convviz.explore(convviz.Conv(5, 3)),
}
"""What the expressions may name."""
HOSTILE = (
    *("None", "True", "False", "0", "-1", "1", "3", "10**6", "10**9", "10**20", "10**5000", "-(10**5000)"),
    *("1.5", "float('nan')", "float('inf')", "-0.0", "1e300", "1j", "Fraction(1, 2)", "Decimal(1)", "Decimal('nan')"),
    *("''", "'x'", "'same'", "'first'", "'slide'", "'1'", "'\\0'", "'\\0.gif'", "'\\ud800'", "'\\x1b]0;x\\x07'"),
    *("'x' * 100_000", "'\\n'", "'\\u202e'", "b'x'", "bytearray(b'ab')", "memoryview(b'ab')"),
    *("()", "[]", "{}", "set()", "{3}", "{'x': 1}", "(1,)", "(3, 3)", "(1, 2, 3)", "(None, None)", "('a', 'b')"),
    *("[[1], [2, 3]]", "[[1, 2], [3, 4]]", "[['x']]", "((1, 2), (3, 4))", "((1, 2), 3)", "nested(50)", "nested(5000)"),
    *("np.int8(3)", "np.int64(3)", "np.uint64(2**63)", "np.float32(0.5)", "np.float64('nan')", "np.bool_(True)"),
    *("np.array(3)", "np.array([3])", "np.array([])", "np.array([3, 3])", "np.array(['a'])", "np.array([object()])"),
    *("np.zeros((0, 3))", "np.zeros((3, 3))", "np.zeros((1,) * 20)", "np.ma.masked", "np.datetime64('2020')"),
    *("np.array([1j])", "np.array([2**63], dtype=object)", "np.zeros(2, dtype='i,i')", "np.float16(1)"),
    *("range(3)", "range(10**30)", "slice(1)", "iter([1])", "(n for n in [1])", "array.array('i', [1, 2])"),
    *("object()", "Unprintable()", "[Unprintable()]", "NotText()", "Long()", "[Long()]", "NoIndex()", "[NoIndex()]"),
    *(
        "print",
        "int",
        "...",
        "NotImplemented",
        "Exception('x')",
        "SimpleNamespace(shape=3)",
        "Path('x')",
        "Path('x.toml')",
    ),
    *("Conv", "Conv(5, 3)", "[Conv(5, 3)]", "[Conv(5, 3), 3]", "MaxPool(4, 2)", "ANIMATION"),
)
