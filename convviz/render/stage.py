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

from convviz.layout.boxes import Box
from convviz.reel import Bytes, Shot
from convviz.render.fonts import DPI, is_mono, measure
from convviz.render.items import Fill, Item, Outline, Stroke, Words
from convviz.render.palette import Palette
from convviz.render.picture import Picture
from convviz.scene import Cell, Frame, Mark
from convviz.theme import rgb

Position = tuple[int, int, int]
"""Panel, row and column of a cell."""


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
    cells = _first_cells(picture)
    for frame in picture.scene.frames[: last + 1]:
        cells.update({(change.panel, change.row, change.col): change.cell for change in frame.changes})
    frame = picture.scene.frames[last]
    lit = _lit(frame)
    for (panel, row, col), cell in cells.items():
        yield from picture.cell_items(picture.grid(panel).cell(row, col), cell, lit=(panel, row, col) in lit)
    for one in frame.floats:
        yield from picture.cell_items(picture.float_box(one.panel, one.row, one.col), one.cell)
    yield from picture.over(frame)


class Stage:
    """The indexed picture, changed in place from frame to frame."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.palette = Palette(_blends(picture))
        self._sprites: dict[object, Bytes] = {}
        self._easel = _easel(picture)
        self._glass = _canvas(*picture.sheet.size) if any(frame.rays for frame in picture.scene.frames) else self._easel
        self._cells = _first_cells(picture)
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
        lit = _lit(frame)
        stale = written.keys() | (lit ^ self._lit)
        self._lit = lit
        for position in sorted(stale):
            self._paint_cell(position)

    def _paint_cell(self, position: Position) -> None:
        panel, row, col = position
        box = self.picture.grid(panel).cell(row, col)
        self._put(box, self._cell_sprite(box, self._cells[position], position in self._lit))

    def _cell_sprite(self, box: Box, cell: Cell, lit: bool = False) -> Bytes:
        if (box.w, cell, lit) not in self._sprites:
            origin = Box(0, 0, box.w, box.h)
            self._sprites[box.w, cell, lit] = self._sprite(self.picture.cell_items(origin, cell, lit=lit), origin)
        return self._sprites[box.w, cell, lit]

    def _cover(self, frame: Frame) -> None:
        """Lay floating cells, outlines and lines over the cells, remembering what was below."""
        for one in frame.floats:
            box = self.picture.float_box(one.panel, one.row, one.col)
            self._cover_box(box, self._cell_sprite(box, one.cell))
        for item in self.picture.over(frame):
            if isinstance(item, Words):
                self._cover_words(item)
            elif isinstance(item, Stroke):
                self._cover_stroke(item)
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
                self._sprites[key] = self._sprite([piece], Box(0, 0, box.w, box.h), words.grounds[0])
            self._cover_box(box, self._sprites[key])

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

    def _cover_box(self, box: Box, pixels: Bytes | int) -> None:
        self._covered.append((box, self._view(box).copy()))
        self._put(box, pixels)

    def _uncover(self) -> None:
        for box, pixels in reversed(self._covered):
            self._put(box, pixels)
        self._covered = []

    def _put(self, box: Box, pixels: Bytes | int) -> None:
        self._view(box)[...] = pixels
        self._changed.append(box)

    def _view(self, box: Box) -> Bytes:
        return self.pixels[box.y : box.bottom, box.x : box.right]

    def _flat(self, colour: str) -> int:
        if colour not in self._sprites:
            pixel = np.array([[int(colour[n : n + 2], 16) for n in (1, 3, 5)]], dtype=np.uint8)
            self._sprites[colour] = self.palette.indices(pixel)
        return int(self._sprites[colour][0])

    def _sprite(self, items: Iterable[Item], box: Box, ground: str | None = None) -> Bytes:
        """The pixels of items inside `box` at the origin, drawn by matplotlib."""
        self._easel.clear()
        for item in chain([Fill(box, ground)] if ground else [], items):
            item.paint(self._easel)
        return self.palette.indices(np.asarray(self._easel.buffer_rgba())[: box.h, : box.w])


def _easel(picture: Picture) -> RendererAgg:
    """A canvas of matplotlib's large enough for any sprite: a cell, or a line of text."""
    sheet = picture.sheet
    return _canvas(sheet.size[0], max(*(grid.pitch for grid in sheet.grids), 2 * sheet.line_px, 60))


def _canvas(width: int, height: int) -> RendererAgg:
    return FigureCanvasAgg(Figure(figsize=(width / DPI, height / DPI), dpi=DPI)).get_renderer()


def _first_cells(picture: Picture) -> dict[Position, Cell]:
    return {
        (index, row, col): panel.cells[row][col]
        for index, panel in enumerate(picture.scene.panels)
        for row, col in product(range(panel.rows), range(panel.cols))
    }


def _lit(frame: Frame) -> frozenset[Position]:
    def cells(mark: Mark) -> Iterator[Position]:
        return ((mark.panel, row, col) for row, col in product(mark.rows, mark.cols))

    return frozenset(chain.from_iterable(cells(mark) for mark in frame.marks if mark.lit))


def _blends(picture: Picture) -> Iterator[tuple[str, ...]]:
    """The colours of everything that any frame shows."""
    for item in picture.still():
        yield from item.blends()
    first = {frame.tab: frame for frame in reversed(picture.scene.frames)}
    for frame in [*first.values(), *(frame for frame in picture.scene.frames if frame.rays)][:16]:
        for item in picture.over(frame):
            yield from item.blends()
    yield (picture.theme.window,)
    yield (picture.theme.text,)
    box = Box(0, 0, 32, 32)
    for role, faded, level, lit in sorted(_looks(picture)):
        for item in picture.cell_items(box, Cell(role, "0", faded, level), lit=lit):
            yield from item.blends()


def _looks(picture: Picture) -> set[tuple[str, bool, int, bool]]:
    """Role, faded, level and lit of every cell that any frame shows."""
    frames = picture.scene.frames
    lit = frozenset(chain.from_iterable(_lit(frame) for frame in frames))
    shown = chain(
        _first_cells(picture).items(),
        (((c.panel, c.row, c.col), c.cell) for frame in frames for c in frame.changes),
        (((-1, 0, 0), one.cell) for frame in frames for one in frame.floats),
    )
    looks = set()
    for position, cell in shown:
        for under in (False, True) if position in lit else (False,):
            looks.add((cell.role, cell.faded, cell.level, under))
    return looks


def _around(boxes: list[Box]) -> Box:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)
