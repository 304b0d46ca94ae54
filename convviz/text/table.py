"""Text in columns: tables of words, and grids of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convviz.layers.number_notation import notation_of
from convviz.text.formatting import format_cell


def table_lines(rows: Sequence[Sequence[str]], header: Sequence[str] = (), gap: str = "  ") -> list[str]:
    """Return rows as lines with aligned columns, a header and a rule above them if there is one."""
    table = [header, *rows] if header else rows
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [gap.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return [lines[0], gap.join("─" * width for width in widths), *lines[1:]] if header else lines


def grid_lines(values: Any, gap: str = " ", fill: str = " ") -> list[str]:
    """Return an array's rows as lines, its values right-aligned with `fill`."""
    notation = notation_of(values)
    rows = [[format_cell(value, notation) for value in row] for row in values.reshape(-1, values.shape[-1])]
    width = max(len(text) for row in rows for text in row)
    return [gap.join(text.rjust(width, fill) for text in row) for row in rows]
