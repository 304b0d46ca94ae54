"""The panels of the backward pass: each tensor in the colour of its role, gradients as their tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convviz.scene.model import Cell, Panel
from convviz.text.formatting import format_sizes
from convviz.views.backward_slide import weight_grid
from convviz.views.backward_values import Backward
from convviz.views.backward_weight import PRODUCTS
from convviz.views.brackets import input_brackets
from convviz.views.cell_grids import EMPTY, Cells, Index, empty_grid, grid_shape, value_grid
from convviz.views.panels import padded_grid, padded_input_caption

if TYPE_CHECKING:
    from convviz.layers.ops import LayerValues

BORDER = Cell("empty", faded=True)
"""A cell of the padding of dL/dx, before anything arrives."""


def gradient_panel(back: Backward, *, arrived: bool = True) -> Panel:
    """Return dL/dy: bare, or for a transposed layer in its line, with the cells that were cropped as padding."""
    size = format_sizes(back.layer.output)
    if not back.transposed:
        cells = output_grid(back) if arrived else empty_grid(back.layer.output)
        return Panel("dL/dy", cells, f"dL/dy {size}")
    line = format_sizes(back.line)
    caption = f"dL/dy {size}" if back.line == back.layer.output else f"dL/dy {size}, padded with zeros: {line}"
    return Panel("dL/dy", line_grid(back, output_grid(back) if arrived else empty_grid(back.layer.output)), caption)


def output_grid(back: Backward) -> Cells:
    """Return the cells of dL/dy."""
    return value_grid("output", back.layer.output, back.dy if back.visible else None, back.notations["dL/dy"])


def line_grid(back: Backward, inner: Cells) -> Cells:
    """Put cells into the line, and padding around them."""

    def cell(position: Index) -> Cell:
        source = back.source(position)
        if source is None:
            return Cell("padding")
        row, col = (0, *source)[-2:]
        return inner[row][col]

    rows, cols = grid_shape(back.line)
    count = len(back.line)
    return tuple(tuple(cell((row, col)[-count:]) for col in range(cols)) for row in range(rows))


def input_gradient_panel(back: Backward) -> Panel:
    """Return dL/dx before anything arrives; of a layer that stamps with its padding around it."""
    layer, size = back.layer, format_sizes(back.layer.input)
    if back.transposed:
        return Panel("dL/dx", empty_grid(layer.input), f"dL/dx {size}")
    rows, cols = grid_shape(back.line)
    count = len(back.line)
    cells = tuple(
        tuple(EMPTY if back.is_inside((row, col)[-count:]) else BORDER for col in range(cols)) for row in range(rows)
    )
    return Panel("dL/dx", cells, f"dL/dx {size}{describe_border(back)}")


def describe_border(back: Backward) -> str:
    """Say what becomes of what is sent to the padding."""
    if back.line == back.layer.input:
        return ""
    if not back.crops:
        return "; the cells around it receive nothing"
    if back.layer.padding_mode == "zeros":
        return "; its padding is cropped"
    return "; its padding is added to the cells that it repeats"


def kernel_panel(back: Backward, tail: str = "") -> Panel:
    """Return the kernel as it is given."""
    return Panel("kernel", weight_grid(back, back.weights()), f"w {format_sizes(back.layer.kernel)}{tail}")


def input_panel(back: Backward, values: LayerValues | None, *, brackets: bool = False) -> Panel:
    """Return x: padded, with or without brackets, or bare for a transposed layer."""
    layer = back.layer
    if back.transposed:
        cells = value_grid("input", layer.input, back.x if back.visible else None, back.notations["x"])
        return Panel("x", cells, f"x {format_sizes(layer.input)}")
    grid = padded_grid(layer, values)
    caption = padded_input_caption(layer, "x")
    named = caption.replace("x: ", "x ", 1) if caption.startswith("x: ") else caption
    return Panel("x", grid, named, brackets=input_brackets(layer) if brackets else ())


def weight_gradient_panel(back: Backward) -> Panel:
    """Return dL/dw before anything is collected."""
    return Panel("dL/dw", empty_grid(back.layer.kernel), f"dL/dw {format_sizes(back.layer.kernel)}")


def bias_gradient_panel() -> Panel:
    """Return dL/db before anything is added."""
    return Panel("dL/db", ((EMPTY,),), "dL/db")


def products_panel(back: Backward) -> Panel:
    """Return the products of a weight before they are made."""
    small = back.layer.input if back.transposed else back.layer.output
    return Panel(PRODUCTS, empty_grid(small), "products, cell by cell")
