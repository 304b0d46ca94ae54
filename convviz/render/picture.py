"""A laid-out scene in the colours of a theme, as items to draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from convviz.layout.boxes import Box, Grid, Sheet
from convviz.layout.edges import middle
from convviz.render.fonts import measure
from convviz.render.items import Dashes, Fill, Hatch, Item, Outline, Pill, Stroke, Words
from convviz.scene import Cell, Frame, Key, Link, Mark, Ray, Scene
from convviz.theme import TEXTS, CellStyle, Theme


@dataclass(frozen=True)
class Picture:
    """Scene, sheet and theme together. Everything that stays is in `still`; cells, marks and lines come by frame."""

    scene: Scene
    sheet: Sheet
    theme: Theme

    def still(self) -> Iterator[Item]:
        """Background, header, captions, legend, formulas, and the empty progress bar."""
        theme = self.theme
        yield Fill(Box(0, 0, *self.sheet.size), theme.background)
        for box, _ in self.sheet.chips:
            yield Pill(box, theme.chip, theme.background, round(box.h * 0.22))
        for text in self.sheet.texts:
            ground = theme.chip if text.style == "chip" else theme.background
            face = TEXTS[text.style].face
            yield Words(text.text, face, text.px, text.x, text.baseline, self.ink(text.ink), (ground,))
        for box, key in self.sheet.keys:
            yield from self._key_items(box, key)
        yield Fill(self.sheet.progress, theme.cells["empty"].fill)

    def _key_items(self, box: Box, key: Key) -> Iterator[Item]:
        """The small cell, or the small window, of a legend entry."""
        if key.role == "window":
            yield Fill(box, self.theme.cell("padding", lit=True).fill)
            yield Outline(box, self.theme.window, max(2, box.w // 8))
        elif key.role == "source":
            yield Fill(box, self.theme.cell("input").fill)
            yield Outline(box, self.theme.text, max(1, box.w // 12))
        else:
            yield from self.cell_items(box, Cell(key.role, faded=key.faded))

    def ink(self, role: str) -> str:
        """The colour of a text or chip role."""
        return {"text": self.theme.text, "muted": self.theme.muted}.get(role) or self.theme.chips[role]

    def cell_items(self, box: Box, cell: Cell, *, lit: bool = False) -> Iterator[Item]:
        """One cell, filling `box`."""
        style = self.theme.cell(cell.role, lit=lit, faded=cell.faded, level=cell.level)
        if cell.role == "bar":
            high = round(box.h * cell.level / 100)
            yield Fill(box, self.theme.background)
            yield Fill(Box(box.x, box.bottom - high, box.w, high), style.fill)
            return
        yield Fill(box, style.fill)
        if style.hatch and box.w >= 6:
            yield Hatch(box, style.hatch, style.fill, max(4, round(box.w / 6)))
        if style.dashes and box.w >= 6:
            inside = box.grown(-1) if box.w >= 24 else box
            yield Dashes(inside, style.dashes, max(1, round(box.w / 58)))
        elif style.dashes:
            yield Fill(box, style.fill if lit else self.theme.cells["empty"].fill)
        if cell.text and self.sheet.number_px:
            yield self._number(box, cell.text, style)
        elif style.dot and box.w >= 12:
            side = max(2, round(box.w / 20))
            yield Fill(Box(box.x + (box.w - side) // 2, box.y + (box.h - side) // 2, side, side), style.ink)

    def _number(self, box: Box, text: str, style: CellStyle) -> Words:
        name, px = ("small number", self.sheet.small_px) if style.small else ("number", self.sheet.number_px)
        face = TEXTS[name].face
        x = box.x + round((box.w - measure(text, face, px)) / 2)
        grounds = (style.fill, style.hatch) if style.hatch else (style.fill,)
        return Words(text, face, px, x, middle(box, px), style.ink, grounds)

    def over(self, frame: Frame) -> Iterator[Fill | Outline | Words | Stroke]:
        """What lies over the cells in one frame: outlines, lines, tabs, the step's line and number, progress."""
        yield from (self._link(link) for link in frame.links)
        for ray in frame.rays:
            yield from self._strokes(ray, frame)
        yield from self._tabs(frame)
        yield from (self._outline(mark) for mark in frame.marks)
        yield self._line(frame)
        yield self._counter(frame)
        box = self.sheet.progress
        yield Fill(Box(box.x, box.y, box.w * frame.number // self.scene.steps, box.h), self.theme.window)

    def _tabs(self, frame: Frame) -> Iterator[Fill | Words]:
        """Bars of the window's colour up to the present tab, whose name is bold."""
        for index, tab in enumerate(self.sheet.tabs):
            yield Fill(tab.bar, self.theme.window if index <= frame.tab else self.theme.cells["empty"].fill)
            text = tab.bold if index == frame.tab else tab.plain
            ink = "muted" if index > frame.tab else "text"
            face = TEXTS[text.style].face
            yield Words(text.text, face, text.px, text.x, text.baseline, *self._on_background(ink))

    def _strokes(self, ray: Ray, frame: Frame) -> Iterator[Stroke]:
        """Two thin lines between facing corners of two outlines, side by side or one below the other."""
        one, other = (self._outline(frame.marks[mark]).box for mark in (ray.start, ray.end))
        if one.right <= other.x:
            ends = [((one.right, one.y), (other.x, other.y)), ((one.right, one.bottom), (other.x, other.bottom))]
        else:
            ends = [((one.x, one.bottom), (other.x, other.y)), ((one.right, one.bottom), (other.right, other.y))]
        theme, width = self.theme, max(1.0, self.sheet.outline / 2.5)
        fills = (theme.cell(role, level=level).fill for role in ("input", "output") for level in (25, 100))
        grounds = (theme.background, *fills)
        for start, end in ends:
            yield Stroke(start, end, theme.chips["kernel"], width, grounds)

    def float_box(self, panel: int, row: int, col: int) -> Box:
        """Where a cell between places is."""
        grid = self.grid(panel)
        cell = grid.cell(0, 0)
        return Box(grid.x + round(col * grid.pitch / 1000), grid.y + round(row * grid.pitch / 1000), cell.w, cell.h)

    def _outline(self, mark: Mark) -> Outline:
        """The frame around what a mark covers: the window's half outside the cells, a source's inside and thinner."""
        box, width = self.grid(mark.panel).span(mark.rows, mark.cols), self.sheet.outline
        if mark.role == "source":
            return Outline(box, self.theme.text, max(1, width // 2))
        return Outline(box.grown(width - width // 2), self.theme.window, width)

    def _link(self, link: Link) -> Fill:
        """A vertical line between two panels, short of what it joins."""
        upper, lower = self.grid(link.upper), self.grid(link.lower)
        cell, width, space = upper.cell(0, link.col), max(1, self.sheet.outline // 2), self.sheet.outline + 1
        top, bottom = upper.box.bottom + space, lower.box.y - space
        return Fill(Box(cell.x + (cell.w - width) // 2, top, width, max(0, bottom - top)), self.theme.window)

    def _line(self, frame: Frame) -> Words:
        """What the step computes, centred."""
        sheet = self.sheet
        text = frame.line.fitted(sheet.line_length)
        face = TEXTS["line"].face
        x = sheet.line.x + (sheet.line.w - measure(text, face, sheet.line_px)) // 2
        return Words(text, face, sheet.line_px, x, middle(sheet.line, sheet.line_px), *self._on_background("text"))

    def _counter(self, frame: Frame) -> Words:
        """`8 / 25`, right-aligned."""
        box, px = self.sheet.counter, self.sheet.counter_px
        text = f"{frame.number} / {self.scene.steps}"
        face = TEXTS["counter"].face
        return Words(
            text, face, px, box.right - measure(text, face, px), middle(box, px), *self._on_background("muted")
        )

    def grid(self, panel: int) -> Grid:
        """Where the cells of a panel are."""
        return self.sheet.grids[panel]

    def _on_background(self, ink: str) -> tuple[str, tuple[str, ...]]:
        return self.ink(ink), (self.theme.background,)
