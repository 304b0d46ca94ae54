"""Numbers as pictures write them: `−3`, `(−3)`, `3/16`, `0.25`, `1.2e9`, `−∞`."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

from tests.claims.reading import FalseClaimError, NotUnderstoodError, holds, same

NUMBER = r"−?(?:\d+/\d+|\d+(?:\.\d+)?(?:e−?-?\d+)?|∞)"
FACTOR = rf"(?:{NUMBER}|\({NUMBER}\))"


def read(text: str) -> Fraction | float:
    """Return the exact value of a text, which a ≈ may call rounded."""
    bare = text.strip("()").removeprefix("≈")
    if not re.fullmatch(NUMBER, bare):
        raise NotUnderstoodError(f"{text!r} is not a number")
    if "∞" in bare:
        return float("-inf") if bare.startswith("−") else float("inf")
    return Fraction(bare.replace("−", "-"))


def check_value(what: str, text: str, value: Any) -> None:
    """Check that a text is a value, exactly or rounded to its last digit."""
    said, true = read(text), exact(value)
    if said == true or (isinstance(said, Fraction) and math.isclose(said, value, rel_tol=1e-12, abs_tol=1e-12)):
        return
    holds(f"{what} is finite", isinstance(said, Fraction) and isinstance(true, Fraction))
    assert isinstance(said, Fraction)
    assert isinstance(true, Fraction)
    if abs(said - true) > last_digit(text) * Fraction(501, 1000):
        raise FalseClaimError(f"{what}: says {text}, is {float(true)}")


def exact(value: Any) -> Fraction | float:
    number = value.item() if hasattr(value, "item") else value
    return number if number in (float("inf"), float("-inf")) else Fraction(number)


def last_digit(text: str) -> Fraction:
    """Return the unit of the last digit of a rounded number."""
    found = re.fullmatch(r"\(?≈?−?(\d+)(?:\.(\d+))?(?:e([−-]?\d+))?\)?", text)
    if not found:
        raise FalseClaimError(f"{text} is not exact, and a fraction cannot be rounded")
    power = int((found[3] or "0").replace("−", "-")) - len(found[2] or "")
    return Fraction(10) ** power


def is_exact(text: str, value: Any) -> bool:
    """Return whether a text is exactly the value, as a float reads it."""
    return read(text) == exact(value)


def check_relation(relation: str, left: Any, right: Any) -> None:
    """Check `=`, which must hold exactly between the numbers that are written, or `≈`."""
    if relation == "=":
        same("value of the written sum", str(left), str(right))
        return
    same("relation", relation, "≈")
    holds(f"{float(left)} is about {float(right)}", abs(left - right) <= max(abs(right), 1) * Fraction(3, 50))
