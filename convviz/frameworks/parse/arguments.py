"""Signatures as the frameworks define them, and the arguments of a call bound to their names and checked."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from convviz.errors import ConvvizError, ReadingError
from convviz.frameworks.parse.call import Call, Name, Shape, Unread, so_far
from convviz.frameworks.parse.syntax import cut
from convviz.geometry.axis import checked_parameter

MOST_CHANNELS = 10**9
ELSEWHERE = {
    "stride": ("strides", "window_strides"),
    "dilation": ("dilation_rate", "kernel_dilation", "rhs_dilation"),
    "kernel_size": ("pool_size", "window_shape", "kernel"),
    "out_channels": ("filters", "features"),
    "groups": ("feature_group_count",),
    "bias": ("use_bias",),
}
"""What one framework calls differently from the others."""


@dataclass(frozen=True)
class Signature:
    """The parameters of a layer as Python writes them: `kernel_size, stride=1, *, rngs=None`."""

    text: str

    @cached_property
    def _parsed(self) -> ast.arguments:
        node = ast.parse(f"lambda {self.text}: 0", mode="eval").body
        assert isinstance(node, ast.Lambda)
        return node.args

    @property
    def positional(self) -> list[str]:
        """Those that may be given without a name, in order."""
        return [one.arg for one in self._parsed.args]

    @property
    def names(self) -> list[str]:
        """All of them."""
        return [*self.positional, *(one.arg for one in self._parsed.kwonlyargs)]

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The value of each parameter that may be left out."""
        given, late = self._parsed.defaults, self._parsed.kw_defaults
        values: dict[str, Any] = dict(zip(self.positional[::-1], map(ast.literal_eval, given[::-1]), strict=False))
        only = zip(self._parsed.kwonlyargs, late, strict=True)
        return values | {one.arg: ast.literal_eval(value) for one, value in only if value is not None}


@dataclass(frozen=True)
class Arguments:
    """The arguments of a call by name, those left out with their defaults, and how to read each."""

    layer: str
    given: Mapping[str, Any]
    defaults: Mapping[str, Any]

    @property
    def text(self) -> str:
        """`in_channels=3, out_channels=64`, what was given."""
        return ", ".join(f"{name}={shown(value)}" for name, value in self.given.items()) or "no arguments"

    def __getitem__(self, name: str) -> Any:
        return self.given.get(name, self.defaults.get(name))

    def __contains__(self, name: object) -> bool:
        return name in self.given

    def wrong(self, name: str, expected: str) -> ReadingError:
        """The error for an argument of a wrong kind."""
        value = self[name]
        if isinstance(value, Name):
            word = re.search(r"[^\W\d][\w.]*", value.text)
            let = f"; --let {word[0]}=N says it" if word else ""
            return ReadingError(f"{name}={value.text} is not known here, and must be {expected}{let}")
        return ReadingError(f"{name}={shown(value)} is not {expected}")

    def count(self, name: str) -> int | Name | None:
        """Channels or groups: a whole number from 1, or a name, as sizes do not depend on it."""
        value = self[name]
        if value is None or isinstance(value, Name):
            return value
        if type(value) is not int or not 1 <= value <= MOST_CHANNELS:
            raise self.wrong(name, "a whole number from 1")
        return value

    def assumed(self, *names: str) -> tuple[str, ...]:
        """Remarks on arguments whose value is not known, and that sizes do not depend on."""
        unknown = [name for name in names if isinstance(self[name], Name)]
        return tuple(
            f"{name}={self[name].text} is not known here, and taken as {self.defaults[name]}" for name in unknown
        )

    def groups(self, name: str) -> int:
        """The number of groups; 1 where it is not known."""
        value = self.count(name)
        value = 1 if isinstance(value, Name) else value
        if type(value) is not int:
            raise self.wrong(name, "a whole number from 1")
        return value

    def flag(self, name: str, assume: bool = False) -> bool:
        """True or False; 1 and 0 will do. With `assume` a name is the default."""
        value = self.defaults[name] if assume and isinstance(self[name], Name) else self[name]
        if value not in (True, False) or isinstance(value, float):
            raise self.wrong(name, "True or False")
        return bool(value)

    def word(self, name: str, choices: Sequence[str], fold: bool = False) -> str:
        """One of some words; with `fold` in capitals or not. PyTorch prints them without quotes."""
        value = self[name].text if isinstance(self[name], Name) else self[name]
        if not isinstance(value, str) or (value.lower() if fold else value) not in choices:
            raise self.wrong(name, " or ".join(map(repr, choices)))
        return value.lower()

    def sizes(self, name: str, axes: int, parameter: str, short: bool = False) -> tuple[int, ...]:
        """One whole number for each axis; with `short`, a single one in a tuple holds for all.

        `parameter` is what convviz calls it, which knows the smallest that is possible.
        """
        value = self[name]
        numbers = value if isinstance(value, tuple) else (value,)
        if len(numbers) == 1 and (short or not isinstance(value, tuple)):
            numbers *= axes
        if any(type(number) is not int for number in numbers):
            raise self.wrong(name, per_axis_words(axes))
        if len(numbers) != axes:
            raise self.wrong(name, f"{per_axis_words(axes)}, but {len(numbers)} of them")
        for number in numbers:
            _checked(name, parameter, number)
        return tuple(numbers)

    def shape(self, name: str) -> tuple[int, ...] | None:
        """The shape of an array, None where it is only a name."""
        value = self[name]
        if isinstance(value, Shape):
            return value.sizes
        if value is None or isinstance(value, Name | Unread):
            return None
        raise self.wrong(name, "an array, such as torch.randn(1, 3, 8, 8), or a name")


def _checked(name: str, parameter: str, number: int) -> None:
    try:
        checked_parameter(parameter, number)
    except ConvvizError as error:
        words, said = parameter.replace("_", " "), str(error)
        raise ReadingError(said.replace(words, name, 1) if said.startswith(words) else f"{name}: {said}") from None


def per_axis_words(axes: int) -> str:
    """What a size may be, in words."""
    return "a whole number or (rows, columns)" if axes == 2 else "a whole number"


def shown(value: Any) -> str:
    """A value as code, shortened."""
    if isinstance(value, Name | Unread | Shape):
        return value.text
    if isinstance(value, tuple):
        return cut(f"({', '.join(map(shown, value))}{',' * (len(value) == 1)})")
    return cut(repr(value))


def bind(signature: Signature, call: Call, layer: str) -> Arguments:
    """The arguments of `call` by name. Raises `ReadingError` for missing, surplus, unknown and doubled ones."""
    places = signature.positional
    given: dict[str, Any] = dict(zip(places, call.positional, strict=False))
    partly = Arguments(layer, given, signature.defaults)
    with so_far(f"{layer}({partly.text})"):
        if len(call.positional) > len(places):
            surplus = shown(call.positional[len(places)])
            raise ReadingError(
                f"{surplus} is one argument too many: {layer} takes {len(places)} without a name: {', '.join(places)}"
            )
        for name, value in call.named.items():
            if name in given:
                raise ReadingError(f"{name} is given twice, by its place and by its name")
            if name not in signature.names:
                raise unknown(layer, name, signature.names)
            given[name] = value
        missing = [name for name in signature.names if name not in given and name not in signature.defaults]
        if missing:
            raise ReadingError(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    return partly


def unknown(layer: str, name: str, names: Sequence[str]) -> ReadingError:
    """The error for an argument that the layer does not have."""
    return ReadingError(f"{layer} has no argument {cut(name)}; {_instead(name, names)}")


def _instead(name: str, names: Sequence[str]) -> str:
    same = {word: group for group in ((plain, *others) for plain, others in ELSEWHERE.items()) for word in group}
    meant = [other for other in same.get(name, ()) if other in names] or get_close_matches(name, names, 1)
    return f"did you mean {meant[0]}?" if meant else f"it has {', '.join(names)}"
