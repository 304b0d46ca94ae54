"""Make input values by the name of a pattern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from convviz.errors import GeometryError
from convviz.errors.printable import did_you_mean, shown

Grid = list[list[int]]
Pattern = Callable[[int, int], Grid]
"""Takes rows and columns."""

PatternName = Literal["random", "ramp", "impulse", "checker", "constant", "edge", "digit"]
RANDOM = "random"
"""The name of the example values, which the seed chooses."""
FIGURE = ("00010", "00110", "01010", "10010", "11111", "00010", "00010")
SMALL_FIGURE = ("101", "101", "111", "001", "001")
INK = 4
"""Value of a cell that the figure covers."""


def ramp(rows: int, cols: int) -> Grid:
    """Return 1, 2, 3, … from left to right."""
    return [list(range(1, cols + 1)) for _ in range(rows)]


def impulse(rows: int, cols: int) -> Grid:
    """Return 1 in the middle (the cell after it if a side is even), 0 elsewhere."""
    return [[int((row, col) == (rows // 2, cols // 2)) for col in range(cols)] for row in range(rows)]


def checker(rows: int, cols: int) -> Grid:
    """Return 1 and 0 in turn, from 1 in the first cell."""
    return [[1 - (row + col) % 2 for col in range(cols)] for row in range(rows)]


def constant(rows: int, cols: int) -> Grid:
    """Return 1 everywhere."""
    return [[1] * cols for _ in range(rows)]


def edge(rows: int, cols: int) -> Grid:
    """Return 0 in the left half, 1 in the right half; a column in the middle belongs to the right half."""
    return [[int(col >= cols // 2) for col in range(cols)] for _ in range(rows)]


def digit(rows: int, cols: int) -> Grid:
    """Return a figure 4 as large as the grid, apart from a border if there is room: how much of a cell it covers, 0–4.

    In one row the figure is pressed flat.
    """
    figure = FIGURE if rows >= len(FIGURE) and cols >= len(FIGURE[0]) else SMALL_FIGURE
    down, across = _overlaps(rows, len(figure)), _overlaps(cols, len(figure[0]))
    area = len(figure) * len(figure[0])

    def line(shares: tuple[int, ...]) -> list[int]:
        columns = [
            sum(share for share, bits in zip(shares, figure, strict=True) if bits[col] == "1")
            for col in range(len(figure[0]))
        ]
        inks = (sum(share * column for share, column in zip(part, columns, strict=True)) for part in across)
        return [(2 * INK * ink + area) // (2 * area) for ink in inks]

    lines = {shares: line(shares) for shares in dict.fromkeys(down)}
    return [lines[shares].copy() for shares in down]


def _overlaps(cells: int, parts: int) -> list[tuple[int, ...]]:
    """Return how much each cell of a line shares with each part, if all parts fill the line, or all but its ends."""
    border = int(cells >= parts + 2)
    inner = cells - 2 * border
    ends = [(cell * parts, (cell + 1) * parts) for cell in range(-border, inner + border)]
    return [
        tuple(max(0, min(end, (part + 1) * inner) - max(start, part * inner)) for part in range(parts))
        for start, end in ends
    ]


PATTERNS: Mapping[str, Pattern] = {
    "ramp": ramp,
    "impulse": impulse,
    "checker": checker,
    "constant": constant,
    "edge": edge,
    "digit": digit,
}
PATTERN_SKETCHES: Mapping[str, str] = {
    RANDOM: "small numbers",
    "ramp": "1 2 3",
    "impulse": "0 1 0",
    "checker": "1 0 1",
    "constant": "1 1 1",
    "edge": "0 1 1",
    "digit": "a 4",
}
"""Name → a row of the pattern, or what it draws."""


def named_input(name: str, shape: tuple[int, ...]) -> Grid | list[int]:
    """Return the pattern of that name for an input of `shape`. Raises `GeometryError` for other names."""
    if name not in PATTERNS:
        names = ", ".join(PATTERN_SKETCHES)
        raise GeometryError(f"there is no input pattern {shown(name)}; {did_you_mean(name, PATTERN_SKETCHES)}{names}")
    rows, cols = (1, *shape)[-2:]
    grid = PATTERNS[name](rows, cols)
    return grid if len(shape) > 1 else grid[0]
