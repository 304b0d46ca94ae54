"""What the layers must do, in plain loops that share no formula with the package.

A convolution pads with zeros and slides, without a flip. A transposed one scatters the unflipped kernel into as many
cells as it reaches, then crops both ends; output padding moves the end.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

Grid = list[list[int]]
VECTORS = Path(__file__).parent / "vectors"


def vectors(name: str) -> dict[str, Any]:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


# One axis -----------------------------------------------------------------------------------------------------------


def windows(i: int, k: int, s: int, p: int, d: int) -> list[list[int]]:
    """The padded cells that each output of a convolution reads; empty where no window fits."""
    padded = ["zero"] * p + ["cell"] * i + ["zero"] * p
    found, start = [], 0
    while True:
        taps = []
        for _ in range(k):
            taps.append(taps[-1] + d if taps else start)
        if taps[-1] >= len(padded):
            return found
        found.append(taps)
        start += s


def scattered(i: int, k: int, s: int, p: int, d: int, a: int) -> list[set[tuple[int, int]]]:
    """For each output of a transposed convolution the pairs (input cell, kernel cell) that meet there."""
    full: list[set[tuple[int, int]]] = []
    for cell in range(i):
        for tap in range(k):
            position = 0
            for _ in range(cell):
                position += s
            for _ in range(tap):
                position += d
            while len(full) <= position:
                full.append(set())
            full[position].add((cell, tap))
    for _ in range(a):
        full.append(set())
    for _ in range(p):
        if len(full) < 2:
            return []
        full.pop(0)
        full.pop()
    return full


def is_legal_transposed(i: int, k: int, s: int, p: int, d: int, a: int) -> bool:
    """PyTorch's rule for output padding, and at least one cell left over."""
    return (a < s or a < d) and bool(scattered(i, k, s, p, d, a))


def conv_line(i: int, k: int, s: int, p: int, d: int) -> list[tuple[str, int | None, bool, bool]]:
    """(kind, input cell, read, cropped) of every cell of the padded input."""
    read = {tap for taps in windows(i, k, s, p, d) for tap in taps}
    line = [("padding", None)] * p + [("input", cell) for cell in range(i)] + [("padding", None)] * p
    return [(kind, source, position in read, False) for position, (kind, source) in enumerate(line)]


def transposed_line(i: int, k: int, s: int, p: int, d: int, a: int) -> list[tuple[str, int | None, bool, bool]]:
    """The same for the zero-inserted line that a stride-1 window with the flipped kernel has to walk over.

    Input cell j stands at j·s. The output at place n of the full scatter takes what stands at n, n − d, n − 2d, …
    """
    inputs = {cell * s: cell for cell in range(i)}
    places = range(p, p + len(scattered(i, k, s, p, d, a)))
    read = {place - tap * d for place in places for tap in range(k)}
    line = []
    for place in range(min(0, *read), max(*inputs, *read) + 1):
        kind = "input" if place in inputs else "inserted" if 0 < place < max(inputs) else "padding"
        cropped = not min(read) <= place <= max(read)
        line.append((kind, inputs.get(place), place in read, cropped))
    return line


# Grids --------------------------------------------------------------------------------------------------------------

Pair = tuple[int, int]


def conv(x: Grid, w: Grid, stride: Pair = (1, 1), padding: Pair = (0, 0), dilation: Pair = (1, 1)) -> Grid:
    rows = windows(len(x), len(w), stride[0], padding[0], dilation[0])
    cols = windows(len(x[0]), len(w[0]), stride[1], padding[1], dilation[1])
    wide = len(x[0]) + 2 * padding[1]
    padded = [[0] * wide for _ in range(padding[0])]
    padded += [[0] * padding[1] + list(row) + [0] * padding[1] for row in x]
    padded += [[0] * wide for _ in range(padding[0])]
    y = []
    for row_taps in rows:
        line = []
        for col_taps in cols:
            total = 0
            for u, row in enumerate(row_taps):
                for v, col in enumerate(col_taps):
                    total += padded[row][col] * w[u][v]
            line.append(total)
        y.append(line)
    return y


def transposed(
    x: Grid,
    w: Grid,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    output_padding: Pair = (0, 0),
) -> Grid:
    full: dict[Pair, int] = {}
    for row, values in enumerate(x):
        for col, value in enumerate(values):
            for u, weights in enumerate(w):
                for v, weight in enumerate(weights):
                    place = (row * stride[0] + u * dilation[0], col * stride[1] + v * dilation[1])
                    full[place] = full.get(place, 0) + value * weight
    ends = [max(place[axis] for place in full) + 1 - padding[axis] + output_padding[axis] for axis in (0, 1)]
    return [[full.get((row, col), 0) for col in range(padding[1], ends[1])] for row in range(padding[0], ends[0])]


def dot(one: Grid, other: Grid) -> int:
    return sum(a * b for row, line in zip(one, other, strict=True) for a, b in zip(row, line, strict=True))


def grid(shape: Pair, seed: int) -> Grid:
    """Whole numbers, negative ones too, all different as long as they last: no symmetry anywhere."""
    random = Random(seed)
    numbers = [*range(-60, 0), *range(1, 61)]
    random.shuffle(numbers)
    while len(numbers) < shape[0] * shape[1]:
        numbers.append(random.randint(-60, 60))
    return [[numbers[row * shape[1] + col] for col in range(shape[1])] for row in range(shape[0])]


# Random layers, legal or not ------------------------------------------------------------------------------------------

AXIS = ("input", "kernel", "stride", "padding", "dilation", "output_padding")


@st.composite
def axes(draw: Any, transposed: bool, largest: int = 7) -> tuple[int, ...]:
    """i, k, s, p, d, and a for a transposed one; with p > d(k − 1), s > k, too large an a and other refusals."""
    i, k, s, p, d = (draw(st.integers(low, high)) for low, high in ((1, largest), (1, 5), (1, 4), (0, largest), (1, 3)))
    return (i, k, s, p, d, draw(st.integers(0, max(s, d)))) if transposed else (i, k, s, p, d)


def is_legal(axis: tuple[int, ...]) -> bool:
    """Whether there is such an axis: of a convolution (i, k, s, p, d), or of a transposed one (i, k, s, p, d, a)."""
    return bool(windows(*axis)) if len(axis) == 5 else is_legal_transposed(*axis)


def parameters(rows: tuple[int, ...], columns: tuple[int, ...]) -> dict[str, Pair]:
    """Two axes as keyword arguments of a layer."""
    return dict(zip(AXIS, zip(rows, columns, strict=True), strict=False))


# Formulas -------------------------------------------------------------------------------------------------------------


def evaluate(text: str, known: Mapping[str, int] | None = None) -> int:
    """The value of `⌊(5 + 2·1 − 3)/2⌋ + 1`, or of the same in symbols with the numbers of `known`."""
    code = text.replace("⌊", "(").replace("⌋", ")").replace("/", "//").replace("·", "*").replace("−", "-")
    code = code.replace("2p", "2*p").replace("d(", "d*(")
    return _value(ast.parse(code, mode="eval").body, known or {})


def _value(node: ast.expr, known: Mapping[str, int]) -> int:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return known[node.id]
    if isinstance(node, ast.UnaryOp):
        assert isinstance(node.op, ast.USub)
        return -_value(node.operand, known)
    assert isinstance(node, ast.BinOp), ast.dump(node)
    left, right = _value(node.left, known), _value(node.right, known)
    if isinstance(node.op, ast.FloorDiv):
        return left // right
    return left * right if isinstance(node.op, ast.Mult) else left + (right if isinstance(node.op, ast.Add) else -right)
