"""TOML documents with the line number of each table and key, for error messages."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convviz.errors import ConvvizError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KeyPath = tuple[str, ...]
"""(table,) or (table, key)."""
LARGEST_FILE = 4_000_000
"""Bytes; recipes of ten thousand pictures are smaller."""
TOKEN = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[\[\]{}\n]''', re.DOTALL
)
"""Where a bracket or a line end means nothing, and those that do: texts, comments, brackets, line ends."""
BRACKETS = {"[": 1, "{": 1, "]": -1, "}": -1}
KEY = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)(?=\s*[.=])""")
"""The first part of a key, in front of a dot or an equals sign."""


@dataclass(frozen=True)
class TomlDocument:
    """The tables of a file and their line numbers."""

    path: Path
    tables: Mapping[str, Any]
    lines: Mapping[KeyPath, int]

    def line(self, key_path: KeyPath) -> int:
        """Return the line of a key, from 1; if the key is missing, that of its table."""
        prefixes = (key_path[:end] for end in range(len(key_path), 0, -1))
        return next((self.lines[prefix] for prefix in prefixes if prefix in self.lines), 1)


def load(path: Path) -> TomlDocument:
    """Parse a TOML file. Raises `ConvvizError` with `path:line: …` if it is not valid TOML, or too large."""
    text = _read_text(path).replace("\r\n", "\n")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConvvizError("\n".join(_duplicates(path, text)) or _syntax_error(path, text, str(error))) from None
    except RecursionError:
        raise ConvvizError(f"{path} has lists in lists that are too deep to read; write values as text") from None
    except ValueError as error:  # a number of more digits than Python reads
        raise ConvvizError(f"{path} cannot be read: {str(error).partition(';')[0]}; write smaller numbers") from None
    lines: dict[KeyPath, int] = {}
    for line, key_path in _statements(text):
        lines.setdefault(key_path, line)
    return TomlDocument(path, tables, lines)


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ConvvizError(f"{path} has more than {LARGEST_FILE // 1_000_000} MB; split it into several files")
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        raise ConvvizError(f"the file {path} does not exist") from None
    except OSError as error:
        raise ConvvizError(f"cannot read {path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise ConvvizError(f"{path} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8") from None


def _statements(text: str) -> Iterator[tuple[int, KeyPath]]:
    """Yield line and path of each header and key."""
    table: KeyPath = ()
    for number, statement in _split(text):
        if statement.startswith("["):
            with suppress(tomllib.TOMLDecodeError):
                table = tuple(_nested_names(tomllib.loads(statement)))
                yield number, table
        elif key := KEY.match(statement):
            with suppress(tomllib.TOMLDecodeError):
                yield number, (*table, next(iter(tomllib.loads(f"{key[0]}=0"))))


def _split(text: str) -> Iterator[tuple[int, str]]:
    """Yield the number of its first line, and the text, of each statement: up to a line end outside of brackets."""
    number = line = 1
    start = depth = 0
    for token in TOKEN.finditer(text + "\n"):
        line += token[0].count("\n")
        depth = max(0, depth + BRACKETS.get(token[0], 0))
        if token[0] == "\n" and not depth:
            yield number, text[start : token.start()].strip()
            number, start = line, token.end()


def _nested_names(parsed: Any) -> Iterator[str]:
    """Yield `a`, `b` of `{a: {b: {}}}`."""
    while isinstance(parsed, dict) and parsed:
        ((name, parsed),) = parsed.items()
        yield name


def _duplicates(path: Path, text: str) -> Iterator[str]:
    """Yield a message for each table and key that is defined twice."""
    first: dict[KeyPath, int] = {}
    duplicate_tables: set[KeyPath] = set()
    for line, key_path in _statements(text):
        if key_path not in first:
            first[key_path] = line
        elif len(key_path) == 1:
            duplicate_tables.add(key_path)
            name = key_path[0]
            yield f"{path}:{line}: [{name}] is already defined in line {first[key_path]}; give each table its own name"
        elif key_path[:1] not in duplicate_tables:
            key, table = key_path[-1], ".".join(key_path[:-1])
            yield f"{path}:{line}: {key} is already defined in [{table}], line {first[key_path]}; keep one of them"


def _syntax_error(path: Path, text: str, error: str) -> str:
    """Return the parser's message, preceded by path and line."""
    position = re.search(r" \(at line (\d+), column \d+\)", error)
    line = int(position[1]) if position else text.count("\n") + 1
    message = re.sub(r" \(at [^()]*\)$", "", error)
    return f'{path}:{line}: this is not TOML: {message[:1].lower()}{message[1:]}; put text in quotes, such as "3x4"'
