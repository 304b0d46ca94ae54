"""Number of random cases per test: a quarter by default, all of them if CONVVIZ_TESTS is "all"."""

from __future__ import annotations

import os

from hypothesis import settings

ALL = os.environ.get("CONVVIZ_TESTS") == "all"


def scaled(count: int) -> int:
    """Scale a number of random cases of the complete run to this run."""
    return count if ALL else -(-count // 4)


def max_examples(count: int) -> settings:
    """Set the number of Hypothesis's examples in the complete run."""
    return settings(max_examples=scaled(count))
