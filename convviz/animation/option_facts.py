"""What a field of `PictureOptions` says about itself: its option, its range, and the check of its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from convviz.animation.option_checks import checked_size
from convviz.animation.option_spec import FLAG, INTEGER, PICTURE_SIZE, SECONDS, TEXT, OptionSpec, ValueType
from convviz.errors.arguments import flag, real_number, text, whole_number

CHECKS: Mapping[ValueType, Callable[[str, Any], Any]] = {
    FLAG: flag,
    INTEGER: whole_number,
    PICTURE_SIZE: checked_size,
    SECONDS: lambda name, value: real_number(name, value, "a number of seconds"),
    TEXT: text,
}
"""Type of an option → the check of its value."""


def facts(
    type: ValueType,
    help: str,
    metavar: str = "",
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    more: Sequence[OptionSpec] = (),
    check: Callable[[str, Any], Any] | None = None,
    **spec: Any,
) -> dict[str, Any]:
    """Return the metadata of a field: its `OptionSpec`, its range, and the specs of `more` options that feed it.

    `check` takes the name and a value, and returns the value as the field holds it; by default it follows from `type`.
    """
    spec = {"type": type, "help": help, "metavar": metavar, **spec}
    return {"spec": spec, "minimum": minimum, "maximum": maximum, "more": tuple(more), "check": check or CHECKS[type]}


def ends_in(*suffixes: str) -> Callable[[str], bool]:
    """Return whether a name has one of these suffixes."""
    return lambda name: Path(name).suffix.lower() in suffixes
