"""Lines of text with shorter variants, and the inks of their parts: a formula, an equation, a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Ink = Literal["text", "input", "kernel", "output"]
UNKNOWN = "?"
"""The result of an equation that is not known yet."""
BIAS = " (bias)"
INK_OF_LETTER: dict[str, Ink] = {"x": "input", "w": "kernel", "y": "output"}
"""Letter of an array → the ink of its cells and values."""
INK_OF_GRADIENT: dict[str, Ink] = {"dx": "input", "dw": "kernel", "db": "kernel", "dy": "output"}
"""Denominator of a gradient, as in dL/dx → the ink of the array that it belongs to."""
INK_OF_SYMBOL: dict[str, Ink] = {
    **INK_OF_LETTER,
    **{"i": "input", "k": "kernel", "b": "kernel", "o": "output"},
    **INK_OF_GRADIENT,
}
"""Symbol in a formula → its ink; the others have that of the formula."""
NAMED_CELL = re.compile(r"\b(?:dL/d)?([xwy])\[[^\]]*\](?:( [=≈] )([−\d][^\s,;:]*))?")
"""A cell in a sentence, `x[1,1]` or `dL/dx[1,1]`, with its value if it is there: `x[1,1] = 3`."""


class Run(NamedTuple):
    """A part of a line in one ink, bold if it is a value."""

    text: str
    ink: Ink = "text"
    bold: bool = False


def factor_runs(text: str, inks: tuple[Ink, ...]) -> Iterator[Run]:
    """Yield the factors of a product, `3·2`, each in its ink, and the signs between them."""
    if not inks:
        yield Run(text)
        return
    for index, factor in enumerate(text.split("·")):
        yield Run("·" if index else "")
        yield Run(factor, inks[index] if index < len(inks) else "text", bold=True)


def symbol_runs(formula: str) -> list[Run]:
    """Split a formula into its symbols, which are single letters, each in its ink, and the rest."""
    parts = re.findall(r"[A-Za-z]+|[^A-Za-z]+", formula)
    return [Run(part, INK_OF_SYMBOL.get(part, "text")) for part in parts]


@dataclass(frozen=True, slots=True)
class Formula:
    """A size as symbols, filled in, and as a value: `o = i − k + 1 = 5 − 3 + 1 = 3 (note)`; or a bare rule."""

    label: str
    symbols: str
    filled: str
    value: str
    note: str = ""

    def variants(self) -> tuple[str, ...]:
        """List the variants from the whole line to the result alone, for less space; a rule has one variant."""
        if not self.value:
            return (self.symbols,)
        tail = f"{self.value} ({self.note})" if self.note else self.value
        return (
            f"{self.label} = {self.symbols} = {self.filled} = {tail}",
            f"{self.label} = {self.symbols} = {tail}",
            f"{self.label} = {self.symbols} = {self.value}",
            f"{self.label} = {tail}",
            f"{self.label} = {self.value}",
        )


@dataclass(frozen=True, slots=True)
class Equation:
    """A sum written out: `y[1,2] = 3·2 + 1·2 = 8`, or something else of many terms: `y[0,0] = max(3, 4) = 4`."""

    left: str
    terms: tuple[str, ...]
    right: str
    relation: str = "="
    joint: str = " + "
    opening: str = ""
    closing: str = ""
    inks: tuple[Ink, ...] = ("input", "kernel")
    """The inks of the factors of each term."""

    def fitted(self, length: int) -> str:
        """Return the line in at most `length` characters if possible, without terms in the middle: `3·2 + … + 1·2`."""
        return self._line(self._fitting_terms(length))

    def runs(self, length: int) -> list[Run]:
        """Return the line of `fitted` in parts; left side and result have the ink of the array that they belong to."""
        return [run for run in self._runs(length) if run.text]

    def _runs(self, length: int) -> Iterator[Run]:
        named = NAMED_CELL.search(self.left)
        ink = INK_OF_LETTER[named[1]] if named else INK_OF_GRADIENT.get(self.left.removeprefix("dL/"), "text")
        terms = self._fitting_terms(length)
        if terms:
            yield Run(f"{self.left} = ", ink)
            yield Run(self.opening)
            for index, term in enumerate(terms):
                yield Run(self.joint if index else "")
                yield from self._term_runs(term)
            yield Run(f"{self.closing} {self.relation} ")
        else:
            yield Run(f"{self.left} {self.relation} ", ink)
        yield Run(self.right, ink, bold=True)

    def _term_runs(self, term: str) -> Iterator[Run]:
        if term == "…":
            yield Run(term)
        elif term.endswith(BIAS):
            yield Run(term.removesuffix(BIAS), "kernel", bold=True)
            yield Run(BIAS, "kernel")
        else:
            yield from factor_runs(term, self.inks)

    def _fitting_terms(self, length: int) -> tuple[str, ...]:
        """Return the terms of the line of at most `length` characters; none if no line is so short."""
        for kept in range(len(self.terms), -1, -1):
            terms = self._terms(kept)
            if len(self._line(terms)) <= length:
                return terms
        return ()

    def _terms(self, kept: int) -> tuple[str, ...]:
        if kept == len(self.terms):
            return self.terms
        return (*self.terms[: max(kept - 1, 0)], "…", *self.terms[len(self.terms) - min(kept, 1) :])

    def _line(self, terms: tuple[str, ...]) -> str:
        start = f"{self.left} = {self.opening}{self.joint.join(terms)}{self.closing}" if terms else self.left
        return f"{start} {self.relation} {self.right}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line in words, with shorter variants."""

    variants: tuple[str, ...]

    def fitted(self, length: int) -> str:
        """Return the longest variant of at most `length` characters, or the shortest."""
        return next((text for text in self.variants if len(text) <= length), self.variants[-1])

    def runs(self, length: int) -> list[Run]:
        """Return the line of `fitted` in parts: cells, with their values, have the ink of their array."""
        return [run for run in self._runs(length) if run.text]

    def _runs(self, length: int) -> Iterator[Run]:
        line, done = self.fitted(length), 0
        for cell in NAMED_CELL.finditer(line):
            ink = INK_OF_LETTER[cell[1]]
            yield Run(line[done : cell.start()])
            value = cell[3] or ""
            yield Run(cell[0].removesuffix(value), ink)
            yield Run(value, ink, bold=True)
            done = cell.end()
        yield Run(line[done:])
