"""steps: a convolution in two steps (pad, slide), a transposed convolution in four (parameters, insert, pad, slide).

A transposed convolution first gets new parameters z and p′, and its kernel is flipped; then its input spreads out and z
zeros are inserted between neighbours; then p′ rings of zeros are added around it (or cropped), and output padding at
the end; then the flipped kernel slides with stride 1. The result of each step stays visible. In a story the first
windows are told in moments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.scene.model import Panel, Scene, Timing
from convviz.text.formulas import formulas
from convviz.views import header
from convviz.views.forward_steps import ForwardSteps
from convviz.views.story import moment_names, window_story
from convviz.views.transposed_steps import TransposedSteps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues


def steps(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `layer`, with or without values in the cells."""
    stages = TransposedSteps(layer, values) if isinstance(layer, ConvTranspose) else ForwardSteps(layer, values)
    frames = stages.frames()
    panels = tuple(stages.body.panels())
    moments = moment_names(layer, values, panels) if timing.tells else ()
    return Scene(
        title=f"{layer.title} in {'four' if len(stages.tabs) == 4 else 'two'} steps",
        sizes=header.sizes_text(layer, values),
        badges=header.badges(layer),
        body=stages.body,
        legend=header.legend((*panels, Panel("line", stages.padded), *stages.shown()), layer),
        formulas=formulas(layer),
        frames=timing.timed(frames, window_story(layer, frames, panels, moments, len(frames.before))),
        steps=len(frames),
        tabs=stages.tabs,
        moments=moments,
    )
