"""Readers: a pattern for each sentence, and a check of what it claims."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.claims.model import Model


class FalseClaimError(AssertionError):
    """A sentence claims what brute force denies."""


class NotUnderstoodError(AssertionError):
    """No reader knows such a sentence."""


def same(what: str, said: Any, true: Any) -> None:
    """Raise `FalseClaimError` unless what is said is what is true."""
    if said != true:
        raise FalseClaimError(f"{what}: says {said!r}, is {true!r}")


def holds(what: str, true: bool) -> None:
    """Raise `FalseClaimError` unless the claim holds."""
    if not true:
        raise FalseClaimError(f"it is not true that {what}")


@dataclass(frozen=True)
class About:
    """What a sentence is about: a layer, all its axes or some, and a frame of its scene."""

    model: Model
    axes: tuple[int, ...] = ()
    view: str = ""
    scene: Any = None
    number: int | None = None
    """Index of the frame."""
    values: Any = None
    """`Values`, the numbers in the cells; None without."""
    shared: bool = False
    """Whether the sentence is about all axes alike, of which `axes` is one."""
    framework: str = ""
    """Framework whose code the layer comes from."""
    named: str = ""
    """Name of the padding in that code, if the layer has it in numbers."""
    full: bool = True
    """Whether the sentence is in its longest form, from which nothing is left out."""

    @property
    def plain(self) -> Any:
        return self.model.plain

    @property
    def chosen(self) -> list[Any]:
        """The axes that the sentence is about, all if it names none."""
        return [self.model.axes[n] for n in self.axes] if self.axes else list(self.model.axes)

    def on(self, *axes: int) -> About:
        return replace(self, axes=axes)

    def alone(self, n: int) -> About:
        """Return one axis as a layer of its own."""
        return replace(self, model=self.model.alone(n))

    @property
    def frame(self) -> Any:
        assert self.number is not None
        return self.scene.frames[self.number]


WRONG_PLURAL = re.compile(
    r"(?:^|[a-z(,;:] |\()1 (?:[a-z]+ )?(?:cell|step|frame|zero|output|input|window|row|column|tap|pixel)s\b"
)
"""`1 cells`, but neither `p = 1 zeros` nor `2×1 cells`."""

Check = Callable[..., None]


class Reader:
    """Sentences of one family."""

    def __init__(self, *others: Reader) -> None:
        self.rules: list[tuple[re.Pattern[str], Check]] = [rule for other in others for rule in other.rules]

    def says(self, *patterns: str) -> Callable[[Check], Check]:
        """Check the sentences of these patterns, whose groups are the check's keywords."""

        def register(check: Check) -> Check:
            self.rules += [(re.compile(pattern, re.DOTALL), check) for pattern in patterns]
            return check

        return register

    def read(self, sentence: str, about: About) -> None:
        """Check a sentence. Raises `FalseClaimError` or `NotUnderstoodError`."""
        holds(f"{sentence!r} has its plurals right", not WRONG_PLURAL.search(sentence))
        for pattern, check in self.rules:
            found = pattern.fullmatch(sentence)
            if found:
                check(about, **found.groupdict())
                return
        raise NotUnderstoodError(f"no reader understands {sentence!r}")


def axis_of(name: str, about: About) -> int:
    """Return the index of the axis called `rows` or `columns`."""
    holds(f"the layer has {name}", name in about.model.names)
    return about.model.names.index(name)


# Numbers -------------------------------------------------------------------------------------------------------------


def whole(text: str) -> int:
    """Read `3` or `−3`."""
    return int(text.replace("−", "-"))


def per_axis(text: str, count: int) -> tuple[int, ...]:
    """Read `3`, which holds for all axes, or `3×4`."""
    numbers = tuple(map(whole, text.split("×")))
    return numbers * count if len(numbers) == 1 else numbers


def pairs(text: str, count: int) -> tuple[tuple[int, int], ...]:
    """Read padding: `1`, `0,1` (before, after), `1×0,1`."""
    sides = [tuple(map(whole, side.split(","))) for side in text.split("×")]
    found = [(side[0], side[-1]) for side in sides]
    return tuple(found * count if len(found) == 1 else found)


def sizes(text: str) -> tuple[int, ...]:
    """Read `3×4`."""
    return tuple(map(whole, text.split("×")))


def alternatives(text: str) -> list[int]:
    """Read `5`, `5 or 6`, `5, 6 or 7`."""
    return [whole(number) for number in re.split(r", | or ", text)]


def check_listed(what: str, text: str, true: Sequence[int]) -> None:
    """Check `2`, `1–3`, `0, 3–5`, or `0, 2, …, 8`, which claims equal steps."""
    parts = text.split(", ")
    if "…" in parts:
        first, second, dots, last = parts
        same(what, dots, "…")
        same(what, list(range(int(first), int(last) + 1, int(second) - int(first))), list(true))
        return
    said: list[int] = []
    for part in parts:
        first, _, last = part.partition("–")
        said += range(int(first), int(last or first) + 1)
    same(what, said, list(true))


def check_cells(what: str, text: str, true: set[tuple[int, ...]], names: Sequence[str]) -> None:
    """Check `rows 2–4, columns 0, 2` or `cells 2–4` against a set of cells, which must be all their combinations."""
    pattern = ", ".join(rf"{name.removesuffix('s')}(s?) ([\d–…, ]+?)" for name in names)
    found = re.fullmatch(pattern, text)
    if not found:
        raise NotUnderstoodError(f"no reader understands the cells {text!r}")
    spans = [sorted({cell[n] for cell in true}) for n in range(len(names))]
    for n, span in enumerate(spans):
        same(f"plural of {names[n]}", bool(found[2 * n + 1]), len(span) > 1)
        check_listed(f"{what}, {names[n]}", found[2 * n + 2], span)
    total = 1
    for span in spans:
        total *= len(span)
    holds(f"{what} are all cells of {text}", total == len(true))
