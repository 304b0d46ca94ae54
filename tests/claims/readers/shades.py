"""What captions say of cells that are shaded by their values."""

from __future__ import annotations

import re

from tests.claims.digits import NUMBER, check_value
from tests.claims.reading import About, holds

SHADES = re.compile(rf"; shaded by value, (?:(?P<low>≈?{NUMBER}) to (?P<high>≈?{NUMBER})|all (?P<all>≈?{NUMBER}))$")


def without_shades(caption: str, name: str, about: About) -> str:
    """Check the smallest and the largest value of the panel `name`; return the rest of its caption."""
    found = SHADES.search(caption)
    if not found:
        return caption
    holds("cells without numbers are shaded", about.values.shown.shaded)
    numbers = about.values.shown.input(0).flat if name == "input" else about.values.all.values()
    low, high = min(numbers := list(numbers)), max(numbers)
    if found["all"]:
        holds("all values are equal", low == high)
        check_value("all values", found["all"], low)
    else:
        check_value("smallest value", found["low"], low)
        check_value("largest value", found["high"], high)
    return caption[: found.start()]
