"""Text in columns: tables of words, and grids of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convviz.text.formatting import format_value


def table_lines(rows: Sequence[Sequence[str]], underline: bool = False) -> list[str]:
    """Return rows as lines with aligned columns; `underline` draws a line below the first row."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [lines[0], "  ".join("─" * width for width in widths), *lines[1:]] if underline else lines


def grid_lines(values: Any) -> list[str]:
    """Return an array's rows as lines, its values right-aligned."""
    rows = [[format_value(value) for value in row] for row in values.reshape(-1, values.shape[-1])]
    width = max(len(text) for row in rows for text in row)
    return [" ".join(text.rjust(width) for text in row) for row in rows]
