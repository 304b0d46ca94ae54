"""Code as a syntax tree, and the one expression in it that may be a layer."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings

from convviz.errors import ReadingError

LONGEST = 4000
"""Characters of code; more is no layer."""
FILE = "<code>"
"""What Python calls the code in its errors."""
LISTED = re.compile(r"\s*(\(\w+\):|>>>)")
"""What `print(model)` and a prompt put before a layer: `(up): ConvTranspose2d(…)`, `>>> nn.Conv2d(…)`."""


def expression(code: str) -> ast.expr:
    """What stands on the right of an assignment, behind a `return`, or alone."""
    body = _parsed(code).body
    if not body:
        raise ReadingError("there is no code; give a layer's call such as 'nn.Conv2d(3, 64, 3)'")
    if len(body) > 1:
        raise ReadingError(f"these are {len(body)} statements, and one layer is read at a time; give one call")
    statement = body[0]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        raise ReadingError("an import is no layer, and nothing is imported; give a call such as nn.Conv2d(3, 64, 3)")
    value = getattr(statement, "value", None)
    if not isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign | ast.Return) or value is None:
        raise ReadingError(f"{shortened(code)} is a statement, not a layer; give a call such as nn.Conv2d(3, 64, 3)")
    assert isinstance(value, ast.expr)
    trailing_comma = isinstance(value, ast.Tuple) and len(value.elts) == 1
    return value.elts[0] if trailing_comma else value  # type: ignore[attr-defined]


def _parsed(code: str) -> ast.Module:
    """The syntax tree; deep nesting and whatever else Python's parser chokes on is a `ReadingError`."""
    if len(code) > LONGEST:
        raise ReadingError(f"{len(code)} characters are too many for a layer; give one call of up to {LONGEST}")
    plain = textwrap.dedent(LISTED.sub("", code, count=1)).strip()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(plain, filename=FILE)
    except SyntaxError as error:
        where = f" in line {error.lineno}" if error.lineno and "\n" in plain else ""
        raise ReadingError(f"{shortened(plain)} is not Python{where}: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise ReadingError(f"{shortened(plain)} is not Python that can be read; give a layer's call") from None


def shortened(text: str) -> str:
    """Code in one line, in quotes, up to 60 characters."""
    line = " ".join(text.encode("utf-8", "replace").decode().split())
    return repr(cut(line))


def cut(line: str) -> str:
    """A line of up to 60 characters."""
    return line if len(line) <= 60 else line[:57] + "…"
