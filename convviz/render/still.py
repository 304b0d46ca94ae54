"""A picture that does not move, as pixels, SVG or PDF: one frame, or a filmstrip of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import chain

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import FigureCanvasPdf

from convviz.errors import PictureError
from convviz.layout.boxes import Box
from convviz.layout.filmstrip import edges
from convviz.layout.lay_out import lay_out
from convviz.raster import FileMetadata, FrameStream, PalettedFrame
from convviz.render.compositor import items_at
from convviz.render.display_list import DisplayList
from convviz.render.fonts import measure_in
from convviz.render.palette import Palette
from convviz.render.paths import Polygon
from convviz.render.primitives import Fill, Primitive, Shifted
from convviz.render.sprites import draw_whole, figure_of
from convviz.render.svg import svg

TRUETYPE = 42
"""How fonts are embedded; matplotlib's default, Type 3, is refused by some publishers, and has no other switch."""
TILE = ("header", "legend", "formulas", "bar")
"""What the frames of a strip leave to its edges."""
AIR = (36, 44, 60, 80, 120, 200)
"""Pixels around the grids of a frame in a strip, as few as leave the cells as large as they can be."""


@dataclass(frozen=True)
class Still:
    """Items on a ground of one colour."""

    size: tuple[int, int]
    items: tuple[Primitive, ...]
    ground: str
    transparent: bool
    """Whether one looks through everything that has the colour of the ground."""
    label: FileMetadata

    def _all(self) -> list[Primitive]:
        if not self.transparent:
            return [Fill(Box(0, 0, *self.size), self.ground), *self.items]
        return list(_over(self.items, self.ground))

    def svg(self) -> str:
        """As SVG."""
        return svg(self._all(), self.size, self.label)

    def pdf(self) -> bytes:
        """As PDF, through matplotlib; without a date, so that the same picture gives the same bytes."""
        figure = figure_of(self._all(), self.size)
        figure.patch.set_visible(False)
        label, file = self.label, BytesIO()
        about = {"Title": label.title, "Subject": label.alt, "Keywords": label.origin, "Creator": "convviz"}
        with rc_context({"pdf.fonttype": TRUETYPE}):
            FigureCanvasPdf(figure).print_pdf(file, metadata={**about, "Producer": None, "CreationDate": None})
        return file.getvalue()

    def reel(self) -> FrameStream:
        """As a reel of one shot."""
        whole = replace(self, transparent=False)._all()
        palette = Palette(chain.from_iterable(item.blends() for item in whole))
        shot = PalettedFrame(palette.indices(draw_whole(whole, self.size)), (Box(0, 0, *self.size),), 0)
        clear = palette.index(self.ground) if self.transparent else None
        return FrameStream(self.size, palette.colours, [shot], (0,), clear=clear, label=self.label)


def _over(items: Iterable[Primitive], ground: str) -> Iterator[Primitive]:
    """Items without the areas that have the colour of the ground."""
    for item in items:
        if isinstance(item, Shifted):
            yield replace(item, items=tuple(_over(item.items, ground)))
        elif not (isinstance(item, Fill | Polygon) and item.colour == ground):
            yield item


def still(picture: DisplayList, frame: int, label: FileMetadata, *, transparent: bool = False) -> Still:
    """Frame number `frame` (from 0)."""
    return Still(picture.sheet.size, tuple(items_at(picture, frame)), picture.theme.background, transparent, label)


def strip(picture: DisplayList, frames: Sequence[int], label: FileMetadata, *, transparent: bool = False) -> Still:
    """These frames side by side: in as many columns, up to four, as keep their numbers readable."""
    theme, sheet = picture.theme, picture.sheet
    around = edges(picture.scene, sheet.size, measure_in(theme.font), sheet.scale)
    tile, columns = _tiles(picture, len(frames), sheet.size[0] - 2 * around.margin, around.space)
    wide, high = tile.sheet.size
    items: list[Primitive] = list(DisplayList(picture.scene, around.above, theme).printed())
    for number, frame in enumerate(frames):
        row, column = divmod(number, columns)
        left, top = around.margin + column * (wide + around.space), around.top + row * (high + around.space)
        items.append(Shifted(tuple(items_at(tile, frame)), left, top))
    rows = -(-len(frames) // columns)
    down = around.top + rows * (high + around.space) - around.space - around.end
    items.append(Shifted(tuple(DisplayList(picture.scene, around.below, theme).printed()), 0, down))
    size = sheet.size[0], (sheet.size[1] + down) // 2 * 2
    return Still(size, tuple(items), theme.background, transparent, label)


def _tiles(picture: DisplayList, count: int, room: int, space: int) -> tuple[DisplayList, int]:
    """The picture whose frames stand side by side, and in how many columns: rows are filled as evenly as can be."""
    for most in (4, 3, 2):
        columns = -(-count // -(-count // most))
        with suppress(PictureError):
            tile = _tile(picture, (room - (columns - 1) * space) // columns // 2 * 2)
            if tile.sheet.number_px or not picture.sheet.number_px:
                return tile, columns
    return _tile(picture, room), 1


def _tile(picture: DisplayList, wide: int) -> DisplayList:
    """All frames at this width, and no higher than their grids and captions need."""
    scene = replace(picture.scene, without=(*picture.scene.without, *TILE))
    measure, scale = measure_in(picture.theme.font), picture.sheet.scale
    size = wide, 2 * wide
    tall = lay_out(scene, size, measure, scale)
    boxes = [*(grid.box for grid in tall.grids), *(text.box for text in tall.texts)]
    used = max(box.bottom for box in boxes) - min(box.y for box in boxes)
    end = tall.caption or tall.counter
    below = size[1] - end.y if end else 0
    for air in AIR:
        high = min(size[1], used + below + air * scale) // 2 * 2
        with suppress(PictureError):
            sheet = lay_out(scene, (wide, high), measure, scale, like=size)
            if sheet.grids[0].pitch == tall.grids[0].pitch and bool(sheet.number_px) == bool(tall.number_px):
                return DisplayList(scene, sheet, picture.theme)
    return DisplayList(scene, tall, picture.theme)
