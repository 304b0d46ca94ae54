"""Small ONNX models, written with the package onnx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIZE = (1, 2, 6, 8)


def save(path: Path, nodes: list[Any], tensors: dict[str, np.ndarray], size: tuple[Any, ...] = SIZE) -> str:
    """A model of these nodes from the input x to the output y; the path as text."""
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, size)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(tensor.astype(np.float32), name) for name, tensor in tensors.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), path)
    return str(path)


def up_and_down(path: Path) -> str:
    """A convolution, a pooling and a transposed convolution, with a node between that is no layer."""
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], name="/down/Conv", strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"], name="relu"),
        helper.make_node("MaxPool", ["r"], ["m"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("ConvTranspose", ["r", "u"], ["y"], name="/up/ConvTranspose", strides=[2, 2]),
    ]
    weights = {"w": np.ones((4, 2, 3, 3)), "b": np.ones(4), "u": np.arange(4 * 3 * 2 * 2).reshape(4, 3, 2, 2)}
    return save(path, nodes, weights)
