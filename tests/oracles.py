"""What the layers must do, in plain loops that share no formula with the package.

A convolution pads with zeros and slides, without a flip. A transposed one scatters the unflipped kernel into as many
cells as it reaches, then crops both ends; output padding moves the end.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from itertools import product
from random import Random
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from tests import VECTORS

Grid = list[list[int]]
Pair = tuple[int, int]


def vectors(name: str) -> dict[str, Any]:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


# One axis -----------------------------------------------------------------------------------------------------------


def sides(p: int | Pair) -> Pair:
    """Padding before and after; a single number is both."""
    return p if isinstance(p, tuple) else (p, p)


def windows(i: int, k: int, s: int, p: int | Pair, d: int) -> list[list[int]]:
    """The padded cells that each output of a convolution reads; empty where no window fits."""
    padded = ["zero"] * sides(p)[0] + ["cell"] * i + ["zero"] * sides(p)[1]
    found, start = [], 0
    while True:
        taps = []
        for _ in range(k):
            taps.append(taps[-1] + d if taps else start)
        if taps[-1] >= len(padded):
            return found
        found.append(taps)
        start += s


def scattered(i: int, k: int, s: int, p: int | Pair, d: int, a: int) -> list[set[tuple[int, int]]]:
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
    for side in (0,) * sides(p)[0] + (-1,) * sides(p)[1]:
        if not full:
            return []
        full.pop(side)
    return full


def is_legal_transposed(i: int, k: int, s: int, p: int | Pair, d: int, a: int) -> bool:
    """PyTorch's rule for output padding, and at least one cell left over."""
    return (a < s or a < d) and bool(scattered(i, k, s, p, d, a))


def conv_line(i: int, k: int, s: int, p: int | Pair, d: int) -> list[tuple[str, int | None, bool, bool]]:
    """(kind, input cell, read, cropped) of every cell of the padded input."""
    read = {tap for taps in windows(i, k, s, p, d) for tap in taps}
    before, after = sides(p)
    line = [("padding", None)] * before + [("input", cell) for cell in range(i)] + [("padding", None)] * after
    return [(kind, source, position in read, False) for position, (kind, source) in enumerate(line)]


def transposed_line(i: int, k: int, s: int, p: int | Pair, d: int, a: int) -> list[tuple[str, int | None, bool, bool]]:
    """The same for the zero-inserted line that a stride-1 window with the flipped kernel has to walk over.

    Input cell j stands at j·s. The output at place n of the full scatter takes what stands at n, n − d, n − 2d, …
    """
    inputs = {cell * s: cell for cell in range(i)}
    start = sides(p)[0]
    places = range(start, start + len(scattered(i, k, s, p, d, a)))
    read = {place - tap * d for place in places for tap in range(k)}
    line = []
    for place in range(min(0, *read), max(*inputs, *read) + 1):
        kind = "input" if place in inputs else "inserted" if 0 < place < max(inputs) else "padding"
        cropped = not min(read) <= place <= max(read)
        line.append((kind, inputs.get(place), place in read, cropped))
    return line


# Grids --------------------------------------------------------------------------------------------------------------


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


NUMPY_PAD = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""What numpy calls the padding modes."""


def gathered(
    x: np.ndarray,
    w: np.ndarray,
    *,
    stride: Sequence[int],
    padding: Sequence[Pair],
    dilation: Sequence[int],
    mode: str = "zeros",
    groups: int = 1,
    bias: Sequence[int] | None = None,
) -> np.ndarray:
    """A convolution of x (N, C, input…) with w (O, C/groups, kernel…), cell by cell."""
    padded = np.pad(x, [(0, 0), (0, 0), *padding], mode=NUMPY_PAD[mode])
    walks = []
    for size, k, s, d in zip(padded.shape[2:], w.shape[2:], stride, dilation, strict=True):
        walks.append([start for start in range(0, size, s) if start + (k - 1) * d < size])
    y = np.zeros((len(x), len(w), *map(len, walks)), dtype=np.int64)
    of_group = len(w) // groups
    for sample, out in product(range(len(x)), range(len(w))):
        for place in product(*(range(len(walk)) for walk in walks)):
            starts = [walk[n] for walk, n in zip(walks, place, strict=True)]
            total = bias[out] if bias is not None else 0
            for c, *taps in product(*map(range, w.shape[1:])):
                cell = tuple(start + tap * d for start, tap, d in zip(starts, taps, dilation, strict=True))
                total += padded[(sample, out // of_group * w.shape[1] + c, *cell)] * w[(out, c, *taps)]
            y[(sample, out, *place)] = total
    return y


def stamped(
    x: np.ndarray,
    w: np.ndarray,
    *,
    stride: Sequence[int],
    padding: Sequence[Pair],
    dilation: Sequence[int],
    output_padding: Sequence[int],
    groups: int = 1,
    bias: Sequence[int] | None = None,
) -> np.ndarray:
    """A transposed convolution of x (N, C, input…) with w (C, O/groups, kernel…), stamp by stamp."""
    of_group = x.shape[1] // groups
    sizes = []
    for i, k, s, d, a in zip(x.shape[2:], w.shape[2:], stride, dilation, output_padding, strict=True):
        sizes.append((i - 1) * s + (k - 1) * d + 1 + a)
    full = np.zeros((len(x), w.shape[1] * groups, *sizes), dtype=np.int64)
    for sample, c, *cell in product(*map(range, x.shape)):
        for out, *taps in product(*map(range, w.shape[1:])):
            place = tuple(n * s + tap * d for n, s, tap, d in zip(cell, stride, taps, dilation, strict=True))
            at = (sample, c // of_group * w.shape[1] + out, *place)
            full[at] += x[(sample, c, *cell)] * w[(c, out, *taps)]
    y = full[(..., *(slice(before, size - after) for (before, after), size in zip(padding, sizes, strict=True)))].copy()
    for out in range(y.shape[1]):
        y[:, out] += bias[out] if bias is not None else 0
    return y


def pool_starts(i: int, k: int, s: int, p: Pair, d: int, ceil: bool) -> list[int]:
    """Where the windows of a pooling start in the padded line.

    With `ceil` one more is added as long as cells are left behind the last one, unless it starts in the end padding.
    """
    starts, size, effective_kernel = [], p[0] + i + p[1], d * (k - 1) + 1
    while True:
        start = len(starts) * s
        fits = start + effective_kernel <= size
        is_needed = ceil and start - s + effective_kernel < size and start < p[0] + i
        if not fits and not is_needed:
            return starts
        starts.append(start)


def pooled(
    x: np.ndarray,
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[Pair],
    dilation: Sequence[int],
    *,
    ceil: bool,
    mean: bool,
    include: bool = True,
) -> np.ndarray:
    """A pooling of one channel, window by window: the maximum of the input cells, or a mean."""
    axes = list(zip(x.shape, kernel, stride, padding, dilation, strict=True))
    walks = [pool_starts(*axis, ceil) for axis in axes]
    y = np.zeros([len(walk) for walk in walks])
    for place in product(*(range(len(walk)) for walk in walks)):
        starts = [walk[n] for walk, n in zip(walks, place, strict=True)]
        seen, counted = [], 0
        for taps in product(*map(range, kernel)):
            cell = [start + tap * d - p[0] for start, tap, d, p in zip(starts, taps, dilation, padding, strict=True)]
            inside = all(0 <= n < i for n, i in zip(cell, x.shape, strict=True))
            padded = all(n < i + p[1] for n, i, p in zip(cell, x.shape, padding, strict=True))
            seen += [x[tuple(cell)]] if inside else []
            counted += inside or (include and padded)
        y[place] = sum(seen) / counted if mean else max(seen, default=-np.inf)
    return y


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


@st.composite
def sided_axes(draw: Any, transposed: bool, largest: int = 7) -> tuple[Any, ...]:
    """The same with padding before and after as a pair, often uneven; legal."""
    axis = draw(axes(transposed, largest))
    axis = (*axis[:3], (axis[3], draw(st.one_of(st.just(axis[3]), st.integers(0, largest)))), *axis[4:])
    assume(is_legal(axis))
    return axis


def is_legal(axis: tuple[Any, ...]) -> bool:
    """Whether there is such an axis: of a convolution (i, k, s, p, d), or of a transposed one (i, k, s, p, d, a)."""
    return bool(windows(*axis)) if len(axis) == 5 else is_legal_transposed(*axis)


def parameters(*given: tuple[Any, ...]) -> dict[str, tuple[Any, ...]]:
    """One axis or two as keyword arguments of a layer."""
    return dict(zip(AXIS, zip(*given, strict=True), strict=False))


# Formulas -------------------------------------------------------------------------------------------------------------


def evaluate(text: str, known: Mapping[str, int] | None = None) -> int:
    """The value of `⌊(5 + 2·1 − 3)/2⌋ + 1`, or of the same in symbols with the numbers of `known`.

    `⌈…⌉` rounds up; `p₁` is `p1` among the known.
    """
    code = re.sub(r"⌈(.+)/(\w+)⌉", r"(-(-(\1)/\2))", text).replace("₁", "1").replace("₂", "2")
    code = code.replace("⌊", "(").replace("⌋", ")").replace("/", "//").replace("·", "*").replace("−", "-")
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
