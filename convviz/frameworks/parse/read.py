"""Reading layers: a line of PyTorch, Keras, JAX or Flax as a layer of convviz. The code is data and is never run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from convviz.errors import ReadingError
from convviz.frameworks.parse import flax, jax, keras, torch
from convviz.frameworks.parse.arguments import Arguments, bind
from convviz.frameworks.parse.call import Call, call, so_far
from convviz.frameworks.parse.onnx import listing, read_model
from convviz.frameworks.parse.onnx_graph import is_model
from convviz.frameworks.parse.parsed_layer import LayerSpec, ParsedLayer, ParseHints
from convviz.frameworks.parse.syntax import cut

__all__ = ["FRAMEWORKS", "ParseHints", "ParsedLayer", "is_model", "listing", "read", "read_model"]

Table = tuple[Mapping[str, LayerSpec], Callable[[str], tuple[str, ...]]]
TABLES: dict[str, tuple[Table, ...]] = {
    "torch": ((torch.ROWS, torch.prefixes),),
    "keras": ((keras.ROWS, keras.prefixes),),
    "jax": ((jax.ROWS, jax.prefixes), (flax.ROWS, flax.prefixes), (flax.NNX_ROWS, flax.nnx_prefixes)),
}
"""Framework → its layers by name, and what may stand before a name."""
FRAMEWORKS = tuple(TABLES)


def read(code: str, asked: ParseHints | None = None, framework: str | None = None) -> ParsedLayer:
    """The layer in a line of code. Raises `ReadingError`, which says what was understood so far.

    `framework` is one of `FRAMEWORKS`; without it, the name and what stands before it decide.
    """
    asked = asked or ParseHints()
    with so_far("nothing"):
        found = call(code, asked.names)
    with so_far(f"a call of {found.text} with {_counted(found)}"):
        rows = _rows(found, framework)
    given, row = _bound(found, rows)
    wanted = replace(asked, applied=found.applied)
    with so_far(f"{row.framework} {row.name}({given.text})"):
        return row.make(row, given, wanted)


def _counted(found: Call) -> str:
    count = len(found.positional) + len(found.named)
    return f"{count or 'no'} argument{'s' * (count != 1)}"


def _tables(framework: str | None) -> Iterator[Table]:
    if framework is not None and framework not in TABLES:
        raise ReadingError(f"there is no framework {framework!r}; use {', '.join(TABLES)}")
    for name, tables in TABLES.items():
        if framework in (None, name):
            yield from tables


def _rows(found: Call, framework: str | None) -> list[LayerSpec]:
    """The layers that a name may mean; only those of the framework that the words before it belong to."""
    *words, name = found.path
    prefix = ".".join(words)
    tables = list(_tables(framework))
    homes = [rows for rows, before in tables if prefix in before(name)]
    if not homes and "." in prefix and framework is None:
        raise ReadingError(f"there is no framework with {cut(prefix)!r} here; use {', '.join(TABLES)} with --framework")
    candidates = homes or [rows for rows, _ in tables]
    rows = [table[name] for table in candidates if name in table]
    if not rows:
        raise _unknown(found.text, name, [row for table in candidates for row in table.items()])
    return rows


def _unknown(text: str, name: str, rows: list[tuple[str, LayerSpec]]) -> ReadingError:
    known = dict(rows)
    if re.search(r"3d", name, re.IGNORECASE):
        return ReadingError(f"{text} has three dimensions, and convviz draws one and two")
    alike = [other for other in known if other.lower() == name.lower()]
    alike.sort(key=lambda other: other[0] != name[:1])
    close = alike or get_close_matches(name, known, 1)
    if close:
        row = known[close[0]]
        return ReadingError(f"there is no layer {text}; did you mean {row.name} ({row.framework})?")
    return ReadingError(f"there is no layer {text} here; convolution, transposed convolution and pooling are read")


def _bound(found: Call, rows: list[LayerSpec]) -> tuple[Arguments, LayerSpec]:
    """The arguments, and the first of the layers that takes them; the error is that of the first layer."""
    errors = []
    for row in rows:
        try:
            return bind(row.signature, found, f"{row.framework} {row.name}"), row
        except ReadingError as error:
            errors.append(error)
    raise errors[0]
