"""The views by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from convviz.errors import PictureError
from convviz.errors.printable import did_you_mean, shown
from convviz.scene.left_out import without_products
from convviz.scene.model import Scene, Timing
from convviz.views.backward import backward, backward_input, backward_weight
from convviz.views.combined import combined
from convviz.views.image import image
from convviz.views.isometric import isometric, isometric_scatter, isometric_stack
from convviz.views.matrix import matrix
from convviz.views.overlap import overlap
from convviz.views.pair import pair
from convviz.views.scatter import scatter
from convviz.views.slide import slide
from convviz.views.stack import stack
from convviz.views.steps import steps
from convviz.views.upsample import upsample

if TYPE_CHECKING:
    from convviz.layers.layer import Layer
    from convviz.layers.ops import LayerValues

ViewName = Literal[
    "slide",
    "steps",
    "scatter",
    "matrix",
    "overlap",
    "pair",
    "upsample",
    "backward",
    "backward-input",
    "backward-weight",
    "image",
    "isometric",
    "isometric-scatter",
    "stack",
]
"""A key of `VIEWS` or `STACKS`."""
View = Callable[["Layer", "LayerValues | None", Timing], Scene]
"""A view of one layer."""
StackView = Callable[["Sequence[Layer]", Timing], Scene]
"""A view of several layers."""

VIEWS: dict[str, View] = {
    "slide": slide,
    "steps": steps,
    "scatter": scatter,
    "matrix": matrix,
    "overlap": overlap,
    "pair": pair,
    "upsample": upsample,
    "backward": backward,
    "backward-input": backward_input,
    "backward-weight": backward_weight,
    "image": image,
    "isometric": isometric,
    "isometric-scatter": isometric_scatter,
}
STACKS: dict[str, StackView] = {"stack": stack, "isometric": isometric_stack}
SUMMARIES = {
    "slide": "the window slides over the padded, zero-inserted input; each step writes one output cell",
    "steps": "a transposed convolution in four steps: parameters, insert zeros, pad, slide; a convolution in two",
    "scatter": "from the input's side: what each input cell adds to the output: value × kernel, and overlaps add up",
    "matrix": "the layer as a matrix row by row, and its transpose column by column; C for conv, Cᵀ for transposed",
    "overlap": "contributions to each cell, for k and the nearest multiples of the stride, and the output of all ones",
    "pair": "a layer and its transpose: the size there and back again, with output padding if it takes some",
    "upsample": "copies and a convolution, and the phases and the transposed convolution that compute the same",
    "backward": "the backward pass: dL/dy arrives, dL/dx as stamps and as a window, dL/dw, dL/db",
    "backward-input": "dL/dx alone: each dL/dy stamps the kernel; a pooling sends it to the maximum, or shares it",
    "backward-weight": "dL/dw alone: each weight collects from the cells that it met, times dL/dy",
    "image": "a picture under the window, the output growing (convviz conv --image photo.png)",
    "stack": "layers in a row, and the receptive field of an output cell (convviz stack)",
    "compare": "a line for each framework, its padding left and right, and what comes out (convviz compare)",
    "isometric": "slide in an oblique projection, with lines from window to output; for several layers, stack",
    "isometric-scatter": "scatter in an oblique projection, four lines from the input cell to its stamp",
    "A+B": "two of them in one picture, step by step together, such as slide+matrix",
}
"""The content of each view in one line."""


def find_stack_view(name: str) -> StackView:
    """Return the view of several layers called `name`. Raises `PictureError` for other names."""
    if name not in STACKS:
        raise PictureError(f"several layers are shown by the view {' or '.join(STACKS)}, not {shown(name)}")
    return STACKS[name]


def find_view(name: str) -> View:
    """Return the view called `name`, or for `A+B` both combined. Raises `PictureError` for other names."""
    one, plus, other = name.partition("+")
    for part in (one, other) if plus else (one,):
        if part == "stack":
            raise PictureError("the view stack shows several layers; give a list of them, or use convviz stack")
        if part not in VIEWS:
            raise PictureError(
                f"there is no view {shown(part)}; {did_you_mean(part, VIEWS)}{', '.join(VIEWS)}, "
                "or two of them as slide+matrix"
            )
    if not plus:
        return VIEWS[one]

    def both(layer: Layer, values: LayerValues | None, timing: Timing) -> Scene:
        first, second = (without_products(VIEWS[part](layer, values, timing.even())) for part in (one, other))
        return combined(first, second, timing)

    return both
