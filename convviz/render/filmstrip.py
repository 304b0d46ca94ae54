"""A filmstrip: several frames side by side in one picture."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from convviz.errors import PictureError
from convviz.layout.filmstrip import lay_out_filmstrip
from convviz.layout.lay_out import lay_out
from convviz.raster import FileMetadata
from convviz.render.compositor import primitives_at
from convviz.render.display_list import DisplayList
from convviz.render.fonts import measure_for
from convviz.render.primitives import Primitive, Translated
from convviz.render.still import StillImage

SHARED_PARTS = ("header", "legend", "formulas", "bar")
"""Parts that are shown once for the whole strip, not in each frame."""
MARGINS = (36, 44, 60, 80, 120, 200)
"""Pixels strip the grids of a frame; the first that does not shrink the cells is used."""


def filmstrip_image(
    display_list: DisplayList, indices: Sequence[int], metadata: FileMetadata, *, transparent: bool = False
) -> StillImage:
    """Return these frames (from 0) side by side, in up to four columns, as many as keep numbers readable."""
    if transparent:
        display_list = display_list.with_clear_background()
    scene, theme, layout = display_list.scene, display_list.theme, display_list.layout
    strip = lay_out_filmstrip(scene, layout.size, measure_for(theme.font), layout.scale)
    tile, columns = _tile_and_columns(display_list, len(indices), layout.size[0] - 2 * strip.margin, strip.gap)
    width, height = tile.layout.size
    primitives: list[Primitive] = list(DisplayList(scene, strip.header, theme).static_foreground())
    for number, index in enumerate(indices):
        row, column = divmod(number, columns)
        left, top = strip.margin + column * (width + strip.gap), strip.frames_top + row * (height + strip.gap)
        primitives.append(Translated(tuple(primitives_at(tile, index)), left, top))
    rows = -(-len(indices) // columns)
    down = strip.frames_top + rows * (height + strip.gap) - strip.gap - strip.footer_top
    legend = DisplayList(scene, strip.footer, theme).static_foreground()
    primitives.append(Translated(tuple(legend), 0, down))
    size = layout.size[0], (layout.size[1] + down) // 2 * 2
    return StillImage(size, tuple(primitives), theme.background, metadata)


def _tile_and_columns(display_list: DisplayList, count: int, width: int, space: int) -> tuple[DisplayList, int]:
    """Return the display list of all tiles and the number of columns, which fill the rows as evenly as possible."""
    for most in (4, 3, 2):
        columns = -(-count // -(-count // most))
        with suppress(PictureError):
            tile = _tile(display_list, (width - (columns - 1) * space) // columns // 2 * 2)
            if tile.layout.number_px or not display_list.layout.number_px:
                return tile, columns
    return _tile(display_list, width), 1


def _tile(display_list: DisplayList, width: int) -> DisplayList:
    """Lay the scene out at this width, no higher than grids and captions need."""
    scene = replace(display_list.scene, without=(*display_list.scene.without, *SHARED_PARTS))
    measure, scale = measure_for(display_list.theme.font), display_list.layout.scale
    size = width, 2 * width
    tall = lay_out(scene, size, measure, scale)
    boxes = [*(grid.box for grid in tall.grids), *(text.box for text in tall.texts)]
    used = max(box.bottom for box in boxes) - min(box.y for box in boxes)
    end = tall.caption or tall.counter
    below = size[1] - end.y if end else 0
    for margin in MARGINS:
        height = min(size[1], used + below + margin * scale) // 2 * 2
        with suppress(PictureError):
            layout = lay_out(scene, (width, height), measure, scale, like=size)
            if layout.grids[0].pitch == tall.grids[0].pitch and bool(layout.number_px) == bool(tall.number_px):
                return DisplayList(scene, layout, display_list.theme)
    return DisplayList(scene, tall, display_list.theme)
