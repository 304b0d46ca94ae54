"""Words to values: the option types of the command line."""

from __future__ import annotations

import inspect
import re
from typing import Any

import click

from convviz.errors import GeometryError, PictureError
from convviz.layers import AvgPool, Conv, ConvTranspose, Layer, MaxPool
from convviz.padding import NAMES


class PerAxis(click.ParamType):
    """`N` or `ROWSxCOLS`."""

    name = "N|RxC"

    def convert(self, value: Any, param: click.Parameter | None, _ctx: click.Context | None) -> Any:
        """An int, or a pair of ints."""
        if not isinstance(value, str):
            return value
        if re.fullmatch(r"[+-]?\d{1,12}(x[+-]?\d{1,12})?", value, re.ASCII):
            numbers = tuple(int(part) for part in value.split("x"))
            return numbers if len(numbers) > 1 else numbers[0]
        name = ((param and param.name) or "value").replace("_", " ")
        raise GeometryError(f"{name} {value[:40]!r} is not a whole number N or ROWSxCOLS, such as 3 or 3x4")


class PaddingWords(click.ParamType):
    """`1`, `1x0`, `1,2` (before, after), `1,2x0,1`, or a name."""

    name = "N|RxC|B,A|NAME"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Any:
        """A name, or a tuple with an int or a pair (before, after) for each axis that was given."""
        if not isinstance(value, str) or value in NAMES:
            return value
        side = r"[+-]?\d{1,12}(,[+-]?\d{1,12})?"
        if not re.fullmatch(rf"{side}(x{side})?", value, re.ASCII):
            names = ", ".join(NAMES)
            raise GeometryError(
                f"padding {value[:40]!r} is neither N, ROWSxCOLS or BEFORE,AFTER in whole numbers, "
                f"such as 1, 1x0 or 0,1x1,2, nor one of {names}"
            )
        axes = [tuple(int(number) for number in axis.split(",")) for axis in value.split("x")]
        return tuple(axis if len(axis) > 1 else axis[0] for axis in axes)


class PictureSize(click.ParamType):
    """`1280x720`."""

    name = "WxH"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Any:
        """A pair of ints."""
        if not isinstance(value, str):
            return value
        match = re.fullmatch(r"(\d{1,6})x(\d{1,6})", value, re.ASCII)
        if not match:
            raise PictureError(f"size {value[:40]!r} is not WIDTHxHEIGHT in pixels, such as 1280x720")
        return int(match[1]), int(match[2])


class FrameWord(click.ParamType):
    """A number from 1, or a word."""

    name = "N|WORD"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Any:
        """An int where it is one; what the words may be is known where frames are chosen."""
        return int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value, re.ASCII) else value


KINDS: dict[str, type[Layer]] = {"conv": Conv, "transposed": ConvTranspose, "maxpool": MaxPool, "avgpool": AvgPool}
LETTERS = {"k": "kernel", "s": "stride", "p": "padding", "d": "dilation", "a": "output_padding"}


def layer_of(text: str, input: tuple[int, ...]) -> Layer:
    """`conv k3 s2 p1` as a layer with this input. Raises `GeometryError` for words that say no layer."""
    kind, *words = text.split() or [""]
    if kind not in KINDS:
        raise GeometryError(
            f"{text!r} does not begin with a kind of layer; use {', '.join(KINDS)}, such as 'conv k3 s2 p1'"
        )
    given: dict[str, Any] = {"kernel": 3 if kind in ("conv", "transposed") else 2}
    for word in words:
        name, value = LETTERS.get(word[0]), word[1:]
        if name is None or not value:
            raise GeometryError(f"{word!r} in {text!r} is no parameter; use k, s, p, d or a and a number, such as k3")
        _check_takes(kind, name, text)
        given[name] = (
            PaddingWords().convert(value, None, None) if name == "padding" else PerAxis().convert(value, None, None)
        )
    if isinstance(given.get("padding"), tuple) and len(given["padding"]) == 1:
        given["padding"] *= len(input)
    try:
        return KINDS[kind](input=input, **given)  # type: ignore[call-arg]
    except GeometryError as error:
        raise GeometryError(f"{text}: {error}") from None


def _check_takes(kind: str, name: str, text: str) -> None:
    if name not in inspect.signature(KINDS[kind].__init__).parameters:
        raise GeometryError(f"{text!r}: {kind} takes no {name.replace('_', ' ')}")
