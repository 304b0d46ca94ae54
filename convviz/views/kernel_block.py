"""The kernel as a block of text, beside grids whose cells are too small for digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convviz.layers.convolution import ConvTranspose
from convviz.layers.layer import Layer
from convviz.scene.model import TextBlock
from convviz.text.formatting import format_sizes
from convviz.text.table import grid_lines

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

LARGEST_KERNEL = 9
"""Largest side of a kernel that is shown in numbers."""
FIGURE_SPACE = "\u2007"  # as wide as a digit


def kernel_block(layer: Layer, values: LayerValues, channel: int = 0) -> TextBlock:
    """Return the weights of one channel as the window applies them, or the size of a large kernel."""
    assert values.w is not None
    transposed = isinstance(layer, ConvTranspose)
    weights = values.w[channel][::-1, ::-1] if transposed else values.w[channel]
    if max(weights.shape) > LARGEST_KERNEL:
        return TextBlock((f"kernel {format_sizes(layer.kernel)}{', flipped' * transposed}",))
    lines = grid_lines(weights, "  ", FIGURE_SPACE)
    return TextBlock((*lines, *(["flipped"] if transposed else [])))
