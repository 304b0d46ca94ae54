"""Recipes: a TOML file with one table per picture, or per sweep of pictures, checked completely before drawing.

    [defaults]                  # for every picture that takes the key
    theme = "dark"

    [upsampling]                # the picture's name: letters, digits, - and _
    kind = "transposed"         # or conv, maxpool, avgpool, train, stack, preset, layer (keys: operation, layers …)
    input = 3                   # or "3x4", rows and columns
    stride = [1, 2]             # a list is a sweep: upsampling-s1 and upsampling-s2, see `convviz.recipes.sweep`
    title = "What a stride of {stride} does"

The other keys are the long names of the options of the command line; `kernel_values` may be spelled `kernel-values`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from convviz.errors import ConvvizError
from convviz.errors.printable import shown
from convviz.files.toml_document import TomlDocument, load
from convviz.recipes.fields import FIELDS, named_files
from convviz.recipes.parsed import Parsed, is_inside, name_problem
from convviz.recipes.recipe import EVERYTHING, NEEDS, OWN, TAKES, Location, Problem, Recipe
from convviz.recipes.sweep import choices, fill_in, option_of, spelled, suffix

DEFAULTS = "defaults"
TEMPLATES = ("title", "caption", "notes")
"""Keys in which `{stride}` and the like are replaced by values."""
MAX_PICTURES = 10_000
"""Pictures of one file."""


def read(path: str | os.PathLike[str], *, any_file: bool = False) -> list[Recipe]:
    """Read the recipes of a TOML file, and lay each out once to make sure that it can be drawn.

    The files that it names are in its folder, or below, unless `any_file` allows others.

    Raises one `ConvvizError` with a line `path:line: …` for each problem in the file.
    """
    parsed, recipes, problems = parse(path, any_file=any_file), [], []
    if parsed.has_too_many:
        parsed.check()
    for recipe in parsed.recipes:
        try:
            animation = recipe.animate()
        except ConvvizError as error:
            problems.append(recipe.problem(str(error)))
        else:
            title, caption = animation.scene.title, recipe.options.get("caption", animation.scene.sizes)
            recipes.append(replace(recipe, title=title, caption=caption, warnings=animation.warnings))
    parsed.check(problems)
    return recipes


def parse(path: str | os.PathLike[str], *, any_file: bool = False) -> Parsed:
    """Read the recipes of a TOML file without laying them out, so that parameters may still be impossible.

    Raises `ConvvizError` for a file that is not TOML.
    """
    document = load(Path(path))
    reader = _Reader(document, any_file)
    return Parsed(document.path, reader.recipes(), reader.problems, reader.count > MAX_PICTURES)


@dataclass(frozen=True)
class _Setting:
    """The value of a key, or the values of a sweep."""

    values: tuple[Any, ...]
    swept: bool
    location: Location

    def named(self, option: str) -> list[tuple[Any, str]]:
        """Return each value with its part of the picture's name."""
        numbered = enumerate(self.values, start=1)
        return [(value, f"-{suffix(option, value, number)}" if self.swept else "") for number, value in numbered]


_Settings = Mapping[str, _Setting]


class _Reader:
    """Reads all tables, and collects problems instead of stopping at the first."""

    def __init__(self, document: TomlDocument, any_file: bool) -> None:
        self.document = document
        self.any_file = any_file
        self.count = 0
        self.problems: list[Problem] = []
        self.taken: dict[str, Location] = {}
        """Name of a picture in lower case → the table that makes it."""

    def recipes(self) -> list[Recipe]:
        """Return all recipes that are valid."""
        tables = self._tables()
        shared = tables.pop(DEFAULTS, {})
        defaults = self._settings(DEFAULTS, shared, "", EVERYTHING)
        recipes = [recipe for name, table in tables.items() for recipe in self._pictures(name, table, shared, defaults)]
        if not recipes and not self.problems:
            self._report('there is no picture in this file; begin with a table such as [first] and kind = "conv"')
        return recipes

    def _report(self, text: str, *location: str) -> None:
        self.problems.append((self.document.line(location), text))

    def _tables(self) -> dict[str, dict[str, Any]]:
        """Return the tables by name, without those that are invalid."""
        tables: dict[str, dict[str, Any]] = {}
        folded: dict[str, str] = {}
        for name, table in self.document.tables.items():
            if isinstance(table, list):
                self._report(f"[[{name}]] begins a list of tables; write [{name}]", name)
            elif not isinstance(table, dict):
                self._report(f"{name} is outside of any table; put it under [{DEFAULTS}] or under a name", name)
            elif problem := name_problem(name):
                self._report(f"{shown(name)} cannot be the name of a picture: {problem}", name)
            elif folded.setdefault(name.lower(), name) != name:
                self._report(f"[{name}] and [{folded[name.lower()]}] differ only in capitals; rename one", name)
            else:
                tables[name] = table
        return tables

    def _pictures(
        self, name: str, table: Mapping[str, Any], shared: Mapping[str, Any], defaults: _Settings
    ) -> Iterator[Recipe]:
        """Yield the recipes of a table, or report its problems."""
        kinds = self._kinds(name, table, shared)
        if not kinds.values:
            self._settings(name, table, "", EVERYTHING)
        for kind, kind_suffix in kinds.named("kind"):
            before = len(self.problems)  # problems of the other kinds are reported as well
            own = self._settings(name, table, kind, TAKES[kind])
            fitting = {option: one for option, one in defaults.items() if option in (*TAKES[kind], *OWN)}
            settings = own | {option: one for option, one in fitting.items() if option not in own}
            settings.pop("kind", None)
            needed = NEEDS.get(kind)
            is_missing = needed and not (needed in settings and any(settings[needed].values))
            if is_missing and len(self.problems) == before:
                self._report(f"[{name}] has no {needed}, which the kind {kind} needs", name)
            if self.count > MAX_PICTURES:
                return
            self.count += prod(len(one.values) for one in settings.values())
            if self.count > MAX_PICTURES:
                self._report(f"with [{name}] there are more than {MAX_PICTURES:,} pictures; use shorter lists", name)
            if len(self.problems) == before:
                yield from self._combinations(name, kind, name + kind_suffix, settings)

    def _combinations(self, table: str, kind: str, name: str, settings: _Settings) -> Iterator[Recipe]:
        """Yield a recipe for each combination of values."""
        line = self.document.line((table,))
        keys = {option: one.location for option, one in settings.items()}
        for combination in product(*(one.named(option) for option, one in settings.items())):
            options = {option: value for option, (value, _) in zip(settings, combination, strict=True)}
            try:
                options |= {key: fill_in(options[key], options) for key in TEMPLATES if key in options}
            except ConvvizError as error:
                return self._report(f"[{table}] {error}", table)
            full = name + "".join(part for _, part in combination)
            if self._is_free(full, table):
                yield Recipe(full, kind, options, self.document.path, table, line, keys)

    def _is_free(self, name: str, table: str) -> bool:
        """Whether a picture can have this name; report why it cannot."""
        first = name.lower() not in self.taken
        other, line = self.taken.setdefault(name.lower(), (table, self.document.line((table,))))
        if problem := name_problem(name):
            self._report(f"[{table}] makes a picture {shown(name)}, which is not a name: {problem}", table)
        elif not first and other == table:
            self._report(f"[{table}] makes two pictures {name}; leave one of the values out", table)
        elif not first:
            self._report(f"[{table}] makes the picture {name}, but so does [{other}] in line {line}; rename one", table)
        return first

    def _kinds(self, name: str, table: Mapping[str, Any], shared: Mapping[str, Any]) -> _Setting:
        """Return the kinds of a table's pictures, or report why there is none."""
        place = name if "kind" in table else DEFAULTS
        location = place, self.document.line((place, "kind"))
        kind = table.get("kind", shared.get("kind"))
        if kind is None:
            self._report(f"[{name}] has no kind; use {', '.join(TAKES)}", name)
            return _Setting((), False, location)
        several = self._choices(place, "kind", kind)
        known = []
        for one in [kind] if several is None else several:
            if isinstance(one, str) and one in TAKES:
                known.append(one)
            else:
                self._report(f"[{place}] there is no kind {shown(one)}; {_suggestion(str(one), TAKES)}", place, "kind")
        return _Setting(tuple(known), several is not None, location)

    def _settings(self, name: str, table: Mapping[str, Any], kind: str, takes: Iterable[str]) -> dict[str, _Setting]:
        """Read the keys of a table as options, and report unknown keys and those of other kinds."""
        settings: dict[str, _Setting] = {}
        for key, value in table.items():
            option = option_of(key)
            if option not in FIELDS:
                advice = _suggestion(key, map(spelled, (*OWN, *takes)))
                self._report(f"unknown key {shown(key)} in [{name}]; {advice}", name, key)
            elif option not in takes and option not in OWN:
                self._report(f"{kind} takes no {key}, but [{name}] has it; leave it out", name, key)
            elif option in settings:
                self._report(f"{spelled(option)} is in [{name}] already, spelled differently; keep one", name, key)
            else:
                settings[option] = self._setting(name, key, value)
        return settings

    def _setting(self, name: str, key: str, value: Any) -> _Setting:
        """Read the value of a key, or the values of a sweep, and report those that cannot be read."""
        several = self._choices(name, key, value)
        read = []
        for one in [value] if several is None else several:
            try:
                read.append(FIELDS[option_of(key)](key, one))
                self._check_file(option_of(key), read[-1])
            except ConvvizError as error:
                self._report(f"[{name}] {error}", name, key)
        return _Setting(tuple(read), several is not None, (name, self.document.line((name, key))))

    def _check_file(self, option: str, value: Any) -> None:
        """Raise `ConvvizError` for a file outside of the folder of the recipes, unless all are allowed."""
        for file in () if self.any_file else named_files({option: value}).values():
            if not is_inside(self.document.path.parent, file):
                raise ConvvizError(
                    f"{spelled(option)}: {shown(file)} is outside of the folder of the recipes; "
                    "copy it there, or allow it with --any-file"
                )

    def _choices(self, name: str, key: str, value: Any) -> list[Any] | None:
        try:
            return choices(key, value)
        except ConvvizError as error:
            self._report(f"[{name}] {error}", name, key)
            return []


def _suggestion(word: str, known: Iterable[str]) -> str:
    """Suggest the name that is most similar, or list all names."""
    names = list(known)
    near = get_close_matches(word.replace("-", "_"), names, 1, 0.6)
    return f"did you mean {near[0]}?" if near else f"use {', '.join(names)}"
