"""Sprites: the parts of frames as palette indices, each drawn once with matplotlib."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, product
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from convviz.layout.boxes import Box
from convviz.layout.oblique_grid import ObliqueGrid
from convviz.raster import ByteArray
from convviz.render.cell_primitives import CellBounds
from convviz.render.cell_states import cell_states
from convviz.render.display_list import DisplayList
from convviz.render.fonts import DPI
from convviz.render.hermetic import RendererAgg
from convviz.render.palette import Palette
from convviz.render.paths import SharpPolygon, Stroke
from convviz.render.primitives import Primitive
from convviz.render.rasterize import rasterize
from convviz.render.rectangles import Fill
from convviz.render.text_run import TextRun
from convviz.scene.model import Cell
from convviz.style.colours import rgb
from convviz.text.lines import Ink

Mask = NDArray[np.bool_]
Sprite = tuple[ByteArray, Mask | None]
"""Pixels of a bounding box, and a mask of those that belong to the sprite; None: all of them."""
Region = tuple[slice, slice]
Coverage = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]
"""Rows, columns and alpha (0 to 255) of the pixels that a line touches."""


class Sprites:
    """The sprites of a display list, in its palette."""

    def __init__(self, display_list: DisplayList) -> None:
        self.display_list = display_list
        self.palette = Palette(_blends(display_list))
        self._cells: dict[object, Sprite] = {}
        self._texts: dict[object, ByteArray] = {}
        self._colour_indices: dict[str, int] = {}
        self._coverages: dict[object, Coverage] = {}
        self._masks: dict[object, Mask] = {}
        self._mixtures: dict[str, NDArray[np.int16]] = {}
        self._scratch_canvas = _scratch_canvas(display_list)
        self._line_canvas = _canvas(*display_list.layout.size) if _has_lines(display_list) else self._scratch_canvas

    def static_pixels(self) -> ByteArray:
        """Return the static part of the picture."""
        return self.palette.indices(rasterize(self.display_list.static_primitives(), self.display_list.layout.size))

    def cell(self, bounds: CellBounds, cell: Cell, highlighted: bool = False) -> Sprite:
        """Return a cell, for all positions of this shape."""
        key = bounds.shape, cell, highlighted
        if key not in self._cells:
            self._cells[key] = self._draw_cell(bounds.at_origin, cell, highlighted)
        return self._cells[key]

    def _draw_cell(self, bounds: CellBounds, cell: Cell, highlighted: bool) -> Sprite:
        primitives = list(self.display_list.cell_primitives(bounds, cell, highlighted=highlighted))
        if isinstance(bounds, Box):
            return self.draw(primitives, bounds), None
        pixels = self.draw(primitives, bounds.box, self.display_list.theme.background)
        self._scratch_canvas.clear()
        for primitive in primitives:
            primitive.paint(self._scratch_canvas)
        alpha = np.asarray(self._scratch_canvas.buffer_rgba())[: bounds.box.h, : bounds.box.w, 3]
        return pixels, alpha > 0

    def text(self, run: TextRun, text: str) -> ByteArray:
        """Return a part of `run`, for all positions on its background."""
        key = text, run.face, run.px, run.colour
        if key not in self._texts:
            part = replace(run, text=text, x=0, baseline=run.px)
            self._texts[key] = self.draw([part], part.box, run.backgrounds[0])
        return self._texts[key]

    def colour_index(self, colour: str) -> int:
        """Return the palette index of a colour of the theme."""
        if colour not in self._colour_indices:
            self._colour_indices[colour] = self.palette.index(colour)
        return self._colour_indices[colour]

    def draw(self, primitives: Iterable[Primitive], box: Box, background: str | None = None) -> ByteArray:
        """Return the pixels of primitives inside `box`."""
        self._scratch_canvas.clear()
        for primitive in chain([Fill(box, background)] if background else [], primitives):
            primitive.paint(self._scratch_canvas, -box.x, -box.y)
        return self.palette.indices(np.asarray(self._scratch_canvas.buffer_rgba())[: box.h, : box.w])

    def mask(self, polygon: SharpPolygon) -> Mask:
        """Return which pixels of its box a polygon covers."""
        box = polygon.box
        key = tuple((x - box.x, y - box.y) for x, y in polygon.corners)
        if key not in self._masks:
            canvas = np.asarray(self._line_canvas.buffer_rgba())[: box.h, : box.w]
            canvas[...] = 0
            polygon.paint(self._line_canvas, -box.x, -box.y)
            self._masks[key] = canvas[..., 3] > 0
        return self._masks[key]

    def blend_line(self, stroke: Stroke, pixels: ByteArray) -> tuple[Region, ByteArray]:
        """Return a part of the picture `pixels` with a line blended into it; all other sprites are opaque."""
        box = stroke.box
        rows, cols, alphas = self._coverage(stroke, box)
        height, width = pixels.shape
        if box.x < 0 or box.y < 0 or box.right > width or box.bottom > height:
            inside = (rows >= -box.y) & (rows < height - box.y) & (cols >= -box.x) & (cols < width - box.x)
            rows, cols, alphas = rows[inside] + min(0, box.y), cols[inside] + min(0, box.x), alphas[inside]
        region = slice(max(0, box.y), box.bottom), slice(max(0, box.x), box.right)
        blended = pixels[region].copy()
        blended[rows, cols] = self._mix(stroke.colour, blended[rows, cols], alphas)
        return region, blended

    def _coverage(self, stroke: Stroke, box: Box) -> Coverage:
        """Return the pixels of `box` that a line touches; closed lines recur, so that theirs are cached."""
        key = tuple((x - box.x, y - box.y) for line in stroke.lines for x, y in line), stroke.width
        if key in self._coverages:
            return self._coverages[key]
        canvas = np.asarray(self._line_canvas.buffer_rgba())[: box.h, : box.w]
        canvas[...] = 0
        stroke.paint(self._line_canvas, -box.x, -box.y)
        rows, cols = np.divmod(np.flatnonzero(canvas[..., 3] != 0), box.w)
        coverage = rows, cols, canvas[rows, cols, 3].astype(np.intp)
        if stroke.closed:
            self._coverages[key] = coverage
        return coverage

    def _mix(self, colour: str, below: ByteArray, alphas: NDArray[np.intp]) -> ByteArray:
        """Return palette indices of `colour` blended into other indices; each mixture is computed once."""
        if colour not in self._mixtures:
            self._mixtures[colour] = np.full(1 << 16, -1, dtype=np.int16)
        known = self._mixtures[colour]
        codes = (alphas << 8) | below
        mixed = known[codes]
        if (mixed < 0).any():
            missing = np.unique(codes[mixed < 0])
            alpha = (missing >> 8)[:, None] / 255
            kept = self.palette.alphas[missing & 255][:, None] / 255 * (1 - alpha)
            covered = np.maximum(alpha + kept, 1 / 255)
            colours = (self.palette.colours[missing & 255] * kept + np.array(rgb(colour)) * alpha) / covered
            known[missing] = self.palette.indices(np.round(np.hstack((colours, 255 * covered))).astype(np.uint8))
            mixed = known[codes]
        return mixed.astype(np.uint8)


def _scratch_canvas(display_list: DisplayList) -> RendererAgg:
    """Return a matplotlib canvas that is large enough for each cell and line of text."""
    layout = display_list.layout
    return _canvas(layout.size[0], max(*(grid.cell(0, 0).box.h for grid in layout.grids), 2 * layout.caption_px, 60))


def _canvas(width: int, height: int) -> RendererAgg:
    return RendererAgg(width, height, DPI)


def _has_lines(display_list: DisplayList) -> bool:
    """Return whether a frame has lines that are blended into what is below."""
    scene = display_list.scene
    if scene.has_chart or any(panel.oblique for panel in scene.panels):
        return True
    return any(frame.guides or frame.arrows for frame in scene.frames)


def _blends(display_list: DisplayList) -> Iterator[tuple[str, ...]]:
    """Yield the colours, and pairs of blended colours, of everything that the frames show."""
    scene = display_list.scene
    for primitive in display_list.static_primitives():
        yield from primitive.blends()
    first_of_tab = {frame.tab: frame for frame in reversed(scene.frames)}
    last = scene.frames[-1:] if scene.has_chart else ()
    for frame in [*first_of_tab.values(), *last, *(frame for frame in scene.frames if frame.guides)][:16]:
        guide_lines = display_list.guide_lines(frame, {}, ())
        for primitive in chain(guide_lines, display_list.overlays(frame), display_list.labels(frame)):
            yield from primitive.blends()
    yield (display_list.theme.window,)
    yield (display_list.theme.accent,)
    yield (display_list.theme.text,)
    for ink in get_args(Ink):
        yield display_list.theme.background, display_list.theme.ink(ink)
    oblique = [grid.cell(0, 0) for grid in display_list.layout.grids if isinstance(grid, ObliqueGrid)]
    all_bounds: list[CellBounds] = [Box(0, 0, 32, 32), *oblique[:1]]
    for (role, faded, level, highlighted), bounds in product(sorted(cell_states(scene)), all_bounds):
        cells = [Cell(role, "0", faded, level)]
        if role == "product":
            cells += [Cell(role, text, faded, level, note="0·0") for text in ("", "0")]
        for cell in cells:
            for primitive in display_list.cell_primitives(bounds, cell, highlighted=highlighted):
                yield from primitive.blends()
