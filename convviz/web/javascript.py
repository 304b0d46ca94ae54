"""Split JavaScript source into the pieces that a bundler needs; ambiguous code is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

PIECE = re.compile(
    r"""(?P<newline>[^\S\n]*\n\s*)
    |(?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<template>`)
    |(?P<open>[({\[])
    |(?P<close>[)}\]])
    |(?P<slash>/)
    |(?P<code>[^\n"'`/(){}\[\]]+)""",
    re.VERBOSE | re.DOTALL,
)
TEMPLATE_PART = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
WORD = re.compile(r"[\w$]+$")
OPERATORS = frozenset(
    [
        *("await", "case", "delete", "do", "else", "extends", "in", "instanceof", "new", "of", "return", "throw"),
        *("typeof", "void", "yield"),
    ]
)
"""Words after which a / begins a regular expression."""
CLOSING = {"(": ")", "[": "]", "{": "}", "${": "}"}


class SourceError(ValueError):
    """JavaScript that the bundler cannot read."""


class Piece(NamedTuple):
    """Part of a source: its kind, its text, where it starts, and how many brackets are open before it."""

    kind: str
    text: str
    start: int
    depth: int


def pieces(source: str) -> Iterator[Piece]:
    """Yield the pieces of a module, spaces and comments included. Raises `SourceError`."""
    brackets: list[str] = []
    before = ""
    position = 0
    while position < len(source):
        kind, text = _piece(source, position, before)
        if kind == "close":
            if not brackets or CLOSING[brackets[-1]] != text:
                raise SourceError(f"line {line_of(source, position)}: {text} closes no bracket")
            if brackets.pop() == "${":
                kind, text = "template", _template(source, position)
        yield Piece(kind, text, position, len(brackets))
        if kind == "open" or text.endswith("${"):
            brackets.append("${" if kind == "template" else text)
        if kind not in ("newline", "comment") and text.strip():
            before = text.rstrip()
        position += len(text)
    if brackets:
        raise SourceError(f"{brackets[-1]} is not closed")


def line_of(source: str, position: int) -> int:
    """Return the line number of a position, from 1."""
    return source.count("\n", 0, position) + 1


def _piece(source: str, position: int, before: str) -> tuple[str, str]:
    """Return kind and text of the piece at a position; `before` is the code in front of it."""
    found = PIECE.match(source, position)
    if not found or not found.lastgroup:
        raise SourceError(f"line {line_of(source, position)}: a string does not end")
    if found.lastgroup == "template":
        return "template", _template(source, position)
    if found.lastgroup != "slash" or not _begins_regex(before, line_of(source, position)):
        return found.lastgroup, found[0]
    regex = REGEX.match(source, position)
    if not regex:
        raise SourceError(f"line {line_of(source, position)}: a regular expression does not end")
    return "regex", regex[0]


def _template(source: str, position: int) -> str:
    """Return a template literal from its backtick, or from the } of an expression, to the next ${ or its end."""
    found = TEMPLATE_PART.match(source, position + 1)
    if not found:
        raise SourceError(f"line {line_of(source, position)}: a template literal does not end")
    return source[position : found.end()]


def _begins_regex(before: str, line: int) -> bool:
    """Whether a / after this code begins a regular expression, and does not divide."""
    if before == "}":
        raise SourceError(f"line {line}: a / after }} may divide or begin a regular expression; use parentheses")
    word = WORD.search(before)
    if word:
        return word[0] in OPERATORS
    return before[-1:] not in (")", "]", '"', "'", "`", "/")
