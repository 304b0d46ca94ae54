"""isometric: slide, scatter or stack at a slant, the layers above each other, guide lines from window to output.

This is the look of Dumoulin & Visin's figures (2016): the input lies at the bottom, each output above it, and four
lines lead from the corners of what is read to the corners of what is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from convviz.layers.layer import Layer
from convviz.scene.model import Frame, Group, GuideLine, Panel, PlaneStack, Scene, Timing
from convviz.views.scatter import scatter
from convviz.views.slide import walk
from convviz.views.stack import stack

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues


def isometric(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The scene of `slide`, slanted."""
    return slanted(walk(layer, numbers, timing))


def isometric_scatter(layer: Layer, numbers: LayerValues | None, timing: Timing) -> Scene:
    """The scene of `scatter`, slanted."""
    return slanted(scatter(layer, numbers, timing))


def isometric_stack(layers: Sequence[Layer], timing: Timing) -> Scene:
    """The scene of `stack`, slanted."""
    return slanted(stack(layers, timing))


def slanted(scene: Scene) -> Scene:
    """The panels of `scene` as planes, the last output on top and the input at the bottom, kernels beside them."""
    outputs, inputs, kernels = (
        [index for index, panel in enumerate(scene.panels) if panel.name == name]
        for name in ("output", "input", "kernel")
    )
    order = [*reversed(outputs), *inputs, *kernels]
    planes = (*(_labelled(scene.panels[index]) for index in reversed(outputs)), _bottom(scene, inputs))
    beside = [_slanted(scene.panels[index]) for index in kernels]
    side = Group("row", tuple(beside)) if beside else None
    return replace(
        scene,
        body=Group("column", (PlaneStack(planes, side),)),
        frames=tuple(_counted(frame, order, inputs) for frame in scene.frames),
    )


def _labelled(panel: Panel) -> Panel:
    """A plane whose words stand at its side."""
    return replace(panel, oblique=True, caption="", label=panel.caption or panel.label)


def _slanted(panel: Panel) -> Panel:
    return replace(panel, oblique=True)


def _bottom(scene: Scene, inputs: Sequence[int]) -> Panel | Group:
    """The input, or one plane for each of its channels that is shown."""
    if len(inputs) == 1:
        return _labelled(scene.panels[inputs[0]])
    return Group("row", tuple(_slanted(scene.panels[index]) for index in inputs))


def _counted(frame: Frame, order: Sequence[int], inputs: Sequence[int]) -> Frame:
    """A frame whose panels are counted in another order, with guide lines from what is read to what is written."""
    place = {index: now for now, index in enumerate(order)}
    reads = [mark for mark, one in enumerate(frame.marks) if one.panel in inputs and one.role == "window"]
    last = len(frame.marks) - 1
    written = reads and frame.marks[last].panel not in inputs
    return replace(
        frame,
        changes=tuple(replace(change, panel=place[change.panel]) for change in frame.changes),
        marks=tuple(replace(mark, panel=place[mark.panel]) for mark in frame.marks),
        guides=frame.guides or (tuple(GuideLine(mark, last) for mark in reads) if written else ()),
    )
