"""The two steps of a convolution or a pooling: pad, then slide with stride s."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from convviz.layers.layer import Layer
from convviz.layers.pooling import Pool
from convviz.scene.lazy_steps import LazySteps
from convviz.scene.model import Cell, Frame, Group, Node, Operator, Panel
from convviz.text.formatting import format_padding, format_per_axis
from convviz.text.lines import Sentence
from convviz.text.padding_cells import padding_cells
from convviz.views.brackets import input_brackets
from convviz.views.cell_grids import BLANK
from convviz.views.header import describe_faded
from convviz.views.panels import bias_nodes, describe_input, kernel_panel, padding_step_caption
from convviz.views.staged_steps import StagedSteps

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues


class ForwardSteps(StagedSteps):
    """Pad, then slide with stride s."""

    def __init__(self, layer: Layer, values: LayerValues | None) -> None:
        super().__init__(layer, values)
        self.tabs = ("1  pad by p", f"2  slide, stride {format_per_axis(layer.stride)}")
        cells = tuple(
            tuple(Cell("input", cell.text) if cell.role == "input" else BLANK for cell in row) for row in self.padded
        )
        caption = padding_step_caption(layer, describe_input(values))
        padded = Panel("padded", cells, caption, brackets=input_brackets(layer))
        self.body = self.arranged(padded, Group("row", self._right()))

    def _right(self) -> tuple[Node, ...]:
        if isinstance(self.layer, Pool):
            return (self.output,)
        kernel = kernel_panel(self.layer, self.values)
        return Operator("⋆"), kernel, *bias_nodes(self.values), Operator("="), self.output

    def frames(self) -> LazySteps:
        """Return the rings of padding, then the sliding window."""
        return self.slid(self._padded_frames(), 0)

    def _padded_frames(self) -> Iterator[Frame]:
        caption = self._padding_caption()
        yield Frame((), (), caption)
        for ring in self.rings():
            yield Frame(self.placed(0, ring), (), caption)
        faded = self.faded(0)
        if faded:
            yield Frame(faded, (), Sentence((f"Faded cells take no part: {describe_faded(self.layer)}",)))

    def _padding_caption(self) -> Sentence:
        if any(map(any, self.layer.padding)):
            padding = f"Pad by p = {format_padding(self.layer.padding)} with {padding_cells(self.layer)}"
            return Sentence((f"{padding} around the input", padding, "pad"))
        overhang = any(window.overhang for window in self.layer.sliding_windows)
        return Sentence(("p = 0; the last window hangs over the end" if overhang else "p = 0: no padding", "pad"))
