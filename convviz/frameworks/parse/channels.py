"""Numbers of channels and groups, known or as names in the code: no size depends on them."""

from __future__ import annotations

import re

from convviz.errors import ReadingError
from convviz.frameworks.parse.values import Symbol

Count = int | Symbol | None
"""Number of channels: known, a name in the code, or unknown."""
Groups = int | Symbol
"""Number of groups: known, or a name in the code."""


def check_groups(groups: Groups, **channels: Count) -> None:
    """Raise `ReadingError` if a number of channels is not a multiple of `groups`."""
    for name, count in channels.items():
        if isinstance(count, int) and isinstance(groups, int) and count % groups:
            raise ReadingError(f"{name}: expected a multiple of groups={groups}, got {count}")


def groups_note(name: str, groups: Groups, *channels: Count) -> tuple[str, ...]:
    """Return a note on groups whose number is unknown, unless it is that of channels by the same name."""
    if not isinstance(groups, Symbol):
        return ()
    if groups in channels:
        return (f"{name}={groups.text}: a kernel of its own for each input channel (depthwise)",)
    return (f"{name}={groups.text} is unknown here; no size depends on it",)


def format_count(count: Count, symbol: str, groups: Groups = 1) -> str:
    """Return the channels of one group as text, `symbol` if their number is unknown."""
    if isinstance(count, int) and isinstance(groups, int):
        return str(count // groups)
    if count == groups:
        return "1"
    if groups == 1:
        return symbol if count is None else count.text  # type: ignore[union-attr]
    return f"{symbol if count is None else _factor(count)}/{_factor(groups)}"


def times_groups(count: int, groups: Groups) -> Count:
    """Return the channels of all groups, from those of one."""
    if isinstance(groups, int):
        return count * groups
    return groups if count == 1 else Symbol(f"{count} * {_factor(groups)}")


def _factor(count: int | Symbol) -> str:
    """Return a number or a name as a factor: a sum in parentheses."""
    text = str(count) if isinstance(count, int) else count.text
    return text if re.fullmatch(r"[\w.]+(\[\w+\])*( \* [\w.]+)*", text) else f"({text})"


def format_shape(*sizes: object) -> str:
    """Return `(64, 32, 3, 3)`."""
    return f"({', '.join(map(str, sizes))})"
