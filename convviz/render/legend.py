"""The small cells and marks of a legend."""

from __future__ import annotations

from collections.abc import Iterator

from convviz.layout.boxes import Box
from convviz.render.cell_primitives import CellPrimitives
from convviz.render.primitives import Primitive
from convviz.render.rectangles import DashedOutline, Fill, Outline
from convviz.scene.model import Cell, LegendEntry


def legend_swatch(box: Box, entry: LegendEntry, cells: CellPrimitives) -> Iterator[Primitive]:
    """Yield the small cell or window of a legend entry."""
    theme = cells.theme
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
