"""Recipes: a TOML file with one table a picture, or a sweep of pictures, checked as a whole before anything is drawn.

    [defaults]                  # holds for every picture that takes the key
    theme = "dark"

    [upsampling]                # the picture's name: letters, digits, - and _
    kind = "transposed"         # or conv, maxpool, avgpool, stack (with layers), preset (with preset)
    input = 3                   # or "3x4", rows and columns
    stride = [1, 2]             # a list is a sweep: upsampling-s1 and upsampling-s2, see `convviz.sweeps`
    title = "What a stride of {stride} does"

The other keys are the long names of the command line's options; `kernel_values` is the same as `kernel-values`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from convviz.errors import ConvvizError
from convviz.files.toml_document import TomlDocument, load
from convviz.recipes.fields import READ
from convviz.recipes.recipe import EVERYTHING, NEEDS, OWN, TAKES, Problem, Recipe, Where
from convviz.recipes.sweep import choices, filled, option_of, spelled, suffix

NAME = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
DEFAULTS = "defaults"
WORDS = ("title", "caption", "notes")
"""Keys in which `{stride}` and the like stand for values."""
MOST = 10_000
"""Pictures of one table."""


@dataclass(frozen=True)
class Parsed:
    """The pictures of a file that can be asked for, and all that is wrong with the others."""

    path: Path
    recipes: list[Recipe]
    problems: list[Problem]

    def check(self, more: Iterable[Problem] = ()) -> None:
        """Raise one `ConvvizError` with a line `path:line: …` for every problem, and for `more`."""
        problems = sorted([*self.problems, *more], key=lambda problem: problem[0])
        if problems:
            raise ConvvizError("\n".join(f"{self.path}:{line}: {text}" for line, text in dict.fromkeys(problems)))


def read(path: str | os.PathLike[str]) -> list[Recipe]:
    """The recipes of a TOML file; each was laid out once, so that it can be drawn.

    Raises one `ConvvizError` with a line `path:line: …` for everything that is wrong in the file.
    """
    parsed, recipes, problems = parse(path), [], []
    for recipe in parsed.recipes:
        try:
            scene = recipe.animate().scene
        except ConvvizError as error:
            problems.append(recipe.complaint(str(error)))
        else:
            recipes.append(replace(recipe, title=scene.title, caption=recipe.options.get("caption", scene.sizes)))
    parsed.check(problems)
    return recipes


def parse(path: str | os.PathLike[str]) -> Parsed:
    """The recipes of a TOML file as they are written: nothing is laid out yet, so parameters may still be impossible.

    Raises `ConvvizError` for a file that is no TOML.
    """
    document = load(Path(path))
    reader = _Reader(document)
    return Parsed(document.path, reader.recipes(), reader.problems)


@dataclass(frozen=True)
class _Setting:
    """What a key holds: a value, or those of a sweep."""

    values: tuple[Any, ...]
    swept: bool
    where: Where

    def named(self, option: str) -> list[tuple[Any, str]]:
        """Each value with what it adds to the name."""
        numbered = enumerate(self.values, start=1)
        return [(value, f"-{suffix(option, value, number)}" if self.swept else "") for number, value in numbered]


_Settings = Mapping[str, _Setting]


class _Reader:
    """Goes through the tables, and collects what is wrong instead of stopping at it."""

    def __init__(self, document: TomlDocument) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.taken: dict[str, Where] = {}
        """Names of pictures in small letters → the table that makes it."""

    def recipes(self) -> list[Recipe]:
        """All recipes that can be made."""
        tables = self._tables()
        shared = tables.pop(DEFAULTS, {})
        defaults = self._settings(DEFAULTS, shared, "", EVERYTHING)
        found = [recipe for name, table in tables.items() for recipe in self._pictures(name, table, shared, defaults)]
        if not found and not self.problems:
            self._report('there is no picture in this file; begin with a table such as [first] and kind = "conv"')
        return found

    def _report(self, text: str, *place: str) -> None:
        self.problems.append((self.document.line(place), text))

    def _tables(self) -> dict[str, dict[str, Any]]:
        """The tables by their names, those that cannot be left out."""
        tables: dict[str, dict[str, Any]] = {}
        folded: dict[str, str] = {}
        for name, table in self.document.tables.items():
            if isinstance(table, list):
                self._report(f"[[{name}]] begins a list of tables; write [{name}]", name)
            elif not isinstance(table, dict):
                self._report(f"{name} stands outside of any table; put it under [{DEFAULTS}] or under a name", name)
            elif not NAME.fullmatch(name):
                self._report(f"{name[:100]!r} cannot be the name of a picture; use letters, digits, - and _", name)
            elif folded.setdefault(name.lower(), name) != name:
                self._report(f"[{name}] and [{folded[name.lower()]}] differ only in capitals; rename one", name)
            else:
                tables[name] = table
        return tables

    def _pictures(
        self, name: str, table: Mapping[str, Any], shared: Mapping[str, Any], defaults: _Settings
    ) -> Iterator[Recipe]:
        """The recipes of a table; problems where there are none."""
        kinds = self._kinds(name, table, shared)
        if not kinds.values:
            self._settings(name, table, "", EVERYTHING)
        for kind, word in kinds.named("kind"):
            before = len(self.problems)  # what the other kinds lack is said as well
            own = self._settings(name, table, kind, TAKES[kind])
            fitting = {option: one for option, one in defaults.items() if option in (*TAKES[kind], *OWN)}
            settings = own | {option: one for option, one in fitting.items() if option not in own}
            settings.pop("kind", None)
            needed = NEEDS.get(kind)
            lacks = needed and not (needed in settings and any(settings[needed].values))
            if lacks and len(self.problems) == before:
                self._report(f"[{name}] has no {needed}, which the kind {kind} needs", name)
            if prod(len(one.values) for one in settings.values()) > MOST:
                self._report(f"[{name}] makes more than {MOST:,} pictures; use shorter lists", name)
            if len(self.problems) == before:
                yield from self._swept(name, kind, name + word, settings)

    def _swept(self, table: str, kind: str, name: str, settings: _Settings) -> Iterator[Recipe]:
        """A recipe for every combination of values."""
        line = self.document.line((table,))
        keys = {option: one.where for option, one in settings.items()}
        for combination in product(*(one.named(option) for option, one in settings.items())):
            options = {option: value for option, (value, _) in zip(settings, combination, strict=True)}
            options |= {key: filled(options[key], options) for key in WORDS if key in options}
            full = name + "".join(word for _, word in combination)
            if self._is_free(full, table):
                yield Recipe(full, kind, options, self.document.path, table, line, keys)

    def _is_free(self, name: str, table: str) -> bool:
        """Whether a picture can have this name; a problem where it cannot."""
        first = name.lower() not in self.taken
        other, line = self.taken.setdefault(name.lower(), (table, self.document.line((table,))))
        if not NAME.fullmatch(name):
            self._report(
                f"[{table}] makes a picture {name[:100]!r}, which is no name; use shorter names and values", table
            )
        elif not first and other == table:
            self._report(f"[{table}] makes two pictures {name}; leave one of the values out", table)
        elif not first:
            self._report(f"[{table}] makes the picture {name}, but so does [{other}] in line {line}; rename one", table)
        return first

    def _kinds(self, name: str, table: Mapping[str, Any], shared: Mapping[str, Any]) -> _Setting:
        """The kinds of a table's pictures; a problem, and none, where there is none."""
        place = name if "kind" in table else DEFAULTS
        where = place, self.document.line((place, "kind"))
        kind = table.get("kind", shared.get("kind"))
        if kind is None:
            self._report(f"[{name}] has no kind; use {', '.join(TAKES)}", name)
            return _Setting((), False, where)
        several = self._choices(place, "kind", kind)
        known = []
        for one in [kind] if several is None else several:
            if isinstance(one, str) and one in TAKES:
                known.append(one)
            else:
                self._report(f"[{place}] there is no kind {one!r}; {_instead(str(one), TAKES)}", place, "kind")
        return _Setting(tuple(known), several is not None, where)

    def _settings(self, name: str, table: Mapping[str, Any], kind: str, takes: Iterable[str]) -> dict[str, _Setting]:
        """The keys of a table as options, their values read. Keys of other kinds are reported, and unknown ones."""
        settings: dict[str, _Setting] = {}
        for key, value in table.items():
            option = option_of(key)
            if option not in READ:
                advice = _instead(key, map(spelled, (*OWN, *takes)))
                self._report(f"unknown key {key!r} in [{name}]; {advice}", name, key)
            elif option not in takes and option not in OWN:
                self._report(f"{kind} takes no {key}, but [{name}] has it; leave it out", name, key)
            elif option in settings:
                self._report(f"{spelled(option)} stands in [{name}] already, written differently; keep one", name, key)
            else:
                settings[option] = self._setting(name, key, value)
        return settings

    def _setting(self, name: str, key: str, value: Any) -> _Setting:
        """The value of a key, or those of a sweep; what cannot be read is reported."""
        several = self._choices(name, key, value)
        read = []
        for one in [value] if several is None else several:
            try:
                read.append(READ[option_of(key)](key, one))
            except ConvvizError as error:
                self._report(f"[{name}] {error}", name, key)
        return _Setting(tuple(read), several is not None, (name, self.document.line((name, key))))

    def _choices(self, name: str, key: str, value: Any) -> list[Any] | None:
        try:
            return choices(key, value)
        except ConvvizError as error:
            self._report(f"[{name}] {error}", name, key)
            return []


def _instead(word: str, known: Iterable[str]) -> str:
    """What may have been meant, or all that there is."""
    names = list(known)
    near = get_close_matches(word.replace("-", "_"), names, 1, 0.6)
    return f"did you mean {near[0]}?" if near else f"use {', '.join(names)}"
