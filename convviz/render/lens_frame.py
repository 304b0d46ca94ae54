"""The frame of a lens: a rounded outline in the colour of the window's."""

from __future__ import annotations

from collections.abc import Iterator

from convviz.layout.scene_layout import SceneLayout
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
