"""Change the legend of a layout, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from convviz.layout.header_footer import footer
from convviz.layout.scene_layout import SceneLayout
from convviz.layout.typography import Measure, Typography
from convviz.scene.model import Scene


def with_legend_of(scene: Scene, layout: SceneLayout, measure: Measure) -> SceneLayout:
    """Return the layout with the legend of `scene`, of which it is a layout but for entries that are left out."""
    bottom = footer(scene, Typography(layout.size, measure, layout.scale))
    others = tuple(text for text in layout.texts if text.style != "legend")
    names = tuple(text for text in bottom.texts if text.style == "legend")
    return replace(layout, texts=(*others, *names), legend=bottom.legend)
