"""A laid-out scene in the colours of a theme, as items to draw."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from convviz.layout.boxes import Box, Grid
from convviz.layout.header_footer import middle
from convviz.layout.oblique_grid import ObliqueGrid, Parallelogram
from convviz.layout.scene_layout import SceneLayout
from convviz.render.cell_states import Cells, Position, looks
from convviz.render.fonts import faced, measure
from convviz.render.oblique import Slanted, guides
from convviz.render.paths import Points, Stroke
from convviz.render.primitives import Dashes, Fill, Hatch, Outline, Patch, Pill, Primitive, TextRun
from convviz.scene.model import Cell, Connector, Frame, GuideLine, LegendEntry, Mark, Scene
from convviz.style.theme import TEXTS, CellStyle, Theme

BAR_STEP = 8
"""The progress bar grows by so many pixels, which nobody sees, so that most frames of a long animation leave it be."""


@dataclass(frozen=True)
class DisplayList:
    """Scene, sheet and theme together. Everything that stays is in `still`; cells, marks and lines come by frame."""

    scene: Scene
    sheet: SceneLayout
    theme: Theme

    def still(self) -> Iterator[Primitive]:
        """Background, header, captions, legend, formulas, and the empty progress bar."""
        yield Fill(Box(0, 0, *self.sheet.size), self.theme.background)
        yield from self.printed()

    def printed(self) -> Iterator[Primitive]:
        """The same without the background."""
        theme = self.theme
        for box, _ in self.sheet.badges:
            yield Pill(box, theme.surface, theme.background, round(box.h * 0.22))
        for text in self.sheet.texts:
            ground = theme.surface if text.style == "badge" else theme.background
            face = self._face(text.style)
            yield TextRun(text.text, face, text.px, text.x, text.baseline, self.ink(text.ink), (ground,))
        for box, key in self.sheet.legend:
            yield from self._key_items(box, key)
        if self.sheet.progress:
            yield Fill(self.sheet.progress, theme.cells["empty"].fill)

    def _key_items(self, box: Box, key: LegendEntry) -> Iterator[Primitive]:
        """The small cell, or the small window, of a legend entry."""
        if key.role == "window":
            yield Fill(box, self.theme.cell("padding", highlighted=True).fill)
            yield Outline(box, self.theme.window, max(2, box.w // 8))
        elif key.role == "source":
            yield Fill(box, self.theme.cell("input").fill)
            yield Outline(box, self.theme.text, max(1, box.w // 12))
        else:
            yield from self.cell_items(box, Cell(key.role, faded=key.faded))

    def _face(self, style: str) -> str:
        return faced(TEXTS[style].face, self.theme.font)

    def ink(self, role: str) -> str:
        """The colour of a text or badge role."""
        return {"text": self.theme.text, "muted": self.theme.muted}.get(role) or self.theme.badges[role]

    def cell_items(self, place: Box | Parallelogram, cell: Cell, *, highlighted: bool = False) -> Iterator[Primitive]:
        """One cell, filling `place`."""
        style = self.theme.cell(cell.role, highlighted=highlighted, faded=cell.faded, level=cell.level)
        if isinstance(place, Parallelogram):
            yield from self._slanted.ground(place, style, highlighted)
        elif cell.role == "bar":
            high = round(place.h * cell.level / 100)
            yield Fill(place, self.theme.background)
            yield Fill(Box(place.x, place.bottom - high, place.w, high), style.fill)
            return
        else:
            yield from self._ground(place, style, highlighted)
        box = place.box
        if cell.text and self.sheet.number_px:
            yield self._number(box, cell.text, style)
        elif style.dot and box.w >= 12:
            side = max(2, round(box.w / 20))
            yield Fill(Box(box.x + (box.w - side) // 2, box.y + (box.h - side) // 2, side, side), style.ink)

    def _ground(self, box: Box, style: CellStyle, highlighted: bool) -> Iterator[Primitive]:
        """A flat cell without its number."""
        yield Fill(box, style.fill)
        if style.hatch and box.w >= 6:
            yield Hatch(box, style.hatch, style.fill, max(4, round(box.w / 6)))
        if style.dashes and box.w >= 6:
            inside = box.grown(-1) if box.w >= 24 else box
            yield Dashes(inside, style.dashes, max(1, round(box.w / 58)))
        elif style.dashes:
            yield Fill(box, style.fill if highlighted else self.theme.cells["empty"].fill)

    @property
    def _slanted(self) -> Slanted:
        return Slanted(self.theme, self.sheet.outline)

    def _number(self, box: Box, text: str, style: CellStyle) -> TextRun:
        name, px = ("small number", self.sheet.small_number_px) if style.small else ("number", self.sheet.number_px)
        face = self._face(name)
        x = box.x + round((box.w - measure(text, face, px)) / 2)
        grounds = (style.fill, style.hatch) if style.hatch else (style.fill,)
        return TextRun(text, face, px, x, middle(box, px), style.ink, grounds)

    def guides(self, frame: Frame, cells: Cells, highlighted: Collection[Position]) -> Iterator[Patch | Stroke]:
        """The lines between outlines, and again the numbers in their way, on patches of their cells' colours."""
        lines = [self._guide(guide, frame) for guide in frame.guides]
        yield from lines
        for position, cell in cells.items() if lines and self.sheet.number_px else ():
            if cell.text:
                style = self.theme.cell(
                    cell.role, highlighted=position in highlighted, faded=cell.faded, level=cell.level
                )
                patch = Patch(self._number(self.grid(position[0]).cell(*position[1:]).box, cell.text, style))
                if any(line.crosses(patch.box) for line in lines):
                    yield patch

    def over(self, frame: Frame) -> Iterator[Fill | Outline | Stroke]:
        """What lies over the cells in one frame: links and outlines."""
        yield from (self._link(link) for link in frame.connectors)
        yield from (self._outline(mark) for mark in frame.marks)

    def labels(self, frame: Frame) -> Iterator[Fill | TextRun]:
        """What stands around the grids in one frame, always as many things: tabs, line, number, progress."""
        yield from self._tabs(frame)
        if self.sheet.caption:
            yield self._line(self.sheet.caption, frame)
        if self.sheet.counter:
            yield self._counter(self.sheet.counter, frame)
        if self.sheet.progress:
            box = self.sheet.progress
            done = box.w * frame.number // self.scene.steps
            yield Fill(replace(box, w=done if done == box.w else done // BAR_STEP * BAR_STEP), self.theme.window)

    def _tabs(self, frame: Frame) -> Iterator[Fill | TextRun]:
        """Bars of the window's colour up to the present tab, whose name is bold."""
        for index, tab in enumerate(self.sheet.tabs):
            yield Fill(tab.bar, self.theme.window if index <= frame.tab else self.theme.cells["empty"].fill)
            text = tab.bold if index == frame.tab else tab.plain
            ink = "muted" if index > frame.tab else "text"
            face = self._face(text.style)
            yield TextRun(text.text, face, text.px, text.x, text.baseline, *self._on_background(ink))

    def _guide(self, guide: GuideLine, frame: Frame) -> Stroke:
        """Lines between two outlines: two between facing corners on flat grids, four on slanted ones."""
        marks = frame.marks[guide.start], frame.marks[guide.end]
        one, other = (self._place(mark) for mark in marks)
        colour, width = self.theme.badges["kernel"], max(1.0, self.sheet.outline / 2.5)
        lines: tuple[Points, ...]
        grid = self.grid(marks[1].panel)
        if isinstance(one, Parallelogram) and isinstance(other, Parallelogram) and isinstance(grid, ObliqueGrid):
            lines = guides(one, other, grid.whole, 2 * self.sheet.outline)
        else:
            lines = _facing(one.box, other.box)
        return Stroke(lines, colour, width, self._grounds)

    @cached_property
    def _grounds(self) -> tuple[str, ...]:
        """What lines lie on: the background, and every fill of a cell."""
        cell = self.theme.cell
        fills = {
            cell(role, faded=faded, level=level, highlighted=highlighted).fill
            for role, faded, level, highlighted in looks(self.scene)
        }
        return tuple(dict.fromkeys([self.theme.background, *sorted(fills)]))

    def float_place(self, panel: int, row: int, col: int) -> Box | Parallelogram:
        """Where a cell between places is."""
        return self.grid(panel).between(row, col)

    def _place(self, mark: Mark) -> Box | Parallelogram:
        """What an outline runs around: the window's half outside the cells, a source's inside."""
        place, width = self.grid(mark.panel).span(mark.rows, mark.cols), self.sheet.outline
        return place.grown(width - width // 2) if isinstance(place, Box) and mark.role != "source" else place

    def _outline(self, mark: Mark) -> Outline | Stroke:
        """The frame around what a mark covers; a source's is thinner."""
        place, width = self._place(mark), self.sheet.outline
        if isinstance(place, Parallelogram):
            draw = self._slanted.source if mark.role == "source" else self._slanted.window
            return draw(place, self._grounds)
        if mark.role == "source":
            return Outline(place, self.theme.text, max(1, width // 2))
        return Outline(place, self.theme.window, width)

    def _link(self, link: Connector) -> Fill:
        """A vertical line between two panels, short of what it joins."""
        upper, lower = self.grid(link.upper), self.grid(link.lower)
        cell, width, space = upper.cell(0, link.col).box, max(1, self.sheet.outline // 2), self.sheet.outline + 1
        top, bottom = upper.box.bottom + space, lower.box.y - space
        return Fill(Box(cell.x + (cell.w - width) // 2, top, width, max(0, bottom - top)), self.theme.window)

    def _line(self, box: Box, frame: Frame) -> TextRun:
        """What the step computes, centred."""
        sheet = self.sheet
        text = frame.caption.fitted(sheet.caption_length)
        face = self._face("caption")
        x = box.x + (box.w - measure(text, face, sheet.caption_px)) // 2
        return TextRun(text, face, sheet.caption_px, x, middle(box, sheet.caption_px), *self._on_background("text"))

    def _counter(self, box: Box, frame: Frame) -> TextRun:
        """`8 / 25`, right-aligned."""
        px = self.sheet.counter_px
        text = f"{frame.number} / {self.scene.steps}"
        face = self._face("counter")
        return TextRun(
            text, face, px, box.right - measure(text, face, px), middle(box, px), *self._on_background("muted")
        )

    def grid(self, panel: int) -> Grid | ObliqueGrid:
        """Where the cells of a panel are."""
        return self.sheet.grids[panel]

    def _on_background(self, ink: str) -> tuple[str, tuple[str, ...]]:
        return self.ink(ink), (self.theme.background,)


def _facing(one: Box, other: Box) -> tuple[Points, ...]:
    """Lines between facing corners of two boxes, side by side or one below the other."""
    if one.right <= other.x:
        return ((one.right, one.y), (other.x, other.y)), ((one.right, one.bottom), (other.x, other.bottom))
    return ((one.x, one.bottom), (other.x, other.y)), ((one.right, one.bottom), (other.right, other.y))
