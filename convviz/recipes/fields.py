"""Entries of a recipe: what TOML holds as the value of an option, in the words of the command line or as TOML's own.

Values that a layer, a view or a theme refuses pass through here; what is refused here is of the wrong kind altogether.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from convviz.errors import ConvvizError
from convviz.scene.model import PARTS
from convviz.text import parsing as words
from convviz.text.values import is_value_file

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def anything(_key: str, value: Any) -> Any:
    """The value as it is, where somebody else looks at it."""
    return value


def sizes(key: str, value: Any) -> Any:
    """`3`, `"3x4"`, or `[3, 4]` as one of the values of a sweep."""
    return words.parse_sizes(value, key) if isinstance(value, str) else _tuples(value)


def padding(_key: str, value: Any) -> Any:
    """`1`, `"1x0"`, `"0,1x1,2"` or `"same"`; as one of the values of a sweep also `[1, 0]`, `[[0, 1], [1, 2]]`."""
    return words.parse_padding(value) if isinstance(value, str) else _tuples(value)


def picture_size(key: str, value: Any) -> Any:
    """`"1280x720"`, or `[1280, 720]` as one of the values of a sweep."""
    if _is_number(value):
        raise ConvvizError(f'{key} {_shown(value)} is neither a width and a height, such as "1280x720", nor a name')
    return words.parse_picture_size(value) if isinstance(value, str) else _tuples(value)


def frame(_key: str, value: Any) -> Any:
    """`3`, `"3"` or `"last"`."""
    return words.parse_frame(value) if isinstance(value, str) else value


def text(key: str, value: Any) -> str:
    """Text that a slide can hold."""
    if not isinstance(value, str):
        raise ConvvizError(f"{key} {_shown(value)} is not text; put it in quotes")
    if UNPRINTABLE.search(value):
        raise ConvvizError(f"{key} holds a control character; leave it out")
    return value


def texts(key: str, value: Any) -> tuple[str, ...]:
    """`["conv k3 s2 p1", "maxpool k2"]`."""
    if not isinstance(value, list) or not value:
        raise ConvvizError(f'{key} is not a list of layers, such as ["conv k3 s2 p1", "maxpool k2"]')
    return tuple(text(key, one) for one in value)


def flag(key: str, value: Any) -> bool:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise ConvvizError(f"{key} {_shown(value)} is neither true nor false")
    return value


def whole(key: str, value: Any) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ConvvizError(f"{key} {_shown(value)} is not a whole number")
    return value


def seconds(key: str, value: Any) -> float:
    """A number, whole or not."""
    if not _is_number(value):
        raise ConvvizError(f"{key} {_shown(value)} is not a number of seconds, such as 0.6")
    return float(value)


def numbers(key: str, value: Any) -> str:
    """`"1,2;3,4"`, `[[1, 2], [3, 4]]`, a single number, a file, or the name of a kernel; as the words of it."""
    if isinstance(value, str):
        return value
    rows = value if isinstance(value, list) else [value]
    rows = rows if any(isinstance(row, list) for row in rows) else [rows]
    if not all(isinstance(row, list) and all(map(_is_number, row)) for row in rows):
        raise ConvvizError(f"{key} is neither numbers, such as [[1, 2], [3, 4]], nor words in quotes")
    return ";".join(",".join(map(str, row)) for row in rows)


def _shown(value: Any) -> str:
    """A value about as it stands in the file."""
    return json.dumps(value, default=str, ensure_ascii=False)[:40]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tuples(value: Any) -> Any:
    """Lists as tuples, inside and out."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def named_files(options: Mapping[str, Any]) -> dict[str, str]:
    """Option → the file that it names, for those that name one."""
    found = {key: str(options[key]) for key in MAY_BE_FILES if options.get(key) is not None}
    return {key: name for key, name in found.items() if MAY_BE_FILES[key](name)}


def located(options: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """`options` with the files that they name looked for in `folder`."""
    return {**options, **{key: str(folder / name) for key, name in named_files(options).items()}}


def _ends_in(*suffixes: str) -> Callable[[str], bool]:
    return lambda name: Path(name).suffix.lower() in suffixes


MAY_BE_FILES: Mapping[str, Callable[[str], bool]] = {
    **dict.fromkeys(("input_values", "kernel_values", "bias"), is_value_file),
    "theme": _ends_in(".toml"),
    "font": _ends_in(".ttf", ".otf"),
    "image": bool,
}
"""Option → whether words name a file."""
READ: Mapping[str, Callable[[str, Any], Any]] = {
    "kind": anything,
    "padding": padding,
    "size": picture_size,
    "frame": frame,
    "layers": texts,
    **dict.fromkeys(("input", "kernel", "stride", "dilation", "output_padding", "output_size"), sizes),
    **dict.fromkeys(("input_values", "kernel_values", "bias"), numbers),
    **dict.fromkeys(("one_dimension", "ceil_mode", "count_include_pad", "numbers", "transparent", "bare"), flag),
    **dict.fromkeys((f"no_{part}" for part in PARTS), flag),
    **dict.fromkeys(("channels", "channel", "out_channels", "groups", "pixels", "seed"), whole),
    **dict.fromkeys(("scale", "frames", "max_frames"), whole),
    **dict.fromkeys(("step", "hold"), seconds),
    **dict.fromkeys(("padding_mode", "view", "theme", "preset", "image", "title", "font", "caption", "notes"), text),
}
"""Key → how its value is read; all take the key as it is written, and raise `ConvvizError`."""
