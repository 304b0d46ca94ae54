"""TOML tables that know the line of each table and key, so that whatever is wrong with them can be pointed at."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convviz.errors import ConvvizError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Place = tuple[str, ...]
"""(table,) or (table, key)."""


@dataclass(frozen=True)
class TomlDocument:
    """A parsed file."""

    path: Path
    tables: Mapping[str, Any]
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """The line where a key stands, from 1; that of its table where the key is not there."""
        return next((self.lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in self.lines), 1)


def load(path: Path) -> TomlDocument:
    """The tables of a TOML file. Raises `ConvvizError` with `path:line: …` for a file that cannot be parsed."""
    text = _text(path).replace("\r\n", "\n")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConvvizError("\n".join(_repeated(path, text)) or _broken(path, text, str(error))) from None
    lines: dict[Place, int] = {}
    for line, place in _statements(text):
        lines.setdefault(place, line)
    return TomlDocument(path, tables, lines)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConvvizError(f"the file {path} does not exist") from None
    except OSError as error:
        raise ConvvizError(f"cannot read {path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise ConvvizError(f"{path} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8") from None


def _statements(text: str) -> Iterator[tuple[int, Place]]:
    """First line and place of every header and key. A statement ends on the first line where it parses on its own."""
    table: Place = ()
    pending: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        pending.append(line)
        try:
            parsed = tomllib.loads("\n".join(pending))
        except tomllib.TOMLDecodeError:
            continue
        start, header = number - len(pending) + 1, pending[0].lstrip().startswith("[")
        pending.clear()
        if header:
            table = tuple(_names(parsed))
            yield start, table
        elif parsed:
            yield start, (*table, next(iter(parsed)))


def _names(parsed: Any) -> Iterator[str]:
    """`a`, `b` of `{a: {b: {}}}`."""
    while isinstance(parsed, dict) and parsed:
        ((name, parsed),) = parsed.items()
        yield name


def _repeated(path: Path, text: str) -> Iterator[str]:
    """A line for every table and key that stands in the file twice."""
    first: dict[Place, int] = {}
    again: set[Place] = set()
    for line, place in _statements(text):
        if place not in first:
            first[place] = line
        elif len(place) == 1:
            again.add(place)
            yield f"{path}:{line}: [{place[0]}] is there already, in line {first[place]}; give each table its own name"
        elif place[:1] not in again:
            key, table = place[-1], ".".join(place[:-1])
            yield f"{path}:{line}: {key} stands in [{table}] already, in line {first[place]}; keep one of them"


def _broken(path: Path, text: str, error: str) -> str:
    """What the parser says, with the line in front."""
    found = re.search(r" \(at line (\d+), column \d+\)", error)
    line = int(found[1]) if found else text.count("\n") + 1
    said = re.sub(r" \(at [^()]*\)$", "", error)
    return f'{path}:{line}: this is not TOML: {said[:1].lower()}{said[1:]}; text stands in quotes, such as "3x4"'
