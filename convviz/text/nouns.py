"""What cells along one axis are called: cells, rows, columns, or rows and columns if both axes are alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from convviz.geometry.per_axis import axis_names

OneAxis = TypeVar("OneAxis")


@dataclass(frozen=True, slots=True)
class Noun:
    """One cell along an axis, and several."""

    one: str
    many: str

    def counted(self, count: int) -> str:
        """Return `1 row` or `2 rows`."""
        return f"{count} {self.one if count == 1 else self.many}"

    def last(self, count: int) -> str:
        """Return `last row` or `last 2 rows`."""
        return f"last {self.one}" if count == 1 else f"last {count} {self.many}"


def axis_nouns(axes: int) -> tuple[Noun, ...]:
    """Return the noun of each axis."""
    return tuple(Noun(name.removesuffix("s"), name) for name in axis_names(axes))


def shared_noun(axes: int) -> Noun:
    """Return the noun for all axes at once: `row and column`."""
    nouns = axis_nouns(axes)
    return Noun(" and ".join(noun.one for noun in nouns), " and ".join(noun.many for noun in nouns))


def per_axis_lines(axes: Sequence[OneAxis], describe: Callable[[OneAxis, Noun], Iterable[str]]) -> list[str]:
    """Return what `describe` yields for all axes at once, then for one of them, which is named: `rows: …`."""
    shared = [list(describe(axis, shared_noun(len(axes)))) for axis in axes]
    common = [line for line in shared[0] if all(line in lines for lines in shared)]
    own = []
    for axis, noun, lines in zip(axes, axis_nouns(len(axes)), shared, strict=True):
        said = zip(lines, describe(axis, noun), strict=True)
        own += [f"{noun.many}: {line}" for general, line in said if general not in common]
    return common + own
