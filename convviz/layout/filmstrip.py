"""What stands around the frames of a filmstrip: one header above them, one legend below."""

from __future__ import annotations

from dataclasses import dataclass, replace

from convviz.layout.header_footer import footer, header
from convviz.layout.scene_layout import SceneLayout
from convviz.layout.typography import Measure, Typography
from convviz.scene.model import Scene


@dataclass(frozen=True, slots=True)
class Edges:
    """Header and legend, each on a sheet of its own, and lengths in pixels."""

    above: SceneLayout
    below: SceneLayout
    top: int
    """Where the frames begin."""
    end: int
    """Where on its sheet the legend begins."""
    margin: int
    space: int
    """Between frames."""


def edges(scene: Scene, size: tuple[int, int], measure: Measure, scale: int = 1) -> Edges:
    """The edges of a strip as wide as a picture of `size`, with text as large as there. Raises `TooSmallError`."""
    type = Typography(size, measure, scale)
    around = replace(scene, without=(*scene.without, "caption", "counter", "bar"), tabs=())
    top, end = header(around, type), footer(around, type)
    space = type.scaled(24)
    return Edges(
        above=SceneLayout(size, scale, texts=top.texts, badges=top.badges),
        below=SceneLayout(size, scale, texts=end.texts, legend=end.legend),
        top=top.bottom + space,
        end=end.top - space // 2,
        margin=type.margin,
        space=space,
    )
