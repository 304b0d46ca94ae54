"""What a view does with a layer, in a sentence for the alt text."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from convviz.geometry.axis import ConvTransposeAxis
from convviz.layers.convolution import Conv, ConvTranspose
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool, Pool
from convviz.text.formatting import format_per_axis, format_sizes
from convviz.views.matrix import matrix_names


def describe_view(view: str, layer: Layer) -> str:
    """Return a sentence on what a view shows of `layer`."""
    return DESCRIPTIONS[view](layer)


def _slide(layer: Layer) -> str:
    return f"The window slides over the {_changed_input(layer)} and writes the output cell by cell."


def _changed_input(layer: Layer) -> str:
    """Name the input that the window slides over: `padded, zero-inserted input`."""
    windows = layer.sliding_windows
    changes = {
        "padded": any(window.before > 0 or window.after > window.overhang for window in windows),
        "cropped": any(window.before < 0 or window.after < 0 for window in windows),
        "zero-inserted": any(window.gap and window.input > 1 for window in windows),
    }
    return " ".join([", ".join(name for name, holds in changes.items() if holds), "input"]).strip()


def _steps(layer: Layer) -> str:
    if not isinstance(layer, ConvTranspose):
        return "In two steps: pad, slide."
    axes = (axis for axis in layer.axes if isinstance(axis, ConvTransposeAxis))
    crops = any(side < 0 for axis in axes for side in axis.implicit_padding)
    return f"In four steps: new parameters, insert zeros, {'crop' if crops else 'pad'}, slide."


def _scatter(layer: Layer) -> str:
    if isinstance(layer, MaxPool):
        return "From the input's side: each input cell goes to the output cells that read it; the largest so far stays."
    if isinstance(layer, AvgPool) and layer.count_include_pad:
        return "From the input's side: each input cell adds its share of the mean to the output cells that read it."
    if isinstance(layer, Pool):
        return "From the input's side: each input cell goes to the output cells that read it; the mean so far is shown."
    if isinstance(layer, ConvTranspose):
        return "From the input's side: each input cell stamps value × kernel into the output; overlaps add up."
    return "From the input's side: each input cell adds value × weight to the output cells that read it."


def _matrix(layer: Layer) -> str:
    name, other = matrix_names(layer)
    return f"As a matrix: y = {name} x row by row, and the transpose {other} column by column."


def _overlap(layer: Layer) -> str:
    multiples = any(axis.kernel % axis.stride for axis in layer.axes)
    kernels = f"k = {format_per_axis(layer.kernel)}"
    kernels += " and the nearest multiples of the stride" if multiples else ""
    if isinstance(layer, ConvTranspose):
        return f"How many contributions each output cell receives, for {kernels}."
    return f"How often windows read each input cell, for {kernels}."


def _pair(layer: Layer) -> str:
    if not isinstance(layer, Conv | ConvTranspose):
        return "The layer and its transpose."
    other = layer.transpose()
    extra = f", with output padding {format_per_axis(other.output_padding)}" if any(other.output_padding) else ""
    sizes = " to ".join(map(format_sizes, (layer.input, layer.output, other.output)))
    return f"The layer and its transpose: from {sizes}{extra}."


def _image(_layer: Layer) -> str:
    return "A picture under the window, in shades of grey; the output is written pixel by pixel."


def _backward(layer: Layer) -> str:
    if isinstance(layer, Pool):
        return f"The backward pass: dL/dy arrives, and {_gradient_of_pool(layer)}."
    both = f"{_gradient_of_input(layer)}; {_gradient_of_weight(layer)}"
    return f"The backward pass: dL/dy arrives; {both}; dL/db is the sum of dL/dy."


def _backward_input(layer: Layer) -> str:
    said = _gradient_of_pool(layer) if isinstance(layer, Pool) else _gradient_of_input(layer)
    return f"The backward pass to the input: {said}."


def _gradient_of_pool(layer: Layer) -> str:
    if isinstance(layer, MaxPool):
        return "each dL/dy goes to the maximum of its window"
    return "each dL/dy is shared equally by the cells of its window"


def _gradient_of_input(layer: Layer) -> str:
    if isinstance(layer, ConvTranspose):
        return "dL/dx is a plain convolution of dL/dy with the same kernel, which is not flipped"
    return "each dL/dy stamps dL/dy·w into dL/dx, and overlaps add: the transposed convolution of dL/dy"


def _gradient_of_weight(layer: Layer) -> str:
    line, small = ("dL/dy", "x") if isinstance(layer, ConvTranspose) else ("x", "dL/dy")
    return f"for dL/dw each weight collects the cells of {line} that it met, times {small}"


def _upsample(layer: Layer) -> str:
    times = format_sizes(layer.stride)
    phases = prod(layer.stride)
    grown = format_sizes([kernel + factor - 1 for kernel, factor in zip(layer.kernel, layer.stride, strict=True)])
    return (
        f"Each input cell is copied to {times} cells, over which a kernel of {format_sizes(layer.kernel)} slides; the "
        f"same values come from {phases} phases, and from a transposed convolution with a kernel of {grown}."
    )


def _oblique_scatter(layer: Layer) -> str:
    cells = "its stamp" if isinstance(layer, ConvTranspose) else "the output cells that read it"
    return f"{_scatter(layer)} {OBLIQUE} each input cell with {cells}."


OBLIQUE = "An oblique projection; lines join"
DESCRIPTIONS: dict[str, Callable[[Layer], str]] = {
    "slide": _slide,
    "steps": _steps,
    "scatter": _scatter,
    "matrix": _matrix,
    "overlap": _overlap,
    "pair": _pair,
    "upsample": _upsample,
    "backward": _backward,
    "backward-input": _backward_input,
    "backward-weight": lambda layer: f"The backward pass to the weights: {_gradient_of_weight(layer)}.",
    "image": _image,
    "isometric": lambda layer: f"{_slide(layer)} {OBLIQUE} each window with its output cell.",
    "isometric-scatter": _oblique_scatter,
    "stack": lambda _layer: "Layers in a row, and the receptive field of an output cell.",
    "train": lambda _layer: (
        "Shown are the input, the kernel beside the target kernel, the output, the target output, their difference, "
        "and the loss of each step as a line."
    ),
    "compare": lambda _layer: "A line for each framework: its padding left and right, and what comes out.",
}
"""View → the sentence for a layer."""
