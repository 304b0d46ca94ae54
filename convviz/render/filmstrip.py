"""A filmstrip: several frames side by side in one picture."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from math import log

from convviz.errors import PictureError
from convviz.layout.filmstrip import FilmstripLayout, lay_out_filmstrip
from convviz.layout.lay_out import lay_out
from convviz.layout.limits import LONGEST_STRIP
from convviz.layout.scene_layout import SceneLayout
from convviz.raster import FileMetadata
from convviz.render.compositor import primitives_at
from convviz.render.display_list import DisplayList
from convviz.render.fonts import measure_for
from convviz.render.primitives import Primitive, Translated
from convviz.render.still import StillImage
from convviz.scene.frame_selection import legend_of_frames
from convviz.scene.hidden_numbers import without_numbers
from convviz.scene.last_window import without_last_window_entry
from convviz.scene.left_out import has_products, without_products

SHARED_PARTS = ("header", "legend", "formulas", "bar")
"""Parts that are shown once for the whole strip, not in each frame."""
MOST_COLUMNS = 4
TILE_SHAPES = (0.5, 1, 2)
"""Largest heights of a frame, as multiples of its width."""
MARGINS = (36, 60, 120)
"""Pixels around the grids of a frame; the first that does not shrink the cells is used."""


def filmstrip_image(
    display_list: DisplayList, indices: Sequence[int], metadata: FileMetadata, *, transparent: bool = False
) -> StillImage:
    """Return these frames (from 0) in rows and columns with which the strip is shaped like a picture of the layout."""
    if transparent:
        display_list = display_list.with_clear_background()
    scene, theme, layout = display_list.scene, display_list.theme, display_list.layout
    named = replace(scene, legend=legend_of_frames(scene, (scene.frames[index] for index in indices)))
    strip = lay_out_filmstrip(named, layout.size, measure_for(theme.font), layout.scale)
    tile, columns = _tile_and_columns(display_list, len(indices), strip)
    if has_products(scene) and not tile.layout.factors_px:
        bare = replace(display_list, scene=without_products(scene))
        tile, columns = _tile_and_columns(bare, len(indices), strip)
    if not tile.layout.fits_last_window:
        named = without_last_window_entry(named)
        strip = lay_out_filmstrip(named, layout.size, measure_for(theme.font), layout.scale)
    width, height = tile.layout.size
    rows = -(-len(indices) // columns)
    down = strip.frames_top + rows * (height + strip.gap) - strip.gap - strip.footer_top
    size = layout.size[0], (layout.size[1] + down) // 2 * 2
    if size[1] > LONGEST_STRIP:
        raise PictureError(
            f"a filmstrip of {len(indices)} frames would be {size[1]} pixels high, more than {LONGEST_STRIP}; "
            "use fewer frames or a smaller --size"
        )
    primitives: list[Primitive] = list(DisplayList(scene, strip.header, theme).static_foreground())
    for number, index in enumerate(indices):
        row, column = divmod(number, columns)
        left, top = strip.margin + column * (width + strip.gap), strip.frames_top + row * (height + strip.gap)
        primitives.append(Translated(tuple(primitives_at(tile, index)), left, top))
    legend = DisplayList(scene, strip.footer, theme).static_foreground()
    primitives.append(Translated(tuple(legend), 0, down))
    return StillImage(size, tuple(primitives), theme.background, metadata)


def _tile_and_columns(display_list: DisplayList, count: int, strip: FilmstripLayout) -> tuple[DisplayList, int]:
    """Return the display list of all tiles and the number of columns, which fill the rows as evenly as possible.

    Of all tiles whose numbers are readable, choose those that give the strip the shape of a picture of the layout.
    """
    picture, numbers = display_list.layout.size, display_list.layout.number_px
    width, candidates = picture[0] - 2 * strip.margin, []
    for columns in sorted({-(-count // -(-count // most)) for most in range(1, MOST_COLUMNS + 1)}):
        for shape in TILE_SHAPES:
            with suppress(PictureError):
                tile = _tile(display_list, (width - (columns - 1) * strip.gap) // columns // 2 * 2, shape)
                height = strip.frames_top + -(-count // columns) * (tile.layout.size[1] + strip.gap)
                lost = bool(numbers) - bool(tile.layout.number_px)
                candidates.append((lost, abs(log(height / picture[1])), columns, tile))
    if not candidates:
        return _tile(display_list, width, TILE_SHAPES[-1]), 1
    *_, columns, tile = min(candidates, key=lambda candidate: candidate[:3])
    return tile, columns


def _tile(display_list: DisplayList, width: int, shape: float) -> DisplayList:
    """Lay the scene out at this width, no higher than `shape` times that, nor than its cells need."""
    scene = replace(display_list.scene, without=(*display_list.scene.without, *SHARED_PARTS))
    measure, scale = measure_for(display_list.theme.font), display_list.layout.scale
    highest = round(width * shape) // 2 * 2

    def laid_out(height: int) -> SceneLayout:
        return lay_out(scene, (width, height), measure, scale, like=(width, 2 * width))

    most = laid_out(highest)
    boxes = [*(grid.box for grid in most.grids), *(text.box for text in most.texts), *(tab.bar for tab in most.tabs)]
    used = max(box.bottom for box in boxes) - min(box.y for box in boxes)
    end = most.caption or most.counter
    below = most.size[1] - end.y if end else 0
    for margin in MARGINS:
        height = min(highest, used + below + margin * scale) // 2 * 2
        with suppress(PictureError):
            layout = laid_out(height)
            if layout.grids[0].pitch == most.grids[0].pitch and layout.numbered == most.numbered:
                return DisplayList(without_numbers(scene, layout.numbered), layout, display_list.theme)
    return DisplayList(without_numbers(scene, most.numbered), most, display_list.theme)
