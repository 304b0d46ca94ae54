"""Lay out a filmstrip: one header above its frames and one legend below them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from convviz.layout.header_footer import footer, header
from convviz.layout.scene_layout import SceneLayout
from convviz.layout.typography import Measure, Typography
from convviz.scene.model import Scene


@dataclass(frozen=True, slots=True)
class FilmstripLayout:
    """Header and footer, each as a layout of its own, and lengths in pixels."""

    header: SceneLayout
    footer: SceneLayout
    frames_top: int
    """Top of the first row of frames."""
    footer_top: int
    """Top of the legend within `footer`."""
    margin: int
    gap: int
    """Distance between neighbouring frames."""


def lay_out_filmstrip(scene: Scene, size: tuple[int, int], measure: Measure, scale: int = 1) -> FilmstripLayout:
    """Lay out what surrounds the frames, with the text sizes of a picture of `size`. Raises `TooSmallError`."""
    typography = Typography(size, measure, scale)
    surroundings = replace(scene, without=(*scene.without, "caption", "counter", "bar"), tabs=())
    top, bottom = header(surroundings, typography), footer(surroundings, typography)
    gap = typography.scaled(24)
    return FilmstripLayout(
        header=SceneLayout(size, scale, texts=top.texts, badges=top.badges),
        footer=SceneLayout(size, scale, texts=bottom.texts, legend=bottom.legend),
        frames_top=top.bottom + gap,
        footer_top=bottom.top - gap // 2,
        margin=typography.margin,
        gap=gap,
    )
