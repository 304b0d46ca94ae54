"""What convviz says about a layer: the only module here, apart from the tests, that asks it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from convviz.analysis.explain import explain
from convviz.animation.alt_text import alt_text
from convviz.errors import GeometryError, PictureError
from convviz.layers.kinds import LAYER_KINDS
from convviz.layers.layer import Layer
from convviz.layers.ops import LayerValues, conv_values, pool_values
from convviz.scene.model import Scene, Timing
from convviz.views.registry import VIEWS, find_view
from tests.claims.plain import Plain
from tests.claims.shown import Shown

__all__ = ["VIEWS", "alt_of", "explain", "layer_of", "scene_of", "values_of"]


def layer_of(plain: Plain) -> Layer | None:
    """Return the layer, None if convviz refuses it."""
    try:
        return LAYER_KINDS[plain.kind](**plain.keywords())
    except GeometryError:
        return None


def values_of(layer: Layer, shown: Shown) -> LayerValues:
    windows: Any = layer.sliding_windows
    if shown.w is None:
        made = pool_values(
            windows, shown.x, shown.channel or 0, mean=layer.mean, include_padding=layer.count_include_pad
        )  # type: ignore[attr-defined]
    else:
        made = conv_values(windows, shown.x, shown.w, shown.bias, shown.groups, shown.channel or 0)
    return replace(made, visible=shown.visible)


def scene_of(layer: Layer, view: str, shown: Shown) -> Scene | None:
    """Return the scene of a view, None if the view does not show such a layer."""
    try:
        return find_view(view)(layer, values_of(layer, shown), Timing())
    except (GeometryError, PictureError):
        return None


def alt_of(layer: Layer, view: str, scene: Scene) -> str:
    return alt_text([layer], view, scene)
