"""Shapes of the tensors of an ONNX model: those in the file, and those that follow from its input."""

from __future__ import annotations

from typing import Any

from convviz.frameworks.parse.onnx_node import Shape, printable, to_python

LARGE_DATA = 2**16
"""Bytes of a tensor that no shape follows from."""
COLOURS = (1, 3, 4)
"""Channels of a picture."""


def take_large_data(model: Any) -> dict[str, Any]:
    """Take large tensors out of a model, which keeps their shapes; return them by name.

    The model is copied while shapes are inferred.
    """
    import onnx

    taken = {}
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) > LARGE_DATA:
            taken[tensor.name] = onnx.TensorProto()
            taken[tensor.name].CopyFrom(tensor)
            tensor.ClearField("raw_data")
    return taken


def infer_shapes(model: Any) -> Any:
    """Return the model with the shapes that follow from its inputs, as far as they can be inferred."""
    import onnx

    try:
        if model.functions:
            from onnx import inliner

            model = inliner.inline_local_functions(model)
        return onnx.shape_inference.infer_shapes(model, data_prop=True)
    except Exception:  # the shapes in the file are enough for many nodes
        return model


def shapes_of(graph: Any) -> dict[str, Shape]:
    """Return the shapes that a graph has, by name of the tensor."""
    shapes = {value.name: _shape(value) for value in (*graph.input, *graph.value_info, *graph.output)}
    return {name: shape for name, shape in shapes.items() if shape is not None}


def _shape(value: Any) -> Shape | None:
    tensor_type = value.type.tensor_type
    if not tensor_type.HasField("shape"):
        return None
    return tuple(
        d.dim_value if d.HasField("dim_value") else printable(to_python(d.dim_param)) or "?"
        for d in tensor_type.shape.dim
    )


def with_input(model: Any, size: int | tuple[int, ...]) -> Any:
    """Return a copy of the model whose input has this size, and which says no other shapes.

    The input is the first with a batch, channels and as many axes as there are numbers; for one number, with any.
    """
    import onnx

    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    constants = {tensor.name for tensor in changed.graph.initializer}
    axes = (len(size),) if isinstance(size, tuple) else (1, 2)
    for value in changed.graph.input:
        dims = value.type.tensor_type.shape.dim
        if value.name not in constants and len(dims) - 2 in axes:
            cells = size if isinstance(size, tuple) else (size,) * (len(dims) - 2)
            start = 1 if _is_channels_last(_shape(value) or ()) else 2
            for index, number in enumerate(cells, start):
                dims[index].dim_value = number
            break
    else:
        return model
    del changed.graph.value_info[:]
    for value in changed.graph.output:
        value.type.tensor_type.ClearField("shape")
    return changed


def _is_channels_last(shape: Shape) -> bool:
    """Return whether a shape ends with the channels of a picture and does not have them after the batch."""
    return len(shape) == 4 and shape[-1] in COLOURS and shape[1] not in COLOURS
