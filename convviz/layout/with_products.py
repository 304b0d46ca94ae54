"""Lay out a scene with its panel of products, or without it where cells would become too small."""

from __future__ import annotations

from contextlib import suppress

from convviz.errors import PictureError
from convviz.layout.lay_out import lay_out
from convviz.layout.scene_layout import SceneLayout
from convviz.layout.typography import Measure, Typography
from convviz.scene.left_out import has_products, without_products
from convviz.scene.model import Scene

LEAST_PITCH = 30
"""Pixels from cell to cell of a picture with products, at least, at 1280×720."""


def lay_out_with_products(
    scene: Scene, size: tuple[int, int], measure: Measure, scale: int = 1
) -> tuple[Scene, SceneLayout]:
    """Return the scene that is shown, and its layout. Raises `PictureError` if it does not fit.

    Products are shown if cells stay large enough for them, their factors and all other numbers.
    """
    if has_products(scene):
        least = Typography(size, measure, scale).scaled(LEAST_PITCH)
        with suppress(PictureError):
            layout = lay_out(scene, size, measure, scale)
            if layout.factors_px and all(layout.numbered) and layout.grids[0].pitch >= least:
                return scene, layout
        scene = without_products(scene)
    return scene, lay_out(scene, size, measure, scale)
