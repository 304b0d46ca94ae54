"""Words of the command line as a picture, for those who are no terminal: nothing is printed, and no file written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from convviz.cli.main import main
from convviz.cli.options import left_out
from convviz.errors import ConvvizError
from convviz.recipes.fields import located
from convviz.recipes.request import request

if TYPE_CHECKING:
    from convviz.animation.animate import Animation

DRAWING = {name: command for name, command in main.commands.items() if any(p.name == "view" for p in command.params)}
"""The commands that draw, by name."""
FOR_FILES = ("output", "format", "place", "alt", "embed", "profile", "fps", "match")
"""Options that say where a file goes or what is printed, and mean nothing where there is no terminal."""


@dataclass(frozen=True)
class DrawCommand:
    """What the words ask for; values are not read yet."""

    kind: str
    options: Mapping[str, Any]

    def animate(self, **others: Any) -> Animation:
        """The animation, laid out; `others` win over the options. Raises `ConvvizError` for what cannot be drawn."""
        return request(self.kind, self.options).animate(without=left_out(self.options), **others)


def parse_command(words: Sequence[str], folder: Path) -> DrawCommand:
    """The words behind `convviz`, such as `transposed -i 3 -s 2`; files that they name are looked for in `folder`.

    Raises `ConvvizError` for words that the command line refuses, and for options of `FOR_FILES`.
    """
    kind, *rest = words or [""]
    if kind not in DRAWING:
        raise ConvvizError(f"there is no drawing command {kind!r}; begin with {', '.join(DRAWING)}")
    try:
        context = DRAWING[kind].make_context(kind, list(rest), help_option_names=[])
    except click.ClickException as error:
        raise ConvvizError(error.format_message()) from None
    for param in context.command.params:
        if param.name in FOR_FILES and context.get_parameter_source(param.name) is ParameterSource.COMMANDLINE:
            raise ConvvizError(f"{param.opts[-1]} has no meaning here; leave it out")
    given = {name: value for name, value in context.params.items() if value is not None}
    return DrawCommand(kind, located(given, folder) | {"preset": given.get("name")})


def long_options() -> dict[str, bool]:
    """The long options of all drawing commands, without their dashes, and whether each is a flag."""
    found: dict[str, bool] = {}
    for command in DRAWING.values():
        for param in command.params:
            if isinstance(param, click.Option) and param.name not in FOR_FILES:
                names = (*param.opts, *param.secondary_opts)
                found |= {name[2:]: param.is_flag for name in names if name.startswith("--")}
    return found
