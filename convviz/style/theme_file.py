"""One's own colours: a theme in a TOML file, over one of ours, with a look at its contrasts.

base = "dark"             # what is not given comes from there; light where none is named
background = "#101820"    # also text, muted, surface, window; tint is a share from 0 to 1
[badges]
input = "#7cc4f5"         # ink of the parameters: input, kernel, output, plain, derived
[cells.input]
fill = "#3a8fc4"          # also ink, dashes, hatch, base; ink is chosen to be readable where only fill is given
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from convviz.errors import PictureError
from convviz.files.toml_document import TomlDocument, load
from convviz.style.theme import LIGHT, READABLE, THEMES, CellStyle, Theme, contrast, find

VISIBLE = 1.5
"""Least contrast ratio of what has a second cue: outlines are thick, and cells have numbers or a place."""
COLOURS = ("background", "text", "muted", "surface", "window")
CELL = ("fill", "ink", "dashes", "hatch", "base")
HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def read(path: Path) -> tuple[Theme, list[str]]:
    """The theme in a file, and a sentence for every contrast that is too weak.

    Raises `ConvvizError` for a file that is no TOML, and `PictureError` with a line for each thing that is wrong.
    """
    document = load(path)
    problems: list[str] = []

    def wrong(place: tuple[str, ...], said: str) -> None:
        problems.append(f"{path}:{document.line(place)}: {said}")

    theme = _theme(document, wrong)
    if problems:
        raise PictureError("\n".join(problems))
    return theme, [f"{path}: {line}" for line in weak(theme)]


Wrong = Callable[[tuple[str, ...], str], None]


def _theme(document: TomlDocument, wrong: Wrong) -> Theme:
    given = dict(document.tables)
    base = given.pop("base", LIGHT.name)
    start = find(base) if base in THEMES else LIGHT
    if base not in THEMES:
        wrong(("base",), f"there is no theme {base!r}; use {', '.join(THEMES)}")
    changes: dict[str, Any] = {"name": document.path.stem}
    for key, value in given.items():
        if key in COLOURS:
            changes[key] = _colour((key,), value, wrong)
        elif key == "tint":
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                wrong((key,), f"tint {value!r} is not a share from 0 to 1")
            changes[key] = value
        elif key not in ("badges", "cells"):
            wrong((key,), _unknown(key, (*COLOURS, "base", "tint", "badges", "cells")))
    around = replace(start, **changes)
    badges = dict(start.badges) | dict(_badges(_table(given, "badges", wrong), start, wrong))
    cells = dict(start.cells) | dict(_cells(_table(given, "cells", wrong), around, wrong))
    return replace(around, badges=badges, cells=cells)


def _table(given: Mapping[str, Any], key: str, wrong: Wrong) -> Mapping[str, Any]:
    table = given.get(key, {})
    if isinstance(table, Mapping):
        return table
    wrong((key,), f"{key} is not a table; write [{key}] on a line of its own")
    return {}


def _badges(given: Mapping[str, Any], base: Theme, wrong: Wrong) -> Iterator[tuple[str, str]]:
    for role, value in given.items():
        if role in base.badges:
            yield role, _colour(("badges", role), value, wrong)
        else:
            wrong(("badges", role), _unknown(role, base.badges))


def _cells(given: Mapping[str, Any], theme: Theme, wrong: Wrong) -> Iterator[tuple[str, CellStyle]]:
    for role, table in given.items():
        place = ("cells", role)
        if role not in theme.cells:
            wrong(place, _unknown(role, theme.cells))
        elif not isinstance(table, Mapping):
            wrong(place, f"{role} is not a table; write [cells.{role}] on a line of its own")
        else:
            colours = {key: _colour((*place, key), value, wrong) for key, value in table.items() if key in CELL}
            for key in table.keys() - colours.keys():
                wrong((*place, key), _unknown(key, CELL))
            style = replace(theme.cells[role], **cast(Any, colours))
            if "fill" in colours and "ink" not in colours:
                style = replace(style, ink=theme.readable(style.ink, style.fill))
            yield role, style


def _colour(place: tuple[str, ...], value: Any, wrong: Wrong) -> str:
    if not isinstance(value, str) or not HEX.fullmatch(value):
        wrong(place, f'{place[-1]} {str(value)[:40]!r} is not a colour such as "#1b9e77"')
        return "#000000"
    digits = value[1:].lower()
    return "#" + ("".join(2 * digit for digit in digits) if len(digits) == 3 else digits)


def _unknown(key: str, known: Any) -> str:
    similar = get_close_matches(key, known, n=1)
    return f"unknown key {key!r}; " + (f"did you mean {similar[0]}?" if similar else f"use {', '.join(known)}")


def weak(theme: Theme) -> Iterator[str]:
    """Sentences about text that is hard to read (WCAG 2.2, level AA) and marks that are hard to see."""
    ground = theme.background
    texts = [("text", theme.text, ground), ("muted text", theme.muted, ground)]
    texts += [(f"the badge {role}", ink, theme.surface) for role, ink in theme.badges.items()]
    texts += [(f"text in {role} cells", style.ink, style.fill) for role, style in theme.cells.items() if role != "bar"]
    marks = [("the window", theme.window, ground), ("filled input cells", theme.cells["input"].fill, ground)]
    marks += [("filled output cells", theme.cells["output"].fill, ground)]
    for listed, least, verb in ((texts, READABLE, "read"), (marks, VISIBLE, "see")):
        for name, colour, below in listed:
            ratio = contrast(colour, below)
            if ratio < least:
                yield f"{name} {colour} on {below} is hard to {verb}: contrast {ratio:.1f}:1, use {least:g}:1 or more"
