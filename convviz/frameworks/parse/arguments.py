"""Signatures of the frameworks' layers, and the arguments of a call: bound to their names, checked and converted."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any, TypeVar, cast

from convviz.errors import GeometryError, ReadingError
from convviz.frameworks.parse.call import Call, OpaqueCall, ShapedArray, Symbol, parse_context
from convviz.frameworks.parse.syntax import truncate
from convviz.geometry.parameters import checked_parameter

Word = TypeVar("Word", bound=str)
MAX_CHANNELS = 10**9
SYNONYMS = (
    ("stride", "strides", "window_strides"),
    ("dilation", "dilation_rate", "kernel_dilation", "rhs_dilation"),
    ("kernel_size", "pool_size", "window_shape", "kernel"),
    ("out_channels", "filters", "features"),
    ("groups", "feature_group_count"),
    ("bias", "use_bias"),
)
"""Names of one parameter in different frameworks."""


@dataclass(frozen=True)
class Signature:
    """The parameters of a layer in Python's notation: `kernel_size, stride=1, *, rngs=None`."""

    text: str

    @cached_property
    def _parsed(self) -> ast.arguments:
        node = ast.parse(f"lambda {self.text}: 0", mode="eval").body
        assert isinstance(node, ast.Lambda)
        return node.args

    @property
    def positional(self) -> list[str]:
        """Parameters that may be given by position, in order."""
        return [argument.arg for argument in self._parsed.args]

    @property
    def names(self) -> list[str]:
        """All parameters."""
        return [*self.positional, *(argument.arg for argument in self._parsed.kwonlyargs)]

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """Default of each optional parameter."""
        defaults = self._parsed.defaults
        values: dict[str, Any] = dict(zip(self.positional[::-1], map(ast.literal_eval, defaults[::-1]), strict=False))
        keyword_only = zip(self._parsed.kwonlyargs, self._parsed.kw_defaults, strict=True)
        return values | {name.arg: ast.literal_eval(value) for name, value in keyword_only if value is not None}


@dataclass(frozen=True)
class Arguments:
    """The arguments of a call by name, the defaults of the others, and conversions to sizes, flags and choices."""

    values: Mapping[str, Any]
    defaults: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The given arguments: `in_channels=3, out_channels=64`."""
        return ", ".join(f"{name}={format_argument(value)}" for name, value in self.values.items()) or "no arguments"

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, self.defaults.get(name))

    def invalid(self, name: str, expected: str) -> ReadingError:
        """Return the error for an argument that is not what is expected."""
        value = self[name]
        if isinstance(value, Symbol):
            variable = re.search(r"[^\W\d][\w.]*", value.text)
            remedy = f"; try --let {variable[0]}=N" if variable else ""
            return ReadingError(f"{name}={value.text} is unknown here, expected {expected}{remedy}")
        return ReadingError(f"{name}: expected {expected}, got {format_argument(value)}")

    def count(self, name: str) -> int | Symbol | None:
        """Return a number of channels or groups; a symbol is allowed, as sizes do not depend on it."""
        value = self[name]
        if value is None or isinstance(value, Symbol):
            return value
        if type(value) is not int or not 1 <= value <= MAX_CHANNELS:
            raise self.invalid(name, "a whole number from 1")
        return value

    def groups(self, name: str) -> int:
        """Return the number of groups, 1 if it is a symbol."""
        value = self.count(name)
        value = 1 if isinstance(value, Symbol) else value
        if type(value) is not int:
            raise self.invalid(name, "a whole number from 1")
        return value

    def assumptions(self, *names: str) -> tuple[str, ...]:
        """Return a note for each of these arguments that is a symbol, and so replaced by its default."""
        symbols = [name for name in names if isinstance(self[name], Symbol)]
        return tuple(f"{name}={self[name].text} is unknown here; assuming {self.defaults[name]}" for name in symbols)

    def flag(self, name: str, assume_default: bool = False) -> bool:
        """Return True or False, also for 1 and 0; with `assume_default`, a symbol counts as the default."""
        value = self.defaults[name] if assume_default and isinstance(self[name], Symbol) else self[name]
        if value not in (True, False) or isinstance(value, float):
            raise self.invalid(name, "True or False")
        return bool(value)

    def choice(self, name: str, choices: Sequence[Word], ignore_case: bool = False) -> Word:
        """Return one of some words. PyTorch prints them without quotes, so that a symbol counts as its text."""
        value = self[name].text if isinstance(self[name], Symbol) else self[name]
        if not isinstance(value, str) or (value.lower() if ignore_case else value) not in choices:
            raise self.invalid(name, " or ".join(map(repr, choices)))
        return cast(Word, value.lower())

    def sizes(self, name: str, axes: int, parameter: str, broadcast: bool = False) -> tuple[int, ...]:
        """Return one whole number per axis; with `broadcast`, a tuple of one holds for all axes.

        `parameter` is convviz's name for it, which decides the allowed range.
        """
        value = self[name]
        numbers = value if isinstance(value, tuple) else (value,)
        if len(numbers) == 1 and (broadcast or not isinstance(value, tuple)):
            numbers *= axes
        if len(numbers) != axes or any(type(number) is not int for number in numbers):
            raise self.invalid(name, expected_sizes(axes))
        for number in numbers:
            _check_range(name, parameter, number)
        return tuple(numbers)

    def sizes_or_ones(self, name: str, axes: int, parameter: str) -> tuple[int, ...]:
        """Return one whole number per axis, 1 if the argument is None."""
        return (1,) * axes if self[name] is None else self.sizes(name, axes, parameter)

    def shape(self, name: str) -> tuple[int, ...] | None:
        """Return the shape of an array, None if only its name is known."""
        value = self[name]
        if isinstance(value, ShapedArray):
            return value.sizes
        if value is None or isinstance(value, Symbol | OpaqueCall):
            return None
        raise self.invalid(name, "an array, such as torch.randn(1, 3, 8, 8), or a name")


def _check_range(name: str, parameter: str, number: int) -> None:
    try:
        checked_parameter(parameter, number)
    except GeometryError as error:
        raise ReadingError(f"{name}: {error}" if name != parameter else str(error)) from None


def expected_sizes(axes: int) -> str:
    """Return what a size may be, for errors."""
    return "a whole number or (rows, columns)" if axes == 2 else "a whole number"


def format_argument(value: Any) -> str:
    """Return a value as code, truncated."""
    if isinstance(value, Symbol | OpaqueCall | ShapedArray):
        return value.text
    if isinstance(value, tuple):
        return truncate(f"({', '.join(map(format_argument, value))}{',' * (len(value) == 1)})")
    return truncate(repr(value))


def bind(signature: Signature, call: Call, layer: str) -> Arguments:
    """Return the arguments of `call` by name. Raises `ReadingError` for missing, surplus, unknown and repeated ones."""
    positional = signature.positional
    values: dict[str, Any] = dict(zip(positional, call.positional, strict=False))
    arguments = Arguments(values, signature.defaults)
    with parse_context(f"{layer}({arguments.text})"):
        if len(call.positional) > len(positional):
            surplus = format_argument(call.positional[len(positional)])
            expected = f"{layer} takes up to {len(positional)} positional arguments ({', '.join(positional)})"
            raise ReadingError(f"{expected}, got {len(call.positional)}; remove {surplus}")
        for name, value in call.named.items():
            if name in values:
                raise ReadingError(f"{name} is given twice, by position and by name; remove one")
            if name not in signature.names:
                raise ReadingError(f"{layer} has no argument {truncate(name)}; {_suggestion(name, signature.names)}")
            values[name] = value
        missing = [name for name in signature.names if name not in values and name not in signature.defaults]
        if missing:
            raise ReadingError(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    return arguments


def _suggestion(name: str, names: Sequence[str]) -> str:
    synonyms = next((group for group in SYNONYMS if name in group), ())
    candidates = [other for other in synonyms if other in names] or get_close_matches(name, names, 1)
    return f"did you mean {candidates[0]}?" if candidates else f"it has {', '.join(names)}"
