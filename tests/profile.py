"""How much the tests try: a part of the random cases and combinations by default, all of them if CONVVIZ_TESTS=all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import product
from typing import Any

from hypothesis import settings

ALL = os.environ.get("CONVVIZ_TESTS") == "all"


def scaled(count: int) -> int:
    """Scale a number of random cases of the complete run to this run: a quarter by default."""
    return count if ALL else -(-count // 4)


def max_examples(count: int) -> settings:
    """Set the number of Hypothesis's examples in the complete run."""
    return settings(max_examples=scaled(count))


def combined(*axes: Sequence[Any], also: Sequence[tuple[Any, ...]] = ()) -> list[tuple[Any, ...]]:
    """Combine the values of several axes: all combinations in the complete run.

    By default each value of each axis occurs at least once, and so do the combinations in `also`.
    """
    if ALL:
        return list(product(*axes))
    longest = max(map(len, axes))
    diagonal = [tuple(axis[n % len(axis)] for axis in axes) for n in range(longest)]
    return list(dict.fromkeys([*diagonal, *also]))
