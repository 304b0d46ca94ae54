"""Sweeps: a list in a recipe makes a picture of each of its values, and two lists make one of each pair.

stride = [1, 2, 3]                  # three pictures: name-s1, name-s2, name-s3
input = [[3, 4], "5x6"]             # sizes that differ per axis
kernel_values = { each = ["bilinear", [[1, 2], [3, 4]]] }   # anything, also what is a list by nature
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from convviz.errors import ConvvizError
from convviz.geometry.parameters import PARAMETERS

EACH = "each"
LISTS = ("layers", "input_values", "kernel_values", "bias")
"""Options that are lists by nature."""
LONGEST = 40
"""Characters of a value in a name."""
SPELLED = {"one_dimension": "1d"}
"""Options whose long name on the command line is another one."""


def option_of(key: str) -> str:
    """The option of a key, however it is spelled."""
    option = key.replace("-", "_")
    return next((name for name, spelled in SPELLED.items() if option == spelled), option)


def spelled(option: str) -> str:
    """The key of an option, with underscores."""
    return SPELLED.get(option, option)


def choices(key: str, value: Any) -> list[Any] | None:
    """The values that a key goes through; None where it has a single one. Raises `ConvvizError` for none at all."""
    if isinstance(value, dict) and value.keys() == {EACH}:
        value = value[EACH]
        if not isinstance(value, list):
            raise ConvvizError(f"{key} goes through each value of a list, but there is none; write {{ each = [1, 2] }}")
    elif not isinstance(value, list) or _is_one(option_of(key), value):
        return None
    if not value:
        raise ConvvizError(f"{key} is an empty list; a list makes a picture of each of its values")
    return value


def _is_one(option: str, value: Sequence[Any]) -> bool:
    """Whether a list is a single value: layers, and numbers, but not the names of kernels or files."""
    return option == "layers" or (option in LISTS and not all(isinstance(one, str) for one in value))


def suffix(option: str, value: Any, number: int) -> str:
    """What a picture's name says of a value of a sweep: `s2`, `i3x4`, `same`, `no-numbers`; `number` counts values."""
    words = spelled(option).replace("_", "-")
    if isinstance(value, bool):
        off = words.removeprefix("no-") if words.startswith("no-") else f"no-{words}"
        return words if value else off
    if option == "layers":
        value = " ".join(value)
    if isinstance(value, str):
        return _slug(value) or f"{words}{number}"
    symbol = PARAMETERS[option].symbol if option in PARAMETERS else words
    return f"{symbol}{_slug(said(value).replace('×', 'x'), keep='-')}"


def said(value: Any) -> str:
    """A value as it is read: `3`, `3×4`, `0,1×1,2`, `0.6`, `same`."""
    if isinstance(value, tuple):
        return "×".join(",".join(map(said, one)) if isinstance(one, tuple) else said(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _slug(text: str, keep: str = "") -> str:
    """Letters, digits and single dashes; no dash at an end, but where it is one of `keep` in front."""
    front = "-" if keep and text.startswith("-") else ""
    return front + re.sub(r"[^a-z0-9]+", "-", text.lower())[:LONGEST].strip("-")


def filled(text: str, options: Mapping[str, Any]) -> str:
    """`text` with `{stride}` and the like as the values of those options; what is none of them stays as it is."""

    def value(field: re.Match[str]) -> str:
        option = option_of(field[1])
        return said(options[option]) if option in options else field[0]

    return re.sub(r"\{([a-z0-9_-]+)\}", value, text)
