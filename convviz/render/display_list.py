"""A laid-out scene in the colours of a theme, as primitives to draw."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from convviz.errors import PictureError
from convviz.layout.boxes import Box, Grid, centred_baseline
from convviz.layout.header_footer import aligned_runs
from convviz.layout.oblique_grid import ObliqueGrid, Parallelogram
from convviz.layout.scene_layout import SceneLayout
from convviz.layout.with_products import lay_out_with_products
from convviz.render.cell_primitives import CellBounds, CellPrimitives
from convviz.render.cell_states import CellMap, Position, cell_states
from convviz.render.chart import ChartPrimitives
from convviz.render.fonts import face_of_family, measure, measure_for
from convviz.render.inked_text import InkedLine, formula_runs, inked_line
from convviz.render.last_window import LastWindowPrimitives
from convviz.render.legend import legend_swatch
from convviz.render.lens_frame import lens_frame, outside
from convviz.render.mark_outlines import MarkOutlines
from convviz.render.oblique import guide_segments, segments_between
from convviz.render.paths import Points, SharpPolygon, Stroke
from convviz.render.primitives import Primitive
from convviz.render.rectangles import DashedOutline, Fill, Outline, RoundedRectangle
from convviz.render.text_run import BackedText, TextRun
from convviz.scene.frame_selection import legend_of_frames
from convviz.scene.hidden_numbers import without_numbers
from convviz.scene.last_window import names_last_window, without_last_window_entry
from convviz.scene.model import Cell, Connector, Frame, GuideLine, Scene
from convviz.scene.shaded_panels import with_shades
from convviz.style.colours import clear, is_clear
from convviz.style.theme import TEXT_STYLES, Theme

Label = Fill | TextRun | InkedLine
Overlay = Fill | Outline | DashedOutline | Stroke | SharpPolygon | BackedText
PROGRESS_STEP = 8
"""The progress bar grows in steps of so many pixels, so that it stays unchanged in most frames of a long animation."""


def make_display_list(
    scene: Scene, theme: Theme, size: tuple[int, int], scale: int = 1, *, shades: bool = False
) -> DisplayList:
    """Lay out the scene on `size` pixels in the colours of `theme`. Raises `PictureError` if it does not fit.

    With `shades`, cells of input and output whose numbers do not fit are shaded by their values.
    """
    scene = replace(scene, legend=legend_of_frames(scene, scene.frames))
    scene, layout = lay_out_with_products(scene, size, measure_for(theme.font), scale)
    if names_last_window(scene) and not layout.fits_last_window:
        scene, layout = lay_out_with_products(without_last_window_entry(scene), size, measure_for(theme.font), scale)
    shaded = with_shades(scene, layout.numbered) if shades else scene
    if shaded is not scene:
        with suppress(PictureError):
            numbered = layout.numbered
            scene, layout = lay_out_with_products(shaded, size, measure_for(theme.font), scale)
            layout = replace(layout, numbered=numbered)
    return DisplayList(without_numbers(scene, layout.numbered), layout, theme)


@dataclass(frozen=True)
class DisplayList:
    """Scene, layout and theme together: static primitives, and those of each frame."""

    scene: Scene
    layout: SceneLayout
    theme: Theme

    def with_clear_background(self) -> DisplayList:
        """Return a copy whose background is transparent, and nothing else; colours mixed from it stay."""
        return replace(self, theme=replace(self.theme, background=clear(self.theme.background)))

    def static_primitives(self) -> Iterator[Primitive]:
        """Yield the background and the static foreground."""
        yield Fill(Box(0, 0, *self.layout.size), self.theme.background)
        yield from self.static_foreground()

    def static_foreground(self) -> Iterator[Primitive]:
        """Yield header, captions, brackets, legend, formulas and the empty progress bar."""
        theme = self.theme
        yield from lens_frame(self.layout, theme)
        for box, _ in self.layout.badges:
            yield RoundedRectangle(box, theme.surface, theme.background, round(box.h * 0.22))
        for text in (one for one in self.layout.texts if one.is_static):
            background = theme.surface if text.style == "badge" else theme.background
            face, colour = self._face(text.style), self.text_colour(text.ink)
            if text.style == "formula":
                yield from formula_runs(text, face, theme)
            else:
                yield TextRun(text.text, face, text.px, text.x, text.baseline, colour, (background,))
        for bracket in (one for one in self.layout.brackets if not one.tab):
            yield from (Fill(bar, self.text_colour(bracket.ink)) for bar in bracket.bars)
        for panel, grid in zip(self.scene.panels, self.layout.grids, strict=False):
            if panel.seamless:
                yield Outline(grid.box.grown(self.layout.scale), theme.muted, self.layout.scale)
        for box, entry in self.layout.legend:
            yield from legend_swatch(box, entry, self._cells)
        yield from ChartPrimitives(self.layout, theme).still()
        if self.layout.progress:
            yield Fill(self.layout.progress, theme.cells["empty"].fill)

    # Cells

    def cell_primitives(self, bounds: CellBounds, cell: Cell, *, highlighted: bool = False) -> Iterator[Primitive]:
        """Yield the primitives of one cell that fills `bounds`."""
        return self._cells.cell(bounds, cell, highlighted=highlighted)

    @property
    def _cells(self) -> CellPrimitives:
        return CellPrimitives(self.layout, self.theme)

    def grid(self, panel: int) -> Grid | ObliqueGrid:
        """Return the grid of a panel."""
        return self.layout.grids[panel]

    # Above the cells

    def guide_lines(
        self, frame: Frame, cells: CellMap, highlighted: Collection[Position]
    ) -> Iterator[BackedText | Stroke]:
        """Yield the lines between outlines, and once more the numbers and the brackets' texts that they cross."""
        are_shown = self.layout.lens is None or self.layout.lens_is_beside
        lines = [self._guide_line(guide, frame) for guide in frame.guides] if are_shown else []
        halos = [self.mark_outlines.halo_of(line) for line in lines]
        yield from (*halos, *lines)
        may_cross = lines and self.layout.number_px and not self.layout.lens  # whose numbers are beside its lines
        for position, cell in cells.items() if may_cross else ():
            if cell.text:
                style = self.theme.cell(
                    cell.role, highlighted=position in highlighted, faded=cell.faded, level=cell.level
                )
                bounds = self.grid(position[0]).cell(*position[1:])
                number = BackedText(self._cells.number(bounds, cell.text, style))
                if any(halo.crosses(number.box) for halo in halos):
                    yield number
        yield from self._crossed_texts(halos)

    def _crossed_texts(self, halos: Sequence[Stroke]) -> Iterator[BackedText]:
        """Yield the texts of brackets that lines cross, on their ground, if the background is not transparent."""
        for text in () if is_clear(self.theme.background) else self.layout.texts:
            if text.style == "bracket":
                run = self._text(text.text, text.style, text.px, text.x, text.baseline, text.ink)
                again = BackedText(run, is_number=False)
                if any(halo.crosses(again.box) for halo in halos):
                    yield again

    def _guide_line(self, guide: GuideLine, frame: Frame) -> Stroke:
        """Return the lines between two outlines: two on flat grids, four on oblique ones."""
        marks = frame.marks[guide.start], frame.marks[guide.end]
        start, end = (self.mark_outlines.bounds(mark) for mark in marks)
        colour, width = self.theme.window, max(1.0, self.layout.outline / 2.5)
        lines: tuple[Points, ...]
        if isinstance(start, Parallelogram) and isinstance(end, Parallelogram):
            lines = guide_segments(start, end)
        else:
            lines = outside(self.layout.lens, segments_between(start.box, end.box), start.box)
        return Stroke(lines, colour, width, self._line_backgrounds)

    @cached_property
    def _line_backgrounds(self) -> tuple[str, ...]:
        """Colours below lines: the background, and the fill of each cell state."""
        cell = self.theme.cell
        fills = {
            cell(role, faded=faded, level=level, highlighted=highlighted).fill
            for role, faded, level, highlighted in cell_states(self.scene)
        }
        return tuple(dict.fromkeys([self.theme.background, *sorted(fills)]))

    def overlays(self, frame: Frame) -> Iterator[Overlay]:
        """Yield what is drawn above the cells: connectors, the last window with its arrow, outlines."""
        yield from (self._connector(connector) for connector in frame.connectors)
        yield from ChartPrimitives(self.layout, self.theme).at(frame)
        yield from LastWindowPrimitives(self.layout, self.theme).primitives(frame)
        for mark in frame.marks:
            if mark.role != "last":
                yield from self.mark_outlines.outline(mark)

    @cached_property
    def mark_outlines(self) -> MarkOutlines:
        """Outlines of marks."""
        return MarkOutlines(self.layout, self.theme, self._line_backgrounds)

    def _connector(self, connector: Connector) -> Fill:
        """Return a vertical line between two panels, with a gap at both ends."""
        upper, lower = self.grid(connector.upper), self.grid(connector.lower)
        cell = upper.cell(0, connector.col).moved(*upper.offset(0, connector.shift)).box
        width, gap = max(1, self.layout.outline // 2), self.layout.outline + 1
        top, bottom = upper.box.bottom + gap, lower.box.y - gap
        return Fill(Box(cell.x + (cell.w - width) // 2, top, width, max(0, bottom - top)), self.theme.window)

    def labels(self, frame: Frame) -> Iterator[Label]:
        """Yield tabs, captions, brackets, step counter and progress bar of a frame, as many in each frame."""
        yield from self._tabs(frame)
        yield from self._moments(frame)
        for text in (one for one in self.layout.texts if not one.is_static):
            if text.in_moments and frame.moment is not None:
                text = text.in_moments[frame.moment]  # noqa: PLW2901
            shown = text.text if frame.tab >= text.tab else ""
            yield self._text(shown, text.style, text.px, text.x, text.baseline, text.ink)
        for bracket in (one for one in self.layout.brackets if one.tab):
            colour = self.text_colour(bracket.ink)
            yield from (Fill(bar if frame.tab >= bracket.tab else replace(bar, w=0), colour) for bar in bracket.bars)
        if self.layout.caption:
            yield self._caption(self.layout.caption, frame)
        if self.layout.counter:
            yield self._step_counter(self.layout.counter, frame)
        if self.layout.progress:
            done = (box := self.layout.progress).w * frame.number // self.scene.steps
            width = done if done == box.w else done // PROGRESS_STEP * PROGRESS_STEP
            yield Fill(replace(box, w=width), self.theme.accent)

    def _tabs(self, frame: Frame) -> Iterator[Fill | TextRun]:
        """Yield bars, filled up to the current tab, and names; that of the current tab is bold."""
        for index, tab in enumerate(self.layout.tabs):
            yield Fill(tab.bar, self.theme.accent if index <= frame.tab else self.theme.cells["empty"].fill)
            text = tab.bold if index == frame.tab else tab.plain
            role = "muted" if index > frame.tab else "text"
            yield self._text(text.text, text.style, text.px, text.x, text.baseline, role)

    def _moments(self, frame: Frame) -> Iterator[Fill | TextRun]:
        """Yield the names of moments; the present one is bold and underlined."""
        for index, one in enumerate(self.layout.moments):
            text, width = (one.bold, one.bar.w) if index == frame.moment else (one.plain, 0)
            yield Fill(replace(one.bar, w=width), self.theme.accent)
            yield self._text(text.text, text.style, text.px, text.x, text.baseline, text.ink)

    def _caption(self, box: Box, frame: Frame) -> InkedLine:
        """Return the caption of the step."""
        layout, px = self.layout, self.layout.caption_px
        runs = aligned_runs(frame.caption, layout.caption_length, layout.caption_lead)
        return inked_line(runs, layout.caption_x, centred_baseline(box, px), px, self.theme)

    def _step_counter(self, box: Box, frame: Frame) -> TextRun:
        """Return `8 / 25`, right-aligned."""
        text, px = f"{frame.number} / {self.scene.steps}", self.layout.counter_px
        x = box.right - measure(text, self._face("counter"), px)
        return self._text(text, "counter", px, x, centred_baseline(box, px), "muted")

    def _text(self, text: str, style: str, px: int, x: int, baseline: int, role: str) -> TextRun:
        return TextRun(text, self._face(style), px, x, baseline, self.text_colour(role), (self.theme.background,))

    def _face(self, style: str) -> str:
        return face_of_family(TEXT_STYLES[style].face, self.theme.font)

    def text_colour(self, role: str) -> str:
        """Return the colour of a text role or badge role."""
        return self.theme.ink(role)
