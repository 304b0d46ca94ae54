"""The frame of a lens: a rounded outline in the colour of the window's, from which lines lead to the output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convviz.layout.boxes import Box
from convviz.layout.scene_layout import SceneLayout
from convviz.render.paths import Points
from convviz.render.rectangles import RoundedRectangle
from convviz.style.theme import Theme

WIDTH, RADIUS = 2, 12
"""Pixels at a resolution multiplier of 1."""


def lens_frame(layout: SceneLayout, theme: Theme) -> Iterator[RoundedRectangle]:
    """Yield the frame of the lens of a layout, if it has one; drawn first, since it fills the lens."""
    if layout.lens:
        width, radius = WIDTH * layout.scale, RADIUS * layout.scale
        yield RoundedRectangle(layout.lens, theme.window, theme.background, radius)
        yield RoundedRectangle(layout.lens.grown(-width), theme.background, theme.window, radius - width)


def outside(lens: Box | None, lines: Sequence[Points], start: Box) -> tuple[Points, ...]:
    """Return lines from `start` to the right of a lens; those that begin in it begin at its frame, off its texts."""
    if lens is None or start.x < lens.x or start.right > lens.right:
        return tuple(lines)
    return tuple((_at(line, lens.right), line[1]) for line in lines)


def _at(line: Points, x: float) -> tuple[float, float]:
    """Return the point of a line at a horizontal place."""
    (left, top), (right, bottom) = line
    return x, top + (x - left) / (right - left) * (bottom - top)
