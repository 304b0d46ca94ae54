"""The words of a drawing command, parsed without a terminal: nothing is printed, and no file is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from convviz.animation.option_spec import FLAG, OptionSpec
from convviz.errors import ConvvizError
from convviz.errors.printable import shown
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.recipes.drawing_commands import DRAWING_COMMANDS, DrawingCommand
from convviz.recipes.fields import with_folder
from convviz.recipes.request import Request, request

EXPLORE, EXPLORED = "explore", (Conv.kind, ConvTranspose.kind)
"""The command of the explorer, and the layers at which it opens; it has the options that draw them."""


@dataclass(frozen=True)
class ParsedCommand:
    """A drawing command and its options by name."""

    kind: str
    options: Mapping[str, Any]
    explores: bool = False
    """Whether it stands for the explorer, opened at its layer."""

    def request(self) -> Request:
        """Make the request of the picture. Raises `ConvvizError` for values and sizes that do not fit."""
        return request(self.kind, self.options)


def parse_command(words: Sequence[str], folder: Path) -> ParsedCommand:
    """Parse the words after `convviz`, such as `transposed -i 3 -s 2`; files that they name are relative to `folder`.

    Raises `ConvvizError` for unknown commands and options, for options that concern files or printed output, and for
    missing values.
    """
    name, *rest = words or [""]
    explores = name == EXPLORE
    if explores:
        name, *rest = rest if rest and not rest[0].startswith("-") else [ConvTranspose.kind, *rest]
    known = EXPLORED if explores else DRAWING_COMMANDS
    if name not in known:
        listed = " or ".join(EXPLORED) if explores else f"{', '.join(DRAWING_COMMANDS)} or {EXPLORE}"
        raise ConvvizError(f"there is no drawing command {shown(name)}; begin with {listed}")
    return ParsedCommand(name, with_folder(dict(_parsed(DRAWING_COMMANDS[name], rest)), folder), explores)


def _parsed(command: DrawingCommand, words: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield each option and its value; the last value of an option counts."""
    specs = {spelling: spec for spec in command.options for spelling in spec.spellings}
    several: dict[str, list[Any]] = {}
    arguments: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            arguments += rest
        elif len(word) < 2 or not word.startswith("-"):
            arguments.append(word)
        else:
            spelling, text = _split(word)
            spec = specs.get(spelling) or _refuse(spelling, specs)
            value = _value(spec, spelling, text, rest)
            if spec.multiple:
                several.setdefault(spec.name, []).append(value)
            yield spec.name, tuple(several[spec.name]) if spec.multiple else value
    yield from _argument(command, arguments)


def _split(word: str) -> tuple[str, str | None]:
    """Split `--view=pair` and `-i3` into spelling and value; the value is None if it is the next word."""
    if word.startswith("--"):
        spelling, equals, text = word.partition("=")
        return spelling, text if equals else None
    return word[:2], word[2:] or None


def _refuse(spelling: str, known: Mapping[str, OptionSpec]) -> OptionSpec:
    similar = get_close_matches(spelling, known, 1)
    raise ConvvizError(f"there is no option {spelling}" + (f"; did you mean {similar[0]}?" if similar else ""))


def _value(spec: OptionSpec, spelling: str, text: str | None, rest: Iterator[str]) -> Any:
    """Read the value of an option, which may be the next of the words in `rest`."""
    if not spec.in_pages:
        raise ConvvizError(f"{spec.long} has no meaning here; leave it out")
    if spec.type is FLAG:
        if text is not None:
            raise ConvvizError(f"{spelling} takes no value; leave {shown(text)} out")
        return spelling != spec.negated
    text = next(rest, None) if text is None else text
    if text is None:
        raise ConvvizError(f"{spelling} needs a value: {spec.metavar}")
    return spec.type.read(text, spec.name)


def _argument(command: DrawingCommand, words: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield the argument of a command. Raises `ConvvizError` if it is missing, and for words too many."""
    spec = command.argument
    if spec and not words:
        raise ConvvizError(f"{command.name} needs an argument: {spec.metavar}")
    extra = words if spec is None else () if spec.multiple else words[1:]
    if extra:
        raise ConvvizError(f"unexpected argument {shown(extra[0])}; leave it out")
    if spec:
        yield spec.name, tuple(words) if spec.multiple else words[0]


def page_options() -> dict[str, bool]:
    """Return the long options of all drawing commands, without dashes, and whether each is a flag."""
    specs = (spec for command in DRAWING_COMMANDS.values() for spec in command.options if spec.in_pages)
    return {
        spelling[2:]: spec.type is FLAG for spec in specs for spelling in spec.spellings if spelling.startswith("--")
    }
