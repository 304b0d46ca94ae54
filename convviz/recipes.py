"""Recipes: a TOML file with one table a picture, checked as a whole before anything is drawn.

    [defaults]                  # holds for every picture that takes the key
    theme = "dark"

    [upsampling]                # the picture's name: letters, digits, - and _
    kind = "transposed"         # or conv, maxpool, avgpool, stack (with layers), preset (with preset)
    input = 3                   # or [rows, columns], or "3x4"
    stride = 2
    title = "Why a stride of 2 doubles the output"

The other keys are the long names of the command line's options; `kernel_values` is the same as `kernel-values`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convviz.choice import still
from convviz.entries import READ, located
from convviz.errors import ConvvizError
from convviz.request import request
from convviz.scene import PARTS
from convviz.tables import Document, Place, load

if TYPE_CHECKING:
    from convviz.animation import Animation

NAME = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
DEFAULTS = "defaults"
OWN = ("kind", "caption", "notes")
"""Keys that are no options: the kind of picture, and words around it."""
SPELLED = {"one_dimension": "1d"}
"""Options whose long name on the command line is another one."""

WINDOW = ("input", "kernel", "stride", "padding", "one_dimension")
VALUES = ("input_values", "channels", "channel", "numbers", "seed")
IMAGE = ("image", "pixels")
WEIGHTS = ("kernel_values", "out_channels", "groups", "bias")
LEFT_OUT = {f"no_{part}": part for part in PARTS}
"""Option → the part of the picture that it leaves out."""
PICTURE = (
    *("view", "theme", "size", "scale", "title", "font", "transparent"),
    *("step", "hold", "frames", "frame", "max_frames", *LEFT_OUT, "bare"),
)
TAKES: Mapping[str, tuple[str, ...]] = {
    "conv": (*WINDOW, "dilation", "padding_mode", *VALUES, *IMAGE, *WEIGHTS, *PICTURE),
    "transposed": (*WINDOW, "dilation", "output_padding", "output_size", *VALUES, *WEIGHTS, *PICTURE),
    "maxpool": (*WINDOW, "dilation", "ceil_mode", *VALUES, *IMAGE, *PICTURE),
    "avgpool": (*WINDOW, "ceil_mode", "count_include_pad", *VALUES, *IMAGE, *PICTURE),
    "stack": ("layers", "input", "one_dimension", *PICTURE),
    "preset": ("preset", "numbers", "seed", *PICTURE),
}
"""Kind → the options it takes."""
EVERYTHING = tuple(dict.fromkeys(option for options in TAKES.values() for option in options))
NEEDS = {"stack": "layers", "preset": "preset"}
"""Kind → the option that it cannot do without."""


@dataclass(frozen=True)
class Recipe:
    """A picture that can be drawn, and the words around it."""

    name: str
    where: str
    """`talk.toml:3`, the line of its table."""
    animation: Animation
    title: str
    """The picture's, which says no more than the name of the operation where none was given."""
    caption: str
    notes: str = ""
    frame: int | str | None = None
    """What a still of it shows; None for the most telling frame."""


def read(path: str | os.PathLike[str]) -> list[Recipe]:
    """The recipes of a TOML file, laid out and ready to be drawn.

    Raises one `ConvvizError` with a line `path:line: …` for everything that is wrong in the file.
    """
    return _Reader(load(Path(path))).recipes()


class _Reader:
    """Goes through the tables, and collects what is wrong instead of stopping at it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[tuple[int, str]] = []

    def recipes(self) -> list[Recipe]:
        """All recipes; raises `ConvvizError`."""
        tables = self._tables()
        shared = tables.pop(DEFAULTS, {})
        defaults = self._options(DEFAULTS, shared, "", EVERYTHING)
        found = [self._recipe(name, table, shared, defaults) for name, table in tables.items()]
        if not found and not self.problems:
            self._report('there is no picture in this file; begin with a table such as [first] and kind = "conv"')
        if self.problems:
            lines = dict.fromkeys(sorted(self.problems, key=lambda problem: problem[0]))
            raise ConvvizError("\n".join(f"{self.document.path}:{line}: {text}" for line, text in lines))
        return [recipe for recipe in found if recipe]

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

    def _recipe(
        self, name: str, table: Mapping[str, Any], shared: Mapping[str, Any], defaults: Mapping[str, Any]
    ) -> Recipe | None:
        """The recipe of a table; None, and problems, where it cannot be made."""
        before = len(self.problems)
        kind = self._kind(name, table, shared)
        takes = TAKES[kind] if kind else EVERYTHING
        own = self._options(name, table, kind, takes)
        if len(self.problems) > before:
            return None
        options = {key: value for key, value in defaults.items() if key in takes or key in OWN} | own
        needed = NEEDS.get(kind)
        if needed and not options.get(needed):
            self._report(f"[{name}] has no {needed}, which the kind {kind} needs", name)
            return None
        try:
            return self._made(name, kind, options)
        except ConvvizError as error:
            text = re.sub(r"--(?=[a-z0-9])", "", str(error))
            place = _culprit(text, {DEFAULTS: shared, name: table}) or (name,)
            self._report(f"[{place[0]}] {text}", *place)
            return None

    def _kind(self, name: str, table: Mapping[str, Any], shared: Mapping[str, Any]) -> str:
        """The kind of a picture; a problem, and no text, where there is none."""
        place = name if "kind" in table else DEFAULTS
        kind = table.get("kind", shared.get("kind"))
        if kind is None:
            self._report(f"[{name}] has no kind; use {', '.join(TAKES)}", name)
        elif not isinstance(kind, str) or kind not in TAKES:
            self._report(f"[{place}] there is no kind {kind!r}; {_instead(str(kind), TAKES)}", place, "kind")
        else:
            return kind
        return ""

    def _options(self, name: str, table: Mapping[str, Any], kind: str, takes: Iterable[str]) -> dict[str, Any]:
        """The keys of a table as options, their values read. Keys of other kinds are reported, and unknown ones."""
        options: dict[str, Any] = {}
        for key, value in table.items():
            option = _option(key)
            if option not in READ:
                advice = _instead(key, map(_spelled, (*OWN, *takes)))
                self._report(f"unknown key {key!r} in [{name}]; {advice}", name, key)
            elif option not in takes and option not in OWN:
                self._report(f"{kind} takes no {key}, but [{name}] has it; leave it out", name, key)
            elif option in options:
                self._report(f"{_spelled(option)} stands in [{name}] already, written differently; keep one", name, key)
            else:
                try:
                    options[option] = READ[option](key, value)
                except ConvvizError as error:
                    self._report(f"[{name}] {error}", name, key)
        return options

    def _made(self, name: str, kind: str, options: Mapping[str, Any]) -> Recipe:
        """The animation and the words around it. Raises `ConvvizError` for parameters that cannot be."""
        without = [part for key, part in LEFT_OUT.items() if options.get(key) or options.get("bare")]
        animation = request(kind, located(options, self.document.path.parent)).animate(without=without)
        frame = options.get("frame")
        still(animation.scene, frame)
        where = f"{self.document.path}:{self.document.line((name,))}"
        caption = options.get("caption", animation.scene.sizes)
        return Recipe(name, where, animation, animation.scene.title, caption, options.get("notes", ""), frame)


def _option(key: str) -> str:
    """The option of a key, however it is spelled."""
    option = key.replace("-", "_")
    return next((name for name, spelled in SPELLED.items() if option == spelled), option)


def _spelled(option: str) -> str:
    return SPELLED.get(option, option)


def _instead(word: str, known: Iterable[str]) -> str:
    """What may have been meant, or all that there is."""
    names = list(known)
    near = get_close_matches(word.replace("-", "_"), names, 1, 0.6)
    return f"did you mean {near[0]}?" if near else f"use {', '.join(names)}"


def _culprit(text: str, tables: Mapping[str, Mapping[str, Any]]) -> Place | None:
    """The key that an error speaks of first; where several tables have it, that of the last one."""
    mentioned = {}
    for table, keys in tables.items():
        for key in keys:
            option = _option(key)
            found = re.search(rf"\b{re.escape(_spelled(option)).replace('_', '[ _-]')}\b", text)
            if found and option not in OWN:
                mentioned[option] = (found.start(), -len(option)), (table, key)
    return min(mentioned.values())[1] if mentioned else None
