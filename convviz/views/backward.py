"""backward: the backward pass in acts, each a picture that the forward views know.

1. dL/dy arrives: the loss has a gradient for each output cell.
2. dL/dx: each dL/dy stamps dL/dy·w into the input where its window was, and overlaps add: a transposed convolution.
3. The same numbers as a window that slides over dL/dy with zeros inserted.
4. dL/dw: each weight collects from the cells that it met; dL/db is the sum of dL/dy.

For a transposed convolution the roles are exchanged: its dL/dx is a plain convolution. A maximum sends dL/dy to the
cell that it came from, a mean shares it equally. `backward-input` is dL/dx alone, `backward-weight` dL/dw alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from convviz.errors import PictureError
from convviz.layers.layer import Layer
from convviz.layers.pooling import MaxPool, Pool
from convviz.scene.model import Change, Frame, Group, Node, Operator, Panel, Scene, Timing
from convviz.text.formatting import format_per_axis, format_sizes
from convviz.text.lines import Formula, Sentence
from convviz.views import header
from convviz.views.backward_input import Places, Stamps
from convviz.views.backward_legend import legend
from convviz.views.backward_panels import (
    bias_gradient_panel,
    gradient_panel,
    input_gradient_panel,
    input_panel,
    kernel_panel,
    products_panel,
    weight_gradient_panel,
)
from convviz.views.backward_slide import PlainForm, SlidingForm, sliding_layer
from convviz.views.backward_text import ARRIVES, all_rules, input_rules, weight_rules
from convviz.views.backward_values import Backward
from convviz.views.backward_weight import Weights, bias_frame

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

Parts = tuple[tuple[str, Node], ...]
"""Tabs, and what is below each."""


def backward(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of all gradients of `layer`, with or without values in the cells.

    Raises `PictureError` for several channels.
    """
    back = Backward(layer, values)
    acts = _Acts(back, values)
    parts = acts.all()
    frames = [acts.arrival(parts), *acts.frames(parts, first=1)]
    size, found = format_sizes(layer.output), f"dL/dx {format_sizes(layer.input)}"
    found += "" if isinstance(layer, Pool) else f", dL/dw {format_sizes(layer.kernel)}, dL/db"
    return _scene(
        back, f"{layer.title}, backward", f"dL/dy {size} → {found}", (parts, frames), timing, all_rules(layer)
    )


def backward_input(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of dL/dx alone. Raises `PictureError` for several channels."""
    back = Backward(layer, values)
    acts = _Acts(back, values)
    parts = acts.of_input()
    frames = list(acts.frames(parts, first=0))
    sizes = f"dL/dy {format_sizes(layer.output)} → dL/dx {format_sizes(layer.input)}"
    return _scene(back, f"{layer.title}, backward to the input", sizes, (parts, frames), timing, input_rules(layer))


def backward_weight(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
    """Return the scene of dL/dw alone. Raises `PictureError` for poolings and several channels."""
    if isinstance(layer, Pool):
        raise PictureError("a pooling has no weights; use --view backward-input, which shows dL/dx")
    back = Backward(layer, values)
    acts = _Acts(back, values)
    parts = acts.of_weight()
    frames = list(acts.frames(parts, first=0))
    sizes = f"x {format_sizes(layer.input)}, dL/dy {format_sizes(layer.output)} → dL/dw {format_sizes(layer.kernel)}"
    return _scene(back, f"{layer.title}, backward to the weights", sizes, (parts, frames), timing, weight_rules(layer))


class _Acts:
    """The acts of a layer: what each shows, and its frames."""

    def __init__(self, back: Backward, values: LayerValues | None) -> None:
        self.back, self.values = back, values
        other = sliding_layer(back.layer)
        self.sliding = SlidingForm(back, values, other) if other else None

    def all(self) -> Parts:
        """Return the parts of the whole backward pass, which share the panels of dL/dy and of the kernel."""
        back, layer = self.back, self.back.layer
        dy, dx = gradient_panel(back, arrived=False), input_gradient_panel(back)
        if isinstance(layer, Pool):
            given: Node = dy
            if isinstance(layer, MaxPool):
                given = self._together(input_panel(back, self.values), dy)
            return (("1  dL/dy arrives", given), (f"2  dL/dx: {_pooled(layer)}", dx))
        kernel = kernel_panel(back, ", not flipped")
        arrives: Node = dy if back.transposed else self._stacked(dy, *self._kernels(kernel))
        gradients = Group("row", (weight_gradient_panel(back), bias_gradient_panel()), align_captions=True)
        collects = self._stacked(input_panel(back, self.values), gradients)
        names, nodes = self._of_input(dx, kernel)
        parts = [("dL/dy arrives", arrives), *zip(names, nodes, strict=True), ("dL/dw and dL/db", collects)]
        return tuple((f"{number}  {tab}", node) for number, (tab, node) in enumerate(parts, start=1))

    def _kernels(self, kernel: Panel) -> tuple[Node, ...]:
        """Return the kernel, and beside it the flipped one if both are no wider than the grid on which it slides."""
        if not (self.sliding and self._flips_beside):
            return (kernel,)
        return (Group("row", (kernel, self.sliding.panels()[1]), align_captions=True),)

    @property
    def _flips_beside(self) -> bool:
        assert self.sliding
        widest = max(self.back.line[-1], self.sliding.layer.sliding_windows[-1].size)
        return 2 * self.back.layer.kernel[-1] < widest

    def _of_input(self, dx: Panel, kernel: Panel) -> tuple[list[str], list[Node]]:
        """Return names and nodes of the acts of dL/dx beside the panels of the first act."""
        if self.back.transposed:
            return [f"dL/dx: slide, stride {format_per_axis(self.back.layer.stride)}"], [self._stacked(kernel, dx)]
        names: list[str] = ["dL/dx: stamp and add"]
        nodes: list[Node] = [dx]
        if self.sliding:
            grid, flipped = self.sliding.panels(arrived=False)
            names.append("dL/dx: slide, stride 1")
            nodes.append(grid if self._flips_beside else self._stacked(grid, flipped))
        return names, nodes

    def of_input(self) -> Parts:
        """Return the parts of dL/dx alone: two if there is a sliding form beside the stamps."""
        back, layer = self.back, self.back.layer
        dy, dx = gradient_panel(back), input_gradient_panel(back)
        if isinstance(layer, Pool):
            given = [input_panel(back, self.values)] if isinstance(layer, MaxPool) else []
            return (("", Group("row", (*given, dy, Operator("→"), dx), may_turn=True)),)
        kernel = kernel_panel(back, ", not flipped")
        if back.transposed:
            return (("", Group("row", (dy, Operator("⋆"), kernel, Operator("="), dx), may_turn=True)),)
        if not self.sliding:
            return (("", Group("row", (dy, Operator("·"), kernel, Operator("+="), dx), may_turn=True)),)
        grid, flipped = self.sliding.panels()
        stamps = Group("row", (self._stacked(dy, Operator("·"), kernel), Operator("+="), dx))
        return (
            ("1  stamp and add", stamps),
            ("2  the same: slide, stride 1", Group("row", (grid, Operator("⋆"), flipped))),
        )

    def of_weight(self) -> Parts:
        """Return the parts of dL/dw alone."""
        back = self.back
        x, dy = input_panel(back, self.values, brackets=True), gradient_panel(back)
        line, small = (dy, x) if back.transposed else (x, dy)
        right = Group("column", (kernel_panel(back, ": this weight"), weight_gradient_panel(back)))
        if set(back.layer.stride) != {1}:
            small = replace(small, caption=f"{small.caption}, dilated by s = {format_per_axis(back.layer.stride)}")
        middle = Group("column", (small, products_panel(back))) if back.visible else small
        return (("", Group("row", (line, Operator("⋆"), middle, Operator("="), right), may_turn=True)),)

    def _stacked(self, *nodes: Node) -> Group:
        """Put grids below each other, lines side by side."""
        return Group("column" if len(self.back.layer.axes) == 2 else "row", nodes)

    def _together(self, *nodes: Node) -> Group:
        """Put grids side by side, or lines below each other."""
        return Group("row" if len(self.back.layer.axes) == 2 else "column", nodes)

    def panels(self, parts: Parts) -> Places:
        """Return the index of each panel."""
        return {panel.name: index for index, panel in enumerate(_body(self.back, parts).panels())}

    def frames(self, parts: Parts, first: int) -> Iterator[Frame]:
        """Yield the frames of all acts whose panels there are; `first` is the tab of the first act."""
        back, panels, tab = self.back, self.panels(parts), first
        if "dL/dx" in panels:
            if back.transposed:
                yield from PlainForm(back).frames(panels, tab)
            else:
                yield from Stamps(back, panels, tab).frames()
            if self.sliding and "flipped kernel" in panels:
                tab += 1
                yield from self.sliding.frames(panels, tab)
            tab += 1
        if "dL/dw" in panels:
            yield from Weights(back, panels, tab).frames()
        if "dL/db" in panels:
            yield bias_frame(back, panels, tab)

    def arrival(self, parts: Parts) -> Frame:
        """Return the frame in which dL/dy arrives, in each panel that shows it."""
        panels, back = self.panels(parts), self.back
        changes = list(_differences(gradient_panel(back, arrived=False), gradient_panel(back), panels))
        if self.sliding:
            changes += _differences(self.sliding.panels(arrived=False)[0], self.sliding.panels()[0], panels)
        return Frame(tuple(changes), (), Sentence(ARRIVES))


def _differences(before: Panel, after: Panel, panels: Places) -> Iterator[Change]:
    """Write the cells of a panel that differ."""
    for row, line in enumerate(after.cells):
        for col, cell in enumerate(line):
            if cell != before.cells[row][col]:
                yield Change(panels[before.name], row, col, cell)


def _pooled(layer: Pool) -> str:
    return "to the maxima" if isinstance(layer, MaxPool) else "equal shares"


def _body(back: Backward, parts: Parts) -> Group:
    """Put the parts below their tabs; those of a 1-D layer below each other."""
    nodes = tuple(node for _, node in parts)
    if len(nodes) == 1:
        assert isinstance(nodes[0], Group)
        return nodes[0]
    return Group("column", nodes) if len(back.layer.axes) == 1 else Group("row", nodes, equal_widths=True)


def _scene(
    back: Backward,
    title: str,
    sizes: str,
    told: tuple[Parts, Sequence[Frame]],
    timing: Timing,
    rules: tuple[Formula, ...],
) -> Scene:
    parts, frames = told
    body = _body(back, parts)
    return Scene(
        title=title,
        sizes=sizes,
        badges=header.badges(back.layer),
        body=body,
        legend=legend(back, tuple(body.panels()), frames),
        formulas=rules,
        frames=timing.timed(frames),
        steps=len(frames),
        tabs=tuple(tab for tab, _ in parts if tab),
    )
