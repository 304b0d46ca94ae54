"""Read a custom theme from a TOML file; it changes colours of a built-in theme, and weak contrasts are reported.

base = "dark"             # the theme to change; default light
background = "#101820"    # also text, muted, surface, window, last_window, accent
tint = 0.12               # share of the accent in cells under the window, from 0 to 1; zero_tint: in zeros and padding
[badges]
input = "#7cc4f5"         # text of the parameters: input, kernel, output, plain, derived
[cells.input]
fill = "#3a8fc4"          # also ink, dashes, border, hatch, base; without an ink, one is chosen to be readable on it
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from convviz.errors import PictureError
from convviz.errors.printable import shown
from convviz.files.toml_document import TomlDocument, load
from convviz.style.colours import contrast
from convviz.style.theme import LIGHT, MIN_OUTLINE_CONTRAST, MIN_TEXT_CONTRAST, THEMES, CellStyle, Theme, find_theme

MIN_MARK_CONTRAST = 1.5
"""Lowest contrast ratio of marks that have a second cue: a thick outline, a number, a position."""
THEME_COLOURS = ("background", "text", "muted", "surface", "window", "last_window", "accent")
TINTS = ("tint", "zero_tint")
CELL_COLOURS = ("fill", "ink", "dashes", "hatch", "base", "border")
HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

Keys = tuple[str, ...]
"""Path of a value in the file: table names and a key."""
Report = Callable[[Keys, str], None]
"""Collects a problem at a key."""


def read_theme(path: Path) -> tuple[Theme, list[str]]:
    """Return the theme in a file, and a warning for each weak contrast.

    Raises `ConvvizError` for a file that is not TOML, and `PictureError` with one line per invalid value.
    """
    document = load(path)
    problems: list[str] = []

    def report(keys: Keys, message: str) -> None:
        problems.append(f"{path}:{document.line(keys)}: {message}")

    theme = _theme(document, report)
    if problems:
        raise PictureError("\n".join(problems))
    return theme, [f"{path}: {warning}" for warning in contrast_warnings(theme)]


def _theme(document: TomlDocument, report: Report) -> Theme:
    values = dict(document.tables)
    base = values.pop("base", LIGHT.name)
    is_known = isinstance(base, str) and base in THEMES
    start = find_theme(base) if is_known else LIGHT
    if not is_known:
        report(("base",), f"there is no theme {shown(base)}; use {', '.join(THEMES)}")
    changes: dict[str, Any] = {"name": document.path.stem}
    for key, value in values.items():
        if key in THEME_COLOURS:
            changes[key] = _colour((key,), value, report)
        elif key in TINTS:
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                report((key,), f"{key}: expected a number from 0 to 1, got {shown(value)}")
            changes[key] = value
        elif key not in ("badges", "cells"):
            report((key,), _unknown(key, (*THEME_COLOURS, "base", *TINTS, "badges", "cells")))
    for given, derived in (("window", "accent"), ("window", "last_window"), ("tint", "zero_tint")):
        if given in changes:
            changes.setdefault(derived, changes[given])
    theme = replace(start, **changes)
    badges = dict(start.badges) | dict(_badges(_table(values, "badges", report), start, report))
    cells = dict(start.cells) | dict(_cells(_table(values, "cells", report), theme, report))
    return replace(theme, badges=badges, cells=cells)


def _table(values: Mapping[str, Any], key: str, report: Report) -> Mapping[str, Any]:
    table = values.get(key, {})
    if isinstance(table, Mapping):
        return table
    report((key,), f"{key}: expected a table; write [{key}] on its own line")
    return {}


def _badges(table: Mapping[str, Any], base: Theme, report: Report) -> Iterator[tuple[str, str]]:
    for role, value in table.items():
        if role in base.badges:
            yield role, _colour(("badges", role), value, report)
        else:
            report(("badges", role), _unknown(role, base.badges))


def _cells(tables: Mapping[str, Any], theme: Theme, report: Report) -> Iterator[tuple[str, CellStyle]]:
    for role, table in tables.items():
        keys = ("cells", role)
        if role not in theme.cells:
            report(keys, _unknown(role, theme.cells))
        elif not isinstance(table, Mapping):
            report(keys, f"{role}: expected a table; write [cells.{role}] on its own line")
        else:
            yield role, _cell_style(keys, table, theme, report)


def _cell_style(keys: Keys, table: Mapping[str, Any], theme: Theme, report: Report) -> CellStyle:
    colours = {key: _colour((*keys, key), value, report) for key, value in table.items() if key in CELL_COLOURS}
    for key in table.keys() - colours.keys():
        report((*keys, key), _unknown(key, CELL_COLOURS))
    style = replace(theme.cells[keys[-1]], **cast(Any, colours))
    if "fill" in colours and "ink" not in colours:
        style = replace(style, ink=theme.readable(style.ink, style.fill))
    return style


def _colour(keys: Keys, value: Any, report: Report) -> str:
    if not isinstance(value, str) or not HEX.fullmatch(value):
        report(keys, f'{keys[-1]}: expected a colour such as "#1b9e77", got {shown(value)}')
        return "#000000"
    digits = value[1:].lower()
    return "#" + ("".join(2 * digit for digit in digits) if len(digits) == 3 else digits)


def _unknown(key: str, known: Any) -> str:
    similar = get_close_matches(key, known, n=1)
    return f"unknown key {shown(key)}; " + (f"did you mean {similar[0]}?" if similar else f"use {', '.join(known)}")


def contrast_warnings(theme: Theme) -> Iterator[str]:
    """Yield a sentence for each text that is hard to read (WCAG 2.2, level AA) and each mark that is hard to see."""
    background = theme.background
    texts = [("text", theme.text, background), ("muted text", theme.muted, background)]
    texts += [(f"text in {role} badges", ink, theme.surface) for role, ink in theme.badges.items()]
    texts += [(f"{role} in captions", theme.badges[role], background) for role in ("input", "kernel", "output")]
    texts += [(f"text in {role} cells", style.ink, style.fill) for role, style in theme.cells.items() if role != "bar"]
    outlines = [("the window", theme.window, background), ("the last window", theme.last_window, background)]
    marks = [("filled input cells", theme.cells["input"].fill, background)]
    marks += [("filled output cells", theme.cells["output"].fill, background)]
    for checked, least, verb in (
        (texts, MIN_TEXT_CONTRAST, "read"),
        (outlines, MIN_OUTLINE_CONTRAST, "see"),
        (marks, MIN_MARK_CONTRAST, "see"),
    ):
        for name, colour, below in checked:
            ratio = contrast(colour, below)
            if ratio < least:
                yield f"{name} {colour} on {below} is hard to {verb}: contrast {ratio:.1f}:1, use {least:g}:1 or more"
