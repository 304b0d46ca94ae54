"""Numbers for the backward pass of a layer: those that are given, and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.errors import GeometryError
from convviz.layers.arrays import as_array, shape_text
from convviz.layers.convolution import ConvLayer
from convviz.layers.examples import example_input, example_kernel
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def example_gradients(layer: Layer) -> dict[str, NDArray[Any]]:
    """Return example numbers of the backward pass by name: x, w, dL/dy, dL/dx, dL/dw, dL/db, those that it depends on.

    dL/dy holds small whole numbers, as the input does.
    """
    x, dy = np.array(example_input(layer.input, 0)), output_gradient(layer)
    if isinstance(layer, ConvLayer):
        w = np.array(example_kernel(layer.kernel, 0))
        found = {"dL/dx": layer.gradient_input(dy, w), "dL/dw": layer.gradient_weight(x, dy)}
        return {"x": x, "w": w, "dL/dy": dy, **found, "dL/db": layer.gradient_bias(dy)}
    if isinstance(layer, MaxPool):
        return {"x": x, "dL/dy": dy, "dL/dx": layer.gradient_input(dy, x)}
    assert isinstance(layer, AvgPool)
    return {"dL/dy": dy, "dL/dx": layer.gradient_input(dy)}


def output_gradient(layer: Layer, given: ArrayLike | None = None, seed: int = 0) -> NDArray[Any]:
    """Return dL/dy of one channel, shape output…: the given numbers, or small whole ones that `seed` chooses.

    Raises `GeometryError` for another shape.
    """
    if given is None:
        return np.array(example_input(layer.output, seed + 1))
    dy = as_array("dL/dy", given)
    if dy.shape != layer.output:
        size = shape_text(layer.output)
        raise GeometryError(
            f"dL/dy values are {shape_text(dy.shape)}, but the output is {size}; give {size} numbers, of one channel"
        )
    return dy
