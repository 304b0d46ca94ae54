"""Lines of text with shorter variants: a formula, an equation, a sentence."""

from __future__ import annotations

from dataclasses import dataclass


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

    def fitted(self, length: int) -> str:
        """Return the line in at most `length` characters if possible, without terms in the middle: `3·2 + … + 1·2`."""
        for kept in range(len(self.terms), -1, -1):
            line = self._line(kept)
            if len(line) <= length:
                return line
        return f"{self.left} {self.relation} {self.right}"

    def _line(self, kept: int) -> str:
        shown = self.terms
        if kept < len(self.terms):
            shown = (*self.terms[: max(kept - 1, 0)], "…", *self.terms[len(self.terms) - min(kept, 1) :])
        start = f"{self.left} = {self.opening}{self.joint.join(shown)}{self.closing}" if shown else self.left
        return f"{start} {self.relation} {self.right}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line in words, with shorter variants."""

    variants: tuple[str, ...]

    def fitted(self, length: int) -> str:
        """Return the longest variant of at most `length` characters, or the shortest."""
        return next((text for text in self.variants if len(text) <= length), self.variants[-1])
