"""The backward pass of a layer in text: what its gradients are, where they come from, and an example in numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from convviz.errors import GeometryError
from convviz.geometry.axis import Axis, ConvTransposeAxis
from convviz.geometry.overlap import pairs_inside, touched_cells
from convviz.layers.convolution import Conv, ConvLayer, ConvTranspose
from convviz.layers.gradient_examples import example_gradients
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool
from convviz.text.formatting import format_sizes
from convviz.text.formulas import formula
from convviz.text.nouns import Noun, per_axis_lines
from convviz.text.table import grid_lines

LARGEST_EXAMPLE = 8
"""Cells along an axis up to which an example is written out."""
Step = tuple[str, list[str]]
"""Heading and lines."""


@dataclass(frozen=True)
class Products:
    """The products of a convolution's forward pass, each of which has a part in both gradients."""

    total: int
    """Output cells (for a transposed convolution, input cells) times weights."""
    outside: int
    """Those with a cell of the padding, or with a cropped cell."""
    per_weight: int

    @classmethod
    def of(cls, layer: ConvLayer) -> Products:
        """Count the products of a layer, of one channel."""
        moving = layer.input if isinstance(layer, ConvTranspose) else layer.output
        inside = math.prod(map(_products_inside, layer.axes))
        total = math.prod(moving) * math.prod(layer.kernel)
        return cls(total, total - inside, math.prod(moving))


def _products_inside(axis: Axis) -> int:
    """Count the pairs of a place n and a tap u for which n·s − p + u·d is a cell."""
    places, cells = (axis.input, axis.output) if isinstance(axis, ConvTransposeAxis) else (axis.output, axis.input)
    return pairs_inside(places, axis.kernel, axis.stride, axis.dilation, axis.padding[0], cells)


def explain_backward(layer: Layer) -> list[str]:
    """Return the blocks of text on the backward pass of `layer`."""
    if isinstance(layer, ConvTranspose):
        steps = [_input_of_transposed(layer), _weight_of_transposed(layer), _bias(layer)]
    elif isinstance(layer, Conv):
        steps = [_input_of_conv(layer), _weight_of_conv(layer), _bias(layer)]
    else:
        steps = [_input_of_pool(layer)]
    found = f"dL/dx {format_sizes(layer.input)}"
    if isinstance(layer, ConvLayer):
        found += f", dL/dw {format_sizes(layer.kernel)}, dL/db"
    blocks = [f"Backward: dL/dy {format_sizes(layer.output)} → {found}"]
    for number, (title, lines) in enumerate(steps, start=1):
        blocks.append("\n".join([f"{number}. {title}", *(f"   {line}" for line in lines)]))
    return [*blocks, *_example(layer)]


def backward_data(layer: Layer) -> dict[str, Any]:
    """Return the shapes of the gradients and the numbers of products as plain data."""
    data: dict[str, Any] = {"dy": list(layer.output), "dx": list(layer.input)}
    if isinstance(layer, ConvLayer):
        products = Products.of(layer)
        data |= {"dw": list(layer.kernel), "products": products.total, "outside": products.outside}
        data |= {"products_per_weight": products.per_weight}
    return data


def _input_of_conv(layer: Conv) -> Step:
    lines = ["dL/dx[o·s − p + u·d] += dL/dy[o]·w[u]: each dL/dy adds the kernel where its window was"]
    if layer.padding_mode == "zeros":
        lines += per_axis_lines(layer.transpose().axes, _back_size)
    return "dL/dx: the transposed convolution of dL/dy with the same kernel", [*lines, *_lost(layer)]


def _back_size(axis: Axis, noun: Noun) -> Iterable[str]:
    yield f"{axis.input} → {noun.counted(axis.output)}: {formula(axis).filled} = {axis.output}"


def _lost(layer: ConvLayer) -> list[str]:
    """Say what becomes of the products that have a part outside."""
    products = Products.of(layer)
    if not products.outside:
        return []
    counted = f"{products.outside} of {products.total} products"
    if isinstance(layer, ConvTranspose):
        return [f"{counted} would be with a cropped cell, which has no gradient"]
    if layer.padding_mode == "zeros":
        return [f"{counted} fall on the padding and are dropped"]
    return [f"{counted} fall on the padding and are added to the cells that it repeats"]


def _weight_of_conv(layer: Conv) -> Step:
    lines = [
        "dL/dw[u] = Σ x[o·s − p + u·d]·dL/dy[o]: each weight collects from all places where it was used",
        _per_weight(layer),
    ]
    dilated = ", dilated by the stride" if max(layer.stride) > 1 else ""
    return f"dL/dw: the cross-correlation of x with dL/dy{dilated}", lines


def _per_weight(layer: ConvLayer) -> str:
    count = Products.of(layer).per_weight
    return f"{count} place{'s' * (count != 1)} per weight"


def _input_of_transposed(layer: ConvTranspose) -> Step:
    lines = ["dL/dx[i] = Σ dL/dy[i·s − p + u·d]·w[u]: each x collects from all places where it was stamped"]
    try:
        lines += per_axis_lines(layer.transpose().axes, _back_size)
    except GeometryError:
        lines.append("the output padding is so large that no convolution has these sizes")
    return "dL/dx: the convolution of dL/dy with the same kernel, which is not flipped", [*lines, *_lost(layer)]


def _weight_of_transposed(layer: ConvTranspose) -> Step:
    lines = [
        "dL/dw[u] = Σ x[i]·dL/dy[i·s − p + u·d]: each weight collects from all places where it was used",
        _per_weight(layer),
    ]
    dilated = ", dilated by the stride" if max(layer.stride) > 1 else ""
    return f"dL/dw: the cross-correlation of dL/dy with x{dilated}", lines


def _bias(layer: Layer) -> Step:
    count = math.prod(layer.output)
    return "dL/db: the sum of dL/dy", [f"a sum of {count} number{'s' * (count != 1)}"]


def _input_of_pool(layer: Layer) -> Step:
    if isinstance(layer, MaxPool):
        lines = ["each dL/dy goes to the cell that is the maximum of its window, the first one of equal maxima"]
        return "dL/dx: dL/dy, sent to the maxima", [*lines, *_shared(layer)]
    assert isinstance(layer, AvgPool)
    divisor = math.prod(layer.kernel)
    by = f"by {divisor}" if _counts_all(layer) else "by the number of cells that its mean counts"
    lines = [f"each cell of a window receives dL/dy divided {by}"]
    return "dL/dx: dL/dy, shared by the cells of each window", [*lines, *_shared(layer)]


def _counts_all(layer: AvgPool) -> bool:
    """Whether each mean counts as many cells as the kernel has."""
    hangs_over = any(window.overhang for window in layer.sliding_windows)
    return not hangs_over and (layer.count_include_pad or not any(map(any, layer.padding)))


def _shared(layer: Layer) -> list[str]:
    """Say that windows overlap, if a cell of the input is under more than one."""
    cells = [touched_cells(a.output, a.kernel, a.stride, a.dilation, a.padding[0], a.input) for a in layer.axes]
    overlap = all(cells) and any(_products_inside(axis) > count for axis, count in zip(layer.axes, cells, strict=True))
    return ["windows overlap: what a cell receives from several of them is added"] if overlap else []


def _example(layer: Layer) -> list[str]:
    """Return a small example in numbers, as a list of one block; of none for large layers."""
    if max(*layer.input, *layer.output, *layer.kernel) > LARGEST_EXAMPLE:
        return []
    grids = example_gradients(layer)
    return ["\n".join(["In numbers", *(f"   {line}" for line in _side_by_side(grids))])]


def _side_by_side(grids: Mapping[str, Any]) -> list[str]:
    columns = [[name, *grid_lines(values)] for name, values in grids.items()]
    widths = [max(map(len, column)) for column in columns]
    rows = zip_longest(*columns, fillvalue="")
    return ["   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
