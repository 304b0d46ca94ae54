"""Lay out a scene in whole pixels. Fonts enter as a function that measures text.

In small pictures the cells shrink first, then the numbers in them disappear, then the gaps between them; below that,
a `PictureError` names a sufficient size. No text is smaller than `SMALLEST_TEXT_PX`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from math import ceil, floor

from convviz.errors import PictureError
from convviz.layout.arrangements import ALL_PITCHES
from convviz.layout.boxes import Grid
from convviz.layout.brackets import SIDES, Side, with_sides
from convviz.layout.header_footer import Header, footer, header
from convviz.layout.limits import LARGEST_SIDE
from convviz.layout.line_widths import outline
from convviz.layout.measured_node import Placement
from convviz.layout.moments import place_moments
from convviz.layout.notes import note_sizes
from convviz.layout.oblique_grid import ObliqueGrid
from convviz.layout.scene_layout import SceneLayout, Tab
from convviz.layout.tabbed import place_below_tabs
from convviz.layout.title import MOST_LINES, title_lines
from convviz.layout.typography import Measure, TooSmallError, Typography
from convviz.scene.model import Group, Scene
from convviz.text.formatting import is_sum

DIGITS = str.maketrans("123456789", "000000000")
"""Replaces each digit by 0: digits are equally wide, so one number stands for all of its shape."""
KEPT_BY_BRACKETS = 0.9
"""Least share of the cell size without brackets that a layout with brackets must keep: one size less, at most sizes."""
GAINED_BY_BRACKETS = 1.1
"""Largest such share: there is less free height above brackets."""


def lay_out(
    scene: Scene, size: tuple[int, int], measure: Measure, scale: int = 1, like: tuple[int, int] | None = None
) -> SceneLayout:
    """Lay out `scene` in a picture of `size` (width, height) pixels, `scale` of them per pixel of an ordinary screen.

    Text and cells are as large as in a picture of that size, or of size `like`. Raises `PictureError` if the scene
    does not fit.
    """
    typography = Typography(size, measure, scale, like)
    for length in range(len(title_lines(scene.title, typography)[0]), 0, -1):
        with suppress(TooSmallError):
            return _scene_layout(scene, typography, length)
    raise PictureError(_advice(scene, size, measure, scale))


def _scene_layout(scene: Scene, typography: Typography, title_length: int = MOST_LINES) -> SceneLayout:
    top, bottom = header(scene, typography, title_length), footer(scene, typography)
    body = _placed_body(scene, typography, top, bottom.top)
    placed, pitch, (number_px, numbered) = body.placed, body.pitch, body.numbers
    moments, arrows = place_moments(scene.moments, top.badges, typography)
    factors_px, note_px = note_sizes(scene, typography, placed.grids, number_px)
    return SceneLayout(
        size=(typography.width, typography.height),
        scale=typography.scale,
        texts=(*top.texts, *arrows, *placed.texts, *bottom.texts),
        badges=top.badges,
        legend=bottom.legend,
        tabs=body.tabs,
        moments=moments,
        grids=tuple(placed.grids),
        brackets=tuple(placed.brackets),
        outline=outline(pitch, typography.unit),
        number_px=number_px,
        small_number_px=min(number_px, max(typography.smallest_px, round(pitch * 0.25))),
        note_px=note_px,
        factors_px=factors_px,
        numbered=numbered,
        arrow_px=typography.px("bracket"),
        least_arrow_px=typography.smallest_px,
        caption=bottom.caption,
        caption_px=bottom.caption_px,
        caption_length=bottom.caption_length,
        caption_lead=bottom.caption_lead,
        caption_x=bottom.caption_x,
        counter=bottom.counter,
        counter_px=bottom.counter_px,
        progress=bottom.progress,
    )


@dataclass(frozen=True, slots=True)
class _Body:
    """A placed body: its tabs, and font size and visibility of its numbers."""

    placed: Placement
    tabs: tuple[Tab, ...]
    numbers: tuple[int, tuple[bool, ...]]

    @property
    def pitch(self) -> int:
        return self.placed.grids[0].pitch


def _placed_body(scene: Scene, typography: Typography, top: Header, footer_top: int) -> _Body:
    """Place the body with the brackets for which there is room: on both sides, on one, or none. Raises `TooSmallError`.

    Brackets may cost a tenth of the cell size, and no number.
    """

    def placed(sides: Sequence[Side], within: range = ALL_PITCHES) -> _Body:
        body = with_sides(scene.body, sides)
        assert isinstance(body, Group)
        placement, tabs = place_below_tabs(replace(scene, body=body), typography, top, footer_top, within)
        return _Body(placement, tabs, _number_size(scene, typography, placement.grids))

    bare = placed(())
    least, most = ceil(KEPT_BY_BRACKETS * bare.pitch), floor(GAINED_BY_BRACKETS * bare.pitch)
    shown = {bracket.side for panel in scene.panels for bracket in panel.brackets}
    for sides in (SIDES, *((side,) for side in SIDES)) if shown else ():
        if shown.issuperset(sides):
            with suppress(TooSmallError):
                found = placed(sides, range(least, most + 1))
                if found.pitch >= least and found.numbers[1] == bare.numbers[1]:
                    return found
    return bare


def _number_size(
    scene: Scene, typography: Typography, grids: Sequence[Grid | ObliqueGrid]
) -> tuple[int, tuple[bool, ...]]:
    """Font size of the numbers, and for each panel whether they are shown.

    A panel shows its numbers if the longest of them fits at the smallest readable size. The font size is the largest
    at which those of all these panels fit, or 0 if there are none.
    """
    shapes = _number_shapes(scene)
    side = grids[0].pitch - grids[0].gap
    largest = max(round(side * 0.36), min(typography.smallest_px, round(side * 0.55)))

    def fits(panel: int, px: int, tight: bool) -> bool:
        cell = grids[panel].cell(0, 0)
        widths = (typography.text_width(shape, "number", px) for shape in shapes[panel])
        return all(cell.holds(width, px, tight) for width in widths)

    smallest = typography.smallest_px
    readable = largest >= smallest
    shown = [panel for panel in range(len(grids)) if shapes[panel] and readable and fits(panel, smallest, True)]
    sizes = product((False, True), range(largest, smallest - 1, -1))
    px = next((px for tight, px in sizes if all(fits(panel, px, tight) for panel in shown)), 0) if shown else 0
    return px, tuple(panel in shown or not shapes[panel] for panel in range(len(grids)))


def _number_shapes(scene: Scene) -> list[set[str]]:
    """Return the shapes of the numbers that each panel ever shows; a sum is drawn smaller, where it fits."""
    shapes: list[set[str]] = [{cell.text for row in panel.cells for cell in row} for panel in scene.panels]
    for frame in scene.frames:
        for change in frame.changes:
            shapes[change.panel].add(change.cell.text)
        for floating in frame.floating_cells:
            shapes[floating.panel].add(floating.cell.text)
    return [{text.translate(DIGITS) for text in texts if text and not is_sum(text)} for texts in shapes]


def _advice(scene: Scene, size: tuple[int, int], measure: Measure, scale: int) -> str:
    """Error message that names a size at which the scene fits, if there is one."""
    width, height = (side // scale for side in size)
    rows, columns = max(((len(panel.cells), len(panel.cells[0])) for panel in scene.panels), key=max)
    sentence = f"{scene.title} with a grid of {rows}×{columns} cells does not fit into a picture of {width}x{height}"
    for percent in (125, 150, 200, 250, 300, 400, 500, 600, 800):
        larger = (_even(width * percent / 100), _even(height * percent / 100))
        if max(larger) * scale > LARGEST_SIDE:
            break
        try:
            _scene_layout(scene, Typography((larger[0] * scale, larger[1] * scale), measure, scale))
        except TooSmallError:
            continue
        return f"{sentence}; use --size {larger[0]}x{larger[1]} or a smaller layer"
    return f"{sentence}, and no size up to {LARGEST_SIDE} pixels is large enough; use a smaller layer"


def _even(length: float) -> int:
    return -(-round(length) // 2) * 2
