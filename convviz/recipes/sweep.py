"""Sweeps: a list in a recipe makes one picture per value, and two lists make one per pair of values.

stride = [1, 2, 3]                  # three pictures: name-s1, name-s2, name-s3
input = [[3, 4], "5x6"]             # sizes that differ per axis
kernel_values = { each = ["bilinear", [[1, 2], [3, 4]]] }   # any values, also those that are lists themselves
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from convviz.animation.option_spec import VALUES
from convviz.errors import ConvvizError
from convviz.geometry.parameters import PARAMETERS
from convviz.recipes.drawing_commands import LAYER_LIST, OPTIONS

EACH = "each"
MAX_SLUG = 40
"""Characters of a value in a name."""
MAX_TEXT = 100_000
"""Characters of a title, a caption or notes."""
NAMES = {spec.key: name for name, spec in OPTIONS.items()}
"""Key → option."""


def option_of(key: str) -> str:
    """Return the option of a key, which may be spelled with dashes."""
    option = key.replace("-", "_")
    return NAMES.get(option, option)


def spelled(option: str) -> str:
    """Return the key of an option, with underscores."""
    return OPTIONS[option].key if option in OPTIONS else option


def choices(key: str, value: Any) -> list[Any] | None:
    """Return the values of a sweep, or None for a single value. Raises `ConvvizError` for an empty list."""
    if isinstance(value, dict) and value.keys() == {EACH}:
        value = value[EACH]
        if not isinstance(value, list):
            raise ConvvizError(f"{key}: expected a list of values, got none; write {{ each = [1, 2] }}")
    elif not isinstance(value, list) or _is_one(option_of(key), value):
        return None
    if not value:
        raise ConvvizError(f"{key} is an empty list; a list makes a picture of each of its values")
    return value


def _is_one(option: str, value: Sequence[Any]) -> bool:
    """Whether a list is one value: a list of layers or of numbers, but not of names of kernels or files."""
    type = OPTIONS[option].type if option in OPTIONS else None
    return type is LAYER_LIST or (type is VALUES and not all(isinstance(one, str) for one in value))


def suffix(option: str, value: Any, number: int) -> str:
    """Return the part of a picture's name for a value: `s2`, `i3x4`, `same`, `no-numbers`; `number` counts values."""
    word = spelled(option).replace("_", "-")
    if isinstance(value, bool):
        off = word.removeprefix("no-") if word.startswith("no-") else f"no-{word}"
        return word if value else off
    if option == "layers":
        value = " ".join(value)
    if isinstance(value, str):
        return _slug(value) or f"{word}{number}"
    symbol = PARAMETERS[option].symbol if option in PARAMETERS else word
    return f"{symbol}{_slug(format_option(value).replace('×', 'x'), keep='-')}"


def format_option(value: Any) -> str:
    """Return a value as text: `3`, `3×4`, `0,1×1,2`, `0.6`, `same`."""
    if isinstance(value, tuple):
        return "×".join(",".join(map(format_option, v)) if isinstance(v, tuple) else format_option(v) for v in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _slug(text: str, keep: str = "") -> str:
    """Return letters, digits and single dashes, without a dash at either end unless it is one of `keep` in front."""
    front = "-" if keep and text.startswith("-") else ""
    return front + re.sub(r"[^a-z0-9]+", "-", text.lower())[:MAX_SLUG].strip("-")


def fill_in(text: str, options: Mapping[str, Any]) -> str:
    """Replace `{stride}` and the like by the values of those options; leave unknown names as they are.

    Raises `ConvvizError` for a text beyond `MAX_TEXT` characters.
    """

    def value(field: re.Match[str]) -> str:
        option = option_of(field[1])
        return format_option(options[option]) if option in options else field[0]

    pattern = r"\{([a-z0-9_-]+)\}"
    length = len(text) + sum(len(value(field)) for field in re.finditer(pattern, text))
    if length > MAX_TEXT:
        raise ConvvizError(f"a text of more than {MAX_TEXT:,} characters is too long; shorten it or what is put in")
    return re.sub(pattern, value, text)
