"""isometric: slide, scatter or stack in oblique projection, layers above each other, with guide lines between them.

This is the style of the figures of Dumoulin & Visin (2016): the input is at the bottom, each output above it, and four
guide lines join the corners of what is read to the corners of what is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from convviz.layers.layer import Layer
from convviz.scene.last_window import without_last_window
from convviz.scene.model import Frame, Group, GuideLine, Panel, PlaneStack, Scene, Timing
from convviz.views.scatter import scatter_grids
from convviz.views.slide import slide_grids
from convviz.views.stack import stack

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues


def isometric(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `slide` in oblique projection."""
    return _projected(without_last_window(slide_grids(layer, values, timing, parts=False)))


def isometric_scatter(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of `scatter` in oblique projection."""
    return _projected(scatter_grids(layer, values, timing, has_stamp=False))


def isometric_stack(layers: Sequence[Layer], timing: Timing) -> Scene:
    """Return the scene of `stack` in oblique projection."""
    return _projected(stack(layers, timing))


def _projected(scene: Scene) -> Scene:
    """Turn the panels into planes: the last output on top, the input at the bottom, kernels beside them."""
    outputs, inputs, kernels = (
        [index for index, panel in enumerate(scene.panels) if panel.name == name]
        for name in ("output", "input", "kernel")
    )
    order = [*reversed(outputs), *inputs, *kernels]
    planes = (*(_labelled(scene.panels[index]) for index in reversed(outputs)), _bottom(scene, inputs))
    beside = tuple(_oblique(scene.panels[index]) for index in kernels)
    side = Group("row", beside) if beside else None
    return replace(
        scene,
        body=Group("column", (PlaneStack(planes, side),)),
        frames=tuple(_renumbered(frame, order, inputs) for frame in scene.frames),
    )


def _labelled(panel: Panel) -> Panel:
    """Return an oblique panel with its caption as a label."""
    return replace(panel, oblique=True, brackets=(), caption="", label=panel.caption or panel.label)


def _oblique(panel: Panel) -> Panel:
    return replace(panel, oblique=True, brackets=())


def _bottom(scene: Scene, inputs: Sequence[int]) -> Panel | Group:
    """Return the input, or a row of its channels."""
    if len(inputs) == 1:
        return _labelled(scene.panels[inputs[0]])
    return Group("row", tuple(_oblique(scene.panels[index]) for index in inputs))


def _renumbered(frame: Frame, order: Sequence[int], inputs: Sequence[int]) -> Frame:
    """Renumber the panels of a frame, and add guide lines from what is read to what is written."""
    numbers = {index: number for number, index in enumerate(order)}
    reads = [index for index, mark in enumerate(frame.marks) if mark.panel in inputs and mark.role == "window"]
    last = len(frame.marks) - 1
    writes = reads and frame.marks[last].panel not in inputs and frame.marks[last].role == "window"
    return replace(
        frame,
        changes=tuple(replace(change, panel=numbers[change.panel]) for change in frame.changes),
        marks=tuple(replace(mark, panel=numbers[mark.panel]) for mark in frame.marks),
        guides=frame.guides or (tuple(GuideLine(mark, last) for mark in reads) if writes else ()),
    )
