"""Options of the command line: from an `OptionSpec` to an option of click."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from convviz.animation.option_spec import FLAG, VALUES, OptionSpec
from convviz.errors.arguments import path as file_name

Command = TypeVar("Command", bound=Callable[..., Any])
ClickOption = Callable[[Any], Any]
STDIN = "-"
LARGEST_STDIN = 10_000_000
"""Bytes of a table that are read."""


class OptionValue(click.ParamType):
    """The type of an option whose spec reads its value."""

    def __init__(self, spec: OptionSpec) -> None:
        self.name = spec.type.name
        self._spec = spec

    def convert(self, value: Any, _param: click.Parameter | None, _context: click.Context | None) -> Any:
        """Read text; raises `ConvvizError`."""
        if value == STDIN and self.name == VALUES.name:
            return _values_from_stdin()
        return self._spec.type.read(value, self._spec.name) if isinstance(value, str) else value


def _values_from_stdin() -> str:
    """Return the table of numbers on standard input in the words of an option: `1,2;3,4`."""
    from convviz.text.number_table import decode_table, parse_table

    data = sys.stdin.buffer.read(LARGEST_STDIN)
    rows = parse_table(decode_table(data), "standard input")
    return ";".join(",".join(map(repr, row)) for row in rows)


class FileName(click.ParamType):
    """The type of an argument that names a file."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, _context: click.Context | None) -> Path:
        """Return a path; raises `ConvvizError` for a name that no file can have."""
        return Path(file_name(str(param.name) if param else "path", value))


def click_option(spec: OptionSpec, *, required: bool = False) -> ClickOption:
    """Return the click option of a spec. If it is not given, its value is None, False (plain flags) or empty."""
    help = f"{spec.help}  [default: {spec.default}]" if spec.default else spec.help
    if spec.negatable:
        return click.option(f"{spec.long}/{spec.negated}", spec.name, default=None, help=help)
    if spec.type is FLAG:
        return click.option(spec.long, spec.name, is_flag=True, help=help)
    return click.option(
        *spec.spellings,
        spec.name,
        type=OptionValue(spec),
        multiple=spec.multiple,
        metavar=spec.metavar,
        required=required,
        help=help,
    )


def click_argument(spec: OptionSpec) -> ClickOption:
    """Return the required click argument of a spec."""
    return click.argument(spec.name, nargs=-1 if spec.multiple else 1, required=True, metavar=spec.metavar)


def with_options(command: Command, *options: OptionSpec | ClickOption) -> Command:
    """Add options to a function or a command, in the order in which help lists them."""
    added = [click_option(option) if isinstance(option, OptionSpec) else option for option in options]
    in_order = isinstance(command, click.Command)  # a function collects its options from the last to the first
    for option in added if in_order else reversed(added):
        command = option(command)
    return command


JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON")
ANY_FILE = click.option("--any-file", is_flag=True, help="Let recipes name files outside of their folder")
