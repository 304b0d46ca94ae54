"""Numbers in lines of text, as spreadsheets and programs write them: separators, decimal commas, quotes and a header.

Excel separates by semicolons where the comma is the decimal sign, and may begin with `sep=;` or a byte order mark.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from convviz.errors import GeometryError
from convviz.errors.printable import shown

Row = tuple[int, list[str]]
"""The number of a line, from 1, and its cells."""
FRACTION = re.compile(r"[+-]?\d{1,18}/0*[1-9]\d{0,17}", re.ASCII)
DECIMAL_COMMA = re.compile(r"[+-]?(\d+,\d+|,\d+)([eE][+-]?\d+)?", re.ASCII)
ADVICE = "write one row per line, with commas between the numbers"


def parse_number(word: str) -> int | float:
    """Read a whole number, a decimal number or a fraction such as `1/3`. Raises `ValueError` for anything else."""
    try:
        return int(word)
    except ValueError:
        if not FRACTION.fullmatch(word):
            return float(word)
        numerator, denominator = map(int, word.split("/"))
        return numerator / denominator


def parse_table(text: str, source: str) -> list[list[int | float]]:
    """Read rows of numbers; `source` names the text in errors.

    A first line without numbers is a header, and blank lines do not count. Raises `GeometryError` with the number of
    the line that is not like the others.
    """
    rows = _rows(text, source)
    if len(rows) > 1 and not any(map(_is_number, rows[0][1])):
        rows = rows[1:]
    if rows and all(len(cells) > 1 and not cells[-1] for _, cells in rows):
        rows = [(line, cells[:-1]) for line, cells in rows]
    if not rows:
        raise GeometryError(f"{source} holds no numbers; {ADVICE}")
    _check_width(rows, source)
    return [[_number(cell, line, source) for cell in cells] for line, cells in _with_points(rows, source)]


def decode_table(data: bytes) -> str:
    """Return the text of a file in UTF-8, in UTF-16 with a byte order mark, or in a code page that extends ASCII."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _rows(text: str, source: str) -> list[Row]:
    """Split lines into cells, without blank lines."""
    lines = text.splitlines()
    declared = re.fullmatch(r'"?sep=(.)"?\s*', lines[0], re.IGNORECASE) if lines else None
    if declared:
        lines[0] = ""
    separator = declared[1] if declared else _separator([_without_quotes(line) for line in lines])
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip(f"{separator or ''} \t"):
            continue
        rows.append((number, _cells(line, separator, number, source)))
    return rows


def _separator(lines: Sequence[str]) -> str | None:
    """Return what separates cells: tabs, semicolons or commas, the first of them that occurs; None for blanks.

    Commas between blanks are decimal ones: `1,5 2,5`.
    """
    for separator in "\t;":
        if any(separator in line.strip() for line in lines):
            return separator
    if not any("," in line for line in lines):
        return None
    blanks = all(all(map(_is_number, line.split())) for line in lines) and any(len(line.split()) > 1 for line in lines)
    return None if blanks else ","


def _without_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def _cells(line: str, separator: str | None, number: int, source: str) -> list[str]:
    if separator is None:
        return [word.strip('"') for word in line.split()]
    try:
        (cells,) = csv.reader([line.strip(" \r\n")], delimiter=separator, skipinitialspace=True, strict=True)
    except (csv.Error, ValueError) as error:
        raise GeometryError(f"{source}, line {number}: {error}; {ADVICE}") from None
    return [cell.strip() for cell in cells]


def _is_number(cell: str) -> bool:
    try:
        parse_number(cell.replace(",", ".") if DECIMAL_COMMA.fullmatch(cell) else cell)
    except ValueError:
        return False
    return True


def _check_width(rows: Sequence[Row], source: str) -> None:
    first, cells = rows[0]
    for line, other in rows:
        if len(other) != len(cells):
            found = f"{len(other)} number{'s' * (len(other) > 1)}"
            raise GeometryError(
                f"{source}, line {line}: expected {len(cells)} as in line {first}, got {found}; {ADVICE}"
            )


def _with_points(rows: Sequence[Row], source: str) -> list[Row]:
    """Replace decimal commas by points. Raises `GeometryError` if a table has both."""
    commas = [line for line, cells in rows for cell in cells if DECIMAL_COMMA.fullmatch(cell)]
    points = [line for line, cells in rows for cell in cells if "." in cell]
    if commas and points:
        raise GeometryError(
            f"{source} has decimal commas (line {commas[0]}) and points (line {points[0]}); use one of them"
        )
    return [(line, [cell.replace(",", ".") if commas else cell for cell in cells]) for line, cells in rows]


def _number(cell: str, line: int, source: str) -> int | float:
    try:
        return parse_number(cell)
    except ValueError:
        raise GeometryError(f"{source}, line {line}: expected a number, got {shown(cell)}; {ADVICE}") from None
