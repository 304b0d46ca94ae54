"""Layout: scene × size → a sheet of whole-pixel boxes. Fonts come in as a function that measures them.

Where room is short, panels shrink first, then the numbers in them disappear, then the gaps between cells; below that
`PictureError` says which size would do. No text is ever smaller than `theme.SMALLEST`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from convviz.errors import PictureError
from convviz.layout.boxes import Box, Grid
from convviz.layout.fitting import outline, place
from convviz.layout.header_footer import footer, header
from convviz.layout.limits import LARGEST_SIDE
from convviz.layout.oblique_grid import ObliqueGrid
from convviz.layout.scene_layout import SceneLayout
from convviz.layout.typography import Measure, TooSmallError, Typography
from convviz.scene.model import Cell, Scene

DIGITS = str.maketrans("123456789", "000000000")
"""All digits are equally wide, so that one number stands for all of its shape."""


def lay_out(
    scene: Scene, size: tuple[int, int], measure: Measure, scale: int = 1, like: tuple[int, int] | None = None
) -> SceneLayout:
    """The sheet for a picture of `size` (width, height) pixels, `scale` of them for one of an ordinary screen.

    Text and cells are as large as in a picture of that size, or `like` one of another. Raises `PictureError` when it
    cannot hold the scene.
    """
    try:
        return _sheet(scene, Typography(size, measure, scale, like))
    except TooSmallError:
        raise PictureError(_advice(scene, size, measure, scale)) from None


def _sheet(scene: Scene, type: Typography) -> SceneLayout:
    top, end = header(scene, type), footer(scene, type)
    stage_top = top.bottom + type.scaled(34)
    room = Box(type.margin, stage_top, type.room, end.top - type.scaled(12) - stage_top)
    placed = place(scene.body, type, room)
    pitch = placed.grids[0].pitch
    number_px = _number_size(scene, type, placed.grids)
    return SceneLayout(
        size=(type.width, type.height),
        scale=type.scale,
        texts=(*top.texts, *placed.texts, *end.texts),
        badges=top.badges,
        legend=end.legend,
        tabs=top.tabs,
        grids=tuple(placed.grids),
        outline=outline(pitch),
        number_px=number_px,
        small_number_px=min(number_px, max(type.least, round(pitch * 0.25))),
        caption=end.caption,
        caption_px=end.caption_px,
        caption_length=end.caption_length,
        counter=end.counter,
        counter_px=end.counter_px,
        progress=end.progress,
    )


def _number_size(scene: Scene, type: Typography, grids: Sequence[Grid | ObliqueGrid]) -> int:
    """The size at which the longest number fits its cell; 0 when that is too small to read, or there are none."""
    cells = chain((cell for panel in scene.panels for row in panel.cells for cell in row), _written(scene))
    shapes = {cell.text.translate(DIGITS) for cell in cells}
    if shapes == {""}:
        return 0
    places = {grid.__class__: grid.cell(0, 0) for grid in reversed(grids)}.values()
    side = grids[0].pitch - grids[0].gap
    largest = max(round(side * 0.36), min(type.least, round(side * 0.55)))
    for tight in (False, True):
        for px in range(largest, type.least - 1, -1):
            widths = [type.wide(shape, "number", px) for shape in shapes]
            if all(place.holds(width, px, tight) for place in places for width in widths):
                return px
    return 0


def _written(scene: Scene) -> Iterator[Cell]:
    return (change.cell for frame in scene.frames for change in frame.changes)


def _advice(scene: Scene, size: tuple[int, int], measure: Measure, scale: int) -> str:
    width, height = (side // scale for side in size)
    sentence = f"{scene.sizes} does not fit into a picture of {width}x{height}"
    for percent in (125, 150, 200, 250, 300, 400, 500, 600, 800):
        larger = (_even(width * percent / 100), _even(height * percent / 100))
        if max(larger) * scale > LARGEST_SIDE:
            break
        try:
            _sheet(scene, Typography((larger[0] * scale, larger[1] * scale), measure, scale))
        except TooSmallError:
            continue
        return f"{sentence}; use --size {larger[0]}x{larger[1]} or a smaller layer"
    return f"{sentence}, and no size up to {LARGEST_SIDE} pixels would do; use a smaller layer"


def _even(length: float) -> int:
    return -(-round(length) // 2) * 2
