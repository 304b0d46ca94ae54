"""Lay out a scene in whole pixels. Fonts enter as a function that measures text.

In small pictures the cells shrink first, then the numbers in them disappear, then the gaps between them; below that,
a `PictureError` names a sufficient size. No text is smaller than `SMALLEST_TEXT_PX`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import ceil, floor

from convviz.errors import PictureError
from convviz.layout.arrangements import ALL_PITCHES
from convviz.layout.brackets import SIDES, Side, with_sides
from convviz.layout.header_footer import Header, footer, header
from convviz.layout.limits import LARGEST_SIDE
from convviz.layout.line_widths import outline
from convviz.layout.measured_node import Placement
from convviz.layout.moments import place_moments
from convviz.layout.notes import note_sizes
from convviz.layout.numbers import number_pitch, number_shapes, number_size
from convviz.layout.scene_layout import SceneLayout, Tab
from convviz.layout.tabbed import place_below_tabs
from convviz.layout.title import MOST_LINES, title_lines
from convviz.layout.typography import Measure, TooSmallError, Typography
from convviz.scene.model import Group, Scene

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
        lens=placed.lenses[0] if placed.lenses else None,
        charts=tuple(placed.charts),
        outline=outline(pitch, typography.unit),
        outlines=tuple(outline(grid.pitch, typography.unit) for grid in placed.grids),
        number_px=number_px,
        small_number_px=min(number_px, max(typography.smallest_px, round(body.number_pitch * 0.25))),
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
    number_pitch: int

    @property
    def pitch(self) -> int:
        return self.placed.grids[0].pitch

    @property
    def pitches(self) -> tuple[int, ...]:
        """Cell sizes of all grids."""
        return tuple(grid.pitch for grid in self.placed.grids)

    def keeps(self, bare: _Body) -> bool:
        """Whether cells are about as large as in the body without brackets, and show the same numbers."""
        pairs = zip(self.pitches, bare.pitches, strict=True)
        return self.numbers[1] == bare.numbers[1] and all(own >= KEPT_BY_BRACKETS * other for own, other in pairs)


def _placed_body(scene: Scene, typography: Typography, top: Header, footer_top: int) -> _Body:
    """Place the body with the brackets for which there is room: on both sides, on one, or none. Raises `TooSmallError`.

    Brackets may cost a tenth of the cell size, and no number.
    """
    bracketed = {bracket.side for panel in scene.panels for bracket in panel.brackets}
    shapes = number_shapes(scene)

    def placed(sides: Sequence[Side], within: range = ALL_PITCHES) -> _Body:
        body = with_sides(scene.body, sides)
        assert isinstance(body, Group)
        placement, tabs = place_below_tabs(replace(scene, body=body), typography, top, footer_top, within)
        numbers = number_size(shapes, typography, placement.grids)
        return _Body(placement, tabs, numbers, number_pitch(shapes, placement.grids))

    bare = placed(())
    least, most = ceil(KEPT_BY_BRACKETS * bare.pitch), floor(GAINED_BY_BRACKETS * bare.pitch)
    for sides in (SIDES, *((side,) for side in SIDES)) if bracketed else ():
        if bracketed.issuperset(sides):
            with suppress(TooSmallError):
                smallest = placed(sides, range(least, least + 2))
                found = placed(sides, range(smallest.pitch, most + 1))
                if found.keeps(bare):
                    return found
    return bare


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
