"""Example numbers for the backward pass of a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.layers.convolution import ConvLayer
from convviz.layers.examples import example_input, example_kernel
from convviz.layers.layer import Layer
from convviz.layers.pooling import AvgPool, MaxPool

if TYPE_CHECKING:
    from numpy.typing import NDArray


def example_gradients(layer: Layer) -> dict[str, NDArray[Any]]:
    """Return example numbers of the backward pass by name: x, w, dL/dy, dL/dx, dL/dw, dL/db, those that it depends on.

    dL/dy holds small whole numbers, as the input does.
    """
    x, dy = np.array(example_input(layer.input, 0)), np.array(example_input(layer.output, 1))
    if isinstance(layer, ConvLayer):
        w = np.array(example_kernel(layer.kernel, 0))
        found = {"dL/dx": layer.gradient_input(dy, w), "dL/dw": layer.gradient_weight(x, dy)}
        return {"x": x, "w": w, "dL/dy": dy, **found, "dL/db": layer.gradient_bias(dy)}
    if isinstance(layer, MaxPool):
        return {"x": x, "dL/dy": dy, "dL/dx": layer.gradient_input(dy, x)}
    assert isinstance(layer, AvgPool)
    return {"dL/dy": dy, "dL/dx": layer.gradient_input(dy)}
