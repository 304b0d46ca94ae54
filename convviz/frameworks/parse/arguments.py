"""Signatures of the frameworks' layers, and the arguments of a call: bound to their names, checked and converted."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any, TypeVar, cast

from convviz.errors import GeometryError, ReadingError
from convviz.frameworks.parse.call import Call, parse_context
from convviz.frameworks.parse.syntax import truncate
from convviz.frameworks.parse.values import OpaqueCall, ShapedArray, Symbol, unknown_parts
from convviz.geometry.parameters import checked_parameter

EXAMPLES = {"input": "12", "kernel": "3", "stride": "2", "dilation": "2"}
"""Values to suggest for a parameter."""
Word = TypeVar("Word", bound=str)
MAX_CHANNELS = 10**9
MAX_TOLD_LENGTH = 60
"""Longest expression that `--let` is suggested for."""
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

    def invalid(self, name: str, expected: str, example: str = "3") -> ReadingError:
        """Return the error for an argument that is not what is expected; for an unknown one, with a way to tell it."""
        value = self[name]
        unknown = next(unknown_parts(value), None)
        if unknown is None:
            return ReadingError(f"{name}: expected {expected}, got {format_argument(value)}")
        text, told = format_argument(value), getattr(unknown, "unknown", "")
        told = told if len(told) <= MAX_TOLD_LENGTH else ""
        remedy = "try" if told else "code is not run, try"
        example = "True" if told and getattr(unknown, "is_condition", False) else example
        example = "1" if isinstance(value, tuple) and not example.isdigit() else example
        assignment = shlex.quote(f"{told or name}={example}")
        what = f"{name}={text}: {told}" if told and isinstance(value, tuple) else f"{name}={text}"
        return ReadingError(f"{what} is unknown here, expected {expected}; {remedy} --let {assignment}")

    def count(self, name: str) -> int | Symbol | None:
        """Return a number of channels or groups; a symbol is allowed, as sizes do not depend on it."""
        value = self[name]
        if value is None or isinstance(value, Symbol):
            return value
        if isinstance(value, OpaqueCall):
            return Symbol(value.text)
        if type(value) is not int or not 1 <= value <= MAX_CHANNELS:
            raise self.invalid(name, "a whole number from 1")
        return value

    def groups(self, name: str) -> int | Symbol:
        """Return the number of groups, or its symbol."""
        value = self.count(name)
        if value is None:
            raise self.invalid(name, "a whole number from 1")
        return value

    def assumptions(self, *names: str) -> tuple[str, ...]:
        """Return a note for each of these arguments that is unknown, and so replaced by its default."""
        unknown = [name for name in names if isinstance(self[name], Symbol | OpaqueCall)]
        return tuple(f"{name}={self[name].text} is unknown here; assuming {self.defaults[name]}" for name in unknown)

    def flag(self, name: str, assume_default: bool = False) -> bool:
        """Return True or False, also for 1 and 0; with `assume_default`, an unknown value counts as the default."""
        is_assumed = assume_default and isinstance(self[name], Symbol | OpaqueCall)
        value = self.defaults[name] if is_assumed else self[name]
        if value not in (True, False) or isinstance(value, float):
            raise self.invalid(name, "True or False", "True")
        return bool(value)

    def choice(self, name: str, choices: Sequence[Word], ignore_case: bool = False) -> Word:
        """Return one of some words. PyTorch prints them without quotes, so that a symbol counts as its text."""
        value = self[name].text if isinstance(self[name], Symbol) else self[name]
        if not isinstance(value, str) or (value.lower() if ignore_case else value) not in choices:
            raise self.invalid(name, " or ".join(map(repr, choices)), choices[0])
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
            raise self.invalid(name, expected_sizes(axes), EXAMPLES.get(parameter, "1"))
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


def bind(signature: Signature, call: Call, layer: str, variables: Mapping[str, Any] | None = None) -> Arguments:
    """Return the arguments of `call` by name. Raises `ReadingError` for missing, surplus, unknown and repeated ones.

    `variables` are known values by name; they also replace an argument of that name whose value is unknown.
    """
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
        for name, value in (variables or {}).items():
            is_unknown = any(unknown_parts(values[name])) if name in values else bool(call.unpacked)
            if is_unknown and name in signature.names:
                values[name] = value
        _check_missing(signature, call, values)
    return arguments


CHANNELS = ("in_channels", "out_channels", "filters", "features", "in_features", "out_features")
"""Arguments that decide no size, and may be unknown."""


def _check_missing(signature: Signature, call: Call, values: Mapping[str, Any]) -> None:
    missing = [name for name in signature.names if name not in values and name not in signature.defaults]
    if call.unpacked:
        missing = [name for name in missing if name not in CHANNELS]
    if not missing:
        return
    text = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    if call.unpacked:
        told = " ".join(f"--let {name}=3" for name in missing)
        text = f"{text}, and what {', '.join(call.unpacked)} holds is unknown here; try {told}"
    raise ReadingError(text)


SIZE_ARGUMENTS = ("stride", "strides", "padding", "dilation", "dilation_rate", "output_padding", "ceil_mode", "groups")
"""Arguments with a default that decide sizes."""


def unpacking_note(signature: Signature, call: Call, arguments: Arguments) -> tuple[str, ...]:
    """Return a note if `**kwargs` may hold arguments that decide sizes, which are then taken as their defaults."""
    absent = [name for name in SIZE_ARGUMENTS if name in signature.names and name not in arguments.values]
    if not call.unpacked or not absent:
        return ()
    defaults = ", ".join(f"{name}={format_argument(arguments[name])}" for name in absent)
    return (f"what {', '.join(call.unpacked)} holds is unknown here; assuming {defaults} (--let tells another)",)


def _suggestion(name: str, names: Sequence[str]) -> str:
    synonyms = next((group for group in SYNONYMS if name in group), ())
    candidates = [other for other in synonyms if other in names] or get_close_matches(name, names, 1)
    return f"did you mean {candidates[0]}?" if candidates else f"it has {', '.join(names)}"
