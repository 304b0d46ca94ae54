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
from convviz.render.fonts import DPI, measure
from convviz.render.items import Fill, Item, Outline, Words
from convviz.render.palette import Palette
from convviz.render.picture import Picture
from convviz.scene import Cell, Frame, Mark

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
    yield from picture.over(frame)


class Stage:
    """The indexed picture, changed in place from frame to frame."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.palette = Palette(_blends(picture))
        self._sprites: dict[object, Bytes] = {}
        self._easel = _easel(picture)
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
        cell, lit = self._cells[position], position in self._lit
        box = self.picture.grid(panel).cell(row, col)
        if (cell, lit) not in self._sprites:
            origin = Box(0, 0, box.w, box.h)
            self._sprites[cell, lit] = self._sprite(self.picture.cell_items(origin, cell, lit=lit), origin)
        self._put(box, self._sprites[cell, lit])

    def _cover(self, frame: Frame) -> None:
        """Lay outlines and lines over the cells, remembering what was below."""
        for item in self.picture.over(frame):
            if isinstance(item, Words):
                self._cover_words(item)
                continue
            for box in item.bars() if isinstance(item, Outline) else [item.box]:
                self._cover_box(box, self._flat(item.colour))

    def _cover_words(self, words: Words) -> None:
        for x, character, _ in words.runs():
            box = Box(x, words.baseline - words.px, measure("0", words.face, words.px), round(words.px * 1.3))
            key = character, words.px, words.ink
            if key not in self._sprites:
                piece = Words(character, words.face, words.px, 0, words.px, words.ink, words.grounds)
                self._sprites[key] = self._sprite([piece], Box(0, 0, box.w, box.h), words.grounds[0])
            self._cover_box(box, self._sprites[key])

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
    """A small canvas of matplotlib's, large enough for any sprite."""
    side = max(grid.pitch for grid in picture.sheet.grids) + 2 * max(picture.sheet.line_px, picture.sheet.counter_px)
    figure = Figure(figsize=(side / DPI, side / DPI), dpi=DPI)
    return FigureCanvasAgg(figure).get_renderer()


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
    for frame in picture.scene.frames[:1]:
        for item in picture.over(frame):
            yield from item.blends()
    yield (picture.theme.window,)
    yield (picture.theme.text,)
    box = Box(0, 0, 32, 32)
    for role, faded, lit in sorted(_looks(picture)):
        for item in picture.cell_items(box, Cell(role, "0", faded), lit=lit):
            yield from item.blends()


def _looks(picture: Picture) -> set[tuple[str, bool, bool]]:
    """Role, faded and lit of every cell that any frame shows."""
    frames = picture.scene.frames
    lit = frozenset(chain.from_iterable(_lit(frame) for frame in frames))
    shown = chain(
        _first_cells(picture).items(),
        (((c.panel, c.row, c.col), c.cell) for frame in frames for c in frame.changes),
    )
    return {
        (cell.role, cell.faded, under)
        for position, cell in shown
        for under in ((False, True) if position in lit else (False,))
    }


def _around(boxes: list[Box]) -> Box:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)
