"""Everything that frames are composed of, as palette indices: matplotlib draws each distinct thing once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, product

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from convviz.layout.boxes import Box
from convviz.layout.oblique_grid import ObliqueGrid, Parallelogram
from convviz.raster import Bytes
from convviz.render.cell_states import looks
from convviz.render.display_list import DisplayList
from convviz.render.fonts import DPI
from convviz.render.palette import Palette
from convviz.render.paths import Stroke
from convviz.render.primitives import Fill, Primitive, TextRun
from convviz.scene.model import Cell
from convviz.style.theme import rgb

Place = Box | Parallelogram
Mask = NDArray[np.bool_]
Sprite = tuple[Bytes, Mask | None]
"""Pixels of a bounding box, and which of them belong to what was drawn; all where there is no mask."""
Region = tuple[slice, slice]
Coverage = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]


class Drawing(Artist):
    """Items as one matplotlib artist, for any of its renderers."""

    def __init__(self, items: Iterable[Primitive]) -> None:
        super().__init__()
        self.items = list(items)

    def draw(self, renderer: RendererBase) -> None:
        """Paint the items in order."""
        for item in self.items:
            item.paint(renderer)


def draw_whole(items: Iterable[Primitive], size: tuple[int, int]) -> Bytes:
    """The items as matplotlib draws them on a figure of `size` pixels: an array (height, width, RGBA)."""
    canvas = FigureCanvasAgg(figure_of(items, size))
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def figure_of(items: Iterable[Primitive], size: tuple[int, int]) -> Figure:
    """A figure of `size` pixels with the items on it."""
    figure = Figure(figsize=(size[0] / DPI, size[1] / DPI), dpi=DPI)
    figure.add_artist(Drawing(items))
    return figure


class Sprites:
    """The sprites of a picture, in its palette."""

    def __init__(self, picture: DisplayList) -> None:
        self.picture = picture
        self.palette = Palette(_blends(picture))
        self._cells: dict[object, Sprite] = {}
        self._texts: dict[object, Bytes] = {}
        self._flats: dict[str, int] = {}
        self._coverages: dict[object, Coverage] = {}
        self._mixtures: dict[str, NDArray[np.int16]] = {}
        self._easel = _easel(picture)
        self._glass = _canvas(*picture.sheet.size) if _has_lines(picture) else self._easel

    def still(self) -> Bytes:
        """What stays, as matplotlib draws it whole."""
        return self.palette.indices(draw_whole(self.picture.still(), self.picture.sheet.size))

    def cell(self, place: Place, cell: Cell, highlighted: bool = False) -> Sprite:
        """A cell, for every place of this shape."""
        key = place.shape, cell, highlighted
        if key not in self._cells:
            self._cells[key] = self._draw_cell(place.home, cell, highlighted)
        return self._cells[key]

    def _draw_cell(self, place: Place, cell: Cell, highlighted: bool) -> Sprite:
        items = list(self.picture.cell_items(place, cell, highlighted=highlighted))
        if isinstance(place, Box):
            return self.items(items, place), None
        pixels = self.items(items, place.box, self.picture.theme.background)
        self._easel.clear()
        for item in items:
            item.paint(self._easel)
        alpha = np.asarray(self._easel.buffer_rgba())[: place.box.h, : place.box.w, 3]
        return pixels, alpha > 0

    def text(self, words: TextRun, text: str) -> Bytes:
        """A part of `words`, for every place on that ground."""
        key = text, words.face, words.px, words.ink
        if key not in self._texts:
            piece = replace(words, text=text, x=0, baseline=words.px)
            self._texts[key] = self.items([piece], piece.box, words.grounds[0])
        return self._texts[key]

    def flat(self, colour: str) -> int:
        """A colour of the theme."""
        if colour not in self._flats:
            self._flats[colour] = self.palette.index(colour)
        return self._flats[colour]

    def items(self, items: Iterable[Primitive], box: Box, ground: str | None = None) -> Bytes:
        """The pixels of items inside `box`."""
        self._easel.clear()
        for item in chain([Fill(box, ground)] if ground else [], items):
            item.paint(self._easel, -box.x, -box.y)
        return self.palette.indices(np.asarray(self._easel.buffer_rgba())[: box.h, : box.w])

    def blended(self, stroke: Stroke, pixels: Bytes) -> tuple[Region, Bytes]:
        """A part of the picture `pixels` with a line blended into it: the only thing that is not opaque."""
        box = stroke.box
        rows, cols, shares = self._coverage(stroke, box)
        height, width = pixels.shape
        if box.x < 0 or box.y < 0 or box.right > width or box.bottom > height:
            inside = (rows >= -box.y) & (rows < height - box.y) & (cols >= -box.x) & (cols < width - box.x)
            rows, cols, shares = rows[inside] + min(0, box.y), cols[inside] + min(0, box.x), shares[inside]
        region = slice(max(0, box.y), box.bottom), slice(max(0, box.x), box.right)
        found = pixels[region].copy()
        found[rows, cols] = self._mixed(stroke.colour, found[rows, cols], shares)
        return region, found

    def _coverage(self, stroke: Stroke, box: Box) -> Coverage:
        """The pixels of its box that a line covers, and how much of each; closed lines are met again."""
        home = tuple((x - box.x, y - box.y) for line in stroke.lines for x, y in line), stroke.width
        if home in self._coverages:
            return self._coverages[home]
        glass = np.asarray(self._glass.buffer_rgba())[: box.h, : box.w]
        glass[...] = 0
        stroke.paint(self._glass, -box.x, -box.y)
        rows, cols = np.divmod(np.flatnonzero(glass[..., 3] != 0), box.w)
        found = rows, cols, glass[rows, cols, 3].astype(np.intp)
        if stroke.closed:
            self._coverages[home] = found
        return found

    def _mixed(self, colour: str, below: Bytes, shares: NDArray[np.intp]) -> Bytes:
        """Palette indices of `colour` over others, 255 hiding them; each mixture is looked up once."""
        if colour not in self._mixtures:
            self._mixtures[colour] = np.full(1 << 16, -1, dtype=np.int16)
        known = self._mixtures[colour]
        codes = (shares << 8) | below
        found = known[codes]
        if (found < 0).any():
            fresh = np.unique(codes[found < 0])
            share = (fresh >> 8)[:, None] / 255
            mixed = self.palette.colours[fresh & 255] * (1 - share) + np.array(rgb(colour)) * share
            opaque = np.pad(np.round(mixed).astype(np.uint8), ((0, 0), (0, 1)), constant_values=255)
            known[fresh] = self.palette.indices(opaque)
            found = known[codes]
        return found.astype(np.uint8)


def _easel(picture: DisplayList) -> RendererAgg:
    """A canvas of matplotlib's large enough for any sprite: a cell, or a line of text."""
    sheet = picture.sheet
    return _canvas(sheet.size[0], max(*(grid.cell(0, 0).box.h for grid in sheet.grids), 2 * sheet.caption_px, 60))


def _canvas(width: int, height: int) -> RendererAgg:
    return FigureCanvasAgg(Figure(figsize=(width / DPI, height / DPI), dpi=DPI)).get_renderer()


def _has_lines(picture: DisplayList) -> bool:
    """Whether any frame has lines that are blended into what is there."""
    return any(frame.guides for frame in picture.scene.frames) or any(panel.oblique for panel in picture.scene.panels)


def _blends(picture: DisplayList) -> Iterator[tuple[str, ...]]:
    """The colours of everything that any frame shows."""
    for item in picture.still():
        yield from item.blends()
    first = {frame.tab: frame for frame in reversed(picture.scene.frames)}
    for frame in [*first.values(), *(frame for frame in picture.scene.frames if frame.guides)][:16]:
        for item in chain(picture.guides(frame, {}, ()), picture.over(frame), picture.labels(frame)):
            yield from item.blends()
    yield (picture.theme.window,)
    yield (picture.theme.text,)
    slanted = [grid.cell(0, 0) for grid in picture.sheet.grids if isinstance(grid, ObliqueGrid)]
    places: list[Place] = [Box(0, 0, 32, 32), *slanted[:1]]
    for (role, faded, level, highlighted), place in product(sorted(looks(picture.scene)), places):
        for item in picture.cell_items(place, Cell(role, "0", faded, level), highlighted=highlighted):
            yield from item.blends()
