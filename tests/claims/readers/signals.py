"""A 1-D layer in the notation of signal processing, `y = ↓2 (x ⋆ w) + bias 5`, and as a matrix, `y = C x`."""

from __future__ import annotations

import re

import numpy as np

from tests.claims.digits import NUMBER
from tests.claims.model import value_of
from tests.claims.readers.bias import check_bias
from tests.claims.readers.header import sizes_of
from tests.claims.reading import About, holds, same

BIAS = rf"(?: \+ (?P<bias>bias(?: {NUMBER})?))?"
OPERAND = r"(?:[xw]|\(↑\d+ [xw]\))"


@sizes_of.says(
    rf"y = (?:↓(?P<down>\d+) \()?(?P<left>{OPERAND}) (?P<sign>[∗⋆]) (?P<right>{OPERAND})\)?{BIAS}",
)
def convolution(about: About, down: str | None, left: str, sign: str, right: str, bias: str | None) -> None:
    """Compute both sides: ∗ flips w, ⋆ does not; ↑ inserts zeros, ↓ keeps every s-th. Both ends may be cropped."""
    check_bias(bias, about)
    (axis,) = about.model.axes
    generator = np.random.default_rng(axis.k)
    x, w = generator.integers(1, 99, axis.i), generator.integers(1, 99, axis.k)
    if axis.mode != "zeros":
        return
    given = {"x": x, "w": w}
    one, other = (spread(given[letter], factor) for letter, factor in map(operand, (left, right)))
    same("operands", sorted(operand(text)[0] for text in (left, right)), ["w", "x"])
    line, kernel = (one, other) if operand(right)[0] == "w" else (other, one)
    holds("w is the kernel of ⋆, which slides over x", sign == "∗" or operand(right)[0] == "w")
    full = np.convolve(line, kernel if sign == "∗" else kernel[::-1])
    start = axis.before if axis.transposed else len(kernel) - 1 - axis.before
    for output in range(axis.o):
        place = start + output * int(down or 1)
        value = full[place] if 0 <= place < len(full) else 0
        same(f"y[{output}] in this notation", int(value), int(value_of(about.model, (output,), x, w)))


def operand(text: str) -> tuple[str, int]:
    """Read `x` or `(↑2 w)`: the letter and its factor."""
    factor = re.search(r"\d+", text)
    return text.strip(")")[-1], int(factor[0]) if factor else 1


def spread(values: np.ndarray, factor: int) -> np.ndarray:
    """Insert zeros between the values."""
    wide = np.zeros((len(values) - 1) * factor + 1, dtype=values.dtype)
    wide[::factor] = values
    return wide


@sizes_of.says(r"y = (?P<operation>max|mean) over (?P<k>\d+) cells?(?:, ↓(?P<down>\d+))?")
def pooling(about: About, operation: str, k: str, down: str | None) -> None:
    (axis,) = about.model.axes
    same("operation", operation, {"maxpool": "max", "avgpool": "mean"}[about.plain.kind])
    same("cells under a window", int(k), axis.k)
    same("stride", int(down or 1), axis.s)
    holds("a stride of 1 is not written", down != "1")


@sizes_of.says(
    r"y = (?P<name>Cᵀ?) x  ·  sent back: (?P<other>Cᵀ?) y",
    rf"y = (?P<name>Cᵀ?) x \+ (?P<bias>bias(?: {NUMBER})?)",
)
def matrix(about: About, name: str, other: str = "", bias: str | None = None) -> None:
    check_bias(bias, about)
    check_matrix_names(about, name, other or None)


def check_matrix_names(about: About, name: str, other: str | None = None) -> None:
    """C is the matrix of the convolution, from outputs to inputs Cᵀ (Dumoulin & Visin)."""
    names = ("Cᵀ", "C") if about.plain.transposed else ("C", "Cᵀ")
    same("name of the matrix", name, names[0])
    if other is not None:
        same("name of its transpose", other, names[1])
