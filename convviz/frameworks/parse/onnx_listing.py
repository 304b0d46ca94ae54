"""The layers of an ONNX model, as a table of lines that fit a terminal, or as data."""

from __future__ import annotations

import re
from typing import Any

from convviz.errors import ConvvizError, ReadingError
from convviz.frameworks.parse.channels import format_shape
from convviz.frameworks.parse.hints import ParseHints, Sizes
from convviz.frameworks.parse.onnx import parse_node
from convviz.frameworks.parse.onnx_graph import Model
from convviz.frameworks.parse.onnx_node import OPERATORS, Node, Shape
from convviz.frameworks.parse.other_kinds import other_kind
from convviz.text.notation import shell
from convviz.text.table import table_lines

NARROWING = ((1, 16), (4, 0), (3, 24))
"""Columns that may be narrowed, in this order, and their least width: the name, the attributes, the shapes."""
MAX_TRIED = 20
"""Most nodes that are tried for a command to suggest."""
SUGGESTED_INPUT = 12


def list_onnx_layers(file: str, input: int | Sizes | None = None, width: int = 120) -> str:
    """Return a table of a model's layers: number, name, operator, shapes and attributes. Raises `ReadingError`.

    `input` is the size of the model's input, from which the others follow; lines have up to `width` characters.
    """
    model = Model(file, input)
    nodes = _layers(model)
    rows: list[tuple[str, ...]] = [
        (node.number, node.label, node.operator, _flow(node), node.short_text) for node in nodes
    ]
    if _width(rows) > width - 1:
        rows = [(*row[:3], row[3].replace(", ", ","), *row[4:]) for row in rows]
    lines = table_lines(_fitted(rows, width - 1))
    return "\n".join([*lines, "", f"Choose one: {_suggestion(model, nodes, input is not None)}"])


def onnx_layers_as_data(file: str, input: int | Sizes | None = None) -> list[dict[str, Any]]:
    """Return a model's layers as data for JSON. Raises `ReadingError`."""
    return [
        {
            "number": node.number,
            "name": node.label,
            "operator": node.operator,
            "kind": node.kind,
            "input": node.input_shape,
            "output": node.output_shape,
            "weight": node.weight_shape,
            "attributes": node.shown_attributes,
        }
        for node in _layers(Model(file, input))
    ]


def _layers(model: Model) -> list[Node]:
    nodes = list(model.nodes())
    if not nodes:
        others = [name for name in model.operators() if other_kind(name)][:5]
        found = f"; it has {', '.join(others)}, which are not drawn" if others else ""
        raise ReadingError(f"{model.file} has no layer to draw; expected {', '.join(OPERATORS)}{found}")
    return nodes


def _flow(node: Node) -> str:
    return f"{_text(node.input_shape)} → {_text(node.output_shape)}"


def _text(shape: Shape | None) -> str:
    return (
        "?"
        if shape is None
        else format_shape(*(size if re.fullmatch(r"(?!unk__)\w{1,12}", str(size)) else "?" for size in shape))
    )


def shortened(text: str, width: int) -> str:
    """Return text of up to `width` characters, with an ellipsis in the middle if it was longer."""
    if len(text) <= width or width < 3:
        return text[: max(width, 0)]
    end = (width - 1) // 2
    return f"{text[: width - 1 - end]}…{text[len(text) - end :]}"


def _widths(rows: list[tuple[str, ...]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def _width(rows: list[tuple[str, ...]]) -> int:
    """Return the width of the table, with gaps of two."""
    return sum(_widths(rows)) + 2 * (len(rows[0]) - 1)


def _fitted(rows: list[tuple[str, ...]], width: int) -> list[tuple[str, ...]]:
    """Return rows whose columns, with gaps of two, fit a width, as far as the narrowest columns allow."""
    widths, excess = _widths(rows), _width(rows) - width
    for place, least in NARROWING:
        less = min(max(excess, 0), max(widths[place] - least, 0))
        widths[place] -= less
        excess -= less
    return [tuple(shortened(cell, most) for cell, most in zip(row, widths, strict=True)) for row in rows]


def _size(cells: Sizes) -> str:
    return str(cells[0]) if len(set(cells)) == 1 else "x".join(map(str, cells))


def _suggestion(model: Model, nodes: list[Node], is_changed: bool) -> str:
    """Return a command that explains one of the nodes: the first for which all is known, or an input size suffices."""
    for input in (None, SUGGESTED_INPUT, 10 * SUGGESTED_INPUT):
        for node in nodes[:MAX_TRIED]:
            try:
                parsed = parse_node(node, ParseHints(input))
            except ConvvizError:
                continue
            size = () if input is None and not is_changed else ("-i", _size(parsed.layer.input))
            return shell("layer", model.file, "--node", node.key, *size)
    return shell("layer", model.file, "--node", nodes[0].key)
