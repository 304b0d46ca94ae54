"""What convviz says: the only module here, apart from the tests, that asks it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from typing import Any

import numpy as np
from click.testing import CliRunner

from convviz.analysis.explain import explain, geometry
from convviz.animation.alt_text import alt_text
from convviz.cli.main import main
from convviz.cli.match import matched
from convviz.errors import GeometryError, PictureError
from convviz.frameworks.comparison import compare
from convviz.layers import examples
from convviz.layers.kinds import LAYER_KINDS
from convviz.layers.layer import Layer
from convviz.layers.ops import LayerValues, conv_values, pool_values
from convviz.scene.frame_selection import only_frame
from convviz.scene.model import Frame, Scene, Timing
from convviz.scene.motion import Glide
from convviz.text.notation import layer_notations
from convviz.views.descriptions import describe_view
from convviz.views.registry import VIEWS, find_view
from convviz.views.stack import stack
from convviz.views.story import special_steps
from tests.claims.plain import Plain
from tests.claims.shown import Shown

__all__ = ["VIEWS", "Layer", "alt_of", "comparison_of", "explain", "geometry", "layer_of", "printed", "scene_of"]


def layer_of(plain: Plain) -> Layer | None:
    """Return the layer, None if convviz refuses it."""
    try:
        return LAYER_KINDS[plain.kind](**plain.keywords())
    except GeometryError:
        return None


def values_of(layer: Any, shown: Shown) -> LayerValues:
    windows = layer.sliding_windows
    if shown.w is None:
        options = {"mean": layer.mean, "include_padding": layer.count_include_pad}
        made = pool_values(windows, shown.x, shown.channel or 0, **options)
    else:
        made = conv_values(windows, shown.x, shown.w, shown.bias, shown.groups, shown.channel or 0)
    return replace(made, visible=shown.visible, dy=shown.dy)


def scene_of(layer: Layer, view: str, shown: Shown, timing: Timing = Timing()) -> Scene | None:  # noqa: B008
    """Return the scene of a view, None if the view does not show such a layer."""
    try:
        values = replace(values_of(layer, shown), shaded=shown.shaded and view == "slide", lens=shown.lens)
        return find_view(view)(layer, values, timing)
    except (GeometryError, PictureError):
        return None


def story_of(layer: Layer, view: str, shown: Shown) -> Scene | None:
    """Return the scene of a view as an animation tells it."""
    return scene_of(layer, view, shown, Timing(pace="story", glide=200))


def half_way(before: Frame, after: Frame, moments: int) -> Frame:
    """Return what is shown half way from one frame to the next."""
    return Glide(before, after, moments).at(0.5)


def still_of(scene: Scene, index: int) -> Scene:
    """Return the scene of a still."""
    return only_frame(scene, index)


def slowed(layer: Layer) -> frozenset[int]:
    """Return the steps for which a story slows down, counted from 0."""
    return special_steps(layer)


def stack_of(layers: Sequence[Layer]) -> Scene:
    return stack(layers, Timing())


def alt_of(layers: Layer | Sequence[Layer], view: str, scene: Scene) -> str:
    return alt_text([layers] if isinstance(layers, Layer) else layers, view, scene)


def description(view: str, plain: Plain) -> list[str]:
    """Return the sentences of an alt text that say what a view does."""
    layer = layer_of(plain)
    assert layer is not None
    return describe_view(view, layer).removesuffix(".").split(". ")


def comparison_of(layer: Any, seed: int) -> tuple[str, Any, Any]:
    """Return the text of a comparison, and the example values of input and kernel."""
    values = examples.example_input(layer.input, seed), examples.example_kernel(layer.kernel, seed)
    return (str(compare(layer, (), seed)), *map(np.array, values))


def lanes_of(layer: Any, seed: int) -> tuple[Scene, dict[str, str], Any, Any] | None:
    """Return the picture of the comparison of a 1-D layer, the calls, and the example values; None if all refuse."""
    compared = compare(layer, (), seed)
    values = examples.example_input(layer.input, seed), examples.example_kernel(layer.kernel, seed)
    try:
        scene = compared.scene()[0]
    except GeometryError:
        return None
    return (scene, {one.framework: one.call for one in compared.conventions}, *map(np.array, values))


def matched_text(layers: Sequence[Layer]) -> str:
    """Return what `convviz stack --match` says of skip connections; empty if there are none."""
    one_dimension = len(layers[0].axes) == 1
    size = layers[0].input[0] if one_dimension else layers[0].input
    told = StringIO()
    try:
        with redirect_stdout(told):
            matched(layer_notations(layers), {"input": size, "one_dimension": one_dimension, "output": ()})
    except GeometryError:
        return ""
    return told.getvalue()


def printed(*words: str) -> str:
    """Return what a command prints."""
    result = CliRunner().invoke(main, words, prog_name="convviz")
    assert not result.exit_code, result.output
    return result.stdout
