"""Frames: matplotlib draws what stays once and every distinct cell once; frames are composed from these pixels.

Composition copies pixels and never blends, so a composed frame equals the frame that matplotlib draws whole
(`draw_whole`), except that both pass through one palette.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, product

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from convviz.layout.boxes import Box
from convviz.layout.slab import Quad, Slab
from convviz.reel import Bytes, Shot
from convviz.render.fonts import DPI, is_mono, measure
from convviz.render.items import Fill, Item, Outline, Patch, Stroke, Words
from convviz.render.looks import Position, first_cells, lit_cells, looks
from convviz.render.palette import Palette
from convviz.render.picture import Picture
from convviz.scene import Cell, Frame
from convviz.theme import rgb

Place = Box | Quad
Mask = NDArray[np.bool_]
Sprite = tuple[Bytes, Mask | None]
"""Pixels of a bounding box, and which of them belong to what was drawn; all where there is no mask."""


class Drawing(Artist):
    """Items as one matplotlib artist, for any of its renderers."""

    def __init__(self, items: Iterable[Item]) -> None:
        super().__init__()
        self.items = list(items)

    def draw(self, renderer: RendererBase) -> None:
        """Paint the items in order."""
        for item in self.items:
            item.paint(renderer)


def draw_whole(items: Iterable[Item], size: tuple[int, int]) -> Bytes:
    """The items as matplotlib draws them on a figure of `size` pixels: an array (height, width, RGBA)."""
    figure = Figure(figsize=(size[0] / DPI, size[1] / DPI), dpi=DPI)
    canvas = FigureCanvasAgg(figure)
    figure.add_artist(Drawing(items))
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def items_at(picture: Picture, last: int) -> Iterator[Item]:
    """Everything that stands on the picture in frame `last`, in the order in which it is painted."""
    yield from picture.still()
    cells = first_cells(picture.scene)
    for frame in picture.scene.frames[: last + 1]:
        cells.update({(change.panel, change.row, change.col): change.cell for change in frame.changes})
    frame = picture.scene.frames[last]
    lit = lit_cells(frame)
    for (panel, row, col), cell in cells.items():
        yield from picture.cell_items(picture.grid(panel).cell(row, col), cell, lit=(panel, row, col) in lit)
    for one in frame.floats:
        yield from picture.cell_items(picture.float_place(one.panel, one.row, one.col), one.cell)
    yield from picture.guides(frame, cells, lit)
    yield from picture.over(frame)


class Stage:
    """The indexed picture, changed in place from frame to frame."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.palette = Palette(_blends(picture))
        self._sprites: dict[object, Sprite] = {}
        self._inks: dict[str, int] = {}
        self._easel = _easel(picture)
        self._glass = _canvas(*picture.sheet.size) if _has_lines(picture) else self._easel
        self._cells = first_cells(picture.scene)
        self._lit: frozenset[Position] = frozenset()
        self._covered: list[tuple[Box, Bytes]] = []
        self._changed: list[Box] = [Box(0, 0, *picture.sheet.size)]
        self.pixels = self.palette.indices(draw_whole(picture.still(), picture.sheet.size))
        for position in self._cells:
            self._paint_cell(position)

    def shots(self) -> Iterator[Shot]:
        """All frames, one at a time."""
        for frame in self.picture.scene.frames:
            self._uncover()
            self._change(frame)
            self._cover(frame)
            yield Shot(self.pixels, _around(self._changed), frame.duration)
            self._changed = []

    def _change(self, frame: Frame) -> None:
        written = {(change.panel, change.row, change.col): change.cell for change in frame.changes}
        self._cells.update(written)
        lit = lit_cells(frame)
        stale = written.keys() | (lit ^ self._lit)
        self._lit = lit
        for position in sorted(stale):
            self._paint_cell(position)

    def _paint_cell(self, position: Position) -> None:
        panel, row, col = position
        place = self.picture.grid(panel).cell(row, col)
        self._put(place.box, *self._cell_sprite(place, self._cells[position], position in self._lit))

    def _cell_sprite(self, place: Place, cell: Cell, lit: bool = False) -> Sprite:
        key = place.shape, cell, lit
        if key not in self._sprites:
            self._sprites[key] = self._draw_cell(place.home, cell, lit)
        return self._sprites[key]

    def _draw_cell(self, place: Place, cell: Cell, lit: bool) -> Sprite:
        items = list(self.picture.cell_items(place, cell, lit=lit))
        if isinstance(place, Box):
            return self._sprite(items, place), None
        pixels = self._sprite(items, place.box, self.picture.theme.background)
        self._easel.clear()
        for item in items:
            item.paint(self._easel)
        alpha = np.asarray(self._easel.buffer_rgba())[: place.box.h, : place.box.w, 3]
        return pixels, alpha > 0

    def _cover(self, frame: Frame) -> None:
        """Lay floating cells, outlines and lines over the cells, remembering what was below."""
        for one in frame.floats:
            place = self.picture.float_place(one.panel, one.row, one.col)
            self._cover_box(place.box, *self._cell_sprite(place, one.cell))
        for item in chain(self.picture.guides(frame, self._cells, self._lit), self.picture.over(frame)):
            if isinstance(item, Words):
                self._cover_words(item)
            elif isinstance(item, Stroke):
                self._cover_stroke(item)
            elif isinstance(item, Patch):
                self._cover_box(item.box, self._sprite([item], item.box))
            else:
                for box in item.bars() if isinstance(item, Outline) else [item.box]:
                    self._cover_box(box, self._flat(item.colour))

    def _cover_words(self, words: Words) -> None:
        """Text as sprites: fixed-pitch text by the character, other text as a whole."""
        mono = is_mono(words.face)
        for x, text, _ in words.runs() if mono else [(words.x, words.text, words.face)]:
            slack = 0 if mono else 3  # the last glyph may reach beyond its advance
            wide = measure(text, words.face, words.px) + slack
            box = Box(x, words.baseline - words.px, wide, round(words.px * 1.3))
            key = text, words.face, words.px, words.ink
            if key not in self._sprites:
                piece = Words(text, words.face, words.px, 0, words.px, words.ink, words.grounds)
                self._sprites[key] = self._sprite([piece], box.home, words.grounds[0]), None
            self._cover_box(box, *self._sprites[key])

    def _cover_stroke(self, stroke: Stroke) -> None:
        """Blend a line into what is there: the only thing that is not opaque."""
        self._glass.clear()
        stroke.paint(self._glass)
        box = stroke.box
        region = slice(max(0, box.y), box.bottom), slice(max(0, box.x), box.right)
        alpha = np.asarray(self._glass.buffer_rgba())[region][..., 3] / 255
        below = self.pixels[region]
        rows, cols = np.nonzero(alpha)
        share = alpha[rows, cols, None]
        ink = np.array(rgb(stroke.colour))
        blended = self.palette.colours[below[rows, cols]] * (1 - share) + ink * share
        pixels = below.copy()
        pixels[rows, cols] = self.palette.indices(np.round(blended).astype(np.uint8))
        height, width = pixels.shape
        self._cover_box(Box(region[1].start, region[0].start, width, height), pixels)

    def _cover_box(self, box: Box, pixels: Bytes | int, mask: Mask | None = None) -> None:
        self._covered.append((box, self._view(box).copy()))
        self._put(box, pixels, mask)

    def _uncover(self) -> None:
        for box, pixels in reversed(self._covered):
            self._put(box, pixels)
        self._covered = []

    def _put(self, box: Box, pixels: Bytes | int, mask: Mask | None = None) -> None:
        np.copyto(self._view(box), pixels, where=True if mask is None else mask)
        self._changed.append(box)

    def _view(self, box: Box) -> Bytes:
        return self.pixels[box.y : box.bottom, box.x : box.right]

    def _flat(self, colour: str) -> int:
        if colour not in self._inks:
            self._inks[colour] = int(self.palette.indices(np.array([rgb(colour)], dtype=np.uint8))[0])
        return self._inks[colour]

    def _sprite(self, items: Iterable[Item], box: Box, ground: str | None = None) -> Bytes:
        """The pixels of items inside `box`, drawn by matplotlib."""
        self._easel.clear()
        for item in chain([Fill(box, ground)] if ground else [], items):
            item.paint(self._easel, -box.x, -box.y)
        return self.palette.indices(np.asarray(self._easel.buffer_rgba())[: box.h, : box.w])


def _easel(picture: Picture) -> RendererAgg:
    """A canvas of matplotlib's large enough for any sprite: a cell, or a line of text."""
    sheet = picture.sheet
    return _canvas(sheet.size[0], max(*(grid.cell(0, 0).box.h for grid in sheet.grids), 2 * sheet.line_px, 60))


def _canvas(width: int, height: int) -> RendererAgg:
    return FigureCanvasAgg(Figure(figsize=(width / DPI, height / DPI), dpi=DPI)).get_renderer()


def _has_lines(picture: Picture) -> bool:
    """Whether any frame has lines that are blended into what is there."""
    return any(frame.rays for frame in picture.scene.frames) or any(panel.slanted for panel in picture.scene.panels)


def _blends(picture: Picture) -> Iterator[tuple[str, ...]]:
    """The colours of everything that any frame shows."""
    for item in picture.still():
        yield from item.blends()
    first = {frame.tab: frame for frame in reversed(picture.scene.frames)}
    for frame in [*first.values(), *(frame for frame in picture.scene.frames if frame.rays)][:16]:
        for item in chain(picture.guides(frame, {}, ()), picture.over(frame)):
            yield from item.blends()
    yield (picture.theme.window,)
    yield (picture.theme.text,)
    slanted = [grid.cell(0, 0) for grid in picture.sheet.grids if isinstance(grid, Slab)]
    places: list[Place] = [Box(0, 0, 32, 32), *slanted[:1]]
    for (role, faded, level, lit), place in product(sorted(looks(picture.scene)), places):
        for item in picture.cell_items(place, Cell(role, "0", faded, level), lit=lit):
            yield from item.blends()


def _around(boxes: list[Box]) -> Box:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)
