"""Primitives of a single cell, in the colours of a theme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from convviz.layout.boxes import Box, centred_baseline
from convviz.layout.notes import note_and_number
from convviz.layout.oblique_grid import Parallelogram
from convviz.layout.scene_layout import SceneLayout
from convviz.render.fonts import face_of_family, measure
from convviz.render.oblique import ObliquePrimitives
from convviz.render.primitives import Primitive
from convviz.render.rectangles import DashedOutline, Fill, Hatch, Outline
from convviz.render.text_run import TextRun
from convviz.scene.model import Cell
from convviz.style.theme import TEXT_STYLES, CellStyle, Theme
from convviz.text.formatting import is_sum

CellBounds = Box | Parallelogram
"""The area of a cell on a flat or an oblique grid."""


@dataclass(frozen=True)
class CellPrimitives:
    """Cells of a layout in the colours of a theme."""

    layout: SceneLayout
    theme: Theme

    def cell(self, bounds: CellBounds, cell: Cell, *, highlighted: bool = False) -> Iterator[Primitive]:
        """Yield background, pattern, and number or dot of one cell."""
        style = self.theme.cell(cell.role, highlighted=highlighted, faded=cell.faded, level=cell.level)
        if cell.text and cell.role == "negative":
            style = replace(style, hatch=None)  # its sign tells as much
        if cell.role == "bar" and isinstance(bounds, Box):
            yield from self._bar(bounds, cell.level, style)
            return
        if isinstance(bounds, Parallelogram):
            yield from ObliquePrimitives(self.theme, self.layout.outline).cell(bounds, style, highlighted)
        else:
            yield from self._background(bounds, style, highlighted)
        box = bounds.box
        if cell.note and self.layout.number_px and isinstance(bounds, Box):
            yield from self._product(box, cell, style)
        elif cell.text and self.layout.number_px:
            yield self.number(bounds, cell.text, style)
        elif style.dot and box.w >= 12:
            side = max(2, round(box.w / 20))
            yield Fill(Box(box.x + (box.w - side) // 2, box.y + (box.h - side) // 2, side, side), style.ink)

    def number(self, bounds: CellBounds, text: str, style: CellStyle) -> TextRun:
        """Return the value in the middle of a cell: a sum `9 + 8` smaller, or its first term if it does not fit."""
        name, px = ("small number", self.layout.small_number_px) if style.small else ("number", self.layout.number_px)
        face = face_of_family(TEXT_STYLES[name].face, self.theme.font)
        if is_sum(text):
            least = self.layout.small_number_px * 3 // 4
            sizes = range(px, least - 1, -1)
            fitting = (size for size in sizes if bounds.holds(measure(text, face, size), size, tight=True))
            smaller = next(fitting, 0)
            text, px = (text, smaller) if smaller else (text.partition(" ")[0], px)
        box = bounds.box
        x = box.x + round((box.w - measure(text, face, px)) / 2)
        backgrounds = (style.fill, style.hatch) if style.hatch else (style.fill,)
        return TextRun(text, face, px, x, centred_baseline(box, px), style.ink, backgrounds)

    def _product(self, box: Box, cell: Cell, style: CellStyle) -> Iterator[TextRun]:
        """Yield the factors of a product in the middle of a cell, or above the product."""
        layout = self.layout
        if not cell.text:
            if layout.factors_px:
                yield from self._factors(
                    box, cell.note, layout.factors_px, centred_baseline(box, layout.factors_px), style
                )
            return
        number = self.number(box, cell.text, style)
        if not layout.note_px:
            yield number
            return
        above, below = note_and_number(box, layout.note_px, layout.number_px)
        yield from self._factors(box, cell.note, layout.note_px, above, style)
        yield replace(number, baseline=below)

    def _factors(self, box: Box, note: str, px: int, baseline: int, style: CellStyle) -> Iterator[TextRun]:
        """Yield `3·2`, each factor in the ink of its role."""
        one, dot, other = note.partition("·")
        face = face_of_family(TEXT_STYLES["note"].face, self.theme.font)
        x = box.x + round((box.w - measure(note, face, px)) / 2)
        for text, ink in ((one, self.theme.badges["input"]), (dot, style.ink), (other, self.theme.badges["kernel"])):
            if text:
                yield TextRun(text, face, px, x, baseline, ink, (style.fill,))
                x += measure(text, face, px)

    def _bar(self, box: Box, percent: int, style: CellStyle) -> Iterator[Primitive]:
        height = round(box.h * percent / 100)
        yield Fill(box, self.theme.background)
        yield Fill(Box(box.x, box.bottom - height, box.w, height), style.fill)

    def _background(self, box: Box, style: CellStyle, highlighted: bool) -> Iterator[Primitive]:
        """Yield a flat cell without its number."""
        yield Fill(box, style.fill)
        if style.hatch:
            yield Hatch(box, style.hatch, style.fill, max(4, round(box.w / 6)) if box.w >= 6 else box.w)
        if style.border and box.w >= 6:
            yield Outline(box, style.border, max(1, round(box.w / 58)))
        if style.dashes and box.w >= 6:
            inside = box.grown(-1) if box.w >= 24 else box
            yield DashedOutline(inside, style.dashes, max(1, round(box.w / 58)))
        elif style.dashes:
            yield Fill(box, style.fill if highlighted else self.theme.cells["empty"].fill)
