"""The small cells and marks of a legend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from convviz.layout.boxes import Box
from convviz.render.cell_primitives import CellPrimitives
from convviz.render.primitives import Primitive
from convviz.render.rectangles import DashedOutline, Fill, Outline
from convviz.scene.model import Cell, LegendEntry


def legend_swatch(box: Box, entry: LegendEntry, cells: CellPrimitives) -> Iterator[Primitive]:
    """Yield the small cell or window of a legend entry, or the cells of its scale."""
    theme = cells.theme
    for part in entry.scale:
        edges = [box.x + round(number * box.w / len(part.cells)) for number in range(len(part.cells) + 1)]
        for cell, left, right in zip(part.cells, edges, edges[1:], strict=False):
            yield from cells.cell(replace(box, x=left, w=right - left), cell)
    if entry.scale:
        return
    if entry.role == "window":
        yield Fill(box, theme.cell("padding", highlighted=True).fill)
        yield Outline(box, theme.window, max(2, box.w // 8))
    elif entry.role == "last":
        yield DashedOutline(box, theme.last_window, max(1, box.w // 8))
    elif entry.role == "kept":
        yield DashedOutline(box, theme.text, max(1, box.w // 8))
    elif entry.role == "source":
        yield Fill(box, theme.cell("input").fill)
        yield Outline(box, theme.text, max(1, box.w // 12))
    else:
        yield from cells.cell(box, Cell(entry.role, faded=entry.faded))
