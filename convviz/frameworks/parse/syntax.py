"""Source code as a syntax tree, the one expression in it that may hold a layer, and nodes as text."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings

from convviz.errors import ReadingError

MAX_CODE_LENGTH = 4000
"""Longest code that is parsed, in characters."""
MAX_QUOTE_LENGTH = 60
MAX_SHOWN_NUMBER = 10**12
FILENAME = "<code>"
"""File name of the code in Python's errors."""
PROMPT = re.compile(r"\s*(\(\w+\):|>>>)")
"""Prefix of a layer in `print(model)` or at a prompt: `(up): ConvTranspose2d(…)`, `>>> nn.Conv2d(…)`."""
EXPECTED = "expected a layer call such as nn.Conv2d(3, 64, 3)"


def parse_expression(code: str) -> ast.expr:
    """Return the expression that is assigned, appended, returned or alone in `code`. Raises `ReadingError`."""
    statements = _parse(code).body
    if not statements:
        raise ReadingError(f"{EXPECTED}, got no code")
    if len(statements) > 1:
        raise ReadingError(f"expected one layer call, got {len(statements)} statements; give one at a time")
    statement = statements[0]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        raise ReadingError(f"{EXPECTED}, got an import; nothing is imported")
    value = getattr(statement, "value", None)
    if not isinstance(statement, ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return) or value is None:
        raise ReadingError(f"{EXPECTED}, got the statement {quote(code)}")
    assert isinstance(value, ast.expr)
    has_trailing_comma = isinstance(value, ast.Tuple) and len(value.elts) == 1
    return value.elts[0] if has_trailing_comma else value  # type: ignore[attr-defined]


def _parse(code: str) -> ast.Module:
    """Return the syntax tree; raises `ReadingError` for all that Python's parser rejects, such as deep nesting."""
    if len(code) > MAX_CODE_LENGTH:
        raise ReadingError(f"expected one layer call of up to {MAX_CODE_LENGTH} characters, got {len(code)}")
    source = textwrap.dedent(PROMPT.sub("", code, count=1)).strip()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source, filename=FILENAME)
    except SyntaxError as error:
        line = f" in line {error.lineno}" if error.lineno and "\n" in source else ""
        raise ReadingError(f"{quote(source)} is not valid Python{line}: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise ReadingError(f"{quote(source)} is not valid Python; give a layer call") from None


def quote(code: str) -> str:
    """Return code on one line, truncated and in quotes."""
    return repr(truncate(one_line(code)))


def one_line(code: str) -> str:
    """Return code on one line, with characters that cannot be encoded replaced."""
    return " ".join(code.encode("utf-8", "replace").decode().split())


def truncate(line: str) -> str:
    """Return a line of up to `MAX_QUOTE_LENGTH` characters, with an ellipsis if it was longer."""
    return line if len(line) <= MAX_QUOTE_LENGTH else line[: MAX_QUOTE_LENGTH - 3] + "…"


def source(node: ast.AST) -> str:
    """Return the code of a node on one line, without comments, truncated."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return "the number" if abs(node.value) > MAX_SHOWN_NUMBER else str(node.value)
    try:
        return truncate(one_line(ast.unparse(node)))
    except (ValueError, RecursionError):
        return "this"


INDEX_NODES = (ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop, ast.expr_context)
"""Nodes that an index may consist of."""


def is_variable(node: ast.expr) -> bool:
    """Return whether a node is a name with attributes and plain indices: `hidden[i + 1]`."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Subscript) and not all(isinstance(part, INDEX_NODES) for part in ast.walk(node.slice)):
            return False
        node = node.value
    return isinstance(node, ast.Name)


def dotted_name(node: ast.expr) -> tuple[str, ...] | None:
    """Return the parts of `a.b.c`, or None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else None
