"""Fields of a recipe: readers of TOML values, which may also be written as on the command line.

A reader refuses values of the wrong type; layers, views and themes check the rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from convviz.animation.option_spec import (
    FLAG,
    FRAME,
    INTEGER,
    NUMBER,
    PADDING,
    PICTURE_SIZE,
    SECONDS,
    SIZES,
    TEXT,
    VALUES,
    ValueType,
    expected,
)
from convviz.errors import ConvvizError
from convviz.errors.printable import UNSTORABLE
from convviz.recipes.drawing_commands import LAYER_LIST, OPTIONS, SHAPE
from convviz.text import parsing

Reader = Callable[[str, Any], Any]
"""Takes a key as it is written and its TOML value; returns the value of the option or raises `ConvvizError`."""


def unchecked(_key: str, value: Any) -> Any:
    """Return the value as it is."""
    return value


def sizes(key: str, value: Any) -> Any:
    """Read `3`, `"3x4"`, or `[3, 4]` as a value of a sweep."""
    return parsing.parse_sizes(value, key) if isinstance(value, str) else _tuples(value)


def padding(_key: str, value: Any) -> Any:
    """Read `1`, `"1x0"`, `"0,1x1,2"` or `"same"`; as a value of a sweep also `[1, 0]` and `[[0, 1], [1, 2]]`."""
    return parsing.parse_padding(value) if isinstance(value, str) else _tuples(value)


def picture_size(key: str, value: Any) -> Any:
    """Read `"1280x720"`, or `[1280, 720]` as a value of a sweep."""
    if _is_number(value):
        raise ConvvizError(expected(key, 'a width and a height, such as "1280x720", or a name', _json(value)))
    return parsing.parse_picture_size(value) if isinstance(value, str) else _tuples(value)


def frame(_key: str, value: Any) -> Any:
    """Read `3`, `"3"` or `"last"`."""
    return parsing.parse_frame(value) if isinstance(value, str) else value


def text(key: str, value: Any) -> str:
    """Read text without control characters."""
    if not isinstance(value, str):
        raise ConvvizError(expected(key, "text in quotes", _json(value)))
    if UNSTORABLE.search(value):
        raise ConvvizError(expected(key, "printable text", "a control character"))
    return value


def layers(key: str, value: Any) -> tuple[str, ...]:
    """Read `["conv k3 s2 p1", "maxpool k2"]`."""
    if not isinstance(value, list) or not value:
        raise ConvvizError(expected(key, 'a list of layers, such as ["conv k3 s2 p1", "maxpool k2"]', _json(value)))
    return tuple(text(key, one) for one in value)


def flag(key: str, value: Any) -> bool:
    """Read `true` or `false`."""
    if not isinstance(value, bool):
        raise ConvvizError(expected(key, "true or false", _json(value)))
    return value


def integer(key: str, value: Any) -> int:
    """Read a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ConvvizError(expected(key, "a whole number", _json(value)))
    return value


def seconds(key: str, value: Any) -> float:
    """Read a number."""
    if not _is_number(value):
        raise ConvvizError(expected(key, "a number of seconds, such as 0.6", _json(value)))
    return float(value)


def number(key: str, value: Any) -> float:
    """Read a number."""
    if not _is_number(value):
        raise ConvvizError(expected(key, "a number, such as 0.1", _json(value)))
    return float(value)


def values(key: str, value: Any) -> str:
    """Read `"1,2;3,4"`, `[[1, 2], [3, 4]]`, one number, a file or the name of a kernel; return it as text."""
    if isinstance(value, str):
        return value
    rows = value if isinstance(value, list) else [value]
    rows = rows if any(isinstance(row, list) for row in rows) else [rows]
    if not all(isinstance(row, list) and all(map(_is_number, row)) for row in rows):
        raise ConvvizError(expected(key, "numbers, such as [[1, 2], [3, 4]], or text in quotes", _json(value)))
    return ";".join(",".join(map(str, row)) for row in rows)


def shape(key: str, value: Any) -> tuple[int, ...]:
    """Read `"64,32,3,3"`, the shape of weights."""
    found: tuple[int, ...] = SHAPE.read(text(key, value), key)
    return found


def _json(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)[:40]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tuples(value: Any) -> Any:
    """Turn lists into tuples, at any depth."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


READERS: Mapping[ValueType, Reader] = {
    FLAG: flag,
    FRAME: frame,
    INTEGER: integer,
    LAYER_LIST: layers,
    NUMBER: number,
    PADDING: padding,
    PICTURE_SIZE: picture_size,
    SECONDS: seconds,
    SHAPE: shape,
    SIZES: sizes,
    TEXT: text,
    VALUES: values,
}
FIELDS: Mapping[str, Reader] = {
    "kind": unchecked,
    "caption": text,
    "notes": text,
    **{name: READERS[spec.type] for name, spec in OPTIONS.items() if spec.in_recipes and spec.type in READERS},
}
"""Option → its reader."""


def named_files(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the options whose values name files, with these names."""
    given = {name: str(value) for name, value in options.items() if value is not None and name in OPTIONS}
    tests = {name: OPTIONS[name].names_file for name in given}
    return {name: value for name, value in given.items() if (test := tests[name]) and test(value)}


def with_folder(options: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return `options` with the files that they name relative to `folder`."""
    return {**options, **{name: str(folder / file) for name, file in named_files(options).items()}}
