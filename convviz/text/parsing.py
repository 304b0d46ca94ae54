"""Text to values: sizes, padding, frames and layers as users write them on the command line and in recipes."""

from __future__ import annotations

import re
from typing import Any, cast

from convviz.errors import GeometryError, PictureError
from convviz.errors.printable import shown
from convviz.geometry.padding import PADDING_RULES, PaddingName
from convviz.geometry.parameters import PARAMETERS
from convviz.layers.kinds import LAYER_KINDS
from convviz.layers.layer import Layer

PICTURE_SIZES = {
    "16:9": (1280, 720),
    "4:3": (960, 720),
    "1:1": (720, 720),
    "9:16": (720, 1280),
    "hd": (1920, 1080),
    "4k": (3840, 2160),
}
PARAMETER_LETTERS = {parameter.symbol: name for name, parameter in PARAMETERS.items() if name != "input"}
"""Letter → parameter, in the notation `conv k3 s2 p1`."""


def parse_sizes(text: str, name: str = "value") -> int | tuple[int, ...]:
    """Return `N` as an int, `ROWSxCOLS` as a pair. Raises `GeometryError`, which calls the value by its `name`."""
    if re.fullmatch(r"[+-]?\d{1,12}(x[+-]?\d{1,12})?", text, re.ASCII):
        numbers = tuple(int(part) for part in text.split("x"))
        return numbers if len(numbers) > 1 else numbers[0]
    raise GeometryError(
        f"{name.replace('_', ' ')} {text[:40]!r} is not a whole number N or ROWSxCOLS, such as 3 or 3x4"
    )


def parse_padding(text: str) -> PaddingName | tuple[int | tuple[int, ...], ...]:
    """Return `1`, `1x0`, `1,2` (before, after) or `1,2x0,1` as an int or a pair for each axis; a name in small letters.

    Raises `GeometryError`.
    """
    if text.lower() in PADDING_RULES:
        return cast(PaddingName, text.lower())
    side = r"[+-]?\d{1,12}(,[+-]?\d{1,12})?"
    if not re.fullmatch(rf"{side}(x{side})?", text, re.ASCII):
        names = ", ".join(PADDING_RULES)
        raise GeometryError(
            f"padding {text[:40]!r} is neither N, ROWSxCOLS or BEFORE,AFTER in whole numbers, "
            f"such as 1, 1x0 or 0,1x1,2, nor one of {names}"
        )
    axes = [tuple(int(number) for number in axis.split(",")) for axis in text.split("x")]
    return tuple(axis if len(axis) > 1 else axis[0] for axis in axes)


def parse_picture_size(text: str) -> tuple[int, int]:
    """Return `1280x720`, or one of `PICTURE_SIZES`, as (width, height) in pixels. Raises `PictureError`."""
    if text.lower() in PICTURE_SIZES:
        return PICTURE_SIZES[text.lower()]
    match = re.fullmatch(r"(\d{1,6})x(\d{1,6})", text, re.ASCII)
    if not match:
        raise PictureError(
            f"size {text[:40]!r} is neither WIDTHxHEIGHT in pixels, such as 1280x720, "
            f"nor one of {', '.join(PICTURE_SIZES)}"
        )
    return int(match[1]), int(match[2])


def parse_frame(text: str) -> int | str:
    """Return a number as an int, and a name, such as `last`, as it is."""
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else text


def parse_layer(text: str, input: tuple[int, ...]) -> Layer:
    """Return the layer `conv k3 s2 p1` for this input size. Raises `GeometryError`."""
    kind, *words = text.split() or [""]
    if kind not in LAYER_KINDS:
        raise GeometryError(
            f"{shown(text)} does not begin with a kind of layer; use {', '.join(LAYER_KINDS)}, such as 'conv k3 s2 p1'"
        )
    layer = LAYER_KINDS[kind]
    given: dict[str, Any] = {"kernel": layer.default_kernel}
    for word in words:
        name, value = PARAMETER_LETTERS.get(word[0]), word[1:]
        if name is None or not value:
            raise GeometryError(
                f"{shown(word)} in {shown(text)} is not a parameter; use k, s, p, d or a and a number, such as k3"
            )
        if name not in layer.parameters:
            raise GeometryError(f"{shown(text)}: {kind} takes no {name.replace('_', ' ')}")
        given[name] = parse_padding(value) if name == "padding" else parse_sizes(value)
    if isinstance(given.get("padding"), tuple) and len(given["padding"]) == 1:
        given["padding"] *= len(input)
    try:
        return layer(**{"input": input, **given})
    except GeometryError as error:
        raise GeometryError(f"{text}: {error}") from None
